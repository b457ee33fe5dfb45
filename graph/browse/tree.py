"""A code list as a tree: its entries with names, the branches to show, and how many facilities have each entry."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from graph.browse.entity import address
from graph.iris import CODELIST, NUTS
from graph.store.catalogue import QueryCatalogue
from graph.store.protocol import Reader

_MOST_WHOLE: Final = 640
"""So many entries of a list are shown as a whole."""
_MOST_SHOWN: Final = 420
"""Of larger lists, whole levels up to so many entries, and the branches asked for."""


@dataclass
class Entry:
    """An entry with its name; ``language`` is empty where the name has none or is of the language asked for."""

    iri: str
    notation: str
    name: str
    language: str
    uses: int = 0
    narrower: list["Entry"] = field(default_factory=list)
    broader: "Entry | None" = None

    @property
    def key(self) -> str:
        """The last part of its address, by which a page leads to it."""
        return self.iri.rsplit("/", 1)[-1]

    @property
    def url(self) -> str | None:
        """The page of the entry."""
        if self.iri.startswith(NUTS.base):
            return f"/codelists/nuts/{self.key}"
        return address(self.iri)

    def path(self) -> list["Entry"]:
        """All entries above it, the nearest first."""
        return [] if self.broader is None else [self.broader, *self.broader.path()]

    def below(self) -> Iterable["Entry"]:
        """All entries below it, in the order of the tree."""
        for entry in self.narrower:
            yield entry
            yield from entry.below()


class Tree:
    """The entries of a code list in a language."""

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self._entries = entries
        self.roots = [entry for entry in entries.values() if entry.broader is None]
        self._by_key = {entry.key: entry for entry in entries.values()}
        self._by_key |= {entry.notation: entry for entry in entries.values()}

    def __len__(self) -> int:
        return len(self._entries)

    def __getitem__(self, iri: str) -> Entry:
        return self._entries[iri]

    def all(self) -> list[Entry]:
        """All entries in the order of the tree."""
        return [one for root in self.roots for one in (root, *root.below())]

    def find(self, key: str) -> Entry | None:
        """The entry with this code or last part of its address."""
        return self._by_key.get(key)

    def shown(self, opened: Entry | None = None) -> set[str]:
        """The IRIs of what a page shows: everything, or whole levels and the branch that is asked for."""
        level, seen = self.roots, set[str]()
        most = _MOST_SHOWN if len(self._entries) > _MOST_WHOLE else _MOST_WHOLE
        while level and (not seen or len(seen) + len(level) <= most):
            seen |= {entry.iri for entry in level}
            level = [below for entry in level for below in entry.narrower]
        if opened is not None:
            seen |= {entry.iri for entry in (opened, *opened.below())}
            seen |= {beside.iri for entry in (opened, *opened.path()) for beside in _beside(entry)}
        return seen | {root.iri for root in self.roots}

    def matching(self, found: Collection[str]) -> set[str]:
        """The IRIs of the entries found and of all above them."""
        entries = [self._entries[iri] for iri in found if iri in self._entries]
        return {one.iri for entry in entries for one in (entry, *entry.path())}


def _beside(entry: Entry) -> list[Entry]:
    return [entry] if entry.broader is None else entry.broader.narrower


def read_tree(scheme: str, language: str, reader: Reader, queries: QueryCatalogue) -> Tree:
    """The tree of a code list, empty where no list has this name; the name must be part of an IRI."""
    node = CODELIST.base + scheme
    asked = queries["browse-tree"].bind_strings({"scheme": [node], "lang": [language]})
    rows = reader.select(asked).rows
    broader: dict[str, list[str]] = {}
    entries: dict[str, Entry] = {}
    for concept, notation, above, own, other in sorted(rows, key=lambda row: (_text(row[1]), str(row[0]))):
        if not isinstance(concept, NamedNode):
            continue
        name = own or other
        spoken = name.language if isinstance(name, Literal) and name.language != language else ""
        entries.setdefault(
            concept.value,
            Entry(concept.value, _text(notation), _text(name) or _text(notation), spoken or ""),
        )
        if above is not None:
            broader.setdefault(concept.value, []).append(_text(above))
    for iri, entry in entries.items():
        above_it = next((one for one in sorted(broader.get(iri, ())) if one in entries), None)
        if above_it is not None:
            entry.broader = entries[above_it]
            entry.broader.narrower.append(entry)
    if entries:
        for concept, number in reader.select(queries["browse-uses"].bind_strings({"scheme": [node]})).rows:
            entries[_text(concept)].uses = int(_text(number))
    return Tree(entries)


def found_in(
    scheme: str, text: str, language: str, reader: Reader, queries: QueryCatalogue
) -> dict[str, Literal]:
    """The entries of a code list that have a text in a name or code, in any language, each with a word that has it."""
    asked = queries["browse-concepts"].bind_strings(
        {"scheme": [CODELIST.base + scheme], "q": [text.lower()], "lang": [language]}
    )
    found: dict[str, Literal] = {}
    for concept, _, word in reader.select(asked).rows:
        if isinstance(concept, NamedNode) and isinstance(word, Literal):
            known = found.get(concept.value)
            if known is None or (word.language == language != known.language):
                found[concept.value] = word
    return found


def names_in_all(
    entries: Iterable[Entry], reader: Reader, queries: QueryCatalogue
) -> dict[str, dict[str, str]]:
    """The names of entries by IRI and language; those of no language are under an empty one."""
    asked = queries["browse-wordings"].bind(concept=[NamedNode(entry.iri) for entry in entries])
    names: dict[str, dict[str, str]] = {}
    for concept, name in reader.select(asked).rows:
        if isinstance(concept, NamedNode) and isinstance(name, Literal):
            names.setdefault(concept.value, {})[name.language or ""] = name.value
    return names


def as_nodes(
    entries: Iterable[Entry], shown: Collection[str], opened: Collection[str]
) -> list[dict[str, Any]]:
    """The entries that are shown, nested, for a page: which branches are open, and how many entries are left out."""
    return [
        {
            "entry": entry,
            "narrower": as_nodes(entry.narrower, shown, opened),
            "left_out": 0
            if any(one.iri in shown for one in entry.narrower)
            else sum(1 for _ in entry.below()),
            "is_open": entry.iri in opened,
        }
        for entry in entries
        if entry.iri in shown
    ]


def _text(term: object) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else ""
