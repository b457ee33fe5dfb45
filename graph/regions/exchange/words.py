"""What practices, plans and actions say in words, in the reader's language where there is such a text."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from graph.match.view import View, node_of

Said = dict[str, str]
"""A text with its language and the graph that holds it."""


@dataclass(frozen=True)
class Words:
    """Texts by thing and by what each is about."""

    _texts: Mapping[tuple[NamedNode, str], Mapping[str, list[Said]]]
    _pages: Mapping[NamedNode, list[str]]
    _language: str

    @classmethod
    def read(cls, things: Iterable[NamedNode], view: View) -> "Words":
        """What is told of things."""
        texts: dict[tuple[NamedNode, str], dict[str, list[Said]]] = defaultdict(lambda: defaultdict(list))
        pages: dict[NamedNode, set[str]] = defaultdict(set)
        for row in view.rows_of("regions-exchange-notes", "entity", sorted(set(things), key=str)):
            (thing, graph), about, text = node_of(row, "entity", "graph"), row["about"], row["text"]
            if isinstance(text, NamedNode):
                pages[thing].add(text.value)
            elif isinstance(about, Literal) and isinstance(text, Literal):
                language = text.language or ""
                said = {"text": text.value, "language": language, "graph": graph.value}
                texts[thing, about.value][language].append(said)
        return cls(texts, {one: sorted(several) for one, several in pages.items()}, view.language)

    def of(self, thing: NamedNode, about: str) -> list[Said]:
        """The texts of a thing about something: those in the reader's language, else in English, else in the first."""
        texts = self._texts.get((thing, about), {})
        chosen = (
            texts.get(self._language) or texts.get("en") or next((t for _, t in sorted(texts.items())), [])
        )
        return sorted(chosen, key=lambda said: (said["text"], said["graph"]))

    def pages(self, thing: NamedNode) -> list[str]:
        """Pages that tell of a thing."""
        return self._pages.get(thing, [])
