"""The code lists: own schemes are complete in nine languages, reference lists are whole and reproducible."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from graph.iris import CODELIST, DCT, GEO, INFRA, LANGUAGES, NACE, NUTS, OWL, RDF, SKOS
from graph.resources import CODELISTS
from ontology import generate

REFERENCE_LISTS = {"nuts", "nace", "nace-labels", "euroscivoc", "capability-special", "capability-words"}
ADDED = {"capability": "capability-special"}
"""Files that add entries to the scheme of another file."""
OWN = sorted(path.stem for path in CODELISTS.glob("*.ttl") if path.stem not in REFERENCE_LISTS)
EUROSCIVOC = "http://data.europa.eu/8mn/euroscivoc/"
TYPE = RDF["type"]


@cache
def store(name: str) -> Store:
    """One code list alone, with the file that adds to it."""
    graph = Store()
    for part in (name, ADDED.get(name)):
        if part:
            graph.bulk_load(path=str(CODELISTS / f"{part}.ttl"), format=RdfFormat.TURTLE)
    return graph


def concepts(name: str) -> list[NamedNode]:
    graph = store(name)
    found = {quad.subject for quad in graph.quads_for_pattern(None, TYPE, SKOS["Concept"])}
    return sorted((node for node in found if isinstance(node, NamedNode)), key=str)


def nodes(name: str, subject: NamedNode, predicate: NamedNode) -> list[NamedNode]:
    found = (quad.object for quad in store(name).quads_for_pattern(subject, predicate, None))
    return [node for node in found if isinstance(node, NamedNode)]


def texts(name: str, subject: NamedNode, predicate: NamedNode) -> list[Literal]:
    found = (quad.object for quad in store(name).quads_for_pattern(subject, predicate, None))
    return [text for text in found if isinstance(text, Literal)]


def ancestors(name: str, concept: NamedNode) -> Iterator[NamedNode]:
    """All broader concepts, nearest first. Raises where the hierarchy has a circle."""
    pending, seen = nodes(name, concept, SKOS["broader"]), set()
    while pending:
        node = pending.pop(0)
        assert node != concept, f"{concept} is broader than itself"
        if node not in seen:
            seen.add(node)
            yield node
            pending.extend(nodes(name, node, SKOS["broader"]))


def depth(name: str, concept: NamedNode) -> int:
    return 1 + max((depth(name, parent) for parent in nodes(name, concept, SKOS["broader"])), default=0)


@pytest.mark.parametrize("name", OWN)
class TestOwnScheme:
    def test_the_scheme_has_title_description_and_licence(self, name: str) -> None:
        scheme = CODELIST[name]
        assert Quad(scheme, TYPE, SKOS["ConceptScheme"]) in store(name)
        assert texts(name, scheme, DCT["title"])
        assert texts(name, scheme, DCT["description"])
        licence = NamedNode("https://creativecommons.org/licenses/by/4.0/")
        assert nodes(name, scheme, DCT["license"]) == [licence]

    def test_each_concept_is_in_the_scheme_under_its_iri(self, name: str) -> None:
        graph = store(name)
        subjects = {quad.subject for quad in graph if quad.subject != CODELIST[name]}
        assert subjects == set(concepts(name))
        for concept in concepts(name):
            assert re.fullmatch(
                re.escape(f"{CODELIST[name].value}/") + "[a-z0-9]+(-[a-z0-9]+)*", concept.value
            )
            assert CODELIST[name] in nodes(name, concept, SKOS["inScheme"]), concept

    def test_each_concept_has_one_notation_that_ends_its_iri(self, name: str) -> None:
        for concept in concepts(name):
            notations = [text.value for text in texts(name, concept, SKOS["notation"])]
            assert notations == [concept.value.rsplit("/", 1)[-1]]

    def test_each_concept_has_one_label_a_language(self, name: str) -> None:
        for concept in concepts(name):
            labels = texts(name, concept, SKOS["prefLabel"])
            assert Counter(label.language for label in labels) == dict.fromkeys(LANGUAGES, 1), concept
            assert all(label.value == label.value.strip() != "" for label in labels), concept

    def test_other_labels_are_in_the_nine_languages_too(self, name: str) -> None:
        for concept in concepts(name):
            for label in texts(name, concept, SKOS["altLabel"]):
                assert label.language in LANGUAGES, (concept, label)
                assert label.value == label.value.strip() != "", (concept, label)

    def test_each_concept_has_an_english_definition(self, name: str) -> None:
        for concept in concepts(name):
            definitions = texts(name, concept, SKOS["definition"])
            assert [definition.language for definition in definitions] == ["en"], concept

    def test_each_concept_has_a_place_in_the_hierarchy(self, name: str) -> None:
        known = set(concepts(name))
        for concept in concepts(name):
            broader = nodes(name, concept, SKOS["broader"])
            tops = nodes(name, concept, SKOS["topConceptOf"])
            assert bool(broader) != bool(tops), concept
            assert set(broader) <= known, concept
            assert set(tops) <= {CODELIST[name]}, concept

    def test_no_label_means_two_concepts(self, name: str) -> None:
        meanings: dict[tuple[str, str], set[str]] = defaultdict(set)
        for concept in concepts(name):
            for kind in ("prefLabel", "altLabel"):
                for label in texts(name, concept, SKOS[kind]):
                    meanings[label.language or "", label.value.casefold()].add(concept.value.rsplit("/")[-1])
        assert {label: sorted(found) for label, found in meanings.items() if len(found) > 1} == {}

    def test_no_concept_has_the_same_label_twice(self, name: str) -> None:
        for concept in concepts(name):
            labels = [*texts(name, concept, SKOS["prefLabel"]), *texts(name, concept, SKOS["altLabel"])]
            counts = Counter((label.language, label.value.casefold()) for label in labels)
            assert [label for label, count in counts.items() if count > 1] == [], concept

    def test_the_hierarchy_has_no_circle(self, name: str) -> None:
        for concept in concepts(name):
            assert len(list(ancestors(name, concept))) < 10

    def test_related_goes_both_ways_and_never_up(self, name: str) -> None:
        known = set(concepts(name))
        for concept in concepts(name):
            above = set(ancestors(name, concept))
            for other in nodes(name, concept, SKOS["related"]):
                assert other in known - {concept}, (concept, other)
                assert other not in above, (concept, other)
                assert concept in nodes(name, other, SKOS["related"]), (concept, other)


class TestCapabilities:
    def test_there_are_250_to_400_and_special_ones_at_most_four_deep(self) -> None:
        special = set(concepts("capability-special"))
        assert 250 <= len(set(concepts("capability")) - special) <= 400
        assert special <= set(concepts("capability"))
        assert max(depth("capability", concept) for concept in concepts("capability")) in {3, 4}

    def test_nearly_all_have_other_labels_in_all_languages(self) -> None:
        complete = [
            concept
            for concept in concepts("capability")
            if {label.language for label in texts("capability", concept, SKOS["altLabel"])} >= set(LANGUAGES)
        ]
        assert len(complete) >= 0.95 * len(concepts("capability"))

    def test_problems_that_firms_state_are_tagged_with_a_language(self) -> None:
        for concept in concepts("capability"):
            for problem in texts("capability", concept, INFRA["answersProblem"]):
                assert problem.language in LANGUAGES, (concept, problem)

    def test_matches_to_euroscivoc_exist(self) -> None:
        fields = set(concepts("euroscivoc"))
        matched = 0
        for kind in ("closeMatch", "broadMatch", "exactMatch", "narrowMatch"):
            for quad in store("capability").quads_for_pattern(None, SKOS[kind], None):
                assert quad.object in fields, quad
                matched += 1
        assert matched >= 100


class TestNuts:
    def test_both_editions_are_whole(self) -> None:
        # 2,010 regions with a label point in 2021; at least 1,798 in 2024.
        editions = Counter(
            edition(node) for c in concepts("nuts") for node in nodes("nuts", c, SKOS["inScheme"])
        )
        assert editions["2021"] == 2010
        assert editions["2024"] >= 1798
        assert editions["nuts"] == len(concepts("nuts"))

    def test_levels_follow_from_codes_and_parents_exist(self) -> None:
        known = set(concepts("nuts"))
        for region in concepts("nuts"):
            code = region.value.removeprefix(NUTS.base)
            level = texts("nuts", region, INFRA["nutsLevel"])
            assert [int(number.value) for number in level] == [len(code) - 2], code
            parents = nodes("nuts", region, SKOS["broader"])
            assert parents == ([NUTS[code[:-1]]] if len(code) > 2 else []), code
            assert set(parents) <= known, code
            assert [text.value for text in texts("nuts", region, SKOS["notation"])] == [code]

    @pytest.mark.parametrize("year", ["2021", "2024"])
    def test_an_edition_has_a_country_and_its_regions_or_neither(self, year: str) -> None:
        codes = {
            region.value.removeprefix(NUTS.base)
            for region in concepts("nuts")
            if year in {edition(node) for node in nodes("nuts", region, SKOS["inScheme"])}
        }
        countries = {code for code in codes if len(code) == 2}
        assert countries == {code[:2] for code in codes if len(code) > 2}

    def test_countries_and_regions_that_partners_describe_have_nine_names_others_their_own(self) -> None:
        described = {"BE2", "CZ064", "DED4", "EE008", "ITH5", "LV008", "NL41", "SE224"}
        for region in concepts("nuts"):
            languages = {label.language for label in texts("nuts", region, SKOS["prefLabel"])}
            code = region.value.removeprefix(NUTS.base)
            if len(code) == 2:
                assert languages == set(LANGUAGES), region
            elif code in described:
                assert languages == {None, *LANGUAGES}, region
            else:
                assert languages in ({None}, {None, *LANGUAGES}), region

    def test_a_replaced_region_leads_to_one_in_force(self) -> None:
        replaced = list(store("nuts").quads_for_pattern(None, DCT["isReplacedBy"], None))
        assert NUTS["LV00C"] in {quad.object for quad in replaced if quad.subject == NUTS["LV008"]}
        for quad in replaced:
            old, new = quad.subject, quad.object
            assert isinstance(old, NamedNode)
            assert isinstance(new, NamedNode)
            assert texts("nuts", old, OWL["deprecated"]), old
            assert "2024" in {edition(node) for node in nodes("nuts", new, SKOS["inScheme"])}
            assert not texts("nuts", new, OWL["deprecated"]), new
            assert old in nodes("nuts", new, DCT["replaces"])

    def test_points_lie_on_earth_longitude_first(self) -> None:
        points: dict[str, tuple[float, float]] = {}
        for quad in store("nuts").quads_for_pattern(None, GEO["asWKT"], None):
            assert isinstance(quad.subject, NamedNode)
            assert isinstance(quad.object, Literal)
            found = re.fullmatch(r"POINT \((\S+) (\S+)\)", quad.object.value)
            assert found, quad
            assert quad.object.datatype == GEO["wktLiteral"]
            points[quad.subject.value] = float(found[1]), float(found[2])
        assert all(-180 <= lon <= 180 and -90 <= lat <= 90 for lon, lat in points.values())
        longitude, latitude = points[NUTS["NL414"].value + "#point"]
        assert 5 < longitude < 6
        assert 51 < latitude < 52

    def test_each_region_of_2021_has_a_point(self) -> None:
        for region in concepts("nuts"):
            if "2021" in {edition(node) for node in nodes("nuts", region, SKOS["inScheme"])}:
                assert nodes("nuts", region, GEO["hasGeometry"]), region


def edition(scheme: NamedNode) -> str:
    return scheme.value.rsplit("/", 1)[-1]


class TestNace:
    def test_the_list_is_whole(self) -> None:
        by_length = Counter(len(c.value.removeprefix(NACE.base)) for c in concepts("nace"))
        assert len(concepts("nace")) == 996
        # 21 sections, 88 divisions, 272 groups and 615 classes.
        assert by_length == {1: 21, 2: 88, 3: 272, 4: 615}

    @pytest.mark.parametrize(
        ("code", "notation"), [("C", "C"), ("26", "C26"), ("265", "C26.5"), ("2651", "C26.51"), ("01", "A01")]
    )
    def test_a_notation_is_section_and_code(self, code: str, notation: str) -> None:
        assert [text.value for text in texts("nace", NACE[code], SKOS["notation"])] == [notation]

    def test_all_lead_up_to_a_section(self) -> None:
        for activity in concepts("nace"):
            top = [activity, *ancestors("nace", activity)][-1]
            assert top.value.removeprefix(NACE.base).isalpha(), activity
            section = texts("nace", activity, SKOS["notation"])[0].value[0]
            assert top == NACE[section]

    def test_each_has_an_english_label(self) -> None:
        for activity in concepts("nace"):
            assert [label.language for label in texts("nace", activity, SKOS["prefLabel"])] == ["en"], (
                activity
            )

    def test_labels_of_sections_and_divisions_are_in_nine_languages(self) -> None:
        for activity in concepts("nace"):
            if len(activity.value.removeprefix(NACE.base)) <= 2:
                labels = texts("nace", activity, SKOS["prefLabel"])
                labels += texts("nace-labels", activity, SKOS["prefLabel"])
                assert Counter(label.language for label in labels) == dict.fromkeys(LANGUAGES, 1), activity

    def test_added_labels_are_for_activities_that_exist(self) -> None:
        known = set(concepts("nace"))
        assert {quad.subject for quad in store("nace-labels")} <= known


class TestCapabilityWords:
    def test_they_are_of_capabilities_that_exist(self) -> None:
        known = set(concepts("capability"))
        assert {quad.subject for quad in store("capability-words")} <= known

    def test_they_are_hidden_labels_in_the_nine_languages(self) -> None:
        for quad in store("capability-words"):
            assert quad.predicate == SKOS["hiddenLabel"], quad
            assert isinstance(quad.object, Literal), quad
            assert quad.object.language in LANGUAGES, quad
            assert quad.object.value == quad.object.value.strip() != "", quad

    def test_a_capability_that_has_words_has_them_in_each_language(self) -> None:
        spoken: dict[str, set[str | None]] = defaultdict(set)
        for quad in store("capability-words"):
            if isinstance(quad.object, Literal):
                spoken[str(quad.subject)].add(quad.object.language)
        assert spoken
        assert {concept: found for concept, found in spoken.items() if found != set(LANGUAGES)} == {}

    def test_no_word_is_a_label_already(self) -> None:
        for concept in concepts("capability"):
            named = {
                (text.language, text.value.casefold())
                for kind in ("prefLabel", "altLabel")
                for text in texts("capability", concept, SKOS[kind])
            }
            hidden = texts("capability-words", concept, SKOS["hiddenLabel"])
            assert not named & {(text.language, text.value.casefold()) for text in hidden}, concept


class TestEuroSciVoc:
    def test_the_list_is_whole(self) -> None:
        tops = [c for c in concepts("euroscivoc") if nodes("euroscivoc", c, SKOS["topConceptOf"])]
        assert len(concepts("euroscivoc")) == 1016
        assert len(tops) == 6

    def test_all_lead_up_to_a_top_field(self) -> None:
        for field in concepts("euroscivoc"):
            top = [field, *ancestors("euroscivoc", field)][-1]
            assert nodes("euroscivoc", top, SKOS["topConceptOf"]) == [CODELIST["euroscivoc"]]

    def test_labels_are_plain(self) -> None:
        for field in concepts("euroscivoc"):
            assert field.value.startswith(EUROSCIVOC)
            assert {"en", "de", "fr", "it"} == {
                x.language for x in texts("euroscivoc", field, SKOS["prefLabel"])
            }


@pytest.fixture(scope="module")
def regenerated(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the reference lists as the generator writes them from their sources."""
    folder = tmp_path_factory.mktemp("codelists")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(generate, "CODELISTS", folder)
        generate.main(shared / "codelists")
    return folder


@pytest.mark.parametrize("name", ["nuts", "nace", "euroscivoc"])
def test_a_reference_list_regenerates_to_the_same_bytes(name: str, regenerated: Path) -> None:
    same = (regenerated / f"{name}.ttl").read_bytes() == (CODELISTS / f"{name}.ttl").read_bytes()
    assert same, "run make codelists"
