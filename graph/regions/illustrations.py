"""Which pictures a profile and a comparison have, by name."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from graph.browse.entity import address
from graph.iris import NUTS
from graph.match.label_points import label_point
from graph.match.view import View
from graph.regions.comparison import Comparison
from graph.regions.formats import shown
from graph.regions.holdings import Place, facilities
from graph.regions.indicators import Indicator, Number, item_json
from graph.regions.pictures.bars import Bar, Bars
from graph.regions.pictures.figure import Figure
from graph.regions.pictures.map import Map, Region, Site
from graph.regions.pictures.matrix import Column, Matrix, Row
from graph.regions.pictures.page import Picture
from graph.regions.pictures.radar import Radar, Series
from graph.regions.profile import Profile

_MOST_BARS: Final = 12
_MOST_ROWS: Final = 20
_MOST_AXES: Final = 10
_QUOTIENT: Final = "capability-quotient"
_BRANCHES: Final = "capabilities-by-branch"
_DRAWN: Final = frozenset({"capabilities-by-branch", "facilities-by-kind", "services", "practice-themes"})
"""Facets of a comparison that have a matrix; of the others, which are short, the table says as much."""
_TABLES: Final = frozenset({_QUOTIENT, "age-of-fields"})
"""Indicators with items of which there is no picture of bars: a table says more."""


def of_profile(told: Profile, view: View) -> dict[str, Picture]:
    """The pictures of a profile: a map, a radar chart, bars of strengths and of each indicator with items."""
    pictures: dict[str, Picture] = {"map": _map({told.region: told.places}, view)}
    radar = _branches(told, view)
    if radar is not None:
        pictures["radar"] = radar
    if told.data["strengths"]:
        pictures["strengths"] = _strengths(told.data["strengths"], view)
    for name, indicator in told.indicators.items():
        if name not in _TABLES and any(one.item is not None for one in indicator.figures):
            pictures[name] = _bars(indicator, view)
    return pictures


def of_comparison(told: Comparison, view: View) -> dict[str, Picture]:
    """The pictures of a comparison: a radar chart of branches, and a matrix of each facet with items."""
    pictures: dict[str, Picture] = {
        "map": _map({one: facilities(one, view)[1] for one in told.regions}, view)
    }
    branches = told.indicators[_BRANCHES]
    axes = _most(branches, _MOST_AXES)
    if axes:
        shares = [[_share(branches[region], item, view) for item in axes] for region in told.regions]
        pictures["radar"] = Radar(
            outer=_outer(one for several in shares for one in several),
            title=view.say("region-radar"),
            description=view.say("region-about-comparison"),
            language=view.language,
            unknown=view.say("region-not-known"),
            axis=view.say("region-branch-word"),
            axes=tuple(item_json(item, view)["label"] for item in axes),
            series=tuple(
                Series(view.name(region), tuple(several), _page(region, view))
                for region, several in zip(told.regions, shares, strict=True)
            ),
        )
    for facet in told.data["facets"]:
        if facet["items"] and facet["facet"] in _DRAWN:
            pictures[facet["facet"]] = _matrix(facet, told, view)
    return pictures


def _map(places: Mapping[NamedNode, Sequence[Place]], view: View) -> Map:
    """The facilities of regions, and the middle of each region."""
    own = len(places) == 1
    return Map(
        title=view.say("region-map"),
        description=view.say("region-map-about"),
        language=view.language,
        nothing=view.say("region-nothing"),
        heads=(view.say("region-facility-word"), view.say("network-region")),
        sites=tuple(
            Site(place.label, place.point, view.name(region), address(place.facility.value))
            for region, several in places.items()
            for place in several
        ),
        regions=tuple(
            Region(
                view.name(region), label_point(region, view.reader, view.queries), own, _page(region, view)
            )
            for region in places
        ),
        site_key=view.say("region-facility-word"),
        many_key=view.say("region-map-many"),
        region_key=view.say("network-region"),
        highlighted_key=view.say("region-map-this"),
        missing=view.say("region-map-missing", count="{count}", names="{names}"),
    )


def _branches(told: Profile, view: View) -> Radar | None:
    """Branches of capability here and everywhere; the shares everywhere are the denominators of the quotients."""
    here = told.indicators[_BRANCHES]
    everywhere = {one.item: one.denominator for one in told.indicators[_QUOTIENT].figures}
    axes = [one for one in here.figures[:_MOST_AXES] if one.item is not None]
    if len(axes) < 3:
        return None
    series = (
        (view.name(told.region), [one.value for one in axes]),
        (view.say("region-all"), [everywhere.get(one.item) for one in axes]),
    )
    drawn = tuple(
        Series(name, tuple(Figure(share, shown(share, "share", view.language)) for share in shares))
        for name, shares in series
    )
    return Radar(
        outer=_outer(one for several in drawn for one in several.figures),
        title=view.say("region-branch-radar"),
        description=view.say("region-about-profile"),
        language=view.language,
        unknown=view.say("region-not-known"),
        axis=view.say("region-branch-word"),
        axes=tuple(item_json(one.item, view)["label"] for one in axes if one.item is not None),
        series=drawn,
    )


def _outer(figures: Iterable[Figure]) -> float:
    """The quarter up to which a radar chart goes, so that small shares can be told apart."""
    largest = max((one.value for one in figures if one.value is not None), default=1.0)
    return max(0.25, math.ceil(largest * 4) / 4)


def _strengths(strengths: Sequence[Mapping[str, Any]], view: View) -> Bars:
    return Bars(
        title=view.say("region-strengths"),
        description=view.queries[f"indicators-{_QUOTIENT}"].title(view.language),
        language=view.language,
        item=view.say("region-capabilities"),
        series=(view.queries[f"indicators-{_QUOTIENT}"].title(view.language),),
        bars=tuple(
            Bar(
                one["label"],
                (Figure(one["quotient"], shown(one["quotient"], "quotient", view.language)),),
                address(one["concept"]),
            )
            for one in strengths
        ),
    )


def _bars(indicator: Indicator, view: View) -> Bars:
    unit = indicator.measure.unit
    items = [one for one in indicator.figures if one.item is not None]
    most = len(items) if indicator.name == "completeness" else _MOST_BARS
    note = view.say("region-shown-most", count=str(most), of=str(len(items))) if len(items) > most else ""
    coverage = indicator.coverage
    how = "region-coverage" if coverage.is_safe else "region-unsafe"
    return Bars(
        title=indicator.query.title(view.language),
        description=view.say(how, known=str(coverage.known), of=str(coverage.of)),
        language=view.language,
        note=note,
        item=view.say("region-item"),
        series=(view.say("region-value"),),
        bars=tuple(
            Bar(
                item_json(one.item, view)["label"],
                (Figure(one.value, _text(one.value, one.numerator, unit, view.language)),),
                _address(one.item),
            )
            for one in items[:most]
            if one.item is not None
        ),
    )


def _text(value: Number, numerator: Number | None, unit: str, language: str) -> str:
    """A share with the number that it is of: 43 % (9)."""
    told = shown(value, unit, language)
    return f"{told} ({shown(numerator, 'count', language)})" if unit == "share" else told


def _matrix(facet: Mapping[str, Any], told: Comparison, view: View) -> Matrix:
    rows = facet["items"][:_MOST_ROWS]
    every = len(facet["items"])
    return Matrix(
        title=facet["title"],
        description=view.say("region-about-comparison"),
        language=view.language,
        unknown=view.say("region-not-known"),
        note=view.say("region-shown-most", count=str(len(rows)), of=str(every)) if every > len(rows) else "",
        item=view.say("region-item"),
        columns=tuple(
            Column(view.name(region), view.scheme.notations.get(region, ""), _page(region, view))
            for region in told.regions
        ),
        rows=tuple(
            Row(
                row["label"],
                tuple(
                    Figure(
                        cell["count"],
                        "" if cell["count"] is None else shown(cell["count"], "count", view.language),
                    )
                    for cell in row["cells"]
                ),
                address(row["id"]) if row["id"] else None,
            )
            for row in rows
        ),
    )


def _most(by: Mapping[NamedNode, Indicator], most: int) -> list[NamedNode | Literal]:
    """The items of most facilities over all regions."""
    counts: dict[NamedNode | Literal, Number] = {}
    for one in by.values():
        for figure in one.figures:
            if figure.item is not None:
                counts[figure.item] = counts.get(figure.item, 0) + figure.rests_on
    return sorted(counts, key=lambda item: (-counts[item], item.value))[:most]


def _share(indicator: Indicator, item: NamedNode | Literal, view: View) -> Figure:
    """The share of an item: nothing where the region states others, unknown where it states none."""
    if not indicator.coverage.known:
        return Figure(None)
    figure = indicator.figure(item)
    value = figure.value if figure else 0
    return Figure(value, shown(value, "share", view.language))


def _page(region: NamedNode, view: View) -> str:
    return f"/regions/{view.scheme.notations.get(region, region.value.removeprefix(NUTS.base))}/profile"


def _address(item: NamedNode | Literal) -> str | None:
    return address(item.value) if isinstance(item, NamedNode) else None
