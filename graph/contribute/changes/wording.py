"""A difference in words: one sentence for each entity and each change in the nine languages.

The sentences are data, ``ontology/changes.json``; names of terms of other vocabularies, ``ontology/terms.json``. All
other names come with the question.
"""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path as File
from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.contribute.changes.difference import KINDS, Change, Difference, EntityChange, Told
from graph.contribute.changes.excerpt import excerpt, on_one_line
from graph.contribute.changes.parts import Path, Statement, Term, name_of_node
from graph.iris import GENID, ID, RDF, XSD, compact
from graph.resources import ONTOLOGY

Names = Mapping[str, Mapping[str, str]]
"""Names of things by IRI and language."""

MAX_LISTED: Final = 8
"""Values of a part in a sentence; JSON and triples hold all."""

_TYPE = RDF["type"]
_SHORT: Final = 40
"""Letters of a value that tells parts apart."""


class Wording:
    """The sentences on one difference in one language."""

    def __init__(self, found: Difference, language: str, names: Names, texts: File = ONTOLOGY) -> None:
        self._templates: Names = json.loads((texts / "changes.json").read_text(encoding="utf-8"))
        self._terms: Names = json.loads((texts / "terms.json").read_text(encoding="utf-8"))
        self._found = found
        self._language = language
        self._names = names
        self._labels = {entity.entity.value: _by_language(entity.labels) for entity in found.entities}

    def summary(self) -> str:
        """How much was added, changed and removed, in one line."""
        if not self._found:
            return self._say("nothing")
        return self._say(
            "summary",
            **{kind: str(self._found.count(kind)) for kind in KINDS},
            triples_added=str(len(self._found.added)),
            triples_removed=str(len(self._found.removed)),
        )

    def entity(self, entity: EntityChange) -> str:
        """The sentence on an entity as a whole."""
        name = excerpt(self.name(entity.entity.value))
        if entity.kind == "changed":
            code = "entity-changed" if entity.changes else "parts-renamed"
            return self._say(code, entity=name)
        kind = next((text for text in (self._known(t.value) for t in entity.types) if text), "")
        told = self._say("kind", entity=name, kind=kind) if kind else name
        count = len(entity.added if entity.kind == "added" else entity.removed)
        return self._say(f"entity-{entity.kind}", entity=told, count=str(count))

    def change(self, entity: EntityChange, change: Change) -> str:
        """The sentence on one change."""
        name = excerpt(self.name(entity.entity.value))
        values = {"entity": name, "property": self.property(change)}
        old, new = self._pair(change.old, change.new)
        if change.kind != "added":
            values["old"] = old
        if change.kind != "removed":
            values["new"] = new
        return self._say(f"value-{change.kind}", **values)

    def property(self, change: Change) -> str:
        """What changed: the last property, its language where it is not the reader's, and which part it is in."""
        part = next((told for told in (change.old, change.new) if isinstance(told, tuple)), None)
        text = self.name(change.path[-1].value) if part is None else self._part(change.path, part)
        tags = {told.language for told in (change.old, change.new) if isinstance(told, Literal)}
        if len(tags) == 1 and (tag := tags.pop()) and tag != self._language:
            text = f"{text} ({tag})"
        if change.setting and change.setting.path:
            name = self._part(change.setting.path, change.setting.shared)
            about = self._telling_apart(change.setting.shared)
            if about:
                return self._say("within", property=text, part=name, about=about)
            return self._say("kind", entity=text, kind=name)
        return text

    def _telling_apart(self, shared: Sequence[Statement]) -> str:
        """Two short values by which a reader knows a part among others like it, codes first."""
        values = [s.value for s in shared if s.path[-1] != _TYPE and not _is_unnamed(s.value)]
        values.sort(key=lambda value: isinstance(value, Literal))
        texts = [
            self._value(value)
            if isinstance(value, Literal) or self._known(name_of_node(value))
            else re.split(r"[/#]", name_of_node(value).rstrip("/#"))[-1]
            for value in values
        ]
        return ", ".join([text for text in texts if len(text) <= _SHORT][:2])

    def _part(self, path: Path, statements: Sequence[Statement]) -> str:
        """The name of a part: what it is where that has a name, else how it is reached."""
        types = (s.value for s in statements if s.path == (_TYPE,))
        known = next((text for text in (self._known(name_of_node(value)) for value in types) if text), "")
        return known or (self.name(path[-1].value) if path else self._say("unnamed"))

    def _pair(self, old: Told | None, new: Told | None) -> tuple[str, str]:
        """Both values in words; told apart where the words alone would be the same."""
        texts = self._tell(old, new), self._tell(new, old)
        if old is not None and new is not None and texts[0] == texts[1]:
            return f"{texts[0]} ({_detail(old)})", f"{texts[1]} ({_detail(new)})"
        return texts

    def _tell(self, told: Told | None, other: Told | None = None) -> str:
        if told is None:
            return ""
        if not isinstance(told, tuple):
            against = other.value if isinstance(told, Literal) and isinstance(other, Literal) else ""
            return self._say("quoted", text=self._value(told, against))
        listed = [statement for statement in told if statement.path[-1] != _TYPE]
        if not listed:
            return self._say("empty")
        text = "; ".join(
            f"{self.name(s.path[-1].value)} {self._say('quoted', text=self._value(s.value))}"
            for s in listed[:MAX_LISTED]
        )
        more = len(listed) - MAX_LISTED
        return f"{text}; … (+{more})" if more > 0 else text

    def _value(self, value: Term, against: str = "") -> str:
        """A value for a sentence: names for nodes, texts on one line and shortened to where they differ."""
        if not isinstance(value, Literal):
            return excerpt(on_one_line(self.name(name_of_node(value))))
        if value.datatype == XSD["boolean"]:
            yes, no = self._say("true"), self._say("false")
            return {"true": yes, "1": yes, "false": no, "0": no}.get(value.value, value.value)
        return excerpt(on_one_line(value.value), on_one_line(against))

    def name(self, iri: str) -> str:
        """The name of a thing, else what of its IRI people can read."""
        if iri in GENID:
            return self._known(iri) or self._say("unnamed")
        return self._known(iri) or (iri.removeprefix(ID.base) if iri in ID else compact(iri))

    def _known(self, iri: str) -> str:
        """The name of a thing where it has one: in the language, in English, or in any.

        What the contribution itself calls it counts before what others know.
        """
        known = (self._labels.get(iri) or self._names.get(iri), self._terms.get(compact(iri)))
        sources = [names for names in known if names]
        for language in (self._language, "en"):
            for names in sources:
                if language in names:
                    return on_one_line(names[language])
        return on_one_line(next(iter(sources[0].values()))) if sources else ""

    def _say(self, code: str, **values: str) -> str:
        texts = self._templates[code]
        return (texts.get(self._language) or texts["en"]).format_map(values)


def _by_language(labels: Sequence[Literal]) -> dict[str, str]:
    found: dict[str, str] = {}
    for label in labels:
        found.setdefault(label.language or "", label.value)
    return found


def _is_unnamed(value: Term) -> bool:
    return isinstance(value, NamedNode) and value.value in GENID


def _detail(told: Told) -> str:
    """What tells values apart that read the same: language, datatype or IRI."""
    if isinstance(told, Literal):
        return told.language or compact(told.datatype.value)
    return compact(name_of_node(told)) if not isinstance(told, tuple) else str(len(told))
