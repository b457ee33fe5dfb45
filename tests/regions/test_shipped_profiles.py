"""The profiles of the eight regions: each figure counted again by its query, by other queries, and by hand."""

import csv
import io
import math
from collections import Counter, defaultdict
from typing import Any

import pytest
from pyoxigraph import NamedNode

from graph.iris import CODELIST, INFRA, NUTS, ORG, RDF, SKOS
from graph.match.view import View
from graph.regions.comparison import comparison
from graph.regions.indicators import Indicator, read
from graph.regions.profile import INDICATORS, Profile, profile
from graph.service import Service
from graph.store.engine import Snapshot

CODES = ("BE2", "NL41", "ITH5", "SE224", "DED4", "CZ064", "EE008", "LV008")


@pytest.fixture(scope="module")
def view(service: Service) -> View:
    return service.view(service.snapshot, "en")


@pytest.fixture(scope="module")
def profiles(service: Service, view: View) -> dict[str, Profile]:
    return {code: profile(NUTS[code], view, service.ledger) for code in CODES}


@pytest.fixture(scope="module")
def snapshot(service: Service) -> Snapshot:
    assert isinstance(service.snapshot, Snapshot)
    return service.snapshot


def objects(snapshot: Snapshot, subject: Any, prop: NamedNode) -> set[Any]:
    return {quad.object for quad in snapshot.store.quads_for_pattern(subject, prop, None, None)}


def facilities(snapshot: Snapshot, code: str) -> set[Any]:
    """The facilities whose region's code begins with that of the region: without any derived statement."""
    return {
        quad.subject
        for quad in snapshot.store.quads_for_pattern(None, INFRA["inRegion"], None, None)
        if quad.object.value.removeprefix(NUTS.base).startswith(code)
        and INFRA["Facility"] in objects(snapshot, quad.subject, RDF["type"])
    }


def asked(service: Service, name: str, **values: list[str]) -> list[dict[str, str]]:
    """The rows of a catalogued query, run as anybody can run it: by its text, in a worker."""
    screened = service.public.screen(service.catalogue[name].bind_strings(values))
    content = service.public.run(screened, "text/csv", service.snapshot.path).content
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_each_figure_is_what_its_query_gives_by_itself(
    service: Service, profiles: dict[str, Profile]
) -> None:
    for code, told in profiles.items():
        for name, indicator in told.indicators.items():
            rows = asked(service, f"indicators-{name}", region=[code])
            counted = [
                (row.get("item", ""), float(row["value"]), row["numerator"], row["denominator"])
                for row in rows
                if row["value"]
            ]
            said = [
                (one.item.value if one.item else "", float(one.value), one.numerator, one.denominator)
                for one in indicator.figures
            ]
            assert [one[:2] for one in counted] == [one[:2] for one in said], (code, name)
            for (_, _, top, bottom), (_, _, numerator, denominator) in zip(counted, said, strict=True):
                assert (float(top) if top else None) == numerator, (code, name)
                assert (float(bottom) if bottom else None) == denominator, (code, name)
            assert {(int(row["known"]), int(row["of"])) for row in rows} <= {
                (indicator.coverage.known, indicator.coverage.of)
            }, (code, name)


class TestByHand:
    @pytest.mark.parametrize("code", CODES)
    def test_facilities_and_kinds(self, code: str, profiles: dict[str, Profile], snapshot: Snapshot) -> None:
        here = facilities(snapshot, code)
        kinds = Counter(kind for one in here for kind in objects(snapshot, one, INFRA["facilityKind"]))
        stating = sum(bool(objects(snapshot, one, INFRA["facilityKind"])) for one in here)
        told = profiles[code].indicators
        assert told["facilities"].figures[0].value == len(here)
        assert {one.item: one.numerator for one in told["facilities-by-kind"].figures} == kinds
        assert told["facilities-by-kind"].coverage.known == stating

    @pytest.mark.parametrize("code", CODES)
    def test_location_quotients_and_diversity(
        self, code: str, profiles: dict[str, Profile], snapshot: Snapshot, service: Service
    ) -> None:
        covers: dict[Any, set[Any]] = defaultdict(set)
        able: dict[Any, set[Any]] = defaultdict(set)
        for quad in snapshot.store.quads_for_pattern(None, INFRA["coversCapability"], None, None):
            covers[quad.object].add(quad.subject)
        for quad in snapshot.store.quads_for_pattern(None, INFRA["anyCapability"], None, None):
            able[quad.object].add(quad.subject)
        here = facilities(snapshot, code)
        stating = {one for several in able.values() for one in several}
        for figure in profiles[code].indicators["capability-quotient"].figures:
            share = len(covers[figure.item] & here) / len(stating & here)
            everywhere = len(covers[figure.item]) / len(stating)
            assert figure.value == pytest.approx(share / everywhere, abs=1e-3)
            assert figure.count == len(covers[figure.item] & here)
        counts = [number for several in able.values() if (number := len(several & here))]
        whole = sum(counts)
        shannon = -sum(n / whole * math.log(n / whole) for n in counts)
        assert profiles[code].indicators["diversity"].figures[0].value == pytest.approx(shannon, abs=1e-4)

    @pytest.mark.parametrize("code", CODES)
    def test_operators_by_kind(self, code: str, profiles: dict[str, Profile], snapshot: Snapshot) -> None:
        kinds: dict[Any, set[Any]] = defaultdict(set)
        for one in facilities(snapshot, code):
            for operator in objects(snapshot, one, INFRA["operatedBy"]):
                for kind in objects(snapshot, operator, ORG["classification"]):
                    kinds[kind].add(one)
        told = profiles[code].indicators["operators"]
        assert {one.item: one.numerator for one in told.figures} == {
            kind: len(several) for kind, several in kinds.items()
        }


class TestCompetencyQuestions:
    """What the catalogue answers to policy makers, and what profiles say, agree."""

    def test_completeness_agrees_with_question_34(
        self, service: Service, profiles: dict[str, Profile]
    ) -> None:
        rows = asked(service, "competency-q34-completeness", region=list(CODES))
        asked_of = {(row["region"], row["field"]): int(row["stated"]) for row in rows}
        told = {
            (NUTS[code].value, one.item.value if one.item else ""): one.numerator
            for code, profile_ in profiles.items()
            for one in profile_.indicators["completeness"].figures
        }
        assert told == asked_of

    def test_diversity_agrees_with_question_39(self, service: Service, profiles: dict[str, Profile]) -> None:
        rows = asked(service, "competency-q39-diversity", region=list(CODES))
        assert {row["region"]: float(row["shannon"]) for row in rows} == {
            NUTS[code].value: one.indicators["diversity"].figures[0].value for code, one in profiles.items()
        }

    def test_access_agrees_with_question_40(self, service: Service, profiles: dict[str, Profile]) -> None:
        for row in asked(service, "competency-q40-sme-access", region=list(CODES)):
            indicator = profiles[row["region"].removeprefix(NUTS.base)].indicators["sme-access"]
            assert indicator.figures[0].numerator == int(row["open"])
            assert indicator.coverage.known == int(row["open"]) + int(row["closed"])

    def test_gaps_agree_with_question_26(self, service: Service, profiles: dict[str, Profile]) -> None:
        for code, told in profiles.items():
            rows = asked(service, "competency-q26-priorities-and-gaps", region=[code])
            gaps = {row["capability"] for row in rows if row["verdict"] == "gap"}
            assert {gap["concept"] for gap in told.data["gaps"]["items"]} == gaps

    def test_what_all_have_and_what_one_has_agrees_with_question_27(
        self, service: Service, view: View
    ) -> None:
        told = comparison([NUTS[code] for code in CODES], view).data["capabilities"]
        rows = asked(service, "competency-q27-common-and-specific", region=list(CODES))
        common = {row["capability"] for row in rows if row["kind"] == "common"}
        assert {one["id"] for one in told["common"]} <= common
        own: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            if row["kind"] == "specific":
                own[row["region"].removeprefix(NUTS.base)].add(row["capability"])
        for each in told["specific"]:
            assert {one["id"] for one in each["items"]} <= own[each["region"]]
            for capability in own[each["region"]]:  # each stands there itself or by something broader
                broader = {node.value for node in view.scheme.ancestors.get(NamedNode(capability), ())}
                assert {capability, *broader} & {one["id"] for one in each["items"]}


@pytest.mark.parametrize("code", CODES)
def test_each_region_has_figures_strengths_and_a_history(code: str, profiles: dict[str, Profile]) -> None:
    data = profiles[code].data
    assert data["strengths"]
    assert data["changes"]
    assert data["note"] is None
    assert len(profiles[code].places) >= data["facilities"]["total"] - 3
    assert all(one["evidence"] for one in data["priorities"])


def test_levels_of_nuts_add_up(view: View) -> None:
    """What lies in a region lies in its country; the parts of a region are never more than the whole."""
    regions = {NUTS[code]: NUTS[code[:2]] for code in CODES}
    for name in ("facilities", "facilities-by-kind", "services", "equipment"):
        by: dict[NamedNode, Indicator] = read(name, [*regions, *regions.values()], view)
        for region, country in regions.items():
            for figure in by[region].figures:
                whole = by[country].figure(figure.item)
                assert whole is not None
                assert (whole.numerator or 0) >= (figure.numerator or 0)


def test_a_replaced_code_and_the_new_one_say_the_same(view: View) -> None:
    old, new = NUTS["LV008"], NUTS["LV00C"]
    for name in INDICATORS:
        by = read(name, [old, new], view)
        assert {one.item: one.value for one in by[old].figures} == {
            one.item: one.value for one in by[new].figures
        }, name


def test_branches_are_the_tops_of_the_capability_list(view: View, snapshot: Snapshot) -> None:
    tops = {
        quad.subject
        for quad in snapshot.store.quads_for_pattern(None, SKOS["topConceptOf"], CODELIST["capability"], None)
    }
    for one in read("capabilities-by-branch", [NUTS[code] for code in CODES], view).values():
        assert {figure.item for figure in one.figures} <= tops
