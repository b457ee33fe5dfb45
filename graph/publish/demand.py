"""Demand as it is published: cells with enough needs, of months that are settled, beside supply.

Statistical disclosure control is by one rule: cells do not overlap, a cell with fewer than ``least`` needs is left out,
and every total is the sum of the cells that are shown. So nothing that is told depends on what is left out. Whether
anything is left out is not told either.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode

from graph.browse.entity import names_of
from graph.store.catalogue import QueryCatalogue
from graph.store.demand import NOT_STATED, Cell
from graph.store.protocol import Reader

_BATCH = 500


@dataclass(frozen=True)
class Observation:
    """A published cell: the needs counted, and how many facilities described in the region cover the capability.

    ``supply`` is ``None`` where the region is not stated.
    """

    cell: Cell
    needs: int
    supply: int | None

    @property
    def is_gap(self) -> bool | None:
        """Whether it is asked for where no described facility offers it; ``None`` where that is not known."""
        return None if self.supply is None else self.supply == 0


@dataclass(frozen=True)
class PublishedDemand:
    """All that is told of demand, with the names of what it mentions by IRI and language."""

    least: int
    until: str
    observations: Sequence[Observation]
    names: Mapping[str, Mapping[str, str]]

    def name(self, iri: str, language: str) -> str:
        """What a region, capability or sector is called."""
        if iri == NOT_STATED:
            return "not stated"
        texts = self.names.get(iri, {})
        return texts.get(language) or texts.get("en") or next(iter(texts.values()), iri)

    def as_json(self, language: str) -> dict[str, Any]:
        """The demand as JSON data."""
        totals: Counter[str] = Counter()
        for one in self.observations:
            totals[one.cell.capability] += one.needs
        return {
            "least": self.least,
            "until": self.until,
            "cells": [
                {
                    "month": one.cell.month,
                    "region": self._named(one.cell.region, language),
                    "capability": self._named(one.cell.capability, language),
                    "sector": self._named(one.cell.sector, language),
                    "needs": one.needs,
                    "supply": one.supply,
                    "gap": one.is_gap,
                }
                for one in self.observations
            ],
            "totals": [
                {"capability": self._named(capability, language), "needs": needs}
                for capability, needs in sorted(totals.items(), key=lambda item: (-item[1], item[0]))
            ],
        }

    def _named(self, iri: str, language: str) -> dict[str, str] | None:
        return None if iri == NOT_STATED else {"id": iri, "label": self.name(iri, language)}


def published(
    cells: Mapping[Cell, int], least: int, until: str, reader: Reader, queries: QueryCatalogue
) -> PublishedDemand:
    """Put the cells that may be told beside the supply of a state of the dataset."""
    supply = _supply(cells, reader, queries)
    observations = [
        Observation(
            cell,
            cells[cell],
            None if cell.region == NOT_STATED else supply.get((cell.region, cell.capability), 0),
        )
        for cell in sorted(cells)
    ]
    mentioned = {iri for cell in cells for iri in (cell.region, cell.capability, cell.sector)}
    return PublishedDemand(least, until, observations, names_of(mentioned - {NOT_STATED}, reader, queries))


def _supply(cells: Mapping[Cell, int], reader: Reader, queries: QueryCatalogue) -> dict[tuple[str, str], int]:
    """How many facilities cover a capability in a region, by both; pairs without any are left out."""
    pairs = sorted({(cell.region, cell.capability) for cell in cells if cell.region != NOT_STATED})
    found: dict[tuple[str, str], int] = {}
    for start in range(0, len(pairs), _BATCH):
        asked = [(NamedNode(r), NamedNode(c)) for r, c in pairs[start : start + _BATCH]]
        for region, capability, number in reader.select(
            queries["publish-demand-supply"].bind(asked=asked)
        ).rows:
            if (
                isinstance(region, NamedNode)
                and isinstance(capability, NamedNode)
                and isinstance(number, Literal)
            ):
                found[region.value, capability.value] = int(number.value)
    return found
