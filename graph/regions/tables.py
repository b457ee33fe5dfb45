"""The figures of a profile as rows of a table, each with all that is needed to count it again."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any, Final

from graph.cells import cell
from graph.match.view import View
from graph.regions.indicators import Indicator, item_json

COLUMNS: Final = (
    "region",
    "indicator",
    "title",
    "item",
    "item_label",
    "unit",
    "value",
    "numerator",
    "denominator",
    "count",
    "known",
    "of",
    "safe",
    "query",
    "revision",
)


def rows(indicators: Iterable[Indicator], view: View) -> Iterator[tuple[Any, ...]]:
    """A row for each figure, in the order of ``COLUMNS``; what is not known is empty."""
    for one in indicators:
        for figure in one.figures:
            item = item_json(figure.item, view) if figure.item is not None else {}
            yield (
                view.scheme.notations.get(one.region, one.region.value),
                one.name,
                one.query.title(view.language),
                item.get("id") or item.get("notation", ""),
                item.get("label", ""),
                one.measure.unit,
                figure.value,
                "" if figure.numerator is None else figure.numerator,
                "" if figure.denominator is None else figure.denominator,
                "" if figure.count is None else figure.count,
                one.coverage.known,
                one.coverage.of,
                str(one.coverage.is_safe).lower(),
                one.address,
                view.reader.revision,
            )


def table(indicators: Iterable[Indicator], view: View) -> str:
    """The rows as CSV (RFC 4180) with a header, safe to open in a spreadsheet."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(COLUMNS)
    for row in rows(indicators, view):
        writer.writerow([cell(value) for value in row])
    return written.getvalue()
