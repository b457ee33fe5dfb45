"""Whatever moment the process is killed at: what was acknowledged is there, nothing is there in part.

``INFRASHARE_KILLS=200`` kills that many times, at all points in turn; ``python -m bench durability`` shows the figures.
"""

import os
import shutil
from itertools import cycle, islice
from pathlib import Path

import pytest

from bench.kills import ALL_POINTS, ANY_MOMENT, Kills
from graph.resources import ROOT
from graph.store.fault import POINTS

SEED = 20_261_127


def test_nothing_is_lost_and_nothing_is_half_there_at_whatever_point_the_service_is_killed(
    prepared: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "var"
    shutil.copytree(prepared, folder)
    wanted = int(os.environ.get("INFRASHARE_KILLS", len(ALL_POINTS) - 1))
    points = list(islice(cycle(ALL_POINTS), wanted))
    outcomes = list(
        Kills(folder, SEED).run(points, verify_each=len(ALL_POINTS), quick=wanted < len(ALL_POINTS))
    )
    assert [outcome.point for outcome in outcomes] == points
    for outcome in outcomes:
        assert (outcome.lost, outcome.half, outcome.other) == ([], [], []), outcome
        assert outcome.kinds or outcome.point.startswith(ANY_MOMENT), (
            "nothing was under way when it was killed"
        )
    assert outcomes[-1].acknowledged >= len(points)
    if wanted >= len(ALL_POINTS):
        assert {kind for outcome in outcomes for kind in outcome.kinds} >= {"new", "deleted"}


@pytest.mark.parametrize("point", POINTS)
def test_the_points_are_passed_in_the_code(point: str) -> None:
    calls = f'fault("{point}")'
    found = [
        path for room in ("graph", "api") for path in (ROOT / room).rglob("*.py") if calls in path.read_text()
    ]
    assert found, f"nothing calls {calls}"
