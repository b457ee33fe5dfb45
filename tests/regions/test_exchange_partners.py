"""Regions worth a visit and paths from practice to policy instrument, worked out by hand on a small dataset."""

import math

import pytest
from small_exchange import asked, named, part, view_of
from test_exchange_practices import PRIORITIES, STRUCTURE

from graph.iris import ID, INFRA, NUTS
from graph.regions.exchange.weights import Weights

_IMPROVES = "graph:two { plan:c infra:improves instrument:south . }"


def test_a_partner_is_judged_by_what_is_alike_and_what_it_adds() -> None:
    south, west = asked()["partners"]
    # Of three facilities one covers optics and none testing: they weigh ln(5/2) and ln(5/1); the South has optics.
    complement = math.log(5 / 2) / (math.log(5 / 2) + math.log(5))
    expected = {"structure": STRUCTURE, "priorities": PRIORITIES, "complementarity": complement}
    assert {one["part"]: one["value"] for one in south["parts"]} == pytest.approx(expected, abs=5e-5)
    weights = Weights.read().partner
    assert south["score"] == pytest.approx(
        sum(weights[name].weight * value for name, value in expected.items()), abs=1e-4
    )
    assert [one["notation"] for one in south["gaps"]] == ["optics"]
    assert (west["notation"], west["score"], west["safe"]) == ("CC1", None, False)
    assert all(one["reason"] for one in west["parts"])
    assert part(south, "complementarity")["evidence"]


def test_a_facility_to_see_fills_a_gap_takes_part_or_was_visited() -> None:
    (house,) = asked()["partners"][0]["facilities"]
    assert house["label"] == "Light house"
    assert [one["notation"] for one in house["gaps"]] == ["optics"]
    assert named(house["practices"]) == ["Lamp"]
    assert named(house["events"]) == ["Visit to the South"]
    assert len(house["reasons"]) == 3
    assert {e["p"].rpartition("#")[2] for e in house["evidence"]} == {
        "capability",
        "involvesFacility",
        "visitedFacility",
    }


def test_earlier_events_say_who_went_where_the_latest_first() -> None:
    south, west = asked()["partners"]
    assert [(one["label"], one["how"], one["start"]) for one in south["events"]] == [
        ("Review in the North", "here", "2020"),
        ("Visit to the South", "there", "2019-05-04"),
    ]
    assert west["events"] == []
    visit = south["events"][1]
    assert named(visit["practices"]) == ["Lamp"]
    assert named(visit["facilities"]) == ["Light house"]
    assert {(e["p"].rpartition("/")[2].rpartition("#")[2]) for e in visit["evidence"]} == {
        "organizer",
        "attendee",
        "hasStakeholder",
        "visitedFacility",
    }
    seen_from_there = {one["label"]: one["how"] for one in asked(NUTS["BB1"])["partners"][0]["events"]}
    assert seen_from_there == {"Review in the North": "there", "Visit to the South": "here"}


def test_an_event_of_hosts_only_was_held_together() -> None:
    more = "graph:two { event:both a infra:Conference ; schema:organizer organisation:a , organisation:c . }"
    west = next(one for one in asked(view=view_of(more=more))["partners"] if one["notation"] == "CC1")
    assert [(one["how"], one["start"]) for one in west["events"]] == [("together", None)]


def test_regions_around_or_within_are_no_partners() -> None:
    assert [one["notation"] for one in asked(NUTS["BB"])["partners"]] == ["AA1", "CC1"]
    assert [one["notation"] for one in asked(NUTS["AA11"])["partners"]] == ["BB1", "CC1"]


def test_a_path_leads_from_practice_to_authority() -> None:
    own, west = asked()["paths"]
    assert (own["plan"]["label"], own["own"]) == ("Plan of the North", True)
    labels = {node["key"]: node["label"] for node in own["nodes"]}
    stated = {(labels[one["from"]], one["link"], labels[one["to"]]) for one in own["links"] if one["stated"]}
    assert stated == {
        ("Spark", "inspired", "Light fires"),
        ("Light fires", "part-of", "Plan of the North"),
        ("Build", "part-of", "Plan of the North"),
        ("Light fires", "improves", "National voucher"),
        ("National voucher", "managed-by", "Ministry"),
        ("A agency", "owns", "Plan of the North"),
    }
    assert all(len(one["evidence"]) == 1 for one in own["links"] if one["stated"])
    assert [(one["kind"], one["reason"]) for one in own["open"]] == [
        ("practice", "Which practice inspired “Build” is not stated.")
    ]
    assert named(own["improved"]["instruments"]) == ["National voucher"]
    assert (west["plan"]["label"], west["own"]) == ("Plan of the West", False)


def test_what_is_not_stated_is_left_open_with_the_note_that_stands_in() -> None:
    west = asked()["paths"][1]
    ends = {one["kind"]: [note["text"] for note in one["notes"]] for one in west["open"]}
    assert ends == {"instrument": ["Likely the western fund."], "authority": ["Western ministry"]}
    nodes = {node["key"]: node for node in west["nodes"]}
    for end in west["open"]:
        assert nodes[end["key"]]["id"] is None
        assert nodes[end["key"]]["note"] == " ".join(ends[end["kind"]])
    unstated = [
        (nodes[one["from"]]["kind"], nodes[one["to"]]["kind"]) for one in west["links"] if not one["stated"]
    ]
    assert unstated == [("plan", "instrument"), ("instrument", "authority")]
    assert all(one["evidence"] == [] for one in west["links"] if not one["stated"])
    assert [one["text"] for one in west["improved"]["progress"]] == ["The fund pays for lamps."]
    assert west["improved"]["instruments"] == []


def test_a_link_that_is_stated_later_closes_its_end() -> None:
    west = asked(view=view_of(more=_IMPROVES))["paths"][1]
    assert [one["kind"] for one in west["open"]] == ["authority"], "the instrument names none"
    assert named(west["improved"]["instruments"]) == ["Southern voucher"]


def test_a_plan_without_actions_is_open_there() -> None:
    action = ID["action-plan/c#action-1"]
    view = view_of([(action, INFRA["partOfPlan"], ID["action-plan/c"])])
    west = asked(view=view)["paths"][1]
    assert [one["kind"] for one in west["open"]] == ["action", "instrument", "authority"]


def test_every_link_joins_nodes_of_its_path() -> None:
    for path in asked()["paths"]:
        keys = [node["key"] for node in path["nodes"]]
        assert len(keys) == len(set(keys))
        assert {end for one in path["links"] for end in (one["from"], one["to"])} == set(keys)
