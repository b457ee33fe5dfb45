"""Places that people type into a field: a name or a code of a country, region or city becomes that place."""

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property
from typing import Final

from rapidfuzz import fuzz, process

from graph.errors import InputError
from graph.geometry import Point
from graph.match.gazetteer import CLEANED, Gazetteer, Name, Site, widest
from graph.match.language import folded_words

_CODE: Final = re.compile(r"(?:^|\()\s*([A-Za-z]{2}[0-9A-Za-z]{0,3})\s*\)?$")
_COUNTRY: Final = re.compile(r"[,(]\s*([^,()]+?)\s*\)?\s*$")
_REST: Final = re.compile(r"\s*[,(].*$")
_LEAST_LIKENESS: Final = 70
_NEAR: Final = 4
_LONGEST: Final = 100


class UnknownPlace(InputError):  # noqa: N818 - what happened
    """No place has this name; ``near`` are names that are like it."""

    def __init__(self, text: str, near: tuple[str, ...]) -> None:
        like = (
            f"; did you mean {', '.join(near)}?" if near else "; give a NUTS code, a region or a larger city"
        )
        super().__init__(f"no country, region or city is known as {text[:_LONGEST]!r}{like}")
        self.text = text
        self.near = near


class TypedPlaces:
    """Looks up what people type: a NUTS code, or the name of a country, region or city, with its country after it."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._indexes: dict[str, Mapping[Name, list[Site]]] = {}
        self._cities: dict[tuple[float, float], Site] = {}

    def find(self, text: str, language: str, *, regions_only: bool = False) -> Site:
        """The place of a name. Of those with the same one a country comes first, then the larger city, then a region.

        Raises ``UnknownPlace`` with near names.
        """
        code = _CODE.search(text.strip())
        if code is not None and (len(code[1]) > 2 or code[0].strip() == text.strip()):
            site = self._gazetteer.by_code.get(code[1].upper())
            if site is not None:
                return site
        official = self._official.get(folded_words(text))
        if official is not None:
            return official
        index = self._index(language)
        if regions_only:
            index = {name: [s for s in sites if s.kind != "city"] for name, sites in index.items()}
            index = {name: sites for name, sites in index.items() if sites}
        country = self._country(text, index)
        named = list(index.get(folded_words(text.strip()), []))
        for shorter in (CLEANED, _REST):
            name = folded_words(shorter.sub("", text.strip()))
            same = index.get(name, [])
            named += [site for site in same if country is None or site.country == country]
            regions = [one for one in self._regions.get(name, ()) if country in (None, one.country)]
            if regions and (region := widest(regions)):
                named.append(region)
        if not named:
            raise UnknownPlace(text.strip(), self._near(text, index))
        return named[0]

    def region(self, text: str, language: str) -> Site:
        """The country or region of a name; for the name of a city alone, the region of NUTS level 3 around it.

        Raises ``UnknownPlace`` with near names.
        """
        try:
            return self.find(text, language, regions_only=True)
        except UnknownPlace:
            site = self.find(text, language)
            around = self.around(site.country, site.point)
            if around is None:
                raise
            return around

    def around(self, country: str, point: Point) -> Site | None:
        """The region of NUTS level 3 of a country whose label point is nearest to a point."""
        return min(
            self._narrow.get(country, ()),
            key=lambda site: (site.point.lat - point.lat) ** 2 + ((site.point.lon - point.lon) * 0.6) ** 2,
            default=None,
        )

    def by_code(self, code: str) -> Site | None:
        """The country or region with a NUTS code."""
        return self._gazetteer.by_code.get(code.strip().upper())

    def city_at(self, lat: float, lon: float) -> Site | None:
        """The city whose point this is, to name a location that came from one."""
        if not self._cities:
            self._cities = {
                (site.point.lat, site.point.lon): site
                for _, site in self._gazetteer.named("en")
                if site.kind == "city"
            }
        return self._cities.get((lat, lon))

    @cached_property
    def _official(self) -> Mapping[Name, Site]:
        """Regions by names of the list that say more than a name: ``Prov. Liège``, ``Limburg (BE)``."""
        regions = [site for site in self._gazetteer.by_code.values() if CLEANED.search(site.name)]
        return {folded_words(site.name): site for site in sorted(regions, key=lambda one: -len(one.code))}

    @cached_property
    def _regions(self) -> Mapping[Name, list[Site]]:
        """Regions by their names: several where countries, or parts of one, have regions of the same name."""
        found: dict[Name, list[Site]] = defaultdict(list)
        for site in self._gazetteer.by_code.values():
            if site.iri not in self._gazetteer.hidden:
                bare = CLEANED.sub("", site.name)
                for name in {folded_words(bare), *map(folded_words, bare.split("/"))}:
                    found[name].append(site)
        return found

    @cached_property
    def _narrow(self) -> Mapping[str, list[Site]]:
        found: dict[str, list[Site]] = defaultdict(list)
        for code, site in self._gazetteer.by_code.items():
            if len(code) == 5 and site.iri not in self._gazetteer.hidden:
                found[site.country].append(site)
        return found

    def _index(self, language: str) -> Mapping[Name, list[Site]]:
        if language not in self._indexes:
            index: dict[Name, list[Site]] = {}
            for name, site in self._gazetteer.named(language):
                several = index.setdefault(name, [])
                if site not in several:
                    several.append(site)
            self._indexes[language] = index
        return self._indexes[language]

    def _country(self, text: str, index: Mapping[Name, list[Site]]) -> str | None:
        """The country that stands behind a name: ``Hasselt, BE`` or ``Hasselt (Belgium)``."""
        behind = _COUNTRY.search(text)
        if behind is None:
            return None
        if len(behind[1]) == 2:
            return behind[1].upper()
        sites = index.get(folded_words(behind[1]), [])
        return next((site.country for site in sites if site.kind == "country"), None)

    def _near(self, text: str, index: Mapping[Name, list[Site]]) -> tuple[str, ...]:
        names = {" ".join(name): sites[0].name for name, sites in index.items()}
        wanted = " ".join(folded_words(_REST.sub("", text[:_LONGEST])))
        found = process.extract(
            wanted, list(names), scorer=fuzz.ratio, limit=_NEAR, score_cutoff=_LEAST_LIKENESS
        )
        return tuple(dict.fromkeys(names[name] for name, _, _ in found))
