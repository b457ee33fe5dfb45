"""The id of a run: it holds need and revision, and says so where it does not."""

import base64
import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.match.need import Need
from graph.match.run import NoRun, Run

FULL = {
    "text": "Kunnen wij titaan lassen? Ōsēles, čerpadlo, ±40 °C",
    "language": "nl",
    "capabilities": ["fatigue-testing"],
    "region": "BE223",
    "maxDistanceKm": 250,
    "countries": ["BE", "NL"],
    "trl": {"now": 4, "target": 6},
    "turnover": {"value": 1_500_000},
    "weights": {"nearness": 0.1},
    "required": ["countries"],
    "limit": 3,
    "lang": "lv",
}


def id_of(content: object) -> str:
    """An id of the first version with any JSON in it."""
    packed = zlib.compress(json.dumps(content).encode())
    return "1" + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def test_need_and_revision_are_read_from_the_id() -> None:
    need = Need.model_validate(FULL)
    assert Run.of_id(Run(need, 42).id) == Run(need, 42)


@given(st.text(min_size=1, max_size=4000).filter(str.strip), st.integers(0, 10**9))
def test_any_text_and_revision_come_back(text: str, revision: int) -> None:
    run = Run(Need.model_validate({"text": text}), revision)
    assert Run.of_id(run.id) == run


def test_equal_needs_on_equal_revisions_have_equal_ids() -> None:
    one = Run(Need.model_validate(FULL), 7)
    turned = Run(Need.model_validate(dict(reversed(FULL.items()))), 7)
    said = Run(Need.model_validate({**FULL, "sectors": [], "staff": None}), 7)
    assert one.id == turned.id == said.id
    assert one.id != Run(one.need, 8).id
    assert one.id != Run(one.need.model_copy(update={"limit": 4}), 7).id


def test_consent_to_be_counted_is_no_part_of_a_run() -> None:
    asked = Run(Need.model_validate({**FULL, "shareDemand": True}), 7)
    assert asked.id == Run(Need.model_validate(FULL), 7).id
    assert not Run.of_id(asked.id).need.shareDemand


def test_an_id_stands_in_an_address_as_it_is() -> None:
    name = Run(Need.model_validate(FULL), 42).id
    assert name.startswith("1")
    assert name.replace("-", "").replace("_", "").isalnum()
    assert len(name) < 500


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("", "ids start with 1"),
        ("9" + Run(Need.model_validate(FULL), 42).id, "ids start with 1"),
        (Run(Need.model_validate(FULL), 42).id[:-4], "cut or changed"),
        ("1" + "A" * 20, "cut or changed"),
        ("1%2e%2e", "cut or changed"),
        ("1é", "cut or changed"),
        ("1" + "A" * 200_000, "the longest that is read"),
        (id_of([1]), "cut or changed"),
        (id_of({"text": "welding"}), "cut or changed"),
        (id_of([True, {"text": "welding"}]), "cut or changed"),
        (id_of([-1, {"text": "welding"}]), "cut or changed"),
        (id_of([1, {"text": ""}]), "not taken any more"),
        (id_of([1, {"text": "welding", "colour": "red"}]), "colour"),
    ],
)
def test_what_is_no_id_is_told_with_what_to_do(name: str, told: str) -> None:
    with pytest.raises(NoRun) as error:
        Run.of_id(name)
    assert told in error.value.detail
    assert "/match again" in error.value.detail
    assert len(error.value.detail) < 400


def test_a_stream_that_grows_without_end_is_not_read_on() -> None:
    bomb = zlib.compress(b"[" * 50_000_000, 9)
    with pytest.raises(NoRun):
        Run.of_id("1" + base64.urlsafe_b64encode(bomb).decode().rstrip("="))


def test_deep_nesting_is_no_run() -> None:
    with pytest.raises(NoRun):
        Run.of_id("1" + base64.urlsafe_b64encode(zlib.compress(b"[" * 900_000)).decode().rstrip("="))
