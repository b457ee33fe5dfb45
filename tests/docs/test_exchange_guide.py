"""What the guide to the exchange says of weights and of its example is what the program answers."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from graph.iris import NUTS
from graph.regions.exchange.answer import exchange
from graph.regions.exchange.weights import Weights
from graph.resources import ROOT
from graph.service import running
from graph.settings import Settings

GUIDE = (ROOT / "docs" / "exchange.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def lab(shipped: Path, copy_of: Callable[[Path], Path]) -> Iterator[dict[str, Any]]:
    """The practice of the example, as the region of the example sees it."""
    with running(Settings(data_dir=copy_of(shipped))) as service:
        told = exchange(NUTS["LV008"], service.view(service.snapshot, "en"), 200)
        (found,) = (one for one in told["practices"] if one["label"] == "Open Lab Skåne")
        yield {**found, "gaps": len(told["lacks"]["capabilities"])}


def test_the_weights_are_those_of_the_data() -> None:
    weights = Weights.read()
    practice, partner = GUIDE.split("## Regions worth a study visit")
    for text, several in ((practice, weights.practice), (partner, weights.partner)):
        rows = re.findall(r"^\| `(\w+)` \|.*\| (\d\.\d\d) \|$", text, re.MULTILINE)
        assert {part: float(weight) for part, weight in rows} == {
            part: one.weight for part, one in several.items()
        }
    assert weights.sure == 0.5, "the guide says: half of the weights"


def test_the_example_is_what_the_shipped_data_give(lab: dict[str, Any]) -> None:
    rows = re.findall(r"^\| (\w+) \| (\d\.\d{4}) \| (\d\.\d\d) \| (.*) \|$", GUIDE, re.MULTILINE)
    told = {part: (float(value), float(weight)) for part, value, weight, _ in rows}
    assert told == {one["part"]: (one["value"], one["weight"]) for one in lab["parts"]}
    (score,) = re.findall(r"\*\*(0\.\d{4})\*\*", GUIDE)
    assert lab["score"] == float(score)
    assert sum(value * weight for value, weight in told.values()) == pytest.approx(float(score), abs=1e-4)
    assert lab["confidence"] == 1
    why = {part: text for part, _, _, text in rows}
    assert f"five of {lab['gaps']} gaps" in why["gaps"]
    for one in lab["parts"]:
        if one["part"] in {"structure", "gaps"}:
            named = one["reason"].partition(": ")[2].rstrip(".").split("; ")
            assert all(name in why[one["part"]] for name in named)


def test_the_example_counts_rightly(lab: dict[str, Any]) -> None:
    common = {one["part"]: one["reason"].partition(": ")[2].split("; ") for one in lab["parts"]}
    values = {one["part"]: one["value"] for one in lab["parts"]}
    assert len(common["priorities"]) == 8
    assert values["priorities"] == pytest.approx(8 / 59, abs=5e-5)
    assert len(common["instruments"]) == 1
    assert values["instruments"] == pytest.approx(1 / 8, abs=5e-5)
    assert (len(common["themes"]), len(lab["themes"])) == (5, 6)
