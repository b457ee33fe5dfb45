"""What the facts leave open stays open in the shipped graph: nothing is stated as more certain than it is."""

import json
import re
from collections.abc import Iterator

import pytest
from facts import Facts, Record, Shipped, entity
from pyoxigraph import NamedNode

from graph.iris import DCT, INFRA, ORG, SCHEMA, SOSA

PLANNED = re.compile(r"\b(planned|announced|under construction|in preparation)\b", re.IGNORECASE)
FIRMS = re.compile(
    r"\b(firms?|compan(y|ies)|industr\w*|SMEs?|enterprises?|business\w*|start-?ups?|entrepreneurs?"
    r"|(manufactur|produc|process|build|mak|grow|breed)ers?)\b",
    re.IGNORECASE,
)
COUNTING = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
NUMBER_WORDS = {word: str(number) for number, word in enumerate(COUNTING, start=1)}
PROJECT = entity("project", "inno-infra-share")


def facility(record: Record) -> NamedNode:
    return entity("facility", record["id"])


def equipment(shipped: Shipped, host: NamedNode) -> list[NamedNode]:
    hosted = (quad.subject for quad in shipped.links(SOSA["isHostedBy"], host))
    return [node for node in hosted if isinstance(node, NamedNode)]


def words(text: str) -> set[str]:
    return {word.casefold() for word in re.findall(r"[\w-]{4,}", text)}


def numbers(text: str) -> Iterator[str]:
    """The numbers in a text, without separators of thousands and leading zeros."""
    for found in re.findall(r"\d+(?:[.,\u00a0 ]\d{3})+(?!\d)|\d+", text):
        yield re.sub(r"\D", "", found).lstrip("0") or "0"


class TestConfidence:
    def test_it_is_carried_over(self, facts: Facts, shipped: Shipped) -> None:
        found = {r["id"]: shipped.notation(facility(r), INFRA["confidence"]) for r in facts.facilities}
        assert found == {record["id"]: record["confidence"] for record in facts.facilities}

    def test_the_precision_of_a_place_is_carried_over(self, facts: Facts, shipped: Shipped) -> None:
        path = (INFRA["hasSite"], INFRA["locationPrecision"])
        found = {record["id"]: shipped.notation(facility(record), *path) for record in facts.facilities}
        assert found == {record["id"]: record["geo_precision"] for record in facts.facilities}


class TestNotes:
    def test_status_notes_of_facilities_are_carried_over(self, facts: Facts, shipped: Shipped) -> None:
        lost = {}
        for record in facts.facilities:
            kept = " ".join(shipped.texts(facility(record), INFRA["statusNote"])).casefold()
            if record["status_note"] and record["status_note"].rstrip(".").casefold() not in kept:
                lost[record["id"]] = record["status_note"]
        assert lost == {}

    @pytest.mark.parametrize(
        ("key", "path"),
        [
            ("access_conditions", ("offersAccess", "accessCondition")),
            ("pricing", ("offersAccess", "priceNote")),
            ("opened", ("openedNote",)),
            ("programmes", ("programmeNote",)),
            ("status_note", ("statusNote",)),
        ],
    )
    def test_a_facility_has_a_text_where_the_facts_have_one_and_only_there(
        self, key: str, path: tuple[str, ...], facts: Facts, shipped: Shipped
    ) -> None:
        properties = [INFRA[name] for name in path]
        stated = {record["id"] for record in facts.facilities if record[key]}
        assert {r["id"] for r in facts.facilities if shipped.texts(facility(r), *properties)} == stated

    @pytest.mark.parametrize(
        ("key", "name"),
        [
            ("need_addressed", "needAddressed"),
            ("how_it_works", "howItWorks"),
            ("resources_needed", "resourcesNeeded"),
            ("staff", "staffNote"),
            ("evidence_of_success", "evidenceOfSuccess"),
            ("difficulties_lessons", "difficulty"),
            ("potential_for_transfer", "transferPotential"),
            ("implementation_level", "implementationLevel"),
            ("policy_instrument_related", "instrumentNote"),
        ],
    )
    def test_a_practice_has_what_the_facts_have_and_only_that(
        self, key: str, name: str, facts: Facts, shipped: Shipped
    ) -> None:
        stated = {record["id"] for record in facts.practices if record[key]}
        kept = {r["id"] for r in facts.practices if shipped.objects(entity("practice", r["id"]), INFRA[name])}
        assert kept == stated

    def test_the_owner_of_a_practice_is_stated_or_noted(self, facts: Facts, shipped: Shipped) -> None:
        lost = {}
        for record in facts.practices:
            node = entity("practice", record["id"])
            noted = any(record["owner"] in text for text in shipped.prose(node)) if record["owner"] else True
            if not noted and not shipped.iris(node, INFRA["practiceOwner"]):
                lost[record["id"]] = record["owner"]
        assert lost == {}

    def test_a_region_that_is_only_that_of_the_lead_partner_is_marked(
        self, facts: Facts, shipped: Shipped
    ) -> None:
        unmarked = []
        for record in facts.practices:
            if "lead partner" in (record["notes"] or ""):
                notes = shipped.texts(entity("practice", record["id"]), INFRA["statusNote"])
                unmarked += [] if "lead partner" in " ".join(notes) else [record["id"]]
        assert unmarked == []

    def test_an_inferred_name_of_a_programme_is_marked(self, facts: Facts, shipped: Shipped) -> None:
        unmarked = []
        for record in facts.practices:
            if "'policy_instrument_related' inferred" in (record["notes"] or ""):
                node = entity("practice", record["id"])
                notes = shipped.texts(node, INFRA["instrumentNote"]) + shipped.texts(
                    node, INFRA["statusNote"]
                )
                unmarked += [] if "inferred" in " ".join(notes) else [record["id"]]
        assert unmarked == []


class TestEquipment:
    def test_what_is_planned_has_the_status_planned(self, facts: Facts, shipped: Shipped) -> None:
        unmarked = []
        for record in facts.facilities:
            for text in filter(PLANNED.search, record["equipment"]):
                about = words(PLANNED.sub("", text))
                same = [
                    node
                    for node in equipment(shipped, facility(record))
                    if about & words(" ".join(shipped.texts(node, DCT["title"])))
                    and shipped.notation(node, INFRA["equipmentStatus"]) == "planned"
                ]
                unmarked += [] if same else [(record["id"], text)]
        assert unmarked == []

    def test_equipment_that_says_it_is_planned_has_the_status_planned(self, shipped: Shipped) -> None:
        for node in shipped.of_type(INFRA["Equipment"]):
            texts = [text for text in shipped.prose(node) if "extension of" not in text]
            if any(PLANNED.search(text) for text in texts):
                assert shipped.notation(node, INFRA["equipmentStatus"]) == "planned", node


class TestProject:
    def test_only_confirmed_practices_are_part_of_the_project(self, facts: Facts, shipped: Shipped) -> None:
        confirmed = {r["id"] for r in facts.practices if r["iis_membership"].startswith("confirmed")}
        members = {
            r["id"]
            for r in facts.practices
            if PROJECT in shipped.objects(entity("practice", r["id"]), DCT["isPartOf"])
        }
        assert members == confirmed
        assert len(members) == 4

    def test_each_practice_says_how_sure_its_membership_is(self, facts: Facts, shipped: Shipped) -> None:
        for record in facts.practices:
            (note,) = shipped.texts(entity("practice", record["id"]), INFRA["membershipNote"], language="en")
            stated = re.match("confirmed|probable|possible|not one", record["iis_membership"])
            assert stated, record["id"]
            assert note.casefold().startswith(stated[0]), record["id"]

    def test_plans_improve_only_instruments_that_are_confirmed(self, facts: Facts, shipped: Shipped) -> None:
        owners = {
            re.split(r"[ /]", record["partner"])[0].casefold()
            for record in facts.project["policy_instruments_addressed"]
            if record["link_to_project"] == "confirmed" and record["instrument"]
        }
        for quad in shipped.links(INFRA["improves"]):
            (owner,) = shipped.iris(quad.subject, INFRA["planOwner"])
            assert owner.rsplit("/", 1)[-1].split("-")[0] in owners, quad

    def test_an_outcome_rests_on_evidence_or_difficulties(self, facts: Facts, shipped: Shipped) -> None:
        needed = {"success": {"evidence_of_success"}, "mixed": {"difficulties_lessons"}}
        needed["failed"] = needed["mixed"]
        records = {entity("practice", record["id"]): record for record in facts.practices}
        for quad in shipped.links(INFRA["practiceOutcome"]):
            (practice,) = shipped.objects(quad.subject, INFRA["implementationOf"])
            assert isinstance(quad.object, NamedNode)
            outcome = quad.object.value.rsplit("/", 1)[-1]
            assert any(records[practice][key] for key in needed[outcome]), (practice, outcome)


class TestDates:
    def test_an_event_has_no_finer_date_than_the_facts(self, facts: Facts, shipped: Shipped) -> None:
        for record in facts.events:
            node = entity("event", record["id"])
            start, _, end = record["date"].partition("/")
            for date in shipped.texts(node, SCHEMA["startDate"]):
                assert start.startswith(date), record["id"]
            for date in shipped.texts(node, SCHEMA["endDate"]):
                assert end.startswith(date), record["id"]

    def test_an_inferred_year_is_marked(self, facts: Facts, shipped: Shipped) -> None:
        for record in facts.events:
            if re.search(r"year (inferred|not printed)", record["notes"] or "", re.IGNORECASE):
                notes = shipped.texts(entity("event", record["id"]), INFRA["dateNote"])
                assert re.search("inferred|not printed", " ".join(notes)), record["id"]

    def test_a_host_that_is_inferred_is_not_stated_as_organiser(self, facts: Facts, shipped: Shipped) -> None:
        for record in facts.events:
            if re.search("host (inferred|not printed)", record["notes"] or "", re.IGNORECASE):
                node = entity("event", record["id"])
                assert not shipped.iris(node, SCHEMA["organizer"]), record["id"]
                assert shipped.texts(node, INFRA["statusNote"]), record["id"]

    def test_an_implementation_has_the_dates_of_its_practice(self, facts: Facts, shipped: Shipped) -> None:
        records = {entity("practice", record["id"]): record for record in facts.practices}
        for quad in shipped.links(INFRA["implementationOf"]):
            assert isinstance(quad.object, NamedNode)
            record = records[quad.object]
            for date in shipped.texts(quad.subject, SCHEMA["startDate"]):
                assert date in (record["start_date"] or ""), record["id"]
            for date in shipped.texts(quad.subject, SCHEMA["endDate"]):
                assert date in (record["end_date"] or ""), record["id"]


class TestFacilities:
    def test_operators_have_the_kind_that_the_facts_state_and_do_not_infer(
        self, facts: Facts, shipped: Shipped
    ) -> None:
        differing = {}
        for record in facts.facilities:
            kind = shipped.notation(facility(record), INFRA["operatedBy"], ORG["classification"])
            inferred = re.search("type.* (inferred|not seen)", record["status_note"] or "")
            stated = None if inferred else record["operator"]["type"]
            if kind != (stated.casefold().replace(" ", "-") if stated else None):
                differing[record["id"]] = (stated, kind)
        assert differing == {}

    def test_technology_readiness_is_only_what_is_stated(self, facts: Facts, shipped: Shipped) -> None:
        for record in facts.facilities:
            levels = shipped.texts(facility(record), INFRA["trlMin"])
            levels += shipped.texts(facility(record), INFRA["trlMax"])
            assert levels == re.findall(r"\d", record["trl"] or ""), record["id"]

    def test_languages_are_only_what_is_stated(self, facts: Facts, shipped: Shipped) -> None:
        codes = {"it": "ITA", "en": "ENG", "de": "DEU", "nl": "NLD", "sv": "SWE", "cs": "CES", "et": "EST"}
        for record in facts.facilities:
            found = {iri.rsplit("/", 1)[-1] for iri in shipped.iris(facility(record), DCT["language"])}
            assert found == {codes[language] for language in record["languages"]}, record["id"]

    def test_openness_to_smes_rests_on_words_about_firms(self, facts: Facts, shipped: Shipped) -> None:
        unfounded = []
        for record in facts.facilities:
            stated = shipped.texts(facility(record), INFRA["offersAccess"], INFRA["openToSmes"])
            claims = [source["claim"] or "" for source in record["sources"]]
            text = " ".join([record["access_conditions"] or "", record["description"], *claims])
            if "true" in stated and not FIRMS.search(text):
                unfounded.append((record["id"], text))
        assert unfounded == []

    def test_grants_and_rates_are_numbers_of_the_facts(self, facts: Facts, shipped: Shipped) -> None:
        invented = []
        for record in facts.instruments:
            node = entity("policy-instrument", record["id"])
            source = json.dumps(record, ensure_ascii=False)
            stated = set(numbers(source)) | ({"50"} if "equal own share" in source else set())
            for name in ("minimumGrantEur", "maximumGrantEur", "fundingRate"):
                for value in shipped.texts(node, INFRA[name]):
                    amount = float(value) * (100 if name == "fundingRate" else 1)
                    millions = amount / 1_000_000
                    if not {f"{amount:g}", f"{amount:.0f}", f"{millions:g}"} & stated:
                        invented.append((record["id"], name, value))
        assert invented == []


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("facility", "facilities"),
        ("policy-instrument", "instruments"),
        ("practice", "practices"),
        ("event", "events"),
    ],
)
def test_each_number_in_a_text_is_a_number_of_the_facts(
    kind: str, name: str, facts: Facts, shipped: Shipped
) -> None:
    records: list[Record] = getattr(facts, name)
    invented = []
    for record in records:
        node = entity(kind, record["id"])
        # What one record of a region says may stand in the text of another.
        near = [
            other
            for other in records
            if other.get("region", other["id"]) == record.get("region", record["id"])
        ]
        source = json.dumps(near, ensure_ascii=False)
        known = set(numbers(source)) | set(re.findall(r"[1-9]\d*", source))
        known |= {
            NUMBER_WORDS[word] for word in re.findall(r"\w+", source.casefold()) if word in NUMBER_WORDS
        }
        texts = shipped.prose(node)
        for host_or_part in [*equipment(shipped, node), *shipped.objects(node, INFRA["providesService"])]:
            texts += shipped.prose(host_or_part)
        invented += [(record["id"], n, text) for text in texts for n in numbers(text) if n not in known]
    assert invented == []
