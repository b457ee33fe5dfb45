"""The other directions: from a facility to sectors and regions, from a region and from an instrument to facilities."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from graph.geometry import Point
from graph.iris import CODELIST, ID, INFRA, LANGUAGES, NUTS
from graph.match.directions.fit import LEAST_NAMING, LEAST_SHARE, LITTLE, fit
from graph.match.directions.gaps import facilities_abroad
from graph.match.directions.likeness import LEAST, MOST, like_facilities, likeness
from graph.match.directions.schemes import fitting_facilities
from graph.match.scheme import CAPABILITY
from graph.match.view import View
from graph.service import Service
from graph.store.engine import Snapshot

Seen = Callable[[str], View]
CAP = "capability/"
FACILITY = ID["facility/musp-piacenza"]
REGION = NUTS["LV008"]
VOUCHER = ID["policy-instrument/oip4nwe-vouchers"]


@pytest.fixture(scope="module")
def seen(service: Service, snapshot: Snapshot) -> Seen:
    """The shipped graph as a reader of a language sees it."""
    scheme = service.scheme(snapshot)
    return lambda language: View(snapshot, service.catalogue, scheme, service.matcher.reasons, language)


def values(snapshot: Snapshot, subject: NamedNode, name: str) -> set[str]:
    """What the graph itself says, without a query of ours."""
    return {
        quad.object.value  # type: ignore[union-attr]
        for quad in snapshot.store.quads_for_pattern(subject, INFRA[name], None, None)
    }


def holders(snapshot: Snapshot, name: str, value: str) -> set[str]:
    found = snapshot.store.quads_for_pattern(None, INFRA[name], NamedNode(value), None)
    return {quad.subject.value for quad in found}  # type: ignore[union-attr]


class TestLikeness:
    def test_it_is_one_for_the_same_and_the_same_both_ways(self, seen: Seen) -> None:
        scheme = seen("en").scheme
        some = [CODELIST[CAP + "fatigue-testing"], CODELIST[CAP + "microscopy"]]
        others = [CODELIST[CAP + "mechanical-testing"], CODELIST[CAP + "welding"]]
        assert likeness(some, some, scheme) == 1
        assert likeness(some, others, scheme) == pytest.approx(likeness(others, some, scheme))
        assert likeness(some, [], scheme) == 0

    @given(data=st.data())
    def test_it_stays_between_nothing_and_all(self, seen: Seen, data: st.DataObject) -> None:
        scheme = seen("en").scheme
        codes = st.sampled_from(sorted(scheme.in_scheme[CAPABILITY], key=str))
        some, others = (
            data.draw(st.lists(codes, min_size=1, max_size=5)),
            data.draw(st.lists(codes, max_size=5)),
        )
        assert 0 <= likeness(some, others, scheme) <= 1
        assert likeness(some, some, scheme) == pytest.approx(1)

    def test_like_facilities_come_in_order_and_never_hold_the_facility_itself(self, seen: Seen) -> None:
        likes = like_facilities(FACILITY, seen("en"))
        assert likes
        assert FACILITY not in {like.facility for like in likes}
        assert [like.likeness for like in likes] == sorted((like.likeness for like in likes), reverse=True)
        assert len(likes) <= MOST
        assert likes[-1].likeness >= LEAST


class TestFit:
    def test_what_a_facility_names_is_told_apart_from_what_follows(
        self, seen: Seen, snapshot: Snapshot
    ) -> None:
        answer = fit(FACILITY, seen("en"))
        named = {one["concept"] for one in answer["sectors"]["named"]}
        assert named == values(snapshot, FACILITY, "sector")
        likely = answer["sectors"]["likely"]
        assert likely
        assert not named & {one["concept"] for one in likely}
        scheme = seen("en").scheme
        naming = sum(one["names_sectors"] for one in answer["like"])
        for one in likely:
            assert one["of"] == naming
            assert one["count"] == len(one["facilities"]) >= LEAST_NAMING
            assert one["share"] == pytest.approx(one["count"] / naming, abs=1e-4)
            assert one["share"] >= LEAST_SHARE
            assert "does not name" in one["reason"]
            for facility in one["facilities"]:
                stated = values(snapshot, NamedNode(facility["id"]), "sector")
                around = {a.value for s in stated for a in scheme.ancestors.get(NamedNode(s), ())}
                assert one["concept"] in stated | around

    def test_regions_have_a_priority_for_what_it_can_do_and_little_of_it(
        self, seen: Seen, snapshot: Snapshot
    ) -> None:
        regions = fit(FACILITY, seen("en"))["regions"]
        assert regions
        for region in regions:
            inside = holders(snapshot, "withinRegion", region["concept"])
            assert region["home"] == (FACILITY.value in inside)
            for need in region["needs"]:
                code = need["capability"]["concept"]
                assert code in values(snapshot, FACILITY, "coversCapability")
                assert need["priority"]["id"] in values(
                    snapshot, NamedNode(region["concept"]), "hasS3Priority"
                )
                others = (holders(snapshot, "coversCapability", code) & inside) - {FACILITY.value}
                assert need["supply"] == len(others) <= LITTLE

    def test_each_reason_has_statements_that_the_graph_holds(self, seen: Seen, snapshot: Snapshot) -> None:
        answer = fit(FACILITY, seen("en"))
        evidence = [e for one in answer["sectors"]["likely"] for e in one["evidence"]]
        evidence += [e for region in answer["regions"] for need in region["needs"] for e in need["evidence"]]
        assert evidence
        for e in evidence:
            s, p, o, graph = (NamedNode(e[key]) for key in ("s", "p", "o", "graph"))
            assert next(snapshot.store.quads_for_pattern(s, p, o, graph), None) is not None
        for region in answer["regions"]:
            for need in region["needs"]:
                assert {"hasS3Priority", "priorityCapability", "capability"} == {
                    e["p"].rpartition("#")[2] for e in need["evidence"]
                }

    def test_a_facility_that_states_nothing_is_like_none_and_fits_no_region(self, seen: Seen) -> None:
        answer = fit(ID["facility/not-there"], seen("en"))
        assert answer["like"] == answer["regions"] == answer["sectors"]["likely"] == []


class TestGaps:
    def test_a_gap_is_what_a_priority_needs_and_nobody_there_covers(
        self, seen: Seen, snapshot: Snapshot
    ) -> None:
        answer = facilities_abroad(REGION, seen("en"), None, 200)
        inside = holders(snapshot, "withinRegion", REGION.value)
        wanted = {
            capability
            for priority in values(snapshot, REGION, "hasS3Priority")
            for capability in values(snapshot, NamedNode(priority), "priorityCapability")
        }
        gaps = {c for c in wanted if not holders(snapshot, "coversCapability", c) & inside}
        assert gaps
        assert {gap["concept"] for gap in answer["gaps"]} == gaps
        assert answer["covered"] == len(wanted - gaps)
        for gap in answer["gaps"]:
            assert {one["id"] for one in gap["facilities"]} == holders(
                snapshot, "coversCapability", gap["concept"]
            )
            assert gap["evidence"]
            assert all(one["evidence"] for one in gap["facilities"])

    def test_the_nearest_come_first_and_those_too_far_are_out(self, seen: Seen, snapshot: Snapshot) -> None:
        everywhere = facilities_abroad(REGION, seen("en"), None, 200)
        near = facilities_abroad(REGION, seen("en"), 300, 200)
        here = Point(near["region"]["location"]["lon"], near["region"]["location"]["lat"])
        places = {
            quad.subject.value: quad.object.value  # type: ignore[union-attr]
            for quad in snapshot.store.quads_for_pattern(None, INFRA["sphereX"], None, None)
        }
        assert near["maxDistanceKm"] == 300
        for gap, all_ in zip(near["gaps"], everywhere["gaps"], strict=True):
            for one in all_["facilities"]:
                assert (one["distance_km"] is None) == (one["id"] not in places)
            known = [one["distance_km"] for one in all_["facilities"] if one["distance_km"] is not None]
            assert known == sorted(known)
            within = [o for o in all_["facilities"] if o["distance_km"] is None or o["distance_km"] <= 300]
            assert gap["facilities"] == within
            assert gap["total"] == len(within)
        tartu = next(
            o for gap in near["gaps"] for o in gap["facilities"] if o["id"].endswith("/ee-tartu-adl")
        )
        assert tartu["distance_km"] == pytest.approx(here.distance_km(Point(26.72, 58.38)), abs=10)
        assert tartu["abroad"] is True

    def test_each_gap_tells_how_many_there_are_beyond_the_limit(self, seen: Seen) -> None:
        whole = facilities_abroad(REGION, seen("en"), None, 200)
        short = facilities_abroad(REGION, seen("en"), None, 1)
        for gap, all_ in zip(short["gaps"], whole["gaps"], strict=True):
            assert gap["facilities"] == all_["facilities"][:1]
            assert gap["total"] == all_["total"]

    def test_a_region_without_priorities_has_unknown_gaps(self, seen: Seen) -> None:
        answer = facilities_abroad(NUTS["PT11"], seen("en"), None, 10)
        assert answer["gaps"] == []
        assert "not known" in answer["note"]


class TestSchemes:
    def test_a_facility_fits_that_meets_region_capability_and_service(
        self, seen: Seen, snapshot: Snapshot
    ) -> None:
        answer = fitting_facilities(VOUCHER, seen("en"), 200)
        best = answer["facilities"][0]
        assert best["verdict"] == "met"
        assert {c["criterion"]: c["verdict"] for c in best["criteria"]} == {
            "region": "met",
            "capability": "met",
            "service": "met",
        }
        for facility in answer["facilities"]:
            for c in facility["criteria"]:
                assert (c["reason"] is None) == (c["verdict"] == "unknown") == (c["question"] is not None)
                if c["verdict"] == "met":
                    assert any(e["o"] for e in c["evidence"])
        assert answer["open"]["verdict"] == "not-met"
        assert answer["firm"][0]["question"].startswith("Does this hold for your firm")

    @pytest.mark.parametrize(
        "slug", ["oip4nwe-vouchers", "materials-business-center-erdf", "vlaio-kmo-portefeuille"]
    )
    def test_outside_its_regions_it_is_asked_whether_it_pays(
        self, seen: Seen, snapshot: Snapshot, slug: str
    ) -> None:
        instrument = ID[f"policy-instrument/{slug}"]
        answer = fitting_facilities(instrument, seen("en"), 200)
        inside = {
            facility
            for region in values(snapshot, instrument, "inRegion")
            for facility in holders(snapshot, "withinRegion", region)
        }
        considered = inside | {
            facility
            for capability in values(snapshot, instrument, "capability")
            for facility in holders(snapshot, "coversCapability", capability)
        }
        assert sum(answer["counts"].values()) == len(considered)
        assert answer["total"] == answer["counts"]["met"] + answer["counts"]["unknown"]
        for facility in answer["facilities"]:
            region = facility["criteria"][0]
            assert region["criterion"] == "region"
            assert region["verdict"] == ("met" if facility["id"] in inside else "unknown")

    def test_what_is_not_stated_stays_unknown_with_the_question(self, seen: Seen) -> None:
        answer = fitting_facilities(ID["policy-instrument/affarsutvecklingscheckar-skane"], seen("en"), 200)
        assert answer["facilities"]
        assert answer["counts"]["met"] == 0
        for facility in answer["facilities"]:
            open_ = [c for c in facility["criteria"] if c["verdict"] == "unknown"]
            assert "funds" in {c["criterion"] for c in open_}
            assert all(c["question"].count("?") == 1 for c in open_)

    def test_the_shown_are_the_first_of_all(self, seen: Seen) -> None:
        whole = fitting_facilities(VOUCHER, seen("en"), 200)
        short = fitting_facilities(VOUCHER, seen("en"), 1)
        assert short["facilities"] == whole["facilities"][:1]
        assert short["total"] == whole["total"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_direction_speaks_each_language(seen: Seen, language: str) -> None:
    view, english = seen(language), seen("en")
    pairs = [
        (fit(FACILITY, view)["sectors"]["likely"], fit(FACILITY, english)["sectors"]["likely"]),
        (
            facilities_abroad(REGION, view, None, 1)["gaps"],
            facilities_abroad(REGION, english, None, 1)["gaps"],
        ),
        (
            fitting_facilities(VOUCHER, view, 1)["facilities"][0]["criteria"],
            fitting_facilities(VOUCHER, english, 1)["facilities"][0]["criteria"],
        ),
    ]
    for own, theirs in pairs:
        assert own
        for one, other in zip(own, theirs, strict=True):
            assert (one["reason"] == other["reason"]) == (language == "en")
