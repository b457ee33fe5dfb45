"""What a network is asked for: which regions, from which strength of link on, how many of those that link them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from pyoxigraph import NamedNode

from graph.errors import InputError
from graph.match.view import View
from graph.regions.network.answer import network_answer
from graph.regions.network.network import LEAST_SIMILARITY, Network
from graph.regions.region import described, regions_of

MOST_REGIONS: Final = 350
"""Regions of one network: pairs grow with the square."""
LIMIT: Final = 10
MOST: Final = 200


@dataclass(frozen=True)
class NetworkQuestion:
    """A question about a network of regions."""

    codes: tuple[str, ...] = ()
    """NUTS codes; none stand for the regions that partners describe."""
    least: float = field(default=LEAST_SIMILARITY)
    least_filled: float = 0.0
    limit: int = LIMIT

    @classmethod
    def of(
        cls, codes: Iterable[str], least: str | None, least_filled: str | None, limit: int
    ) -> "NetworkQuestion":
        """What texts say; several codes may stand in one, and an empty text counts as not given. Raises
        ``InputError``."""
        several = tuple(code for text in codes for code in text.replace(",", " ").split())
        return cls(
            several,
            _share("minSimilarity", least, LEAST_SIMILARITY),
            _share("minComplementarity", least_filled, 0.0),
            limit,
        )

    def regions(self, view: View) -> list[NamedNode]:
        """Raises ``NotFound`` for a code that is none of NUTS, ``InputError`` for too many."""
        regions = regions_of(self.codes, view) if self.codes else described(view)
        if len(regions) > MOST_REGIONS:
            raise InputError(
                f"{len(regions)} regions are too many for one network; name {MOST_REGIONS} at most"
            )
        return regions

    def answer(self, view: View) -> dict[str, Any]:
        """The network with what was asked."""
        network = Network.read(self.regions(view), view, self.least, self.least_filled)
        told = network_answer(network, view, self.limit)
        return {"minSimilarity": self.least, "minComplementarity": self.least_filled, **told}


def _share(name: str, text: str | None, otherwise: float) -> float:
    if not text or not text.strip():
        return otherwise
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise InputError(f"{name}={text[:40]!r}: give a number from 0 to 1, such as {LEAST_SIMILARITY}")
    return share
