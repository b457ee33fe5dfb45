"""The same service on the embedded engine and on ``oxigraph serve``: start, load, contribution, match and query."""

import argparse
import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Final

from bench.graphs import SYNTHETIC, settings
from bench.measurement import timed
from bench.peers import oxigraph_to_write
from bench.table import heading, in_seconds, milliseconds, show
from graph.contribute.checking import RELATIVE_BASE
from graph.contribute.reading.parse import canonical_ntriples, read
from graph.contribute.synthetic import facilities
from graph.match.need import Need
from graph.resources import DATA
from graph.service import Service

ENGINES: Final = ("embedded", "oxigraph, union", "oxigraph, listed")
_PARTNER = "art-er"
_NEED: Final = {
    "capabilities": ["mechanical-testing"],
    "location": {"lat": 50.9, "lon": 5.3},
    "maxDistanceKm": 400,
}
_QUERY: Final = "SELECT ?title WHERE { ?f a infra:Facility ; dct:title ?title } LIMIT 20"
_RUNS = 9


@contextmanager
def _service(kind: str, folder: Path) -> Iterator[Callable[[], Service]]:
    """What makes the service of an engine, again and again on the same data."""
    with ExitStack() as stack:
        more: dict[str, Any] = {}
        if kind != "embedded":
            union = kind.endswith("union")
            base = stack.enter_context(oxigraph_to_write(folder / "oxigraph", union=union))
            more = {
                "store": f"{base}/query",
                "store_update": f"{base}/update",
                "store_graphs": f"{base}/store",
                "store_dataset": "union" if union else "listed",
                "store_timeout": 600.0,
            }
        yield lambda: Service(settings(data_dir=folder / "data", warm_up=False, **more))


def _synthetic(count: int) -> tuple[bytes, int]:
    text = "".join(islice(facilities(count), None)).encode()
    triples = read(text, "text/turtle", RELATIVE_BASE, len(text)).triples
    return canonical_ntriples(triples), len(set(triples))


def _index(service: Service, ntriples: bytes, triples: int) -> None:
    """Have the ledger take the facilities, and the engine follow."""
    service.ledger.append(
        graph=SYNTHETIC.value,
        partner="synthetic",
        dataset="facilities",
        ntriples=ntriples,
        triples=triples,
        agent="bench",
        message="synthetic",
    )
    service.index.heal()


def _median(do: Callable[[], object]) -> float:
    return statistics.median(timed(do)[0] for _ in range(_RUNS))


def _contribute(service: Service, number: int) -> None:
    data = (DATA / _PARTNER / "facilities.ttl").read_bytes()
    facility = "<https://w3id.org/infrashare/id/facility/musp-piacenza>"
    data += f'\n{facility} <http://purl.org/dc/terms/alternative> "number {number}" .\n'.encode()
    checked = service.checking.check(data, "text/turtle")
    seconds, _ = timed(
        lambda: service.acceptance.accept(checked, _PARTNER, "facilities", agent="bench", message="one more")
    )
    _contribute.seconds.append(seconds)  # type: ignore[attr-defined]


def _measured(kind: str, folder: Path, synthetic: tuple[bytes, int] | None) -> list[str]:
    with _service(kind, folder) as make:
        service = make()
        cold, _ = timed(service.start)
        indexed = timed(lambda: _index(service, *synthetic))[0] if synthetic else None
        service.close()
        service = make()
        warm, _ = timed(service.start)
        try:
            size = service.snapshot.triples
            need = Need.model_validate(_NEED)
            first, _ = timed(lambda: service.matcher.match(need, service.snapshot))
            match = _median(lambda: service.matcher.match(need, service.snapshot))
            screened = service.public.screen(_QUERY)
            service.public.warm()
            query = _median(
                lambda: service.public.run(screened, "application/sparql-results+json", service.snapshot.path)
            )
            _contribute.seconds = []  # type: ignore[attr-defined]
            for number in range(3):
                _contribute(service, number)
            write = statistics.median(_contribute.seconds)  # type: ignore[attr-defined]
        finally:
            service.close()
    return [
        kind,
        f"{size:,}",
        in_seconds(cold),
        "–" if indexed is None else in_seconds(indexed),
        in_seconds(warm),
        in_seconds(first),
        milliseconds(match),
        milliseconds(query),
        milliseconds(write),
    ]


def main(arguments: Sequence[str] = ()) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench engines", description=__doc__)
    parser.add_argument("--facilities", type=int, default=0, help="synthetic facilities beside what ships")
    options = parser.parse_args(arguments)
    heading("Engines")
    synthetic = _synthetic(options.facilities) if options.facilities else None
    rows = []
    for kind in ENGINES:
        with tempfile.TemporaryDirectory() as folder:
            rows.append(_measured(kind, Path(folder), synthetic))
    show(
        "One service on each engine, all on one machine",
        (
            "engine",
            "triples",
            "cold start",
            "synthetic indexed",
            "warm start",
            "first match",
            "match",
            "query",
            "write",
        ),
        rows,
        [
            "first match: with reading the words of all code lists, once for each revision; match, query: median of "
            f"{_RUNS};",
            "query: 20 titles through the gate and the workers; write: a new version of a contribution of "
            "20 facilities until readers see it, without the check.",
        ],
    )


if __name__ == "__main__":
    main()
