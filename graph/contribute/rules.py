"""The rule catalogue: what the shapes in ``shapes/`` say to people, by code.

A rule is a named shape with a severity; its local name is its stable code. The engine validates with a copy of
the shapes that has no messages, so that its own words are kept beside ours.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from graph.iris import LANGUAGES, PREFIXES, RDFS, SH, SHAPES
from graph.resources import turtle_files
from graph.turtle import turtle

if TYPE_CHECKING:  # the engine takes half a second to import, and whoever shows rules does not need it
    from graph.contribute.shacl import Shapes

SEVERITIES = {SH["Violation"]: "violation", SH["Warning"]: "warning", SH["Info"]: "info"}
ORDER = {"violation": 0, "warning": 1, "info": 2}
_PROPERTY = SH["property"]
_TARGETS = {SH[f"target{kind}"] for kind in ("Class", "Node", "SubjectsOf", "ObjectsOf")}
_WORDS = {SH["message"], SH["name"], SH["description"], RDFS["label"]}


@dataclass(frozen=True)
class Rule:
    """One rule: code, the class it is about, severity, and what to do in the partners' languages."""

    code: str
    file: str
    severity: str
    name: str
    description: str
    messages: Mapping[str, str]

    def message(self, language: str = "en") -> str:
        return self.messages.get(language) or self.messages.get("en", self.code)


class Rules:
    """All rules of a folder of shapes, and the shapes graph for the engine."""

    def __init__(self, folder: Path) -> None:
        self._triples: list[Triple] = []
        self._rules: dict[str, Rule] = {}
        for path in turtle_files(folder):
            triples = [quad.triple for quad in parse(path=str(path), format=RdfFormat.TURTLE)]
            self._triples.extend(triples)
            self._collect(triples, path.stem)

    def _collect(self, triples: list[Triple], file: str) -> None:
        about: dict[NamedNode, dict[NamedNode, list[object]]] = defaultdict(lambda: defaultdict(list))
        for triple in triples:
            if isinstance(triple.subject, NamedNode) and triple.subject.value in SHAPES:
                about[triple.subject][triple.predicate].append(triple.object)
        for shape, facts in about.items():
            severity = next((s for s in facts[SH["severity"]] if s in SEVERITIES), None)
            if severity is None:
                continue
            texts = {
                predicate: {o.language or "en": o.value for o in facts[predicate] if isinstance(o, Literal)}
                for predicate in (SH["message"], SH["description"], SH["name"], RDFS["label"])
            }
            code = shape.value.removeprefix(SHAPES.base)
            name = texts[SH["name"]].get("en") or texts[RDFS["label"]].get("en", code)
            self._rules[code] = Rule(
                code,
                file,
                SEVERITIES[severity],  # type: ignore[index]
                name,
                texts[SH["description"]].get("en", ""),
                {lang: text for lang, text in texts[SH["message"]].items() if lang in LANGUAGES},
            )

    def __getitem__(self, code: str) -> Rule:
        return self._rules[code]

    def __contains__(self, code: object) -> bool:
        return code in self._rules

    def __len__(self) -> int:
        return len(self._rules)

    def all(self) -> list[Rule]:
        """All rules, by file and code."""
        return sorted(self._rules.values(), key=lambda rule: (rule.file, rule.code))

    @property
    def others(self) -> list[str]:
        """The local names of the shapes that are no rules, such as those that gather the rules of a class."""
        subjects = {t.subject.value for t in self._triples if isinstance(t.subject, NamedNode)}
        names = {iri.removeprefix(SHAPES.base) for iri in subjects if iri in SHAPES}
        return sorted(names - self._rules.keys())

    @property
    def triples(self) -> tuple[Triple, ...]:
        """All statements of the shapes, as they stand in their files."""
        return tuple(self._triples)

    def turtle(self) -> bytes:
        """The shapes as Turtle, messages included."""
        return turtle(self._triples)

    @cached_property
    def shapes(self) -> "Shapes":
        """The shapes for the engine, without messages."""
        return self.shapes_without(())

    def shapes_without(self, codes: tuple[str, ...]) -> "Shapes":
        """The shapes for the engine with some rules left out.

        Each property shape of a class gets the targets of its node shape. That says the same, and the engine then
        checks one rule on all entities in one go instead of all rules on one entity after the other.
        """
        dropped = {SHAPES[code] for code in codes}
        kept = [
            t
            for t in self._triples
            if t.predicate not in _WORDS and t.subject not in dropped and t.object not in dropped
        ]
        targets: dict[object, list[Triple]] = defaultdict(list)
        for triple in kept:
            if triple.predicate in _TARGETS:
                targets[triple.subject].append(triple)
        hoisted: list[Triple] = []
        for triple in kept:
            own = targets.get(triple.subject)
            if own and triple.predicate == _PROPERTY and isinstance(triple.object, NamedNode):
                hoisted.extend(Triple(triple.object, t.predicate, t.object) for t in own)
            else:
                hoisted.append(triple)
        return _compiled(hoisted)


def _compiled(triples: Iterable[Triple]) -> "Shapes":
    from rdflib import Graph

    from graph.contribute.shacl import Shapes
    from graph.contribute.shacl.data import Terms

    terms = Terms()
    graph = Graph()
    for prefix, base in PREFIXES.items():
        graph.bind(prefix, base, replace=True)
    for subject, predicate, value in triples:
        graph.add((terms[subject], terms[predicate], terms[value]))
    return Shapes(graph)
