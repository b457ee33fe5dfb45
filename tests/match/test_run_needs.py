"""Needs as RDF: each member finds its way out and back, and what has no use is refused."""

from typing import Any

import pytest
from pydantic import ValidationError
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from graph.contribute.checking import RELATIVE_BASE
from graph.contribute.reading.parse import read
from graph.contribute.reference import Reference
from graph.contribute.rules import Rules
from graph.contribute.validate import validate
from graph.errors import InputError
from graph.iris import INFRA
from graph.match.knowledge import Knowledge
from graph.match.need import REQUIRABLE, Need
from graph.match.need_graph import need_of, triples_of
from graph.turtle import turtle

NODE = NamedNode("https://w3id.org/infrashare/.well-known/genid/example-need")
FULL: dict[str, Any] = {
    "text": "We want to test titanium parts",
    "language": "en",
    "region": "BE223",
    "capabilities": ["fatigue-testing"],
    "services": ["testing"],
    "sectors": ["C30"],
    "accessModes": ["fee-for-service"],
    "excluded": ["lightweight-metals"],
    "essential": ["welding"],
    "niceToHave": ["metrology"],
    "quantities": [
        {"unit": "KiloN", "min": 50, "max": 50},
        {"unit": "M", "kind": "Width", "max": 2.5},
    ],
    "location": {"lat": 50.93, "lon": 5.34},
    "maxDistanceKm": 250.5,
    "countries": ["BE"],
    "languages": ["nl"],
    "trl": {"now": 4, "target": 6},
    "companySize": "small",
    "staff": 12,
    "turnover": {"value": 1_500_000, "currency": "CZK"},
    "required": list(REQUIRABLE),
    "weights": {"nearness": 0.3, "trl": 1},
    "limit": 3,
    "lang": "lv",
}
PREFIXES = """
@prefix infra: <https://w3id.org/infrashare/ontology#> .
@prefix cap: <https://w3id.org/infrashare/codelist/capability/> .
@prefix criterion: <https://w3id.org/infrashare/codelist/criterion/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix geo: <http://www.opengis.net/ont/geosparql#> .
@prefix : <https://w3id.org/infrashare/.well-known/genid/> .
"""


def written(members: dict[str, Any], knowledge: Knowledge) -> list[Triple]:
    return list(triples_of(Need.model_validate(members), NODE, knowledge.scheme, "en"))


def need(text: str) -> Need:
    return need_of(quad.triple for quad in parse(PREFIXES + text, RdfFormat.TURTLE))


def test_the_full_need_has_every_member_but_consent() -> None:
    assert set(FULL) == set(Need.model_fields) - {"shareDemand"}


def test_a_need_reads_back_as_the_same_with_codes_as_iris(knowledge: Knowledge) -> None:
    back = need_of(written(FULL, knowledge))
    codes = {
        "region",
        "capabilities",
        "services",
        "sectors",
        "accessModes",
        "excluded",
        "essential",
        "niceToHave",
    }
    given = Need.model_validate(FULL)
    for member in set(FULL) - codes - {"required"}:
        assert getattr(back, member) == getattr(given, member), member
    assert set(back.required) == set(given.required)
    assert list(triples_of(back, NODE, knowledge.scheme, "en")) == written(
        {**FULL, "required": back.required}, knowledge
    )


def test_a_need_that_is_written_conforms_to_the_rules(
    knowledge: Knowledge, rules: Rules, reference: Reference
) -> None:
    report = validate(
        read(turtle(written(FULL, knowledge)), "text/turtle", RELATIVE_BASE, 10**6), reference, rules
    )
    assert report.counts["violation"] == report.counts["warning"] == 0, report.as_text()


def test_every_property_of_a_need_is_in_the_ontology_and_no_computed_one(
    knowledge: Knowledge, ontology_graph: Any
) -> None:
    for triple in written(FULL, knowledge):
        if triple.predicate.value in INFRA:
            assert list(ontology_graph.quads_for_pattern(triple.predicate, None, None)), triple


def test_a_language_with_a_region_is_the_language() -> None:
    assert need(':n a infra:Need ; dct:description "welding"@en-GB .').language == "en"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (":n a infra:Facility .", "no infra:Need"),
        (":n a infra:Need . :o a infra:Need .", "2 infra:Need"),
        (':n a infra:Need ; dct:description "a"@en , "b"@nl .', "more than once"),
        (':n a infra:Need ; dct:title "a"@en .', "no use for dct:title"),
        (":n a infra:Need ; infra:costMode :free .", "no use for infra:costMode"),
        (":n a infra:Need ; infra:capability cap:milling . :o a infra:Facility .", "no part of the need"),
        (":n a infra:Need ; dct:language :nl .", "language/NLD"),
        (":n a infra:Need ; infra:requiredCriterion criterion:nearness .", "cannot be required"),
        (":n a infra:Need ; infra:hasCriterionWeight :w . :w infra:weight 1 .", "one infra:ofCriterion"),
        (":n a infra:Need ; infra:hasSite :s . :s geo:hasGeometry :g .", "longitude first"),
        (':n a infra:Need ; infra:turnoverCurrency "EUR" .', "without infra:annualTurnover"),
        (':n a infra:Need ; infra:staffCount "many" .', "no number"),
    ],
)
def test_what_cannot_be_used_is_told_with_what_to_do(text: str, told: str) -> None:
    with pytest.raises(InputError) as error:
        need(text)
    assert told in error.value.detail


def test_a_need_that_asks_for_too_little_is_none() -> None:
    with pytest.raises(ValidationError):
        need(
            ":n a infra:Need ; infra:serviceKind <https://w3id.org/infrashare/codelist/service-kind/testing> ."
        )
