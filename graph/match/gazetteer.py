"""The gazetteer: names of countries, regions and cities that a text can name, in the forms they take in it.

Countries and regions are those of the code list ``nuts``; cities are those of GeoNames, ``ontology/cities.json``. More
names and the endings of names in inflecting languages are data too, ``ontology/place-names.json``.
"""

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from pyoxigraph import Literal, NamedNode
from rapidfuzz.distance import Prefix

from graph.geometry import Point
from graph.iris import NUTS
from graph.match.language import Languages, Token, fold, folded_words
from graph.match.scheme import REGION, Scheme
from graph.resources import ONTOLOGY
from graph.store.catalogue import QueryCatalogue
from graph.store.protocol import Reader

_GEONAMES: Final = "https://sws.geonames.org/"
_LEAST_BASE: Final = 3
"""Letters that must remain of a name when an ending is taken off."""
_LONGEST: Final = 5
CLEANED: Final = re.compile(
    r"\s*\(.*?\)|,.*$| län$|^Prov\. |^Arr\. |\s(?:Stadtkreis|Landkreis|Kreisfreie Stadt)$"
)


@dataclass(frozen=True)
class Site:
    """A country, region or city: its IRI and code, its name, the country it is in and a point that stands for it."""

    kind: str
    iri: str
    code: str
    name: str
    country: str
    point: Point


Name = tuple[str, ...]
_Index = Mapping[str, Sequence[tuple[Name, Site]]]


class Gazetteer:
    """Looks up names of places at a position of a text; built once for a revision, cities once for all."""

    def __init__(
        self,
        reader: Reader,
        queries: QueryCatalogue,
        languages: Languages,
        scheme: Scheme,
    ) -> None:
        self._languages = languages
        self.hidden = _hidden(reader, queries, scheme)
        """IRIs of regions that are not meant where others have the same name."""
        extra = place_names()
        countries: dict[tuple[str | None, Name], Site] = {}
        regions: dict[Name, list[Site]] = defaultdict(list)
        by_code: dict[str, Site] = {}
        rows = reader.select(queries["match-region-name"].bind(scheme=[REGION])).rows
        for region, notation, label, point in rows:
            if not (isinstance(region, NamedNode) and isinstance(notation, Literal)):
                continue
            where = Point.from_wkt(point.value) if isinstance(point, Literal) else None
            if where is None or not isinstance(label, Literal):
                continue
            code = notation.value
            kind = "country" if len(code) == 2 else "region"
            site = Site(kind, region.value, code, label.value, code[:2], where)
            if kind == "country":
                countries[label.language, folded_words(label.value)] = site
                if label.language == "en" or code not in by_code:
                    by_code[code] = site
            else:
                by_code[code] = site
                for part in CLEANED.sub("", label.value).split("/"):
                    regions[folded_words(part)].append(site)
        for code, named in extra["countries"].items():
            for language, several in named.items():
                for name in several if code in by_code else ():
                    countries[language, folded_words(name)] = by_code[code]
        exonyms = {
            folded_words(name): by_code[code]
            for code, several in extra["regions"].items()
            if code in by_code
            for name in several
        }
        found = {name: one for name, sites in regions.items() if (one := widest(sites, self.hidden))}
        self._regions = _indexed([*found.items(), *exonyms.items()])
        by_language: dict[str, list[tuple[Name, Site]]] = defaultdict(list)
        for (language, name), site in countries.items():
            by_language[language or "en"].append((name, site))
        self._countries = {language: _indexed(several) for language, several in by_language.items()}
        self._endings: Mapping[str, Sequence[tuple[str, str]]] = extra["endings"]
        self._locative = {language: tuple(endings) for language, endings in extra["locative"].items()}
        self._everyday = frozenset(fold(word) for word in extra["everyday"])
        self.by_code: Mapping[str, Site] = by_code
        """Countries and regions by their NUTS codes."""

    def named(self, language: str) -> Iterator[tuple[Name, Site]]:
        """All names of places with what they name: countries in a language and English first, cities before regions."""
        tongues = [language, "en", *self._countries]
        for index in [*(self._countries.get(tongue, {}) for tongue in tongues), _cities(), self._regions]:
            for several in index.values():
                yield from several

    def at(self, tokens: Sequence[Token], position: int, language: str) -> tuple[Site, int] | None:
        """The place whose name begins at a position, with how many tokens it takes; the longest name wins.

        Names are written with a capital. A country is looked for before a city, a city before a region.
        """
        first = tokens[position]
        if not first.text[0].isupper() or (first.text.isupper() and len(first.text) > 2):
            return None
        best: tuple[Site, int] | None = None
        indexes = [self._countries.get(language, {}), self._countries.get("en", {}), _cities(), self._regions]
        for index in indexes:
            for name, site in index.get(first.folded[:_LEAST_BASE], ()):
                if (best is None or len(name) > best[1]) and self._is_named(name, tokens, position, language):
                    best = site, len(name)
        return best

    def is_everyday(self, token: Token, language: str) -> bool:
        """Whether a German noun may be meant: nouns have a capital too, so it does not show a name."""
        if language != "de":
            return False
        return token.folded in self._everyday or self._languages.is_everyday(token.text, language)

    def is_locative(self, token: Token, language: str) -> bool:
        """Whether the form of a name says "in" or "from" by itself, as in Estonian and Latvian."""
        ending = token.text.lower().endswith(self._locative.get(language, ()))
        return ending and (not token.text[-1].isascii() or token.lemma != token.folded)

    def _is_named(self, name: Name, tokens: Sequence[Token], position: int, language: str) -> bool:
        if position + len(name) > len(tokens):
            return False
        here = tokens[position : position + len(name)]
        if len(name) == 1:
            return name[0] == here[0].folded or name[0] in self._bases(here[0], language)
        inflects = bool(self._endings.get(language))
        return all(
            word == token.folded or (inflects and _is_form(word, token.folded))
            for word, token in zip(name, here, strict=True)
        )

    def _bases(self, token: Token, language: str) -> set[str]:
        """What a word may be a form of: its base form in the dictionary, and what remains without an ending."""
        bases = {token.lemma} if language not in {"en", "it", "fr"} else set()
        for ending, instead in self._endings.get(language, ()):
            base = token.folded.removesuffix(ending)
            if base != token.folded and len(base) >= _LEAST_BASE:
                bases.add(base + instead)
        return bases


def _is_form(word: str, written: str) -> bool:
    """Whether a word of a longer name is meant: the same but for the ending."""
    shared = Prefix.similarity(word, written)
    return shared >= max(3, len(word) - 2) and abs(len(word) - len(written)) <= 3


def widest(sites: Sequence[Site], hidden: Collection[str] = ()) -> Site | None:
    """The one region that regions of the same name are: that which contains the others, or the only one.

    Those whose IRI is hidden are left out where there are others.
    """
    left = [site for site in sites if site.iri not in hidden] or sites
    first, *others = sorted(left, key=lambda site: (len(site.code), site.code))
    return first if all(site.code.startswith(first.code) for site in others) else None


def _indexed(names: Iterable[tuple[Name, Site]]) -> _Index:
    index: dict[str, list[tuple[Name, Site]]] = defaultdict(list)
    for name, site in names:
        if 0 < len(name) <= _LONGEST and len(name[0]) > 1:
            index[name[0][:_LEAST_BASE]].append((name, site))
    return dict(index)


def _hidden(reader: Reader, queries: QueryCatalogue, scheme: Scheme) -> frozenset[str]:
    """Of each retired region and the one that replaced it, that which no partner describes."""
    described = {row[0] for row in reader.select(queries["browse-regions"].text).rows}
    pairs = ((old, new) for old, new in scheme.replaced.items() if old.value in NUTS)
    return frozenset((new if old in described else old).value for old, new in pairs)


@cache
def place_names() -> Mapping[str, Any]:
    """More names of regions and countries, and the endings of names, as ``ontology/place-names.json`` has them."""
    data: Mapping[str, Any] = json.loads((ONTOLOGY / "place-names.json").read_text(encoding="utf-8"))
    return data


@cache
def cities() -> Sequence[tuple[int, str, float, float, str, Sequence[str]]]:
    """Number, country, latitude, longitude, name and all names of each city, as GeoNames has them."""
    data: list[tuple[int, str, float, float, str, Sequence[str]]] = json.loads(
        (ONTOLOGY / "cities.json").read_text(encoding="utf-8")
    )
    return data


@cache
def _cities() -> _Index:
    """The cities by the first letters of their names; read when the first place is looked for."""
    names: list[tuple[Name, Site]] = []
    for number, country, lat, lon, own, called in cities():
        city = Site("city", f"{_GEONAMES}{number}/", str(number), own, country, Point(lon, lat))
        names += [(folded_words(CLEANED.sub("", name)), city) for name in called]
    return _indexed(names)
