"""The service killed at each point of a contribution: what is lost, what is half there, and when it serves again."""

import argparse
import statistics
import tempfile
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path

from bench.kills import ALL_POINTS, Kills, Outcome
from bench.served import Served, prepare
from bench.table import heading, in_seconds, say, show, times

_PLAIN_STARTS = 3
_VERIFY_EACH = 5


def main(arguments: Sequence[str] = ()) -> None:
    """Kill and print what was found."""
    parser = argparse.ArgumentParser(prog="python -m bench durability", description=__doc__)
    parser.add_argument("--rounds", type=int, default=96, metavar="N", help="kills in all (default: 96)")
    parser.add_argument(
        "--seed", type=int, default=2026, metavar="S", help="seed of all chance (default: 2026)"
    )
    options = parser.parse_args(arguments)
    heading("Durability")
    points = list(islice(cycle(ALL_POINTS), max(1, options.rounds)))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "var"
        prepare(folder)
        plain = statistics.median(_plain_start(folder) for _ in range(_PLAIN_STARTS))
        outcomes: list[Outcome] = []
        for outcome in Kills(folder, options.seed).run(points, verify_each=_VERIFY_EACH):
            outcomes.append(outcome)
            for words in (*outcome.lost, *outcome.half, *outcome.other):
                say(f"{outcome.point}: {words}")
    show(
        "kill -9 while contributions are sent, then a new start on the same data directory",
        (
            "killed at",
            "kills",
            "versions acknowledged",
            "missing",
            "half there",
            "repeated",
            "same version",
            "until ready",
            "to a plain start",
        ),
        [_row(point, [o for o in outcomes if o.point == point], plain) for point in dict.fromkeys(points)],
        [
            "Acknowledged versions are counted anew after each kill: each is looked for by its hash every time.",
            "Half there: what readers see of a contribution is not one whole version, or not the one told as current;",
            f"every {_VERIFY_EACH}th time all triples of the engine are compared with the ledger.",
            "Repeated: requests that got no answer, sent again twice.",
            f"A plain start took {in_seconds(plain)}.",
        ],
    )


def _plain_start(folder: Path) -> float:
    with Served(folder) as server:
        server.end()
        return server.seconds


def _row(point: str, outcomes: Sequence[Outcome], plain: float) -> tuple[object, ...]:
    seconds = statistics.median(outcome.seconds for outcome in outcomes)
    repeated = sum(outcome.repeated for outcome in outcomes)
    return (
        point,
        len(outcomes),
        sum(outcome.acknowledged for outcome in outcomes),
        sum(len(outcome.lost) for outcome in outcomes),
        sum(len(outcome.half) for outcome in outcomes),
        repeated,
        repeated - sum(len(outcome.other) for outcome in outcomes),
        in_seconds(seconds),
        times(seconds / plain),
    )
