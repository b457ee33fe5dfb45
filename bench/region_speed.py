"""How fast regions are told: profiles, comparisons and networks of 8, 80 and 300 regions."""

import argparse
from collections.abc import Sequence
from typing import Any, Final

from pyoxigraph import NamedNode, Quad, RdfFormat

from bench.graphs import SYNTHETIC, temporary_service, texts
from bench.measurement import Runs, repeated, timed
from bench.table import heading, in_seconds, milliseconds, say, show
from graph.iris import DERIVED_GRAPH
from graph.match.scheme import REGION
from graph.match.view import View
from graph.regions import illustrations
from graph.regions.comparison import FACETS, FIGURES, comparison
from graph.regions.indicators import read_all
from graph.regions.network.answer import network_answer
from graph.regions.network.network import LEAST_SIMILARITY, Network
from graph.regions.network.question import LIMIT
from graph.regions.pictures.page import inline
from graph.regions.profile import profile
from graph.regions.region import described
from graph.service import Service
from graph.store.derived import Derivation

_SIZES: Final = (100_000,)
_NUMBERS: Final = (8, 80, 300)
_LEVEL: Final = 4
"""Letters of the codes that are looked at: those of NUTS 2."""


def _load(service: Service, count: int) -> None:
    """Synthetic facilities and what is derived of them, in bulk: how fast they load is measured elsewhere."""
    store = service.engine.store
    store.bulk_load("".join(texts(count)), RdfFormat.TURTLE, to_graph=SYNTHETIC)
    derivation = Derivation(service.engine, service.catalogue)
    store.bulk_extend(Quad(t.subject, t.predicate, t.object, DERIVED_GRAPH) for t in derivation.all())
    service.engine.publish()


def _regions(view: View, number: int) -> list[NamedNode]:
    """Regions of NUTS 2, spread over Europe."""
    codes = {
        code: node
        for node in view.scheme.in_scheme[REGION]
        if len(code := view.scheme.notations[node]) == _LEVEL and node not in view.scheme.replaced
    }
    ordered = [codes[code] for code in sorted(codes)]
    return [ordered[at * len(ordered) // number] for at in range(number)]


def _floor(service: Service, regions: Sequence[NamedNode]) -> Runs:
    """The bare engine: one catalogued query, the facilities of each region by branch, and nothing made of it."""
    text = service.catalogue["indicators-capabilities-by-branch"].bind(region=list(regions))
    store: Any = service.engine.reader()

    def count() -> int:
        return len(store.select(text).rows)

    return repeated(count, 5)


def _profiles(service: Service, title: str, regions: Sequence[NamedNode]) -> None:
    floor = _floor(service, regions[:1])
    seconds: list[float] = []
    drawn: list[float] = []
    for region in regions[:8]:
        view = service.view(service.snapshot, "en")
        took, told = timed(lambda region=region, view=view: profile(region, view, service.ledger))  # type: ignore[misc]
        seconds.append(took)
        pictures, _ = timed(
            lambda told=told, view=view: [inline(p) for p in illustrations.of_profile(told, view).values()]  # type: ignore[misc]
        )
        drawn.append(pictures)
    runs, pictures_ = Runs(tuple(seconds)), Runs(tuple(drawn))
    view = service.view(service.snapshot, "en")
    compared, _ = timed(lambda: comparison(regions[:8], view))
    show(
        title,
        ("what", "median", "95th percentile", "times the bare query"),
        [
            ("bare query: one region by branch", milliseconds(floor.median), milliseconds(floor.p95), "1.0"),
            (
                "profile of one region",
                milliseconds(runs.median),
                milliseconds(runs.p95),
                f"{runs.median / floor.median:,.1f}",
            ),
            ("its pictures", milliseconds(pictures_.median), milliseconds(pictures_.p95), ""),
            ("comparison of eight", milliseconds(compared), "", f"{compared / floor.median:,.1f}"),
        ],
    )


def _many(service: Service, title: str) -> None:
    view = service.view(service.snapshot, "en")
    rows = []
    for number in _NUMBERS:
        regions = _regions(view, number)
        floor = _floor(service, regions)
        figures, _ = timed(lambda regions=regions: read_all((*FACETS, *FIGURES), regions, view))  # type: ignore[misc]

        def told(regions: list[NamedNode] = regions) -> object:
            return network_answer(Network.read(regions, view, LEAST_SIMILARITY), view, LIMIT)

        network, _ = timed(told)
        rows.append(
            (
                f"{number} regions",
                in_seconds(floor.median),
                in_seconds(figures),
                f"{figures / floor.median:,.1f}",
                in_seconds(network),
                f"{network / floor.median:,.1f}",
            )
        )
    show(
        title,
        ("how many", "bare query", "all figures", "times", "network", "times"),
        rows,
        ["All figures: every indicator that comparisons use, for all of the regions at once."],
    )


def main(arguments: Sequence[str] = ()) -> None:
    """Measure on the shipped graph and on synthetic facilities."""
    parser = argparse.ArgumentParser(prog="python -m bench region_speed", description=__doc__)
    parser.add_argument(
        "--sizes", nargs="*", type=int, default=_SIZES, metavar="N", help="synthetic facilities"
    )
    options = parser.parse_args(arguments)
    heading("Regions: profiles, comparisons, networks")
    with temporary_service() as service:
        view = service.view(service.snapshot, "en")
        _profiles(service, "The shipped graph", described(view))
    for size in options.sizes:
        with temporary_service(empty=True) as service:
            say(f"\nLoading {size:,} synthetic facilities …")
            _load(service, size)
            view = service.view(service.snapshot, "en")
            _profiles(service, f"{size:,} facilities", _regions(view, 8))
            _many(service, f"{size:,} facilities, many regions")
