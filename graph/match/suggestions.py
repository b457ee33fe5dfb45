"""Suggestions while somebody types: codes, places and entities by their names and by words that stand for them.

One index for each kind of thing, built once for a revision; cities, which come with the software, once for all.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.geometry import Point
from graph.iris import ID, INFRA, NUTS, ORG
from graph.match.gazetteer import cities, place_names
from graph.match.knowledge import Knowledge
from graph.match.language import folded_words
from graph.match.lexicon import Lexicon
from graph.match.scheme import CAPABILITY, REGION, SECTOR, SERVICE, Scheme
from graph.match.suggestion_index import Phrase, Suggestion, SuggestionIndex, Thing
from graph.match.typed_places import UnknownPlace
from graph.store.catalogue import QueryCatalogue
from graph.store.protocol import Reader

CONCEPTS: Final[Mapping[str, NamedNode]] = {"capability": CAPABILITY, "service": SERVICE, "sector": SECTOR}
ENTITIES: Final[Mapping[str, NamedNode]] = {
    "facility": INFRA["Facility"],
    "organisation": ORG["Organization"],
    "practice": INFRA["GoodPractice"],
}
SUGGESTED: Final = (*CONCEPTS, "place", *ENTITIES)
"""The kinds of things that are suggested."""
MOST: Final = 10

_Names = dict[NamedNode, dict[str, str]]
_Words = dict[NamedNode, list[tuple[str, str, str]]]


class Suggestions:
    """The indexes of the latest revision that was asked about."""

    def __init__(self, queries: QueryCatalogue, knowledge: Callable[[Reader], Knowledge]) -> None:
        self._queries = queries
        self._knowledge = knowledge
        self._kept: tuple[int, Mapping[str, SuggestionIndex]] | None = None
        self._lock = threading.Lock()

    def of(self, reader: Reader) -> Mapping[str, SuggestionIndex]:
        """The index of each kind of thing in a state."""
        kept = self._kept
        if kept is None or kept[0] != reader.revision:
            with self._lock:  # who comes first builds it, for all who wait
                kept = self._kept
                if kept is None or kept[0] != reader.revision:
                    kept = self._kept = (reader.revision, self._built(reader))
        return kept[1]

    def find(self, text: str, kinds: Sequence[str], language: str, reader: Reader) -> list[Suggestion]:
        """The best suggestions of some kinds for a text, best first."""
        indexes = self.of(reader)
        found = [one for name in dict.fromkeys(kinds) for one in indexes[name].find(text, language, MOST)]
        return sorted(found, key=lambda one: (-one.score, one.thing.kind, one.thing.value))[:MOST]

    def meant(self, text: str, kind: str, language: str, reader: Reader) -> str | None:
        """The code of the thing of a kind that is called just so, in any language; of a city, that of its region."""
        if kind == "place":
            try:
                return self._knowledge(reader).typed_places.region(text, language).code
            except UnknownPlace:
                return None
        for one in self.find(text, [kind], language, reader):
            if folded_words(text) in {folded_words(one.label), folded_words(one.because)}:
                return one.thing.value
        return None

    def _built(self, reader: Reader) -> dict[str, SuggestionIndex]:
        known = self._knowledge(reader)
        often = {
            concept.value: int(count.value)
            for concept, count in reader.select(self._queries["match-suggested-often"].text).rows
            if isinstance(concept, NamedNode) and isinstance(count, Literal)
        }
        built = {
            kind: _concepts(kind, scheme, known.lexicon, known.scheme, often)
            for kind, scheme in CONCEPTS.items()
        }
        built["place"] = self._places(reader, known, often)
        built.update(self._entities(reader))
        return built

    def _places(self, reader: Reader, known: Knowledge, often: Mapping[str, int]) -> SuggestionIndex:
        """Regions and towns. Of a retired region and the one that replaced it, that which a partner describes."""
        points: dict[str, Point] = {}
        labels: dict[str, dict[str, str]] = defaultdict(dict)
        rows = reader.select(self._queries["match-region-name"].bind(scheme=[REGION])).rows
        for region, notation, label, point in rows:
            if not isinstance(region, NamedNode) or not isinstance(notation, Literal):
                continue
            if region.value in known.gazetteer.hidden:
                continue
            at = Point.from_wkt(point.value) if isinstance(point, Literal) else None
            if at is not None and isinstance(label, Literal):
                points[notation.value] = at
                labels[notation.value][label.language or ""] = label.value
        things: list[Thing] = []
        phrases: list[Phrase] = []
        extra = place_names()
        for code, names in labels.items():
            more = {"lat": points[code].lat, "lon": points[code].lon, "region": code}
            phrases += [Phrase(len(things), "preferred", one, text) for one, text in names.items()]
            phrases += [
                Phrase(len(things), "alternative", "", text) for text in extra["regions"].get(code, ())
            ]
            phrases += [
                Phrase(len(things), "alternative", language, text)
                for language, several in extra["countries"].get(code, {}).items()
                for text in several
            ]
            phrases.append(Phrase(len(things), "alternative", "", code))
            size = {2: 6, 3: 3, 4: 3}.get(len(code), 0)  # wider places before narrower ones of the same name
            things.append(Thing("place", code, names, often.get(NUTS[code].value, 0) + size, more))
        for _, country, lat, lon, name, called in cities():
            near = known.typed_places.around(country, Point(lon, lat))
            if near is None:
                continue
            within = next(iter(labels[near.code].values()))
            more = {"lat": lat, "lon": lon, "region": near.code, "within": within}
            phrases += [Phrase(len(things), "preferred", "", text) for text in called]
            things.append(Thing("place", near.code, {"": name}, often.get(NUTS[near.code].value, 0), more))
        return SuggestionIndex(things, phrases)

    def _entities(self, reader: Reader) -> Iterator[tuple[str, SuggestionIndex]]:
        kinds = {node: kind for kind, node in ENTITIES.items()}
        names: dict[str, _Names] = {kind: defaultdict(dict) for kind in ENTITIES}
        words: dict[str, _Words] = {kind: defaultdict(list) for kind in ENTITIES}
        bound = self._queries["match-suggested-entities"].bind(**{"class": list(ENTITIES.values())})
        for of_class, entity, kind, name in reader.select(bound).rows:
            if (
                isinstance(of_class, NamedNode)
                and isinstance(entity, NamedNode)
                and isinstance(kind, Literal)
                and isinstance(name, Literal)
            ):
                what = kinds[of_class]
                words[what][entity].append((kind.value, name.language or "", name.value))
                if kind.value == "preferred":
                    names[what][entity][name.language or ""] = name.value
        for what in ENTITIES:
            slugs = {node: node.value.removeprefix(f"{ID.base}{what}/") for node in names[what]}
            yield what, _indexed(what, names[what], words[what], slugs, {})


def _concepts(
    kind: str, codes: NamedNode, lexicon: Lexicon, scheme: Scheme, often: Mapping[str, int]
) -> SuggestionIndex:
    names: _Names = defaultdict(dict)
    words: _Words = defaultdict(list)
    for concept, label, language, text in lexicon.labels(codes):
        if (
            concept in scheme.replaced or label == "hidden"
        ):  # these speak for a concept, and are no names of it
            continue
        words[concept].append((label, language, text))
        if label == "preferred":
            names[concept][language] = text
    return _indexed(kind, names, words, scheme.notations, often)


def _indexed(
    kind: str,
    names: Mapping[NamedNode, Mapping[str, str]],
    words: _Words,
    codes: Mapping[NamedNode, str],
    often: Mapping[str, int],
) -> SuggestionIndex:
    things: list[Thing] = []
    phrases: list[Phrase] = []
    for node in sorted(names, key=lambda one: one.value):
        phrases += [Phrase(len(things), what, language, text) for what, language, text in words[node]]
        if kind == "sector":
            phrases.append(Phrase(len(things), "alternative", "", codes[node]))
        things.append(Thing(kind, codes[node], names[node], often.get(node.value, 0), {"iri": node.value}))
    return SuggestionIndex(things, phrases)
