"""Practices worth adopting, against what was worked out by hand on a small dataset."""

import json
import math

import pytest
from pyoxigraph import NamedNode
from small_exchange import HERE, THERE, asked, named, part, view_of

from graph.errors import InputError
from graph.iris import CODELIST, ID, INFRA, NUTS
from graph.match.view import Statement
from graph.regions.exchange.answer import themes_of
from graph.regions.exchange.weights import Weights

LAMP, RAFT = ID["practice/lamp"], ID["practice/raft"]
ACCESS, FUNDING = CODELIST["practice-theme/access"], CODELIST["practice-theme/funding"]
WELDING, OPTICS, LASERS = (CODELIST["capability/" + code] for code in ("welding", "optics", "lasers"))

# Three facilities: welding is covered by two of them, optics and lasers by one each; the North covers welding only,
# and of the South's facilities half cover each of the three.
STRUCTURE = 0.5 * math.log(3 / 2) / (math.log(3 / 2) + 2 * 0.5 * math.log(3))
PRIORITIES = 2 / 3  # welding and optics of welding, optics and testing
KINDS = 1 / 2  # vouchers of vouchers and grants; the North's voucher is national


def test_parts_and_score_are_what_was_worked_out_by_hand() -> None:
    lamp = asked()["practices"][0]
    assert lamp["label"] == "Lamp"
    expected = {
        "structure": STRUCTURE,
        "priorities": PRIORITIES,
        "instruments": KINDS,
        "gaps": 1 / 2,  # one gap, optics: lasers are a kind of it
        "themes": 1 / 2,  # there is a practice on access in the North already
    }
    assert {one["part"]: one["value"] for one in lamp["parts"]} == pytest.approx(expected, abs=5e-5)
    weights = {name: one.weight for name, one in Weights.read().practice.items()}
    assert {one["part"]: one["weight"] for one in lamp["parts"]} == weights
    assert lamp["score"] == pytest.approx(
        sum(weights[name] * value for name, value in expected.items()), abs=1e-4
    )
    assert (lamp["confidence"], lamp["safe"], lamp["like"]["notation"]) == (1, True, "BB1")


def test_practices_come_by_score_and_those_of_which_little_is_known_last() -> None:
    practices = asked()["practices"]
    assert named(practices) == ["Lamp", "Raft", "Far", "Nowhere"]
    assert [one["safe"] for one in practices] == [True, True, False, False]
    assert [one["score"] for one in practices[2:]] == [1, 0.5], "unknown parts do not lower a score"
    assert [one["confidence"] for one in practices[2:]] == [0.15, 0.25], "but how sure it is"


def test_what_is_unknown_has_no_value_and_says_why() -> None:
    far, nowhere = asked()["practices"][2:]
    for name in ("structure", "priorities", "instruments"):
        assert part(far, name)["value"] is None
        assert part(far, name)["evidence"] == []
        assert "West" in part(far, name)["reason"]
        assert part(nowhere, name)["reason"] == "In which region the practice is at work is not stated."
    assert "neither a capability nor a facility" in part(far, "gaps")["reason"]
    assert part(nowhere, "themes")["verdict"] == "unknown"
    assert nowhere["like"] is None


def test_evidence_of_a_gap_says_who_needs_it_and_what_covers_it() -> None:
    gaps = part(asked()["practices"][0], "gaps")
    said = {(NamedNode(e["s"]), NamedNode(e["p"]), NamedNode(e["o"])) for e in gaps["evidence"]}
    ships, house = ID["s3-priority/ships"], ID["facility/b2"]
    assert said == {
        (HERE, INFRA["hasS3Priority"], ships),
        (ships, INFRA["priorityCapability"], OPTICS),
        (LAMP, INFRA["capability"], LASERS),
        (LAMP, INFRA["involvesFacility"], house),
        (house, INFRA["capability"], LASERS),
    }
    assert {e["graph"].rpartition("/graph/")[2] for e in gaps["evidence"]} == {"one/regions", "one/practices"}
    assert "optics" in gaps["reason"]
    assert "testing" not in gaps["reason"]


@pytest.mark.parametrize(
    ("statement", "changed"),
    [
        ((LAMP, INFRA["practiceTheme"], FUNDING), {"themes": 0}),
        ((ID["practice/own"], INFRA["practiceTheme"], ACCESS), {"themes": 1}),
        ((ID["policy-instrument/south"], INFRA["inRegion"], THERE), {"instruments": None}),
        ((ID["policy-instrument/north"], INFRA["inRegion"], HERE), {"instruments": 1}),
        ((ID["s3-priority/light"], INFRA["priorityCapability"], WELDING), {"priorities": 1 / 3}),
        (
            (ID["s3-priority/ships"], INFRA["priorityCapability"], OPTICS),
            {"priorities": 1 / 3, "gaps": 0},
        ),
        ((LAMP, INFRA["inRegion"], THERE), {"structure": None, "priorities": None, "instruments": None}),
    ],
)
def test_without_a_statement_only_what_rests_on_it_changes(
    statement: Statement, changed: dict[str, float | None]
) -> None:
    before = asked()["practices"][0]
    (after,) = (one for one in asked(view=view_of([statement]))["practices"] if one["id"] == LAMP.value)
    for one in before["parts"]:
        now = part(after, one["part"])
        if one["part"] in changed:
            expected = changed[one["part"]]
            assert now["value"] == (None if expected is None else pytest.approx(expected, abs=5e-5))
        else:
            assert now == one
            subject, prop, value = (node.value for node in statement)
            assert (subject, prop, value) not in {(e["s"], e["p"], e["o"]) for e in one["evidence"]}


def test_ranking_follows_the_evidence() -> None:
    more = "graph:two { practice:raft infra:capability cap:testing , cap:optics ; infra:practiceTheme theme:funding . }"
    practices = asked(view=view_of(more=more))["practices"]
    assert named(practices)[:2] == ["Raft", "Lamp"]
    raft = practices[0]
    assert part(raft, "gaps")["value"] == pytest.approx(2 / 3, abs=5e-5), "two gaps"
    assert {e["graph"].rpartition("/")[2] for e in part(raft, "gaps")["evidence"]} == {"regions", "two"}


def test_a_failed_practice_is_shown_with_a_warning_and_its_difficulties() -> None:
    raft = asked()["practices"][1]
    assert raft["standing"] == "failed"
    assert raft["warning"].startswith("A warning")
    assert [one["text"] for one in raft["difficulties"]] == ["It sank."]
    assert raft["implementations"][0]["outcomes"] == ["failed"]
    mixed = """graph:two { <https://w3id.org/infrashare/id/practice/raft#implementation-2>
        a infra:PracticeImplementation ; infra:implementationOf practice:raft ;
        infra:practiceOutcome outcome:success }"""
    raft = next(one for one in asked(view=view_of(more=mixed))["practices"] if one["id"] == RAFT.value)
    assert raft["standing"] == "mixed"
    assert "only part" in raft["warning"]
    assert asked()["practices"][0]["warning"] is None


def test_a_record_tells_who_owns_it_what_is_stated_and_what_to_ask() -> None:
    lamp = asked()["practices"][0]
    assert named(lamp["owners"]) == ["B agency"]
    assert [one["notation"] for one in lamp["regions"]] == ["BB1"]
    assert [one["notation"] for one in lamp["themes"]] == ["access", "funding"]
    assert named(lamp["facilities"]) == ["Light house"]
    assert named(lamp["instruments"]) == ["Southern voucher"]
    assert [one["text"] for one in lamp["difficulties"]] == ["Lamps break.", "Oil is dear."]
    assert lamp["need"] == [
        {
            "text": "Firms cannot see.",
            "language": "en",
            "graph": "https://w3id.org/infrashare/graph/one/practices",
        }
    ]
    assert len(lamp["open"]) == 3, "resources, evidence of success and potential for transfer are not stated"
    german = asked(view=view_of(language="de"))["practices"][0]
    assert [one["text"] for one in german["need"]] == ["Firmen sehen nichts."]
    assert [one["language"] for one in german["difficulties"]] == ["en", "en"]


def test_who_took_a_practice_up_is_told() -> None:
    lamp = asked()["practices"][0]
    run, action = lamp["adapted"]
    assert (run["kind"], [one["notation"] for one in run["regions"]]) == ("implementation", ["CC1"])
    assert (action["label"], named(action["owners"])) == ("Hang lamps", ["C agency"])
    assert [one["notation"] for one in action["regions"]] == ["CC1"]
    assert action["evidence"]


def test_practices_that_are_here_or_were_adapted_stand_apart() -> None:
    own = {one["label"]: one for one in asked()["own"]}
    assert {label: one["how_known"] for label, one in own.items()} == {
        "Own": "here",
        "National": "around",
        "Taken": "implemented",
        "Spark": "inspired",
    }
    assert all(one["evidence"] for one in own.values())
    assert own["Spark"]["reason"] == "It inspired an action here already: Light fires (A agency)."
    country = {one["label"]: one["how_known"] for one in asked(NUTS["AA"])["own"]}
    assert country == {"Own": "within", "National": "here", "Taken": "implemented", "Spark": "inspired"}


def test_a_theme_filters_what_is_listed_and_not_what_it_is_judged_by() -> None:
    view = view_of()
    whole = asked()
    some = asked(themes=tuple(themes_of(["funding"], view)))
    assert named(some["practices"]) == ["Lamp", "Far"]
    assert named(some["own"]) == ["National"]
    assert some["practices"][0] == whole["practices"][0]
    assert (some["total"], whole["total"]) == (2, 4)
    with pytest.raises(InputError, match="theme='fundin'"):
        themes_of(["fundin"], view)


def test_a_limit_is_for_each_list_and_the_totals_stay() -> None:
    whole, short = asked(), asked(limit=1)
    for name in ("practices", "own", "partners"):
        assert short[name] == whole[name][:1]
    for name in ("total", "own_total", "partners_total"):
        assert short[name] == whole[name]


def test_a_region_of_which_nothing_is_described_gets_what_can_be_judged() -> None:
    answer = asked(NUTS["DD"])
    assert answer["total"] == 8
    assert len(answer["lacks"]["notes"]) == 3
    assert answer["lacks"]["capabilities"] == answer["lacks"]["themes"] == []
    assert all(one["score"] is None and one["confidence"] == 0 for one in answer["practices"])
    assert all(
        one["verdict"] == "unknown" and one["reason"] for p in answer["practices"] for one in p["parts"]
    )
    assert named(answer["practices"]) == sorted(named(answer["practices"]), key=lambda label: label.lower())
    assert answer["own"] == []
    assert all(one["score"] is None for one in answer["partners"])


def test_a_part_of_a_region_is_judged_by_the_priorities_around_it_and_says_so() -> None:
    answer = asked(NUTS["AA11"])
    assert [one["notation"] for one in answer["lacks"]["priorities_of"]] == ["AA1"]
    assert [one["notation"] for one in answer["lacks"]["capabilities"]] == ["optics", "testing", "welding"]
    assert "those of North stand in" in " ".join(answer["lacks"]["notes"])
    country = asked(NUTS["AA"])
    assert [one["notation"] for one in country["lacks"]["priorities_of"]] == ["AA1"]
    assert [one["notation"] for one in country["lacks"]["capabilities"]] == ["optics", "testing"]


def test_the_same_dataset_gives_the_same_answer_to_the_byte() -> None:
    assert json.dumps(asked()) == json.dumps(asked(view=view_of()))


def test_the_weights_are_explained_and_add_up() -> None:
    weights = Weights.read()
    for several in (weights.practice, weights.partner):
        assert sum(one.weight for one in several.values()) == pytest.approx(1)
        assert all(one.why.endswith(".") for one in several.values())
    assert 0 < weights.sure < 1
