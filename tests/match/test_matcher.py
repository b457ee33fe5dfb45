"""Needs in, facilities out: on the shipped graph, with evidence that holds."""

from collections.abc import Iterable
from typing import Any

import pytest
from pydantic import ValidationError
from pyoxigraph import NamedNode, Triple

from graph.errors import InputError
from graph.iris import CODELIST, INFRA
from graph.match.candidates import FactReader
from graph.match.criteria import FACTS
from graph.match.matcher import Matcher
from graph.match.need import Need
from graph.service import Service
from graph.store.engine import Snapshot


@pytest.fixture
def match(matcher: Matcher, snapshot: Snapshot) -> Any:
    def run(**members: Any) -> dict[str, Any]:
        return matcher.match(Need.model_validate(members), snapshot)

    return run


def slugs(answer: dict[str, Any]) -> list[str]:
    return [result["facility"].rsplit("/", 1)[-1] for result in answer["results"]]


def notations(answer: dict[str, Any], kind: str = "capabilities") -> set[str]:
    return {link["notation"] for link in answer["understood"][kind]}


def test_the_need_of_the_readme_gives_sensible_facilities(match: Any) -> None:
    answer = match(text="We willen titanium onderdelen 3D-printen en testen op vermoeiing", region="BE223")
    assert answer["understood"]["language"] == "nl"
    assert {"additive-manufacturing", "fatigue-testing"} <= notations(answer)
    assert "lightweight-metals" in notations(answer, "materials")
    assert {"musp-piacenza", "cz-brno-ipm"} & set(slugs(answer)[:5])


def test_a_dutch_need_finds_swedish_laboratories(match: Any) -> None:
    answer = match(text="Wij zoeken synchrotronstraling om ons poeder te meten", language="nl")
    assert {"max-iv-laboratory", "max-iv-formax"} & set(slugs(answer)[:3])
    assert all(c["reason"] for r in answer["results"] for c in r["criteria"])


def test_a_need_with_slips_still_works(match: Any) -> None:
    clean = match(text="fatigue testing of steel", language="en")
    slipped = match(text="fatgue tseting of stel", language="en")
    assert "cz-brno-ipm" in slugs(slipped)[:3]
    assert "cz-brno-ipm" in slugs(clean)[:3]


def test_nonsense_returns_nothing_and_says_what_it_did_not_understand(match: Any) -> None:
    answer = match(text="zxqv brumpf gnarl", language="en")
    assert answer["results"] == []
    assert answer["total"] == 0
    assert answer["understood"]["not_understood"] == ["zxqv", "brumpf", "gnarl"]


def test_the_same_question_by_sparql_gives_the_same_facilities(match: Any, service: Service) -> None:
    for notation in ("microscopy", "fatigue-testing", "fermentation", "robotics"):
        answer = match(capabilities=[notation], limit=200)
        met = {
            result["facility"]
            for result in answer["results"]
            if all(c["verdict"] == "met" for c in result["criteria"] if c["criterion"] == "capability")
        }
        query = service.catalogue["browse-members"].bind(
            **{"class": [INFRA["Facility"]]},
            filter=[(INFRA["coversCapability"], CODELIST[f"capability/{notation}"])],
        )
        found = {row[0].value for row in service.snapshot.select(query).rows if isinstance(row[0], NamedNode)}
        assert met == found
        assert found


def test_evidence_is_in_the_graph_that_is_named(match: Any, snapshot: Snapshot) -> None:
    answer = match(
        text="fatigue testing", services=["testing"], sectors=["C28"], region="CZ064", maxDistanceKm=500
    )
    statements = [e for r in answer["results"] for c in r["criteria"] for e in c["evidence"]]
    assert statements
    graphs = {name: snapshot.graph(NamedNode(name)) for name in {e["graph"] for e in statements}}
    for e in statements:
        held = {
            triple.object.value
            for triple in graphs[e["graph"]]
            if (triple.subject, triple.predicate) == (NamedNode(e["s"]), NamedNode(e["p"]))
            and hasattr(triple.object, "value")
        }
        assert e["o"] in held


def test_removing_a_cited_triple_changes_only_what_cites_it(service: Service, match: Any) -> None:
    need = {"capabilities": ["fatigue-testing"], "services": ["testing"], "limit": 200}
    before = {r["facility"]: r for r in match(**need)["results"]}
    facility, result = next(
        (f, r)
        for f, r in before.items()
        if any(c["criterion"] == "service" and c["evidence"] for c in r["criteria"])
    )
    cited = next(c["evidence"][0] for c in result["criteria"] if c["criterion"] == "service")
    graph = NamedNode(cited["graph"])
    triple = Triple(NamedNode(cited["s"]), NamedNode(cited["p"]), NamedNode(cited["o"]))
    node, revision = NamedNode(facility), service.engine.revision
    try:
        service.engine.remove(graph, [triple])
        service.derivation.update([node])
        service.engine.set_revision(revision + 1)
        changed = service.engine.publish()
        after = {
            r["facility"]: r for r in service.matcher.match(Need.model_validate(need), changed)["results"]
        }
    finally:
        service.engine.add(graph, [triple])
        service.derivation.update([node])
        service.engine.set_revision(revision)
        service.engine.publish()
    verdicts = {c["criterion"]: c["verdict"] for c in after[facility]["criteria"]}
    old = {c["criterion"]: c["verdict"] for c in result["criteria"]}
    assert verdicts["capability"] == old["capability"]
    assert old["service"] == "met"
    assert verdicts["service"] != "met"
    others = [f for f in before if f != facility]
    assert [before[f]["criteria"] for f in others] == [after[f]["criteria"] for f in others]


def test_a_hard_distance_puts_out_and_a_relaxation_says_what_it_costs(match: Any) -> None:
    need = {"capabilities": ["synchrotron-radiation"], "region": "LV00", "maxDistanceKm": 100}
    soft, hard = match(**need), match(**need, required=["maxDistanceKm"])
    assert soft["results"]
    assert hard["results"] == []
    (relaxation,) = hard["relaxations"]
    old, new = relaxation["change"]["maxDistanceKm"]
    assert old == 100
    wider = match(**{**need, "maxDistanceKm": new}, required=["maxDistanceKm"])
    assert len(wider["results"]) == relaxation["gains"] > 0


def test_a_bundle_covers_what_no_single_facility_does(match: Any) -> None:
    answer = match(capabilities=["fermentation", "wind-tunnel-testing"], limit=50)
    covered = {part for member in answer["bundle"] for part in member["covers"]}
    assert covered == {"fermentation", "wind-tunnel-testing"}
    assert {c["part"]: c["met_by"] > 0 for c in answer["coverage"]} == dict.fromkeys(covered, True)


def test_what_only_comes_near_is_counted_as_meeting_nothing(match: Any) -> None:
    """High-voltage testing is wider than lightning testing: whether it can do that has to be asked."""
    answer = match(capabilities=["lightning-testing"])
    assert answer["results"]
    assert {c["verdict"] for r in answer["results"] for c in r["criteria"]} <= {"unknown", "not-met"}
    assert answer["coverage"] == [{"part": "lightning-testing", "met_by": 0}]


def test_support_schemes_of_the_firms_region_come_with_open_questions(match: Any) -> None:
    answer = match(capabilities=["robotics"], region="BE223", companySize="small", limit=1)
    supports = answer["results"][0]["support"]
    assert supports
    sizes = [c for s in supports for c in s["conditions"] if c["condition"] == "company-size"]
    assert all(c["verdict"] != "unknown" for c in sizes)
    assert all("question" in c for s in supports for c in s["conditions"] if c["verdict"] == "unknown")


@pytest.mark.parametrize("lang", ["en", "nl", "de", "it", "sv", "cs", "et", "lv", "fr"])
def test_reasons_come_in_the_language_asked_for(match: Any, lang: str) -> None:
    (result,) = match(capabilities=["fatigue-testing"], lang=lang, limit=1)["results"]
    english = match(capabilities=["fatigue-testing"], lang="en", limit=1)["results"][0]
    same = result["criteria"][0]["reason"] == english["criteria"][0]["reason"]
    assert same == (lang == "en")


def test_the_same_need_gives_the_same_answer(match: Any) -> None:
    need = {"text": "robots that see", "language": "en", "region": "SE224"}
    assert match(**need) == match(**need)


def test_results_are_ordered_and_limited(match: Any) -> None:
    answer = match(capabilities=["artificial-intelligence"], region="IT", limit=7)
    scores = [result["score"] for result in answer["results"]]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) == 7 < answer["total"]
    assert all(0 <= score <= 1 for score in scores)


def test_looking_up_and_scanning_facts_give_the_same(
    service: Service, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = snapshot.select(service.catalogue["derive-facilities"].text).rows
    facilities = [row[0] for row in rows if isinstance(row[0], NamedNode)]
    scanned = FactReader(snapshot, service.catalogue).facts(facilities, FACTS)
    monkeypatch.setattr("graph.match.candidates.SCAN_SHARE", 1.0)
    some = facilities[:-1]
    looked_up = FactReader(snapshot, service.catalogue).facts(some, FACTS)
    assert looked_up == {facility: facts for facility, facts in scanned.items() if facility in some}
    assert len(scanned) == len(facilities) == 177


BAD: Iterable[tuple[dict[str, Any], str]] = [
    ({}, "text or capabilities"),
    ({"text": "   "}, "text or capabilities"),
    ({"text": "x", "location": {"lat": 120, "lon": 5}}, "lat"),
    ({"text": "x", "location": {"lat": 50}}, "lon"),
    ({"text": "x", "maxDistanceKm": -5, "region": "BE2"}, "maxDistanceKm"),
    ({"text": "x", "maxDistanceKm": 50}, "needs a place"),
    ({"text": "x", "trl": {"now": 6, "target": 4}}, "below now"),
    ({"text": "x", "trl": {"now": 12}}, "trl"),
    ({"text": "x", "required": ["colour"]}, "cannot be required"),
    ({"text": "x", "required": ["countries"]}, "not given"),
    ({"text": "x", "countries": ["Belgium"]}, "countries"),
    ({"text": "x", "limit": 0}, "limit"),
    ({"text": "x", "companySize": "tiny"}, "companySize"),
    ({"text": "x", "unknownMember": 1}, "unknownMember"),
    ({"text": "x" * 5_000}, "text"),
    ({"text": 7}, "text"),
]


@pytest.mark.parametrize(("members", "words"), BAD)
def test_a_need_that_cannot_be_used_is_refused_with_the_place(members: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Need.model_validate(members)


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"capabilities": ["fatige-testing"]}, "fatigue-testing"),
        ({"text": "robots", "region": "BE999"}, "BE999"),
        ({"text": "robots", "countries": ["XX"]}, "XX"),
        ({"text": "robots", "services": ["testng"]}, "testing"),
        ({"text": "robots", "languages": ["qq"]}, "qq"),
        ({"text": "robots", "sectors": ["Z99"]}, "Z99"),
        ({"text": "robots", "sectors": ["[x"]}, "not a code"),
        ({"text": "robots", "region": "<a b>"}, "not a code"),
    ],
)
def test_an_unknown_code_is_named_with_near_ones(match: Any, members: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        match(**members)


def test_practices_about_what_is_asked_for_and_of_schemes_come_with_the_answer(
    matcher: Matcher, snapshot: Snapshot
) -> None:
    need = {"capabilities": ["clean-room"], "region": "CZ064", "lang": "nl"}
    answer = matcher.match(Need.model_validate(need), snapshot)
    told = {one["practice"].rsplit("/", 1)[-1]: one for one in answer["practices"]}
    assert "clean" in told["nanolabnl"]["reason"].casefold()
    scheme = next(
        one for one in answer["results"][0]["support"] if one["instrument"].endswith("jic-pilot-2009")
    )
    assert scheme["label"] in told["jic-innovation-vouchers"]["reason"]
    nothing = matcher.match(Need.model_validate({"capabilities": ["fatigue-testing"]}), snapshot)
    assert nothing["practices"] == []
