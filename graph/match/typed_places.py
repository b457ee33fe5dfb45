"""Places that people type into a field: a name or a code of a country, region or city becomes that place."""

import re
from collections.abc import Mapping
from typing import Final

from rapidfuzz import fuzz, process

from graph.errors import InputError
from graph.match.gazetteer import CLEANED, Gazetteer, Name, Site
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
        index = self._index(language)
        if regions_only:
            index = {name: [s for s in sites if s.kind != "city"] for name, sites in index.items()}
            index = {name: sites for name, sites in index.items() if sites}
        country = self._country(text, index)
        named = list(index.get(folded_words(text.strip()), []))
        for shorter in (CLEANED, _REST):
            same = index.get(folded_words(shorter.sub("", text.strip())), [])
            named += [site for site in same if country is None or site.country == country]
        if not named:
            raise UnknownPlace(text.strip(), self._near(text, index))
        return named[0]

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
