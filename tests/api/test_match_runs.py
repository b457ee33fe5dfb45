"""Runs over HTTP: again, compared, followed as a feed; needs and answers as RDF."""

import re
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest
from pyoxigraph import RdfFormat, parse

from graph.iris import INFRA, RDF
from graph.match.need import Need
from graph.match.news import ATOM
from graph.match.run import Run
from tests.api.conftest import Writable

NEED = {"capabilities": ["fatigue-testing"], "region": "BE223", "limit": 200}
FACILITY = """\
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix infra: <https://w3id.org/infrashare/ontology#> .
@prefix nuts: <http://data.europa.eu/nuts/code/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

<https://w3id.org/infrashare/id/facility/example-{name}> a infra:Facility ;
  dct:identifier "example-{name}" ;
  dct:title "Example {name}"@en ;
  dct:description "Laboratory for parts under repeated load."@en ;
  infra:facilityKind <https://w3id.org/infrashare/codelist/facility-kind/test-laboratory> ;
  infra:operatedBy <https://w3id.org/infrashare/id/organisation/example-institute> ;
  infra:inRegion nuts:BE223 ;
  infra:capability <https://w3id.org/infrashare/codelist/capability/{capability}> ;
  dct:source <https://example.org/{name}> .

<https://w3id.org/infrashare/id/organisation/example-institute> a org:Organization ;
  skos:prefLabel "Example Institute"@en ;
  org:classification <https://w3id.org/infrashare/codelist/organisation-kind/rto> ;
  foaf:homepage <https://example.org/> .
"""
TURTLE_NEED = """\
@prefix infra: <https://w3id.org/infrashare/ontology#> .
@prefix cap: <https://w3id.org/infrashare/codelist/capability/> .
@prefix nuts: <http://data.europa.eu/nuts/code/> .
[] a infra:Need ; infra:capability cap:fatigue-testing ; infra:inRegion nuts:BE223 ; infra:resultLimit 3 .
"""
CODE = "https://w3id.org/infrashare/codelist/capability/fatigue-testing"
JSON_LD_NEED = (
    '{"@context": {"infra": "https://w3id.org/infrashare/ontology#"}, "@type": "infra:Need", '
    f'"infra:capability": {{"@id": "{CODE}"}}, "infra:resultLimit": 3}}'
)
NTRIPLES_NEED = f"_:n <{RDF.base}type> <{INFRA.base}Need> .\n_:n <{INFRA.base}capability> <{CODE}> .\n"
ATOM_NAMES = {"a": ATOM}


def match(client: httpx.Client, **need: Any) -> dict[str, Any]:
    answer = client.post("/match", json=need)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def send(client: httpx.Client, text: str, kind: str = "text/turtle", **headers: str) -> httpx.Response:
    return client.post("/match", content=text.encode(), headers={"Content-Type": kind, **headers})


class TestNeedsAsRdf:
    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            (TURTLE_NEED, "text/turtle"),
            (JSON_LD_NEED, "application/ld+json"),
            (NTRIPLES_NEED, "application/n-triples"),
        ],
    )
    def test_it_is_answered_like_the_same_need_as_json(
        self, client: httpx.Client, text: str, kind: str
    ) -> None:
        answer = send(client, text, kind)
        assert answer.status_code == 200, answer.text
        need = Run.of_id(answer.json()["run"]["id"]).need
        assert need.capabilities == [CODE]
        assert answer.json()["results"] == match(client, **need.model_dump(mode="json"))["results"]

    def test_a_syntax_error_has_line_and_column(self, client: httpx.Client) -> None:
        answer = send(
            client, "@prefix infra: <https://w3id.org/infrashare/ontology#> .\n[] a infra:Need ; ; a\n"
        )
        assert (answer.status_code, answer.json()["type"]) == (400, "/problems/syntax-error")
        (fault,) = answer.json()["errors"]
        assert fault["line"] >= 2
        assert fault["column"] >= 1

    def test_a_rule_that_is_broken_has_line_column_and_remedy_in_the_readers_language(
        self, client: httpx.Client
    ) -> None:
        text = TURTLE_NEED.replace("infra:resultLimit 3", "\n  infra:resultLimit 300")
        answer = send(client, text, **{"Accept-Language": "nl"})
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/does-not-conform")
        assert answer.json()["detail"].startswith("the need does not conform")
        (fault,) = answer.json()["errors"]
        assert (fault["code"], fault["line"], fault["column"]) == ("need-limit-valid", 5, 21)
        assert "van 1 tot 200" in fault["message"]

    def test_what_matching_has_no_use_for_is_refused(self, client: httpx.Client) -> None:
        photonics = "<https://w3id.org/infrashare/codelist/ket/photonics>"
        answer = send(client, TURTLE_NEED.replace("resultLimit 3", f"keyEnablingTechnology {photonics}"))
        assert (answer.status_code, answer.json()["type"]) == (400, "/problems/invalid-input")
        assert "infra:keyEnablingTechnology" in answer.json()["detail"]

    def test_a_context_elsewhere_is_not_fetched(self, client: httpx.Client) -> None:
        answer = send(client, '{"@context": "https://example.org/c", "@type": "Need"}', "application/ld+json")
        assert answer.status_code == 400
        assert "not fetched" in answer.json()["detail"]

    def test_other_formats_are_415_and_name_those_that_are_taken(self, client: httpx.Client) -> None:
        answer = send(client, "<x/>", "application/rdf+xml")
        assert answer.status_code == 415
        assert "text/turtle" in answer.json()["detail"]


class TestAnswersAsRdf:
    @pytest.mark.parametrize(
        ("suffix", "form"),
        [
            ("ttl", RdfFormat.TURTLE),
            ("nt", RdfFormat.N_TRIPLES),
            ("jsonld", RdfFormat.JSON_LD),
            ("rdf", RdfFormat.RDF_XML),
        ],
    )
    def test_suffix_and_accept_give_the_same_run(
        self, client: httpx.Client, suffix: str, form: RdfFormat
    ) -> None:
        asked = {"capability": "fatigue-testing", "limit": "2"}
        answer = client.get(f"/match.{suffix}", params=asked)
        assert answer.status_code == 200
        named = client.get("/match", params=asked, headers={"Accept": str(form.media_type)})
        posted = client.post(
            f"/match.{suffix}", json={"capabilities": ["fatigue-testing"], "limit": 2, "lang": "en"}
        )
        graphs = [{quad.triple for quad in parse(one.content, form)} for one in (answer, named)]
        assert graphs[0] == graphs[1]
        for graph in (graphs[0], {quad.triple for quad in parse(posted.content, form)}):
            assert [t.subject for t in graph if t.object == INFRA["MatchRun"]]
            assert len([t for t in graph if t.object == INFRA["MatchResult"]]) == 2

    def test_a_need_as_rdf_gets_its_answer_as_rdf(self, client: httpx.Client) -> None:
        answer = send(client, TURTLE_NEED, Accept="text/turtle")
        assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
        assert b"infra:MatchRun" in answer.content


class TestAgain:
    def test_a_run_gives_the_same_answer_again(self, client: httpx.Client) -> None:
        first = match(client, text="3D-printing titanium", region="BE223", limit=3, lang="nl")
        again = client.get(f"/match/runs/{first['run']['id']}")
        assert again.json() == first
        assert again.headers["Cache-Control"] == "private, no-cache"
        assert again.headers["Dataset-Revision"] == str(first["run"]["revision"])
        tag = {"If-None-Match": again.headers["ETag"]}
        kept = client.get(f"/match/runs/{first['run']['id']}", headers=tag)
        assert (kept.status_code, kept.headers["Cache-Control"]) == (304, "private, no-cache")

    def test_its_twins_are_linked_and_work(self, client: httpx.Client) -> None:
        name = match(client, capabilities=["fatigue-testing"], limit=1)["run"]["id"]
        answer = client.get(f"/match/runs/{name}", params={"lang": "sv"})
        twins = re.findall(r"<([^>]+)>; rel=\"alternate\"; type=\"([^\"]+)\"", answer.headers["Link"])
        assert len(twins) == 6
        for address, kind in twins:
            twin = client.get(answer.url.join(address))
            assert "lang=sv" in address
            assert (twin.status_code, twin.headers["content-type"].split(";")[0]) == (200, kind)

    def test_another_language_is_another_run(self, client: httpx.Client) -> None:
        name = match(client, capabilities=["fatigue-testing"], limit=1, lang="en")["run"]["id"]
        other = client.get(f"/match/runs/{name}", params={"lang": "cs"}).json()["run"]
        assert other["language"] == "cs"
        assert other["id"] != name

    @pytest.mark.parametrize("name", ["1abc", "zzz", "1" + "A" * 3000])
    @pytest.mark.parametrize("rest", ["", "/compare", "/feed"])
    def test_an_id_that_is_none_is_told_so(self, client: httpx.Client, name: str, rest: str) -> None:
        answer = client.get(f"/match/runs/{name}{rest}")
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/no-run")
        assert "/match again" in answer.json()["detail"]
        assert client.get("/problems/no-run").status_code == 200

    def test_the_other_id_of_a_comparison_is_looked_at_too(self, client: httpx.Client) -> None:
        name = match(client, capabilities=["fatigue-testing"], limit=1)["run"]["id"]
        answer = client.get(f"/match/runs/{name}/compare", params={"with": "1abc"})
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/no-run")

    def test_a_revision_that_is_yet_to_come_is_told_so(self, client: httpx.Client) -> None:
        name = Run(Need.model_validate(NEED), 99_999).id
        answer = client.get(f"/match/runs/{name}")
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")
        assert "no revision 99999 yet" in answer.json()["detail"]
        assert client.get(f"/match/runs/{name}", params={"on": "latest"}).status_code == 200

    def test_on_takes_latest_only(self, client: httpx.Client) -> None:
        name = Run(Need.model_validate(NEED), 39).id
        answer = client.get(f"/match/runs/{name}", params={"on": "yesterday"})
        assert answer.status_code == 400
        assert "on=latest" in answer.json()["detail"]


@pytest.fixture(scope="module")
def before(writable: Writable) -> str:
    """The id of a run, after which one facility came, one went, and the first states something else."""
    client = writable.client
    for name, capability in (("gone", "fatigue-testing"), ("also", "fatigue-testing")):
        sent = writable.put(name, FACILITY.format(name=name, capability=capability))
        assert sent.status_code == 201, sent.text
    run: str = match(client, **NEED)["run"]["id"]
    assert client.delete("/contributions/example-institute/gone").status_code == 200
    for name, capability in (("new", "fatigue-testing"), ("also", "mechanical-testing")):
        assert writable.put(name, FACILITY.format(name=name, capability=capability)).status_code in {200, 201}
    return run


def slugs(items: list[dict[str, Any]]) -> set[str]:
    return {one["facility"].rsplit("/", 1)[-1] for one in items}


class TestPast:
    def test_a_run_is_done_again_on_its_own_revision(self, writable: Writable, before: str) -> None:
        client = writable.client
        then = client.get(f"/match/runs/{before}").json()
        now = client.get(f"/match/runs/{before}", params={"on": "latest"}).json()
        assert then["run"]["id"] == before
        assert now["run"]["revision"] > then["run"]["revision"]
        assert {"example-gone", "example-also"} <= slugs(then["results"])
        assert "example-new" not in slugs(then["results"])
        assert "example-new" in slugs(now["results"])
        assert "example-gone" not in slugs(now["results"])

    def test_a_replay_keeps_what_is_warm_of_the_latest_revision(
        self, writable: Writable, before: str
    ) -> None:
        matcher, snapshot = writable.service.matcher, writable.service.snapshot
        warm = matcher.knowledge(snapshot)
        writable.client.get(f"/match/runs/{before}.nt").raise_for_status()
        assert matcher.knowledge(snapshot) is warm
        past = matcher.knowledge(writable.service.snapshot_at(Run.of_id(before).revision))
        assert past is not warm
        assert matcher.knowledge(writable.service.snapshot_at(past.revision)) is past

    def test_the_comparison_tells_what_changed(self, writable: Writable, before: str) -> None:
        told = writable.client.get(f"/match/runs/{before}/compare").json()
        assert slugs(told["came_in"]) == {"example-new"}
        assert "example-gone" in slugs(told["went_out"])
        other = next(one for one in told["changed"] if one["facility"].endswith("example-also"))
        (criterion,) = [one for one in other["criteria"] if one["criterion"] == "capability"]
        assert (criterion["before"]["verdict"], criterion["after"]["verdict"]) == ("met", "unknown")
        assert "example-also" in slugs(told["moved"])

    def test_two_runs_are_compared_in_the_order_given(self, writable: Writable, before: str) -> None:
        now = match(writable.client, **NEED)["run"]["id"]
        there = writable.client.get(f"/match/runs/{before}/compare", params={"with": now}).json()
        back = writable.client.get(f"/match/runs/{now}/compare", params={"with": before}).json()
        assert slugs(there["came_in"]) == slugs(back["went_out"]) == {"example-new"}
        assert there["before"] == back["after"]
        same = writable.client.get(f"/match/runs/{now}/compare").json()
        assert not any(same[kind] for kind in ("came_in", "went_out", "moved", "changed"))

    def test_the_feed_has_what_came_in_or_changed(self, writable: Writable, before: str) -> None:
        answer = writable.client.get(f"/match/runs/{before}/feed")
        assert answer.headers["content-type"] == "application/atom+xml"
        feed = ET.fromstring(answer.content)
        entries = {
            entry.findtext("a:title", namespaces=ATOM_NAMES): entry
            for entry in feed.findall("a:entry", ATOM_NAMES)
        }
        assert {"Example new", "Example also"} <= set(entries)
        assert "Example gone" not in entries
        link = entries["Example new"].find("a:link", ATOM_NAMES)
        assert link is not None
        page = writable.client.get(link.attrib["href"])
        assert page.status_code == 200
        items = writable.client.get(f"/match/runs/{before}/feed.json").json()["items"]
        assert {item["label"] for item in items} == set(entries)
        now = match(writable.client, **NEED)["run"]["id"]
        assert writable.client.get(f"/match/runs/{now}/feed.json").json()["items"] == []

    def test_pages_are_for_people(self, writable: Writable, before: str) -> None:
        html = {"Accept": "text/html"}
        page = writable.client.get(f"/match/runs/{before}", headers=html)
        assert "As of revision" in page.text
        assert f"/match/runs/{before}?on=latest" in page.text
        compared = writable.client.get(f"/match/runs/{before}/compare", headers=html)
        assert "Example new" in compared.text
        assert "Example gone" in compared.text
        feed = writable.client.get(f"/match/runs/{before}/feed.html")
        assert "Example new" in feed.text
        for answer in (page, compared, feed):
            assert answer.headers["content-type"].startswith("text/html")
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert answer.headers["Cache-Control"] == "private, no-cache"
