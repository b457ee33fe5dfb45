"""Indicators: figures on regions, each the row of a catalogued query that anybody can run again.

A query of ``queries/indicators/`` gives for each region, and for each item where it has items, a value with its
numerator and denominator, and of how many records it is known; a row without a value says that it is known of none.
Its head says the unit, what to bear in mind, and the coverage below which a figure is not safe to compare.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from pyoxigraph import Literal, NamedNode

from graph.iris import NUTS
from graph.match.view import View, batches
from graph.store.answers import Term
from graph.store.catalogue import Measure, Query

PREFIX: Final = "indicators-"
Number = int | float


@dataclass(frozen=True)
class Figure:
    """A figure on a region: of an item or of the whole. ``count`` is on how many facilities a quotient rests."""

    region: NamedNode
    item: NamedNode | Literal | None
    value: Number
    numerator: Number | None
    denominator: Number | None
    count: int | None

    @property
    def rests_on(self) -> Number:
        """How many records speak for it."""
        return self.count if self.count is not None else self.numerator or 0


@dataclass(frozen=True)
class Coverage:
    """Of how many records, of how many that there are, what is counted is known."""

    known: int
    of: int
    least: float

    @property
    def share(self) -> float | None:
        """The coverage, 0 to 1; ``None`` where there is no record at all."""
        return self.known / self.of if self.of else None

    @property
    def is_safe(self) -> bool:
        """Whether so much is known that figures may be compared."""
        return self.share is not None and self.share >= self.least


@dataclass(frozen=True)
class Indicator:
    """The figures of one query on one region, the greatest first as the query orders them."""

    query: Query
    region: NamedNode
    figures: tuple[Figure, ...]
    coverage: Coverage

    @property
    def name(self) -> str:
        return self.query.name.removeprefix(PREFIX)

    @property
    def measure(self) -> Measure:
        return measure_of(self.query)

    @property
    def address(self) -> str:
        """Where the query can be run for the region."""
        code = self.region.value.removeprefix(NUTS.base)
        return f"/queries/{self.query.name}?{urlencode({'region': code})}"

    def figure(self, item: NamedNode | Literal | None = None) -> Figure | None:
        """The figure of an item, or of the whole; ``None`` where it is not known."""
        return next((one for one in self.figures if one.item == item), None)

    def as_json(self, view: View) -> dict[str, Any]:
        """The indicator as answers give it."""
        return {
            "indicator": self.name,
            "title": self.query.title(view.language),
            "unit": self.measure.unit,
            "query": self.address,
            "coverage": coverage_json(self.coverage),
            "caveats": caveats_json(self.measure, view),
            "figures": [figure_json(one, view) for one in self.figures],
        }


def measure_of(query: Query) -> Measure:
    """What the figures of an indicator's query mean. Raises ``TypeError`` for a query of another kind."""
    if query.measure is None:
        raise TypeError(f"{query.name} is not an indicator: its head states no unit")
    return query.measure


def names(view: View) -> list[str]:
    """The names of all indicators."""
    return [one.name.removeprefix(PREFIX) for one in view.queries.all() if one.measure is not None]


def read(name: str, regions: Sequence[NamedNode], view: View) -> dict[NamedNode, Indicator]:
    """One indicator of several regions; of a region without records it has no figures."""
    query = view.queries[f"{PREFIX}{name}"]
    least = measure_of(query).coverage
    figures: dict[NamedNode, list[Figure]] = {region: [] for region in regions}
    coverage: dict[NamedNode, Coverage] = {}
    for some in batches(list(regions)):
        for row in view.rows(query.name, region=some):
            region, value = row.get("region"), _number(row, "value")
            if not isinstance(region, NamedNode):
                continue
            known, of = int(_number(row, "known") or 0), int(_number(row, "of") or 0)
            before = coverage.get(region)
            if before is None or known > before.known:
                coverage[region] = Coverage(known, of, least)
            if value is None:
                continue
            count = _number(row, "count")
            figures[region].append(
                Figure(
                    region,
                    _item(row),
                    value,
                    _number(row, "numerator"),
                    _number(row, "denominator"),
                    None if count is None else int(count),
                )
            )
    return {
        region: Indicator(query, region, tuple(several), coverage.get(region, Coverage(0, 0, least)))
        for region, several in figures.items()
    }


def read_all(
    wanted: Iterable[str], regions: Sequence[NamedNode], view: View
) -> Mapping[str, Mapping[NamedNode, Indicator]]:
    """Several indicators of several regions, by name and region."""
    return {name: read(name, regions, view) for name in wanted}


def caveats_json(measure: Measure, view: View) -> list[dict[str, str]]:
    """What to bear in mind with figures, as answers give it."""
    return [{"code": code, "text": view.say(f"caveat-{code}")} for code in measure.caveats]


def coverage_json(coverage: Coverage) -> dict[str, Any]:
    """A coverage as answers give it."""
    share = coverage.share
    return {
        "known": coverage.known,
        "of": coverage.of,
        "share": None if share is None else round(share, 4),
        "least": coverage.least,
        "safe": coverage.is_safe,
    }


def figure_json(figure: Figure, view: View) -> dict[str, Any]:
    """A figure as answers give it."""
    return {
        "item": None if figure.item is None else item_json(figure.item, view),
        "value": figure.value,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "count": figure.count,
    }


def item_json(item: NamedNode | Literal, view: View) -> dict[str, str]:
    """What a figure is of: a thing with its IRI, or a value such as a year."""
    if isinstance(item, Literal):
        return {"id": "", "notation": item.value, "label": item.value}
    return {"id": item.value, "notation": view.scheme.notations.get(item, ""), "label": view.name(item)}


def _item(row: Mapping[str, Term]) -> NamedNode | Literal | None:
    item = row.get("item")
    return item if isinstance(item, NamedNode | Literal) else None


def _number(row: Mapping[str, Term], name: str) -> Number | None:
    value = row.get(name)
    if not isinstance(value, Literal):
        return None
    number = float(value.value)
    return int(number) if number.is_integer() else number
