"""The shipped contributions conform, and hold all that the facts hold."""

import re
from collections import Counter
from pathlib import Path
from urllib.parse import unquote

import pytest
from facts import Facts, Record, Shipped, entity, slugs, urls
from pyoxigraph import NamedNode, RdfFormat, Store

from graph.contribute.checking import RELATIVE_BASE
from graph.contribute.reading.parse import read
from graph.contribute.reference import Reference
from graph.contribute.rules import Rules
from graph.contribute.validate import validate
from graph.iris import DCT, FOAF, GEO, ID, INFRA, LANGUAGES, NUTS, RDF, SKOS
from graph.resources import DATA, turtle_files
from graph.settings import Settings

LOCN = "http://www.w3.org/ns/locn#"
ADDRESS, TOWN, COUNTRY = (NamedNode(LOCN + name) for name in ("address", "postName", "adminUnitL1"))
PARTNERS = {
    "flanders-make",
    "brainport-development",
    "art-er",
    "region-skane",
    "tu-chemnitz",
    "brno-university-of-technology",
    "tartu-city",
    "vidzeme-planning-region",
    "inno-infra-share",
}
SCHEMES = ("SupportScheme", "FundingProgramme", "Strategy", "Regulation", "PolicyInstrument")
EVENTS = ("StudyVisit", "PeerReview", "Conference", "SteeringMeeting", "StakeholderMeeting", "Workshop")
FREE_WORDS = ("technologies", "services", "sectors", "facility_type", "access_modes", "equipment")


def plain(name: str) -> str:
    """A name without the remark in brackets at its end."""
    return re.sub(r"\s*\([^()]*\)$", "", name)


def words(text: str) -> set[str]:
    """The words that tell a name from others."""
    return {word.casefold() for word in re.findall(r"[^\W\d_]{3,}", text)} - {
        "and",
        "the",
        "for",
        "with",
        "und",
    }


def titles(shipped: Shipped, node: NamedNode) -> list[str]:
    return shipped.texts(node, DCT["title"], language="en")


def facility(record: Record) -> NamedNode:
    return entity("facility", record["id"])


class TestContributions:
    def test_each_partner_has_a_folder(self) -> None:
        assert {path.name for path in DATA.iterdir() if path.is_dir()} == PARTNERS

    @pytest.mark.parametrize("path", turtle_files(DATA), ids=lambda path: f"{path.parent.name}/{path.stem}")
    def test_a_contribution_conforms(self, path: Path, reference: Reference, rules: Rules) -> None:
        parsed = read(path.read_bytes(), "text/turtle", RELATIVE_BASE, Settings().max_upload_bytes)
        report = validate(parsed, reference, rules)
        blocking = [finding for finding in report.findings if finding.severity == "violation"]
        assert [(f.code, f.focusNode, f.value, f.line) for f in blocking] == []
        assert report.conforms

    def test_no_entity_is_described_by_two_partners(self) -> None:
        described: dict[NamedNode, set[str]] = {}
        for path in turtle_files(DATA):
            store = Store()
            store.bulk_load(path=str(path), format=RdfFormat.TURTLE)
            for quad in store.quads_for_pattern(None, RDF["type"], None):
                if isinstance(quad.subject, NamedNode) and quad.subject.value in ID:
                    described.setdefault(quad.subject, set()).add(f"{path.parent.name}/{path.stem}")
        assert {node.value: files for node, files in described.items() if len(files) > 1} == {}

    def test_each_reference_to_an_entity_resolves(self, data_graph: Store) -> None:
        described = {quad.subject for quad in data_graph}
        dangling = {
            quad.object.value
            for quad in data_graph
            if isinstance(quad.object, NamedNode) and quad.object.value in ID and quad.object not in described
        }
        assert dangling == set()

    def test_files_state_their_licence(self) -> None:
        for path in turtle_files(DATA):
            head = path.read_text(encoding="utf-8")[:300]
            assert "CC BY 4.0" in head, path


class TestCounts:
    """Nothing of the facts is left out, and nothing is added."""

    def test_facilities(self, facts: Facts, shipped: Shipped) -> None:
        found = slugs(shipped.of_type(INFRA["Facility"]))
        assert len(found) == 177
        assert found == {record["id"] for record in facts.facilities}

    def test_policy_instruments(self, facts: Facts, shipped: Shipped) -> None:
        found = slugs(shipped.of_type(*(INFRA[name] for name in SCHEMES)))
        assert len(found) == 35
        assert found == {record["id"] for record in facts.instruments}

    def test_practices(self, facts: Facts, shipped: Shipped) -> None:
        found = slugs(shipped.of_type(INFRA["GoodPractice"]))
        assert len(found) == 62
        assert found == {record["id"] for record in facts.practices}

    def test_events(self, facts: Facts, shipped: Shipped) -> None:
        found = slugs(shipped.of_type(*(INFRA[name] for name in EVENTS)))
        assert len(found) == 16
        assert found == {record["id"] for record in facts.events}

    def test_action_plans_with_their_actions(self, facts: Facts, shipped: Shipped) -> None:
        plans = {
            text: plan for plan in shipped.of_type(INFRA["ActionPlan"]) for text in titles(shipped, plan)
        }
        actions = Counter(quad.object for quad in shipped.links(INFRA["partOfPlan"]))
        assert len(plans) == len(facts.plans) == 8
        named = [record for record in facts.plans if record["title"]]
        assert len(named) == 3
        for record in named:
            assert actions[plans[record["title"]]] == len(record["actions"])
        assert sum(actions.values()) == sum(len(record["actions"]) for record in facts.plans)

    def test_regions_have_all_priorities(self, facts: Facts, shipped: Shipped) -> None:
        assert len(facts.regions) == 8
        lost = {}
        for record in facts.regions:
            region = NUTS[record["nuts"]]
            kept = {plain(name) for name in shipped.texts(region, INFRA["hasS3Priority"], SKOS["prefLabel"])}
            wanted = [name for item in record["s3_priorities"] for name in _names(item)]
            missing = [name for name in wanted + (record["s3_earlier"] or []) if plain(name) not in kept]
            lost |= {record["nuts"]: missing} if missing else {}
            number = len(record["s3_priorities"]) + len(record["s3_earlier"] or [])
            assert len(shipped.iris(region, INFRA["hasS3Priority"])) == number
        assert lost == {}

    def test_regions_have_all_stakeholders(self, facts: Facts, shipped: Shipped) -> None:
        lost = {}
        for record in facts.regions:
            region = NUTS[record["nuts"]]
            kept = words(" ".join(shipped.texts(region, INFRA["hasStakeholder"], SKOS["prefLabel"])))
            missing = [item["name"] for item in record["stakeholders"] if not words(item["name"]) & kept]
            lost |= {record["nuts"]: missing} if missing else {}
            assert len(shipped.iris(region, INFRA["hasStakeholder"])) == len(record["stakeholders"])
        assert lost == {}


def _names(item: Record) -> list[str]:
    return [item[key] for key in ("name", "name_local") if item.get(key)]


class TestSources:
    @pytest.mark.parametrize(
        ("kind", "name"),
        [
            ("facility", "facilities"),
            ("policy-instrument", "instruments"),
            ("practice", "practices"),
            ("event", "events"),
        ],
    )
    def test_each_source_of_the_facts_is_there(
        self, kind: str, name: str, facts: Facts, shipped: Shipped
    ) -> None:
        lost = {}
        for record in getattr(facts, name):
            node = entity(kind, record["id"])
            missing = urls(record) - {unquote(url) for url in shipped.iris(node, DCT["source"])}
            lost |= {record["id"]: missing} if missing else {}
        assert lost == {}

    @pytest.mark.parametrize(
        ("kind", "name"),
        [
            ("facility", "facilities"),
            ("policy-instrument", "instruments"),
            ("practice", "practices"),
            ("event", "events"),
        ],
    )
    def test_each_claim_is_there_with_its_source(
        self, kind: str, name: str, facts: Facts, shipped: Shipped
    ) -> None:
        lost = []
        for record in getattr(facts, name):
            claims = set()
            for claim in shipped.objects(entity(kind, record["id"]), INFRA["sourcedClaim"]):
                for text in shipped.texts(claim, INFRA["claim"]):
                    claims |= {(unquote(url), text) for url in shipped.iris(claim, DCT["source"])}
            expected = {
                (unquote(source["url"]), source["claim"])
                for source in record["sources"]
                if source.get("claim")
            }
            lost += sorted((record["id"], *claim) for claim in expected - claims)
        assert lost == []

    def test_each_region_has_its_sources(self, facts: Facts, shipped: Shipped) -> None:
        for record in facts.regions:
            kept = {unquote(url) for url in shipped.iris(NUTS[record["nuts"]], DCT["source"])}
            assert urls(record) <= kept, record["nuts"]

    def test_each_entity_has_a_source(self, data_graph: Store, shipped: Shipped) -> None:
        without = set()
        for quad in data_graph.quads_for_pattern(None, RDF["type"], None):
            node = quad.subject
            if not isinstance(node, NamedNode) or node.value not in ID or "#" in node.value:
                continue
            if not shipped.iris(node, DCT["source"]) and not _sourced_by_owner(shipped, node):
                without.add(node.value)
        assert without == set()


def _sourced_by_owner(shipped: Shipped, node: NamedNode) -> bool:
    """Services and priorities are stated by the sources of what they belong to."""
    for link in (INFRA["providesService"], INFRA["hasS3Priority"]):
        for quad in shipped.store.quads_for_pattern(None, link, node):
            if shipped.iris(quad.subject, DCT["source"]):
                return True
    return False


class TestFacilities:
    """Names, places and addresses are those of the facts."""

    def test_names(self, facts: Facts, shipped: Shipped) -> None:
        differing = {}
        for record in facts.facilities:
            english = shipped.texts(facility(record), DCT["title"], language="en")
            if english != [record["name"]]:
                differing[record["id"]] = (record["name"], english)
        assert differing == {}

    def test_local_names(self, facts: Facts, shipped: Shipped) -> None:
        differing = {}
        for record in facts.facilities:
            local = record["name_local"]
            if local:
                found = shipped.texts(facility(record), DCT["title"], language=local["lang"])
                differing |= {} if found == [local["value"]] else {record["id"]: (local, found)}
        assert differing == {}

    def test_coordinates(self, facts: Facts, shipped: Shipped) -> None:
        path = (INFRA["hasSite"], GEO["hasGeometry"], GEO["asWKT"])
        differing = {}
        for record in facts.facilities:
            numbers = [re.findall(r"[-\d.]+", text) for text in shipped.texts(facility(record), *path)]
            points = [(float(lon), float(lat)) for lon, lat in numbers]
            expected = [] if record["lat"] is None else [(record["lon"], record["lat"])]
            if points != expected:
                differing[record["id"]] = (expected, points)
        assert differing == {}

    def test_regions(self, facts: Facts, shipped: Shipped) -> None:
        regions = {
            record["id"]: shipped.iris(facility(record), INFRA["inRegion"]) for record in facts.facilities
        }
        assert regions == {record["id"]: {NUTS.base + record["nuts"]} for record in facts.facilities}

    def test_towns_and_countries(self, facts: Facts, shipped: Shipped) -> None:
        differing = {}
        for record in facts.facilities:
            found = [
                (shipped.texts(address, TOWN), shipped.texts(address, COUNTRY))
                for address in shipped.objects(facility(record), INFRA["hasSite"], ADDRESS)
            ]
            expected = [([record["city"]] if record["city"] else [], [record["country"]])]
            if found != expected:
                differing[record["id"]] = (expected, found)
        assert differing == {}

    def test_homepages(self, facts: Facts, shipped: Shipped) -> None:
        differing = {}
        for record in facts.facilities:
            found = shipped.iris(facility(record), FOAF["homepage"])
            if found != ({record["homepage"]} if record["homepage"] else set()):
                differing[record["id"]] = (record["homepage"], found)
        assert differing == {}

    def test_operators(self, facts: Facts, shipped: Shipped) -> None:
        differing = {}
        for record in facts.facilities:
            names = shipped.texts(facility(record), INFRA["operatedBy"], SKOS["prefLabel"], language="en")
            if len(names) != 1 or not words(names[0]) & words(record["operator"]["name"]):
                differing[record["id"]] = (record["operator"]["name"], names)
        assert differing == {}

    def test_all_operating_partners_that_have_a_name_are_there(self, facts: Facts, shipped: Shipped) -> None:
        # Groups without a name, such as "about 45 companies", are no organisations.
        group = re.compile(r"\d|^Swedish universities$")
        lost = {}
        for record in facts.facilities:
            kept = slugs_of(shipped.iris(facility(record), INFRA["operatingPartner"]))
            named = [name for name in record["operator_partners"] if not group.search(name)]
            lost |= {record["id"]: (named, kept)} if len(kept) < len(named) else {}
        assert lost == {}

    @pytest.mark.parametrize("key", FREE_WORDS)
    def test_free_words_are_kept_as_keywords(self, key: str, facts: Facts, shipped: Shipped) -> None:
        lost = {}
        for record in facts.facilities:
            kept = {word.casefold() for word in shipped.texts(facility(record), INFRA["keyword"])}
            missing = [word for word in record[key] if word.casefold() not in kept]
            lost |= {record["id"]: missing} if missing else {}
        assert lost == {}

    def test_descriptions_are_clean_sentences(self, facts: Facts, shipped: Shipped) -> None:
        for record in facts.facilities:
            for text in shipped.texts(facility(record), DCT["description"], language="en"):
                assert text[0].isupper() or text[0].isdigit(), (record["id"], text)
                assert text.rstrip().endswith((".", ")")), (record["id"], text)


def slugs_of(iris: set[str]) -> set[str]:
    return {iri.rsplit("/", 1)[-1] for iri in iris}


class TestOthers:
    def test_policy_instruments_have_their_names_and_region(self, facts: Facts, shipped: Shipped) -> None:
        differing = {}
        for record in facts.instruments:
            node = entity("policy-instrument", record["id"])
            kept = words(" ".join(shipped.texts(node, DCT["title"])))
            lost = words(record["name"] + " " + (record.get("name_local") or "")) - kept
            # A national instrument is listed under the partner's region, and stated for the country.
            regions = slugs_of(shipped.iris(node, INFRA["inRegion"]))
            if lost or not any(record["region"].startswith(region) for region in regions):
                differing[record["id"]] = (lost, record["region"], regions)
        assert differing == {}

    def test_policy_instruments_have_their_texts(self, facts: Facts, shipped: Shipped) -> None:
        kept_as = {"funds": "fundsNote", "managing_authority": "authorityNote"}
        kept_as |= {
            "budget": "budgetNote",
            "beneficiaries": "beneficiaryNote",
            "type": "policyInstrumentKind",
        }
        lost = [
            (record["id"], key)
            for record in facts.instruments
            for key, name in kept_as.items()
            if record.get(key) and not shipped.objects(entity("policy-instrument", record["id"]), INFRA[name])
        ]
        assert lost == []

    def test_practices_have_their_titles_regions_and_pages(self, facts: Facts, shipped: Shipped) -> None:
        differing = {}
        for record in facts.practices:
            node = entity("practice", record["id"])
            found = titles(shipped, node)
            regions = slugs_of(shipped.iris(node, INFRA["inRegion"]))
            pages = shipped.iris(node, FOAF["page"])
            expected = {record["nuts"]} if record["nuts"] else set()
            if found != [record["title"]] or not expected <= regions or record["url"] not in {*pages, None}:
                differing[record["id"]] = (found, record["nuts"], regions, pages)
        assert differing == {}

    def test_events_have_their_titles(self, facts: Facts, shipped: Shipped) -> None:
        for record in facts.events:
            assert titles(shipped, entity("event", record["id"])) == [record["title"]]

    def test_texts_are_tagged_with_a_language_of_a_partner(self, data_graph: Store) -> None:
        languages = {getattr(quad.object, "language", None) for quad in data_graph} - {None}
        assert languages <= set(LANGUAGES)
