"""Write the JSON-LD context: each term of the ontology, and the terms of others that data and code lists use.

    python -m ontology.context

A property whose values are nodes is typed ``@id`` and holds a list. A text that is tagged with languages is a
map from language to text. A property with one datatype is typed. All else keeps its values written out.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from graph.iris import INFRA, OWL, PREFIXES, RDF, RDFS, XSD
from graph.resources import DATA, ONTOLOGY, turtle_files

FILE: Final = ONTOLOGY / "context.jsonld"

_NODE: Final = "@id"
_TEXT: Final = "@language"
_STRING: Final = XSD["string"].value
_NOT_YET_USED: Final = {
    **{
        INFRA.base + name: _TEXT
        for name in ("caveat", "confidentialityNote", "implementationLevel", "reason")
    },
    "http://purl.org/dc/terms/modified": XSD["date"].value,
    "http://purl.org/dc/terms/creator": _NODE,
    "https://schema.org/email": _STRING,
    "https://schema.org/telephone": _STRING,
}
"""Properties that contributions and answers may use, though the shipped data do not."""


def context() -> dict[str, Any]:
    """The context: prefixes as strings, terms as objects."""
    prefixes = dict(PREFIXES)
    triples: list[Triple] = []
    for path in [*turtle_files(DATA), *turtle_files(ONTOLOGY / "codelists")]:
        parser = parse(path=str(path), format=RdfFormat.TURTLE)
        triples.extend(quad.triple for quad in parser)
        for name, base in parser.prefixes.items():
            assert prefixes.setdefault(name, base) == base, f"{path}: {name}: stands for two IRIs"  # noqa: S101
    classes, properties = _own()
    used_classes, used_properties = _used(triples)
    used = {iri: {kind} for iri, kind in _NOT_YET_USED.items()} | used_properties
    kinds = used | {iri: kind or used.get(iri, {_STRING}) for iri, kind in properties.items()}
    terms: dict[str, Any] = {}
    for iri in _by_name(classes | used_classes, prefixes):
        terms[_local(iri)] = {"@id": _short(iri, prefixes)}
    for iri in _by_name(kinds, prefixes):
        terms[_local(iri)] = {"@id": _short(iri, prefixes)} | _definition(kinds[iri], prefixes)
    clash = prefixes.keys() & terms.keys()
    assert not clash, f"terms that are prefixes too: {sorted(clash)}"  # noqa: S101 - stops the generator
    return {"@version": 1.1} | dict(sorted(prefixes.items())) | dict(sorted(terms.items()))


def _own() -> tuple[set[str], dict[str, set[str]]]:
    """Classes of the ontology, and its properties with what their values are where the ontology tells."""
    classes: set[str] = set()
    properties: dict[str, set[str]] = defaultdict(set)
    for quad in parse(path=str(ONTOLOGY / "infrashare.ttl"), format=RdfFormat.TURTLE):
        subject, value = quad.subject, quad.object
        if (
            not isinstance(subject, NamedNode)
            or subject.value not in INFRA
            or not isinstance(value, NamedNode)
        ):
            continue
        if value == OWL["Class"]:
            classes.add(subject.value)
        elif value == OWL["ObjectProperty"]:
            properties[subject.value].add(_NODE)
        elif value == OWL["DatatypeProperty"]:
            properties[subject.value] |= set()
        elif quad.predicate == RDFS["range"]:
            properties[subject.value].add(value.value)
    return classes, properties


def _used(triples: Iterable[Triple]) -> tuple[set[str], dict[str, set[str]]]:
    """Classes and properties in use, the properties with all that their values are."""
    classes: set[str] = set()
    properties: dict[str, set[str]] = defaultdict(set)
    for triple in triples:
        value = triple.object
        if triple.predicate == RDF["type"] and isinstance(value, NamedNode):
            classes.add(value.value)
        elif isinstance(value, Literal):
            properties[triple.predicate.value].add(_TEXT if value.language else value.datatype.value)
        else:
            properties[triple.predicate.value].add(_NODE)
    return classes, properties


def _definition(kinds: set[str], prefixes: dict[str, str]) -> dict[str, str]:
    if kinds == {_NODE}:
        return {"@type": "@id", "@container": "@set"}
    if _TEXT in kinds and kinds <= {_TEXT, _STRING}:
        return {"@container": "@language"}
    if len(kinds) == 1 and _STRING not in kinds:
        return {"@type": _short(next(iter(kinds)), prefixes)}
    return {}


def _by_name(iris: Iterable[str], prefixes: dict[str, str]) -> list[str]:
    """The IRIs that get a term: those with a prefix; of two with one local name our own, else neither."""
    by_name: dict[str, list[str]] = defaultdict(list)
    for iri in iris:
        if any(iri.startswith(base) for base in prefixes.values()):
            by_name[_local(iri)].append(iri)
    chosen = []
    for same in by_name.values():
        own = [iri for iri in same if iri in INFRA]
        if len(same) == 1 or own:
            chosen.append((own or same)[0])
    return chosen


def _local(iri: str) -> str:
    return iri.replace("#", "/").rsplit("/", 1)[-1]


def _short(iri: str, prefixes: dict[str, str]) -> str:
    name, base = max(
        ((name, base) for name, base in prefixes.items() if iri.startswith(base)),
        key=lambda pair: len(pair[1]),
    )
    return f"{name}:{iri[len(base) :]}"


def serialised() -> str:
    """The file's text."""
    return json.dumps({"@context": context()}, ensure_ascii=False, indent=2) + "\n"


def main(path: Path = FILE) -> None:
    """Write the context."""
    path.write_text(serialised(), encoding="utf-8")
    print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
