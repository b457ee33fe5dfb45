"""What synthetic facilities are drawn from: code lists in a fixed order, by draws that repeat everywhere."""

import random
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Generic, TypeVar

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from graph.iris import GEO, INFRA, OWL, SKOS
from graph.resources import CODELISTS

_T = TypeVar("_T")


class Draw:
    """Draws made of ``random()`` alone, the one method whose sequence Python keeps between versions."""

    def __init__(self, seed: int) -> None:
        self.share = random.Random(seed).random  # noqa: S311 - nothing secret is drawn

    def chance(self, share: float) -> bool:
        return self.share() < share

    def between(self, low: int, high: int) -> int:
        return low + int(self.share() * (high - low + 1))

    def one(self, items: Sequence[_T]) -> _T:
        return items[int(self.share() * len(items))]


class Ranked(Generic[_T]):
    """Items in a drawn order of popularity, chosen by the Zipf-Mandelbrot law: ``1 / (rank + offset)``."""

    def __init__(self, items: Sequence[_T], draw: Draw) -> None:
        self._items = list(items)
        for last in range(len(self._items) - 1, 0, -1):
            other = draw.between(0, last)
            self._items[last], self._items[other] = self._items[other], self._items[last]
        offset = len(self._items) / 40
        self._weights = list(accumulate(1 / (rank + offset) for rank in range(1, len(self._items) + 1)))
        self._draw = draw

    def one(self) -> _T:
        place = bisect_right(self._weights, self._draw.share() * self._weights[-1])
        return self._items[min(place, len(self._items) - 1)]


@dataclass(frozen=True)
class SmallRegion:
    """A NUTS-3 region in force: code, name, and label point in ten-thousandths of a degree."""

    code: str
    name: str
    lon: int
    lat: int


def _statements(name: str) -> Iterator[Triple]:
    for quad in parse(path=str(CODELISTS / f"{name}.ttl"), format=RdfFormat.TURTLE):
        yield quad.triple


def _last(node: object) -> str:
    return node.value.rsplit("/", 1)[-1] if isinstance(node, NamedNode) else ""


def english_labels(name: str) -> dict[str, str]:
    """English labels of a code list by notation, in the order of notations."""
    labels = {
        _last(t.subject): t.object.value
        for t in _statements(name)
        if t.predicate == SKOS["prefLabel"] and isinstance(t.object, Literal) and t.object.language == "en"
    }
    return {code: labels[code] for code in sorted(labels) if code != name}


def nearby_capabilities() -> dict[str, list[str]]:
    """For each capability below the top its related and broader ones, without those at the top."""
    near: dict[str, set[str]] = defaultdict(set)
    below: set[str] = set()
    for triple in _statements("capability"):
        if triple.predicate in {SKOS["broader"], SKOS["related"]}:
            near[_last(triple.subject)].add(_last(triple.object))
        if triple.predicate == SKOS["broader"]:
            below.add(_last(triple.subject))
    return {code: sorted(near[code] & below) for code in sorted(below)}


def small_regions() -> list[SmallRegion]:
    """All NUTS-3 regions that are in force and have a label point, by code."""
    names: dict[str, str] = {}
    points: dict[str, tuple[int, int]] = {}
    smallest: set[str] = set()
    retired: set[str] = set()
    for triple in _statements("nuts"):
        code = _last(triple.subject).removesuffix("#point")
        if triple.predicate == OWL["deprecated"]:
            retired.add(code)
        if not isinstance(triple.object, Literal):
            continue
        value = triple.object.value
        if triple.predicate == SKOS["prefLabel"]:
            names[code] = value
        elif triple.predicate == INFRA["nutsLevel"] and value == "3":
            smallest.add(code)
        elif triple.predicate == GEO["asWKT"]:
            lon, lat = value.removeprefix("POINT (").removesuffix(")").split()
            points[code] = round(float(lon) * 10_000), round(float(lat) * 10_000)
    return [
        SmallRegion(code, names[code], *points[code]) for code in sorted(smallest & points.keys() - retired)
    ]
