"""The forty competency questions on the shipped graph: expected answers, and checks that use no SPARQL.

``competency/qNN.csv`` holds the expected answer of each question with its own example values. After a change of the
data, look at the difference and write them anew with ``pytest tests/queries/test_competency.py --write-answers``.
"""

import csv
import io
import itertools
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from by_hand import EIGHT, ByHand
from pyoxigraph import Literal, NamedNode, Quad, QueryResultsFormat, QuerySolutions, Store
from rdflib.plugins.sparql import prepareQuery

from graph.iris import CODELIST, DCT, FOAF, GRAPH, ID, INFRA, LANGUAGES, NUTS, ORG, OWL, SCHEMA, SKOS
from graph.iris import RDF as R
from graph.match.criteria import Wish
from graph.match.need import Need
from graph.match.reasons import Reasons
from graph.match.scheme import Scheme
from graph.match.support import SupportSchemes
from graph.resources import ONTOLOGY, QUERIES
from graph.service import Service, running
from graph.settings import Settings
from graph.store.catalogue import AUDIENCES, Query, QueryCatalogue

QUESTIONS = [q for q in QueryCatalogue(QUERIES).all() if q.name.startswith("competency-")]
NUMBERED = {int(q.name.split("-")[1].removeprefix("q")): q for q in QUESTIONS}
ANSWERS = Path(__file__).parent / "competency"
UNSTEADY = {15: {"date"}}
"""Columns that differ from load to load: the day on which a contribution was accepted."""
CAP = CODELIST.base + "capability/"
Row = dict[str, str]


@pytest.fixture(scope="module")
def service(shipped: Path, copy_of: Callable[[Path], Path]) -> Iterator[Service]:
    with running(Settings(data_dir=copy_of(shipped), query_workers=1)) as started:
        yield started


@pytest.fixture(scope="module")
def hand(data_graph: Store, codelist_graph: Store) -> ByHand:
    return ByHand(data_graph, codelist_graph)


def answered(store: Store, text: str) -> list[Row]:
    """The rows of an answer as plain text; what is not bound is missing."""
    solutions = store.query(text, use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    return [{name: term.value for name in names if (term := row[name]) is not None} for row in solutions]


def ask(asked: Service, number: int, **values: str | list[str]) -> list[Row]:
    """Ask a question, with values as text where they are given."""
    query = NUMBERED[number]
    given = {name: [value] if isinstance(value, str) else value for name, value in values.items()}
    return answered(asked.snapshot.store, query.bind_strings(given))


def iris(rows: Iterable[Row], name: str) -> list[NamedNode]:
    return [NamedNode(row[name]) for row in rows]


def local(iri: str) -> str:
    return re.split(r"[/#]", iri)[-1]


Triples = list[tuple[NamedNode, NamedNode, NamedNode | Literal]]


class Larger:
    """The shipped graph with a contribution of one more partner for as long as a question is asked."""

    def __init__(self, store: Store) -> None:
        self.store = Store()
        self.store.extend(store)

    def ask(self, number: int, triples: Triples, **values: str) -> list[Row]:
        graph, attributed = GRAPH["example/more"], NamedNode("http://www.w3.org/ns/prov#wasAttributedTo")
        added = [
            Quad(graph, R["type"], INFRA["Contribution"], GRAPH["provenance"]),
            Quad(graph, attributed, ID["organisation/example"], GRAPH["provenance"]),
            *(Quad(s, p, o, graph) for s, p, o in triples),
        ]
        self.store.extend(added)
        try:
            return answered(self.store, NUMBERED[number].bind_strings({k: [v] for k, v in values.items()}))
        finally:
            for quad in added:
                self.store.remove(quad)


@pytest.fixture(scope="module")
def larger(service: Service) -> Larger:
    return Larger(service.snapshot.store)


class TestHeaders:
    def test_there_are_forty(self) -> None:
        assert sorted(NUMBERED) == list(range(1, 41))

    @pytest.mark.parametrize("query", QUESTIONS, ids=lambda query: query.name)
    def test_each_has_nine_titles_an_audience_and_another_example(self, query: Query) -> None:
        assert set(query.titles) == set(LANGUAGES)
        assert len(set(query.titles.values())) == len(LANGUAGES)
        assert query.audience in AUDIENCES
        assert query.example
        assert query.bind_strings(_example(query)) != query.text

    @pytest.mark.parametrize("query", QUESTIONS, ids=lambda query: query.name)
    def test_each_value_of_a_parameter_stands_the_same_wherever_it_stands(self, query: Query) -> None:
        for parameter in query.parameters:
            blocks = re.findall(rf"VALUES\s+\?{parameter.name}\s*\{{([^}}]*)\}}", query.text)
            assert {" ".join(block.split()) for block in blocks} == {
                " ".join(query.defaults[parameter.name].split())
            }

    @pytest.mark.parametrize("query", QUESTIONS, ids=lambda query: query.name)
    def test_plain_values_of_the_file_bind_to_the_same_query(self, query: Query) -> None:
        given = {name: list(values) for name, values in query.plain_defaults.items() if values}
        again = query.bind_strings(given)
        written = in_full(again)
        assert written == in_full(query.text)

    @pytest.mark.parametrize("query", QUESTIONS, ids=lambda query: query.name)
    def test_another_parser_reads_it_too(self, query: Query) -> None:
        assert prepareQuery(query.text).algebra

    def test_no_engine_is_needed_that_knows_more_than_sparql(self) -> None:
        for query in QUESTIONS:
            prefixes = dict(re.findall(r"^PREFIX\s+([\w-]*):\s*<([^>]*)>", query.text, re.MULTILINE))
            body = re.sub(r"^PREFIX.*$|#.*$|<[^>\s]*>|\"[^\"]*\"", " ", query.text, flags=re.MULTILINE)
            called = set(re.findall(r"([\w-]+):[\w-]+\(", body))
            assert called <= {"xsd"}, query.name
            used = set(re.findall(r"(?<![\w?])([a-z]+):(?=[A-Za-z])", body))
            assert used == set(prefixes), query.name
            assert not re.search(r"\b(LATERAL|geof|ofn|bif|afn)\b", body)


def in_full(text: str) -> str:
    """A query's text with its names in full, without the datatypes of bound numbers, spaces made one."""
    prefixes = dict(re.findall(r"^PREFIX\s+([\w-]*):\s*<([^>]*)>", text, re.MULTILINE))
    body = re.sub(r"^PREFIX.*$", "", text, flags=re.MULTILINE)
    full = re.sub(
        r"(?<![<\w?:/])([a-z]+):([A-Za-z][\w-]*)",
        lambda m: f"<{prefixes[m[1]]}{m[2]}>" if m[1] in prefixes else m[0],
        body,
    )
    return " ".join(re.sub(r'"\^\^<[^>]*>|"', "", full).split())


def _example(query: Query) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for name, text in query.example:
        values.setdefault(name, []).append(text)
    return values


class TestAnswers:
    @pytest.mark.parametrize("number", sorted(NUMBERED))
    def test_the_answer_is_as_expected(
        self, service: Service, number: int, request: pytest.FixtureRequest
    ) -> None:
        answer = service.snapshot.store.query(NUMBERED[number].text, use_default_graph_as_union=True)
        assert isinstance(answer, QuerySolutions)
        written = answer.serialize(format=QueryResultsFormat.CSV)
        assert written is not None
        found = list(csv.reader(io.StringIO(written.decode(), newline="")))
        unsteady = [found[0].index(name) for name in UNSTEADY.get(number, ())]
        for row, column in itertools.product(found[1:], unsteady):
            assert row[column]
            row[column] = ""
        path = ANSWERS / f"q{number:02d}.csv"
        if request.config.getoption("--write-answers"):
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows(found)
        with path.open(encoding="utf-8", newline="") as file:
            assert found == list(csv.reader(file))

    @pytest.mark.parametrize("number", sorted(NUMBERED))
    def test_rows_are_told_apart_by_what_they_are_ordered_by(self, number: int) -> None:
        """Else a page of rows could hold a row that another page holds too."""
        query = NUMBERED[number]
        keys = re.findall(r"\?(\w+)", query.text[query.text.rindex("ORDER BY") :])
        with (ANSWERS / f"q{number:02d}.csv").open(encoding="utf-8", newline="") as file:
            seen = Counter(tuple(row[key] for key in keys) for row in csv.DictReader(file))
        assert [key for key, count in seen.items() if count > 1] == []

    @pytest.mark.parametrize("number", sorted(NUMBERED))
    def test_the_example_gives_an_answer_within_the_limits_of_the_public(
        self, service: Service, number: int
    ) -> None:
        query = NUMBERED[number]
        screened = service.public.screen(query.bind_strings(_example(query)))
        answer = service.public.run(screened, "text/csv", service.snapshot.path, timeout=10)
        assert len(answer.content.splitlines()) >= (1 if number in {12, 13} else 2)

    def test_names_come_in_the_language_asked_for_then_english_then_any(self, service: Service) -> None:
        czech = {row["branch"]: row for row in ask(service, 3, lang="cs")}
        assert czech[CAP + "testing"]["branchName"] == _label(service, CAP + "testing", "cs")
        other = {row["branch"]: row for row in ask(service, 3, lang="fi")}
        assert other[CAP + "testing"]["branchName"] == _label(service, CAP + "testing", "en")
        assert {row["regionName"] for row in ask(service, 40, lang="fi", region="BE2")} == {"Flanders"}
        assert {row["regionName"] for row in ask(service, 40, lang="fi", region="BE21")} == {
            "Prov. Antwerpen"
        }


def _label(service: Service, iri: str, language: str) -> str:
    quads = service.snapshot.store.quads_for_pattern(NamedNode(iri), SKOS["prefLabel"], None, None)
    return next(
        q.object.value for q in quads if isinstance(q.object, Literal) and q.object.language == language
    )


class TestDistances:
    @pytest.mark.parametrize(
        ("capability", "lat", "lon", "km"),
        [
            ("additive-manufacturing", 51.44, 5.48, 150),
            ("testing", 49.195, 16.608, 500),
            ("digital", 58.38, 26.72, 2_000),
            ("health", -41.29, 174.78, 18_500),
            ("health", 50.11, -122.95, 30_000),
        ],
    )
    def test_facilities_near_a_point(
        self, service: Service, hand: ByHand, capability: str, lat: float, lon: float, km: float
    ) -> None:
        rows = ask(service, 1, capability=capability, lat=f"{lat}", lon=f"{lon}", km=f"{km}")
        able = {f for f, covered in hand.covered.items() if CAP + capability in covered}
        far = {f: hand.km((lat, lon), f) for f in able}
        assert len(rows) == len({row["facility"] for row in rows})
        assert set(iris(rows, "facility")) == {f for f, d in far.items() if d is None or d <= km}
        for row in rows:
            distance = far[NamedNode(row["facility"])]
            assert row["verdict"] == ("unknown" if distance is None else "met")
            if distance is None:
                assert "distanceKm" not in row
            else:
                assert float(row["distanceKm"]) == pytest.approx(distance, abs=0.051)
            modes = {local(m.value) for m in hand.access(NamedNode(row["facility"]))}
            assert len(row.get("accessModes", "").split("; ")) == max(1, len(modes))

    @pytest.mark.parametrize(
        ("capability", "kind", "region", "km"),
        [
            ("materials", "testing", "BE223", 250),
            ("testing", "measurement", "CZ064", 900),
            ("health", "training", "EE", 700),
        ],
    )
    def test_facilities_for_a_service_near_a_region(
        self, service: Service, hand: ByHand, capability: str, kind: str, region: str, km: float
    ) -> None:
        rows = ask(service, 18, capability=capability, service=kind, region=region, km=f"{km}")
        place = hand.label_point(region)
        expected: dict[NamedNode, tuple[str, str]] = {}
        for facility, covered in hand.covered.items():
            services = hand.services(facility)
            distance = hand.km(place, facility)
            near = "unknown" if distance is None else "met" if distance <= km else "not-met"
            serves = (
                "unknown"
                if not services
                else "met"
                if CODELIST[f"service-kind/{kind}"] in services
                else "not-met"
            )
            if CAP + capability in covered and "not-met" not in {near, serves}:
                expected[facility] = (near, serves)
        assert {
            NamedNode(r["facility"]): (r["distanceVerdict"], r["serviceVerdict"]) for r in rows
        } == expected
        known = [
            float(row["distanceKm"]) for row in rows if row["serviceVerdict"] == "met" and "distanceKm" in row
        ]
        assert known == sorted(known)

    def test_gaps_that_a_neighbour_fills(self, service: Service, hand: ByHand) -> None:
        for region, km in (("BE2", 200), ("SE224", 600)):
            rows = ask(service, 30, region=region, km=f"{km}")
            wanted = {
                c.value
                for p in hand.values(NUTS[region], INFRA["hasS3Priority"])
                for c in hand.values(p, INFRA["priorityCapability"])
            }
            gaps = wanted - {c for f in hand.within(region) for c in hand.covered[f]}
            place = hand.label_point(region)
            expected = {
                (gap, f.value)
                for gap, f in itertools.product(gaps, hand.facilities)
                if gap in hand.covered[f] and ((d := hand.km(place, f)) is None or d <= km)
            }
            assert {(row["capability"], row["facility"]) for row in rows} == expected
            assert len(rows) == len(expected) > 4


class TestNegations:
    def test_capabilities_of_one_region_and_none_of_others(self, service: Service, hand: ByHand) -> None:
        for region, others in (("BE2", ["NL41", "DED4"]), ("SE224", ["EE", "LV", "CZ"])):
            rows = ask(service, 2, region=region, other=others)
            elsewhere = {c for f in hand.within(*others) for c in hand.covered[f]}
            here = Counter(c for f in hand.within(region) for c in hand.stated[f])
            assert {row["capability"]: int(row["facilities"]) for row in rows} == {
                c: n for c, n in here.items() if c not in elsewhere
            }
            assert {int(row["elsewhereDescribed"]) for row in rows} == {len(hand.within(*others))}

    def test_capabilities_that_no_other_region_has(self, service: Service, hand: ByHand) -> None:
        for region in ("CZ064", "EE", "LV008"):
            rows = ask(service, 17, region=region)
            mine = hand.within(region)
            elsewhere = {c for f in hand.facilities - mine for c in hand.covered[f]}
            assert {(row["capability"], row["facility"]) for row in rows} == {
                (c, f.value) for f in mine for c in hand.stated[f] if c not in elsewhere
            }

    def test_common_and_specific_capabilities(self, service: Service, hand: ByHand) -> None:
        rows = ask(service, 27)
        where: dict[str, set[str]] = {}
        for region in EIGHT:
            for f in hand.within(region):
                for c in hand.covered[f]:
                    where.setdefault(c, set()).add(region)
        assert {r["capability"] for r in rows if r["kind"] == "common"} == {
            c for c, at in where.items() if len(at) == len(EIGHT)
        }
        assert {(r["capability"], local(r["region"])) for r in rows if r["kind"] == "specific"} == {
            (c, next(iter(at))) for c, at in where.items() if len(at) == 1
        }

    def test_regions_without_facilities_do_not_make_all_else_uncommon(self, service: Service) -> None:
        with_none = ask(service, 27, region=["BE2", "NL41", "FRH0"])
        assert with_none == ask(service, 27, region=["BE2", "NL41"])

    def test_priorities_and_gaps(self, service: Service, hand: ByHand) -> None:
        for region in ("SE224", "LV008"):
            rows = ask(service, 26, region=region)
            here = Counter(c for f in hand.within(region) for c in hand.covered[f])
            expected = {
                (p.value, c.value): here[c.value]
                for p in hand.values(NUTS[region], INFRA["hasS3Priority"])
                for c in hand.values(p, INFRA["priorityCapability"])
            }
            assert {(r["priority"], r["capability"]): int(r["facilities"]) for r in rows} == expected
            assert all(r["verdict"] == ("covered" if int(r["facilities"]) else "gap") for r in rows)

    def test_a_priority_without_capabilities_is_unknown_and_no_gap(self, larger: Larger) -> None:
        priority = ID["s3-priority/bare"]
        rows = larger.ask(
            26,
            [
                (NUTS["SE224"], INFRA["hasS3Priority"], priority),
                (priority, SKOS["prefLabel"], Literal("Bare", language="en")),
            ],
        )
        assert [(r["verdict"], r["priorityName"]) for r in rows if r["priority"] == priority.value] == [
            ("unknown", "Bare")
        ]

    def test_practices_of_alike_regions(self, service: Service, hand: ByHand) -> None:
        rows = ask(service, 29, least="0")
        alike = {row["other"]: row["likeness"] for row in ask(service, 28)}
        assert {row["other"]: row["likeness"] for row in rows}.items() <= alike.items()
        themes: dict[NamedNode, set[object]] = {}
        places: dict[NamedNode, set[str]] = {}
        for practice in hand.of_class("GoodPractice"):
            themes[practice] = hand.values(practice, INFRA["practiceTheme"])
            places[practice] = hand.with_broader(hand.values(practice, INFRA["inRegion"]))
        own = {p for p, at in places.items() if NUTS["CZ064"].value in at}
        had = {t for p in own for t in themes[p]}
        assert own
        expected = {
            (NUTS[region].value, p.value): len(themes[p] - had)
            for region in EIGHT
            if region != "CZ064"
            for p, at in places.items()
            if NUTS[region].value in at and p not in own
        }
        found = {
            (r["other"], r["practice"]): len(r["newThemes"].split("; ")) if "newThemes" in r else 0
            for r in rows
        }
        assert found == expected


class TestCounts:
    def test_branches_and_countries(self, service: Service, hand: ByHand) -> None:
        rows = ask(service, 3)
        tops = {
            q.subject.value
            for q in hand.codelists.quads_for_pattern(
                None, SKOS["topConceptOf"], CODELIST["capability"], None
            )
        }
        expected = Counter(
            (branch, country)
            for f in hand.facilities
            for branch in hand.covered[f] & tops
            for country in hand.regions[f]
            if len(country) == 2
        )
        assert {(r["branch"], local(r["country"])): int(r["facilities"]) for r in rows} == expected

    def test_operators(self, service: Service, hand: ByHand) -> None:
        rows = ask(service, 6)
        expected = Counter(o.value for f in hand.facilities for o in hand.values(f, INFRA["operatedBy"]))
        assert {r["organisation"]: int(r["facilities"]) for r in rows} == expected
        for row in rows:
            kinds = hand.values(NamedNode(row["organisation"]), ORG["classification"])
            assert ("kind" in row) == bool(kinds)
        assert ask(service, 6, least="3") == [r for r in rows if int(r["facilities"]) >= 3]

    def test_technologies_with_those_that_state_none(self, service: Service, hand: ByHand) -> None:
        rows = ask(service, 7)
        expected = Counter(
            (region, ket)
            for region in EIGHT
            for f in hand.within(region)
            for ket in {k.value for k in hand.values(f, INFRA["keyEnablingTechnology"])} or {""}
        )
        assert {(local(r["region"]), r.get("technology", "")): int(r["facilities"]) for r in rows} == expected

    def test_kinds_of_facility_against_the_mean(self, service: Service, hand: ByHand) -> None:
        rows = ask(service, 35)
        kinds = {k.value for f in hand.facilities for k in hand.values(f, INFRA["facilityKind"])}
        shares: dict[str, dict[str, float]] = {}
        for region in EIGHT:
            inside = hand.within(region)
            counted = Counter(k.value for f in inside for k in hand.values(f, INFRA["facilityKind"]))
            for kind in kinds:
                shares.setdefault(kind, {})[region] = counted[kind] / len(inside)
        seen = set()
        for row in rows:
            kind, region = row["kind"], local(row["region"])
            seen.add((kind, region))
            mean = sum(shares[kind].values()) / len(EIGHT)
            assert float(row["share"]) == pytest.approx(shares[kind][region], abs=0.00051)
            assert float(row["meanShare"]) == pytest.approx(mean, abs=0.00051)
            assert float(row["difference"]) == pytest.approx(shares[kind][region] - mean, abs=0.00051)
        used = {kind for kind, by in shares.items() if any(by.values())}
        assert seen == set(itertools.product(used, EIGHT))
        assert len(rows) == len(seen)

    def test_themes_of_practices(self, service: Service, hand: ByHand) -> None:
        expected = Counter(
            (region, theme.value)
            for p in hand.of_class("GoodPractice")
            for theme in hand.values(p, INFRA["practiceTheme"])
            for region in {r.value for r in hand.values(p, INFRA["inRegion"])} or {""}
        )
        rows = ask(service, 36)
        assert {(r.get("region", ""), r["theme"]): int(r["practices"]) for r in rows} == expected
        assert any("region" not in row for row in rows)

    def test_sources(self, service: Service, hand: ByHand) -> None:
        claims = hand.data.quads_for_pattern(None, R["type"], INFRA["SourcedClaim"], None)
        claimed = Counter(s.value for c in claims for s in hand.values(c.subject, DCT["source"]))
        rows = ask(service, 10, least="1")
        assert {r["source"]: int(r["claims"]) for r in rows} == claimed
        assert [int(r["claims"]) for r in rows] == sorted((int(r["claims"]) for r in rows), reverse=True)

    def test_completeness(self, service: Service, hand: ByHand) -> None:
        rows = ask(service, 34)
        offers = {"accessMode", "costMode", "accessCondition", "priceNote", "openToSmes", "leadTimeDays"}
        for row in rows:
            inside, field = hand.within(local(row["region"])), row["field"]
            assert int(row["facilities"]) == len(inside)
            if field == "http://www.opengis.net/ont/geosparql#asWKT":
                stated = [f for f in inside if hand.place(f)]
            elif field == "http://www.w3.org/ns/sosa/hosts":
                stated = [
                    f for f in inside if hand.subjects(NamedNode("http://www.w3.org/ns/sosa/isHostedBy"), f)
                ]
            elif field == SCHEMA["contactPoint"].value:
                stated = [
                    f for f in inside if hand.values(f, SCHEMA["email"]) | hand.values(f, SCHEMA["telephone"])
                ]
            elif local(field) in offers:
                stated = [f for f in inside if hand.values(f, INFRA["offersAccess"], NamedNode(field))]
            else:
                stated = [f for f in inside if hand.values(f, NamedNode(field))]
            assert int(row["stated"]) == len(stated), row
            assert float(row["share"]) == pytest.approx(len(stated) / len(inside), abs=0.00051)
        assert len(rows) == len(EIGHT) * 23

    def test_access_for_smes(self, service: Service, hand: ByHand) -> None:
        for row in ask(service, 40):
            inside = hand.within(local(row["region"]))
            said = {
                f: {v.value for v in hand.values(f, INFRA["offersAccess"], INFRA["openToSmes"])}
                for f in inside
            }
            opened = sum("true" in values for values in said.values())
            closed = sum(values == {"false"} for values in said.values())
            assert (int(row["facilities"]), int(row["open"]), int(row["closed"]), int(row["notStated"])) == (
                len(inside),
                opened,
                closed,
                len(inside) - opened - closed,
            )
            assert float(row["openShare"]) == pytest.approx(opened / len(inside), abs=0.00051)

    def test_organisations_without_identifier(self, service: Service, hand: ByHand, larger: Larger) -> None:
        rows = ask(service, 16)
        assert {r["organisation"] for r in rows} == {o.value for o in hand.of_class("Organization", ORG)}
        known = NamedNode(rows[0]["organisation"])
        number = ID["identifier/ror"]
        adms = NamedNode("http://www.w3.org/ns/adms#identifier")
        fewer = larger.ask(16, [(known, adms, number), (number, SKOS["notation"], Literal("04w0pa215"))])
        assert {r["organisation"] for r in rows} - {r["organisation"] for r in fewer} == {known.value}


class TestUnknownsApart:
    def test_levels_of_readiness(self, service: Service, hand: ByHand) -> None:
        def level(facility: NamedNode, name: str) -> int | None:
            return next((int(v.value) for v in hand.values(facility, INFRA[name])), None)

        for start, target in ((4, 6), (2, 3), (1, 9), (7, 9)):
            expected = {}
            for f in hand.facilities:
                low, high = level(f, "trlMin"), level(f, "trlMax")
                if (low is not None and low > start + 1) or (high is not None and high < target):
                    continue
                expected[f.value] = "met" if low is not None and high is not None else "unknown"
            rows = ask(service, 20, start=f"{start}", target=f"{target}")
            assert {row["facility"]: row["verdict"] for row in rows} == expected
            assert len(rows) == len(expected)

    def test_modes_of_access(self, service: Service, hand: ByHand) -> None:
        for mode in ("fee-for-service", "market-driven", "voucher"):
            wanted = CODELIST[f"access-mode/{mode}"].value
            expected = {}
            for f in hand.facilities:
                modes = hand.access(f)
                if not modes:
                    expected[f.value] = "unknown"
                elif wanted in hand.with_broader(modes):
                    expected[f.value] = "met"
            rows = ask(service, 21, mode=mode)
            assert {row["facility"]: row["verdict"] for row in rows} == expected
            assert len(rows) == len(expected)

    def test_services_in_a_language(self, service: Service, hand: ByHand) -> None:
        table = "http://publications.europa.eu/resource/authority/language/"
        for kind, tongue in (("testing", "ITA"), ("consultancy", "DEU")):
            expected = {}
            for f in hand.facilities:
                verdicts = []
                for stated, wanted in (
                    (hand.services(f), CODELIST[f"service-kind/{kind}"]),
                    (hand.values(f, DCT["language"]), NamedNode(table + tongue)),
                ):
                    verdicts.append("unknown" if not stated else "met" if wanted in stated else "not-met")
                if "not-met" not in verdicts:
                    expected[f.value] = tuple(verdicts)
            rows = ask(service, 25, service=kind, tongue=tongue)
            assert {r["facility"]: (r["serviceVerdict"], r["languageVerdict"]) for r in rows} == expected
            verdicts_in_order = [row["languageVerdict"] for row in rows]
            assert verdicts_in_order == sorted(verdicts_in_order)

    def test_actions_and_what_inspired_them(self, service: Service, hand: ByHand, larger: Larger) -> None:
        rows = ask(service, 32)
        assert {row["action"] for row in rows} == {a.value for a in hand.of_class("Action")}
        assert {row["verdict"] for row in rows} == {"unknown"}
        action, practice, instrument = (
            NamedNode(rows[0]["action"]),
            ID["practice/mist-er"],
            ID["policy-instrument/pr-fesr-er-2021-2027"],
        )
        told = larger.ask(
            32, [(action, INFRA["inspiredBy"], practice), (action, INFRA["improves"], instrument)]
        )
        assert len(told) == len(rows)
        assert [(r["practice"], r["instrument"]) for r in told if r["verdict"] == "met"] == [
            (practice.value, instrument.value)
        ]

    def test_support_schemes_agree_with_the_matching(self, service: Service) -> None:
        """The matcher judges the conditions in Python; what it excludes is out, and what it asks is listed."""
        reasons = Reasons(ONTOLOGY / "words")
        scheme = Scheme.read(service.snapshot, service.catalogue)
        schemes = SupportSchemes(service.snapshot, service.catalogue)
        for region, size in itertools.product(
            ("BE2", "EE008", "CZ064", "DED41", "NL414", "LV008", "SE224"), ("micro", "large")
        ):
            around = [NUTS[region], *scheme.ancestors.get(NUTS[region], ())]
            need = Need.model_validate({"capabilities": ["testing"], "region": region, "companySize": size})
            judged = schemes.open_to(need, around, Wish((), {}), scheme, reasons, "en")
            year = f"{datetime.now(UTC).year}"  # the matcher leaves out what ended before today
            rows = ask(service, 22, region=region, size=size, year=year)
            expected = {s.instrument.value: s.verdict.value for s in judged if s.verdict.value != "not-met"}
            assert {row["scheme"]: row["verdict"] for row in rows} == expected, (region, size)


class TestSets:
    def test_facilities_that_together_cover_agree_with_trying_all(
        self, service: Service, hand: ByHand
    ) -> None:
        wanted = {CAP + c for c in ("additive-manufacturing", "fatigue-testing", "composites")}
        able = sorted(
            (f for f in hand.within("BE", "NL", "DE", "CZ") if hand.covered[f] & wanted),
            key=lambda f: f.value,
        )
        expected = set()
        for size in (1, 2, 3):
            for together in itertools.combinations(able, size):
                parts = [hand.covered[f] & wanted for f in together]
                rest = [set().union(*parts[:i], *parts[i + 1 :]) for i in range(size)]
                if set().union(*parts) == wanted and all(r != wanted for r in rest):
                    expected.add(tuple(f.value for f in together))
        rows = ask(service, 24)
        found = {tuple(row[name] for name in ("facility", "second", "third") if name in row) for row in rows}
        assert found == expected
        assert len(rows) == len(expected) > 3
        assert [int(row["size"]) for row in rows] == sorted(int(row["size"]) for row in rows)

    def test_better_covered_abroad(self, service: Service, hand: ByHand) -> None:
        for capability, home in (("testing", "BE"), ("electronics", "LV"), ("health", "FR")):
            branch = {c for c in _all(hand.stated) if CAP + capability in hand.with_broader([NamedNode(c)])}
            covers = {f: len(hand.stated[f] & branch) for f in hand.facilities}
            at_home = hand.within(home)
            best = max((covers[f] for f in at_home), default=0)
            rows = ask(service, 19, capability=capability, home=home)
            assert {r["facility"]: (int(r["covers"]), int(r["bestAtHome"])) for r in rows} == {
                f.value: (n, best) for f, n in covers.items() if f not in at_home and n > best
            }

    def test_likeness_of_regions(self, service: Service, hand: ByHand) -> None:
        own = {c for f in hand.within("CZ064") for c in hand.stated[f]}
        rows = ask(service, 28)
        for row in rows:
            other = {c for f in hand.within(local(row["other"])) for c in hand.stated[f]}
            assert float(row["likeness"]) == pytest.approx(len(own & other) / len(own | other), abs=0.00051)
            assert len(row["sharedCapabilities"].split("; ")) == len(own & other) == int(row["shared"])
        assert {local(row["other"]) for row in rows} == set(EIGHT) - {"CZ064"}

    def test_central_facilities(self, service: Service, hand: ByHand) -> None:
        for least in (2, 4):
            expected = {}
            for f in hand.facilities:
                shared = {g: len(hand.stated[f] & hand.stated[g]) for g in hand.facilities - {f}}
                linked = {g: n for g, n in shared.items() if n >= least}
                if linked:
                    countries = {c for g in linked for c in hand.regions[g] if len(c) == 2}
                    expected[f.value] = (len(linked), len(countries), sum(linked.values()))
            rows = ask(service, 38, least=f"{least}")
            assert {
                r["facility"]: (int(r["links"]), int(r["countries"]), int(r["weight"])) for r in rows
            } == expected

    def test_diversity_is_shannons_index(self, service: Service, hand: ByHand) -> None:
        codes = [*EIGHT, "BE", "EE", "LV", "NL", "IT", "LV00A", "BE25"]
        rows = ask(service, 39, region=codes)
        for row in rows:
            counted = Counter(c for f in hand.within(local(row["region"])) for c in hand.stated[f])
            total = sum(counted.values())
            index = -sum(n / total * math.log(n / total) for n in counted.values())
            assert float(row["shannon"]) == pytest.approx(index, abs=0.000051)
            assert float(row["evenness"]) == pytest.approx(index / math.log(len(counted)), abs=0.000051)
            assert int(row["capabilities"]) == len(counted)
        assert len(rows) == len(codes)

    def test_the_logarithm_holds_far_beyond_the_counts_of_the_data(self) -> None:
        """The steps of the query that take a logarithm, alone, on numbers of up to ten digits."""
        text = NUMBERED[39].text
        start = text.index("BIND (STRLEN(STR(?total))")
        steps = text[start : text.index("BIND (STRLEN(STR(?capabilities))")]
        numbers = [1, 2, 3, 5, 7, 9, 10, 19, 99, 100, 641, 1_024, 99_999, 123_456_789, 9_999_999_999]
        values = " ".join(map(str, numbers))
        prefix = "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>"
        rows = answered(
            Store(), f"{prefix} SELECT ?total ?ofTotal {{ VALUES ?total {{ {values} }} {steps} }}"
        )
        assert {int(r["total"]): float(r["ofTotal"]) for r in rows} == pytest.approx(
            {n: math.log(n) for n in numbers}, abs=1e-9
        )


def _all(stated: dict[NamedNode, set[str]]) -> set[str]:
    return {capability for capabilities in stated.values() for capability in capabilities}


class TestPartners:
    def test_what_is_missing_agrees_with_the_rules(self, service: Service) -> None:
        """Counted against what the SHACL rules find in the same file."""
        for partner, dataset in (
            ("art-er", "facilities"),
            ("art-er", "organisations"),
            ("inno-infra-share", "practices"),
        ):
            graph = GRAPH[f"{partner}/{dataset}"].value
            rows = [r for r in ask(service, 11, partner=partner) if r["contribution"] == graph]
            data = (QUERIES.parent / "data" / partner / f"{dataset}.ttl").read_bytes()
            with service.against() as against:
                report = service.checking.check(data, "text/turtle", against=against).report
            asked = set(re.findall(r'"([a-z-]+-required)"\)', NUMBERED[11].text))
            severities = {rule.code: rule.severity for rule in service.rules.all()}
            assert asked <= set(severities)
            assert Counter(r["rule"] for r in rows) == {
                code: count for code, count in report.by_code.items() if code in asked
            }
            assert {r["rule"]: r["weight"] for r in rows} == {
                r["rule"]: "3" if severities[r["rule"]] == "warning" else "1" for r in rows
            }
            assert {local(r["level"]) for r in rows} == {report.quality.level}

    def test_retired_codes_with_their_replacements(self, service: Service, hand: ByHand) -> None:
        retired = {q.subject for q in hand.codelists.quads_for_pattern(None, OWL["deprecated"], None, None)}
        expected = {
            (q.subject.value, q.object.value)
            for code in retired
            for q in hand.data.quads_for_pattern(None, None, code, None)
        }
        partners = ("vidzeme-planning-region", "inno-infra-share", "brainport-development")
        rows = [row for partner in partners for row in ask(service, 12, partner=partner)]
        assert {(r["entity"], r["code"]) for r in rows} == expected
        assert {local(r["code"]): local(r["replacement"]) for r in rows}["LV008"] == "LV00C"

    def test_look_alikes(self, service: Service, larger: Larger) -> None:
        mine, name = ID["organisation/tartu-observatory-again"], "University-of  TARTU"
        rows = larger.ask(
            13,
            [(mine, R["type"], ORG["Organization"]), (mine, SKOS["prefLabel"], Literal(name, language="en"))],
            partner="example",
        )
        assert [(r["entity"], r["other"], r["signs"]) for r in rows] == [
            (mine.value, ID["organisation/university-of-tartu"].value, "name")
        ]
        homepage = service.snapshot.store.quads_for_pattern(
            ID["organisation/imec"], FOAF["homepage"], None, None
        )
        page = next(iter(homepage)).object
        assert isinstance(page, NamedNode)
        again = ID["organisation/another"]
        address = page.value.rstrip("/").replace("https://", "http://") + "/"
        rows = larger.ask(
            13,
            [
                (again, R["type"], ORG["Organization"]),
                (again, FOAF["homepage"], NamedNode(address)),
                (again, SKOS["prefLabel"], Literal("IMEC", language="nl")),
            ],
            partner="example",
        )
        assert {(r["other"], r["signs"]) for r in rows} == {(ID["organisation/imec"].value, "homepage; name")}

    def test_facilities_without_access_conditions_or_contact(self, service: Service, hand: ByHand) -> None:
        rows = ask(service, 14, partner="tartu-city")
        for row in rows:
            facility = NamedNode(row["facility"])
            conditions = hand.values(facility, INFRA["offersAccess"], INFRA["accessCondition"])
            contact = hand.values(facility, SCHEMA["email"]) | hand.values(facility, SCHEMA["telephone"])
            assert (row["accessConditions"] == "true", row["contact"] == "true") == (
                bool(conditions),
                bool(contact),
            )
        assert {r["facility"] for r in rows} == {f.value for f in hand.within("EE")}

    def test_statements_that_several_make(self, service: Service, larger: Larger) -> None:
        assert ask(service, 5, least="2") == []
        facility = ID["facility/holst-centre"]
        title = next(
            iter(service.snapshot.store.quads_for_pattern(facility, DCT["title"], None, None))
        ).object
        assert isinstance(title, Literal)
        rows = larger.ask(5, [(facility, DCT["title"], title)], facility="holst-centre", least="2")
        assert {r["property"] for r in rows} == {DCT["title"].value}
        assert {local(r["partner"]) for r in rows} == {"brainport-development", "example"}
        assert {r["statedBy"] for r in rows} == {"2"}
