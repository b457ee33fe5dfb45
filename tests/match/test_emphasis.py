"""Essential and nice-to-have parts, refused phrases and refused ways of access, and what they do to a match."""

from typing import Any

import pytest
from pydantic import ValidationError

from graph.match.criteria import Judgement, Wish, judge
from graph.match.evaluation import Verdict
from graph.match.knowledge import Knowledge
from graph.match.linking import Understood
from graph.match.matcher import Matcher
from graph.match.need import Need
from graph.match.scheme import ACCESS
from graph.store.engine import Snapshot
from tests.match.conftest import Understand


def importances(understood: Understood) -> dict[str, str]:
    return {link.concept.value.rsplit("/", 1)[-1]: link.importance.value for link in understood.links}


@pytest.mark.parametrize(
    ("language", "text", "essential", "nice"),
    [
        ("en", "Laser cutting is essential, ideally also welding.", "laser-cutting", "welding"),
        ("en", "Welding would be nice to have, laser cutting is a must.", "laser-cutting", "welding"),
        ("nl", "Lasersnijden is onmisbaar, lassen zou mooi zijn.", "laser-cutting", "welding"),
        ("de", "Laserschneiden ist zwingend nötig, Schweißen wäre schön.", "laser-cutting", "welding"),
        ("it", "Il taglio laser è indispensabile, se possibile anche saldatura.", "laser-cutting", "welding"),
        ("sv", "Laserskärning är ett måste, gärna även svetsning.", "laser-cutting", "welding"),
        ("cs", "Řezání laserem je nezbytné, svařování by bylo výhodou.", "laser-cutting", "welding"),
        ("et", "Laserlõikus on hädavajalik, võimalusel ka keevitamine.", "laser-cutting", "welding"),
        ("lv", "Lāzergriešana ir obligāti vajadzīga, vēlams arī metināšana.", "laser-cutting", "welding"),
        (
            "fr",
            "La découpe laser est indispensable, si possible aussi le soudage.",
            "laser-cutting",
            "welding",
        ),
    ],
)
def test_what_is_essential_and_what_is_nice_to_have_is_told_apart(
    understand: Understand, language: str, text: str, essential: str, nice: str
) -> None:
    found = importances(understand(text, language))
    assert found[essential] == "essential"
    assert found[nice] == "nice-to-have"


def test_what_is_said_not_to_be_essential_is_nice_to_have(understand: Understand) -> None:
    assert importances(understand("Welding, not essential", "en"))["welding"] == "nice-to-have"


def test_without_a_cue_all_is_wished(understand: Understand) -> None:
    assert set(importances(understand("Laser cutting and welding of steel", "en")).values()) == {"wished"}


def test_a_cue_that_stands_alone_speaks_of_what_is_beside_it(understand: Understand) -> None:
    assert importances(understand("We need laser cutting, and welding, if possible.", "en")) == {
        "laser-cutting": "wished",
        "welding": "nice-to-have",
    }


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "We need laser cutting and, if possible, welding of steel."),
        ("de", "Wir brauchen Laserschneiden und, wenn möglich, Schweißen."),
        ("it", "Ci serve il taglio laser e, se possibile, la saldatura."),
        ("fr", "Il nous faut la découpe laser et, si possible, le soudage."),
    ],
)
def test_a_cue_after_and_speaks_of_what_follows(understand: Understand, language: str, text: str) -> None:
    found = importances(understand(text, language))
    assert (found["laser-cutting"], found["welding"]) == ("wished", "nice-to-have")


def test_cues_are_no_words_that_were_not_understood(understand: Understand) -> None:
    assert understand("Welding is absolutely necessary", "en").not_understood == ()


def weights(answer: dict[str, Any]) -> dict[str, float]:
    criteria = answer["results"][0]["criteria"]
    return {c["part"]: c["weight"] for c in criteria if c["criterion"] == "capability"}


def test_parts_weigh_by_how_much_they_matter(matcher: Matcher, snapshot: Snapshot) -> None:
    def ratio(**members: Any) -> float:
        of = weights(matcher.match(Need.model_validate(members), snapshot))
        return of["fatigue-testing"] / of["additive-manufacturing"]

    codes = ["additive-manufacturing", "fatigue-testing"]
    nice = ratio(capabilities=codes, niceToHave=["fatigue-testing"])
    assert nice == pytest.approx(0.4 * ratio(capabilities=codes), rel=1e-2)
    text = "Additive manufacturing, and fatigue testing"
    essential = ratio(text=f"{text} is indispensable", language="en")
    assert essential == pytest.approx(2 * ratio(text=text, language="en"), rel=1e-2)


def test_an_essential_part_puts_out_who_cannot_do_it_and_is_relaxed_by_name(
    matcher: Matcher, snapshot: Snapshot
) -> None:
    both = {"capabilities": ["additive-manufacturing"], "essential": ["clean-room"], "limit": 200}
    answer = matcher.match(Need.model_validate(both), snapshot)
    for result in answer["results"]:
        (part,) = [c for c in result["criteria"] if c.get("part") == "clean-room"]
        assert part["verdict"] != "not-met"
    (relaxation,) = [r for r in answer["relaxations"] if "essential" in r["change"]]
    assert relaxation["change"] == {
        "essential": [["clean-room"], []],
        "capabilities": [["additive-manufacturing"], ["additive-manufacturing", "clean-room"]],
    }
    assert "clean-room" in relaxation["text"]
    changed = {member: after for member, (_, after) in relaxation["change"].items()}
    softer = matcher.match(Need.model_validate({**both, **changed}), snapshot)
    assert softer["total"] == answer["total"] + relaxation["gains"]


def test_a_code_is_not_essential_and_nice_to_have_at_once() -> None:
    with pytest.raises(ValidationError, match="both essential and niceToHave"):
        Need.model_validate({"essential": ["welding"], "niceToHave": ["welding"]})


def test_a_refused_phrase_that_names_nothing_is_shown_and_does_not_count(understand: Understand) -> None:
    plain = understand("Welding of steel", "en")
    refused = understand("Welding of steel, no purple elephants", "en")
    assert refused.refused == ("no purple elephants",)
    assert [token.text for token in refused.tokens] == [token.text for token in plain.tokens]
    assert "elephants" not in refused.not_understood


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Welding tests, but no long-term contract"),
        ("nl", "Lasproeven, maar geen langlopend contract"),
        ("de", "Schweißversuche, aber kein langfristiger Vertrag"),
        ("it", "Prove di saldatura, ma senza contratto a lungo termine"),
        ("sv", "Svetsprov, men inget långtidsavtal"),
        ("cs", "Zkoušky svařování, ale bez dlouhodobé smlouvy"),
        ("et", "Keevituskatsed, aga ilma pikaajalise lepinguta"),
        ("lv", "Metināšanas pārbaudes, bet bez ilgtermiņa līguma"),
        ("fr", "Essais de soudage, mais sans contrat de longue durée"),
    ],
)
def test_a_long_term_contract_that_is_refused_is_membership_refused(
    understand: Understand, language: str, text: str
) -> None:
    understood = understand(text, language)
    excluded = {
        link.concept.value.rsplit("/", 1)[-1] for link in understood.excluded if link.scheme == ACCESS
    }
    assert excluded == {"membership"}


def test_who_offers_only_refused_access_does_not_meet_it(knowledge: Knowledge) -> None:
    scheme = knowledge.scheme
    member, fee = (scheme.resolve(code, ACCESS, "access") for code in ("membership", "fee-for-service"))
    wish = Wish((), knowledge.criteria.weights, refused=frozenset({member}))

    def judged(*modes: Any) -> Judgement:
        facts = {"access": frozenset(modes)} if modes else {}
        (one,) = judge(wish, [], facts, scheme)
        return one

    assert judged(member).verdict is Verdict.NOT_MET
    assert judged(member, fee).verdict is Verdict.MET
    assert judged(fee).verdict is Verdict.MET
    assert judged().verdict is Verdict.UNKNOWN


def test_quantities_are_judged_by_equipment_with_evidence(matcher: Matcher, snapshot: Snapshot) -> None:
    text = "We must test a gearbox of 8 tonnes in a climate chamber at -40 °C"
    answer = matcher.match(Need.model_validate({"text": text, "language": "en"}), snapshot)
    (result,) = [r for r in answer["results"] if r["facility"].endswith("/owi-lab-climate-chamber")]
    judged = [c for c in result["criteria"] if c["criterion"] == "quantity"]
    assert [c["verdict"] for c in judged] == ["met", "met"]
    for criterion in judged:
        said = {statement["p"].rsplit("#")[-1] for statement in criterion["evidence"]}
        assert {"range", "quantityKind", "unitCode", "upperBound"} <= said
        assert len({statement["graph"] for statement in criterion["evidence"]}) == 1
    assert "300 t" in judged[0]["reason"]
    assert all(quantity["used"] for quantity in answer["understood"]["quantities"])
    assert sum(c["weight"] for c in judged) == pytest.approx(0.4)


def test_a_quantity_beyond_the_range_can_be_a_hard_condition(matcher: Matcher, snapshot: Snapshot) -> None:
    need = {
        "capabilities": ["climatic-testing"],
        "quantities": [{"unit": "DEG_C", "min": -90, "max": -90}],
        "limit": 200,
    }
    soft = matcher.match(Need.model_validate(need), snapshot)
    hard = matcher.match(Need.model_validate({**need, "required": ["quantities"]}), snapshot)
    out = {r["facility"] for r in soft["results"]} - {r["facility"] for r in hard["results"]}
    assert {facility.rsplit("/", 1)[-1] for facility in out} == {"owi-lab-climate-chamber"}


def test_a_unit_may_be_given_by_its_symbol() -> None:
    need = {"capabilities": ["welding"], "quantities": [{"unit": "kN", "min": 5}, {"unit": "°C", "max": 80}]}
    assert [one.unit for one in Need.model_validate(need).quantities] == ["KiloN", "DEG_C"]


def test_quantities_of_the_need_win_over_those_of_the_text(matcher: Matcher, snapshot: Snapshot) -> None:
    need = {"text": "climate chamber at -90 °C", "quantities": [{"unit": "DEG_C", "min": -20, "max": -20}]}
    answer = matcher.match(Need.model_validate(need), snapshot)
    assert [quantity["used"] for quantity in answer["understood"]["quantities"]] == [False]
    (result,) = [r for r in answer["results"] if r["facility"].endswith("/owi-lab-climate-chamber")]
    assert [c["verdict"] for c in result["criteria"] if c["criterion"] == "quantity"] == ["met"]


@pytest.mark.parametrize(
    ("quantity", "message"),
    [
        (
            {"unit": "kilonewton", "min": 1},
            "unit 'kilonewton' is not known; use a unit of QUDT such as .*KiloN",
        ),
        ({"unit": "KiloN"}, "give min, max or both"),
        ({"unit": "KiloN", "min": 2, "max": 1}, "min 2 is above max 1; swap them"),
    ],
)
def test_a_wrong_quantity_is_told_what_is_wrong(quantity: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Need.model_validate({"capabilities": ["welding"], "quantities": [quantity]})
