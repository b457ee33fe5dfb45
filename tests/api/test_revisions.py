"""``?revision=N``: entities, lists, contributions and SPARQL as they were; and readers who never see a write happen."""

import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from pyoxigraph import Literal, Triple

from api.formats import day
from graph.contribute.checking import Checked
from graph.contribute.reading.parse import canonical_ntriples
from graph.contribute.report import Quality, Report
from graph.iris import DCT, ID, contribution_graph
from graph.service import Service
from tests.api.conftest import Writable

FACILITY = "holst-centre"
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
HTML = {"Accept": "text/html"}
FOREVER = "public, max-age=604800, immutable"


@pytest.fixture(scope="module")
def first(service: Service) -> int:
    """The revision that brought the facility."""
    graph = contribution_graph("brainport-development", "facilities")
    return service.ledger.history(graph.value)[0].revision


def count(answer: httpx.Response) -> int:
    assert answer.status_code == 200, answer.text
    return int(answer.json()["results"]["bindings"][0]["n"]["value"])


class TestEntities:
    def test_an_entity_is_there_from_its_revision_on(self, client: httpx.Client, first: int) -> None:
        before = client.get(f"/facilities/{FACILITY}", params={"revision": first - 1})
        assert before.status_code == 404
        assert f"at revision {first - 1}" in before.json()["detail"]
        then = client.get(f"/facilities/{FACILITY}", params={"revision": first})
        now = client.get(f"/facilities/{FACILITY}")
        assert (then.status_code, then.json()["id"]) == (200, now.json()["id"])
        assert then.headers["Dataset-Revision"] == str(first)
        assert then.headers["ETag"] != now.headers["ETag"]
        assert then.headers["ETag"].startswith(f'"{first}-')
        assert {"Accept", "Accept-Language"} <= set(then.headers["Vary"].split(", "))
        assert f"/facilities/{FACILITY}.ttl?revision={first}>" in then.headers["Link"]

    @pytest.mark.parametrize("suffix", ["json", "ttl", "nt", "jsonld", "rdf"])
    def test_data_of_the_past_stays_and_may_be_kept(
        self, client: httpx.Client, first: int, suffix: str
    ) -> None:
        address = f"/facilities/{FACILITY}.{suffix}?revision={first}"
        answer = client.get(address)
        assert answer.headers["Cache-Control"] == FOREVER
        again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.headers["Cache-Control"]) == (304, FOREVER)
        assert client.get(f"/facilities/{FACILITY}.{suffix}").headers["Cache-Control"] == "no-cache"

    def test_the_iri_leads_to_the_document_of_that_time(self, client: httpx.Client, first: int) -> None:
        answer = client.get(f"/id/facility/{FACILITY}", params={"revision": first})
        assert answer.status_code == 303
        assert answer.headers["Location"] == f"/facilities/{FACILITY}?revision={first}"
        assert client.get(f"/id/facility/{FACILITY}", params={"revision": first - 1}).status_code == 404

    def test_the_page_says_so_and_leads_to_now(
        self, client: httpx.Client, service: Service, first: int
    ) -> None:
        answer = client.get(f"/facilities/{FACILITY}", params={"revision": first, "lang": "nl"}, headers=HTML)
        date = service.ledger.time_of(first)[:10]
        note = next(line for line in answer.text.splitlines() if "as-of" in line)
        assert f'<time datetime="{date}">{day(date, "nl")}</time>' in note
        assert {f"{first}", f"{service.snapshot.revision}"} <= set(re.findall(r"\b\d+\b", note))
        assert f'<a href="/facilities/{FACILITY}?lang=nl">' in note
        assert answer.headers["Cache-Control"] == "no-cache"
        assert f'href="/facilities?lang=nl&amp;revision={first}"' in answer.text
        assert f'href="/facilities/{FACILITY}.ttl?revision={first}"' in answer.text
        assert 'href="/match?lang=nl"' in answer.text

    def test_all_links_to_entities_of_the_page_keep_the_revision(
        self, client: httpx.Client, first: int
    ) -> None:
        page = client.get(f"/facilities/{FACILITY}", params={"revision": first}, headers=HTML).text
        links = set(re.findall(r'href="(/(?:facilities|organisations|regions|services|id)/[^"]*)"', page))
        assert len(links) > 5
        now = f"/facilities/{FACILITY}"
        assert [link for link in links if not link.endswith(f"revision={first}")] == [now]

    def test_the_page_of_now_says_nothing(self, client: httpx.Client, service: Service) -> None:
        plain = client.get(f"/facilities/{FACILITY}", headers=HTML)
        named = client.get(
            f"/facilities/{FACILITY}", params={"revision": service.snapshot.revision}, headers=HTML
        )
        for answer in (plain, named):
            assert (answer.status_code, "As of revision" in answer.text) == (200, False)
            assert answer.headers["Cache-Control"] == "no-cache"


class TestLists:
    def test_a_list_is_what_it_was(self, client: httpx.Client, first: int) -> None:
        totals = [
            client.get("/facilities", params={"revision": revision} if revision else {}).json()["total"]
            for revision in (first - 1, first, None)
        ]
        assert totals == sorted(set(totals))

    def test_the_next_page_is_of_the_same_time(self, client: httpx.Client, first: int) -> None:
        address = f"/facilities?revision={first}&limit=7"
        whole = client.get(f"/facilities?revision={first}&limit=200").json()
        found: list[str] = []
        while True:
            answer = client.get(address)
            assert answer.headers["Dataset-Revision"] == str(first)
            found += [item["id"] for item in answer.json()["items"]]
            if "next" not in answer.links:
                break
            address = answer.links["next"]["url"]
            assert f"revision={first}" in address
        assert found == [item["id"] for item in whole["items"]]
        assert len(found) == whole["total"] > 7

    def test_filters_know_the_codes_of_that_time(self, client: httpx.Client, first: int) -> None:
        asked = {"revision": first, "region": "NL", "capability": "additive-manufacturing"}
        then = client.get("/facilities", params=asked).json()
        now = client.get("/facilities", params={**asked, "revision": ""}).json()
        assert 0 < then["total"] == now["total"]
        assert client.get("/facilities", params={**asked, "region": "IT"}).json()["total"] > 0
        assert client.get("/facilities", params={**asked, "region": "SE"}).json()["total"] == 0
        before = client.get("/facilities", params={"revision": 1, "capability": "additive-manufacturing"})
        assert (before.status_code, "not in the code list" in before.json()["detail"]) == (400, True)

    def test_the_page_keeps_the_revision(self, client: httpx.Client, first: int) -> None:
        page = client.get(f"/facilities?revision={first}&limit=5", headers=HTML).text
        assert f"As of revision {first}, " in page
        assert f'<input type="hidden" name="revision" value="{first}">' in page
        assert f'href="/facilities.csv?revision={first}&amp;limit=5"' in page
        assert re.search(rf'rel="next" href="\?revision={first}&amp;limit=5&amp;after=', page)

    def test_contributions_are_those_of_that_time(self, client: httpx.Client, first: int) -> None:
        answer = client.get("/contributions", params={"revision": first})
        revisions = [one["revision"] for one in answer.json()["contributions"]]
        assert sorted(revisions) == list(range(1, first + 1))
        assert answer.headers["Dataset-Revision"] == str(first)
        page = client.get("/contributions", params={"revision": first}, headers=HTML).text
        assert f"As of revision {first}, " in page
        assert 'href="/contributions/brainport-development/facilities/versions/1"' in page


class TestSparql:
    def test_all_forms_of_the_request_read_the_past(self, client: httpx.Client, first: int) -> None:
        past = {"revision": str(first)}
        query = {"Content-Type": "application/sparql-query"}
        answers = [
            client.get("/sparql", params={"query": COUNT, **past}),
            client.post("/sparql", data={"query": COUNT, **past}),
            client.post("/sparql", data={"query": COUNT}, params=past),
            client.post("/sparql", content=COUNT, headers=query, params=past),
            client.request("QUERY", "/sparql", content=COUNT, headers=query, params=past),
        ]
        counts = {count(answer) for answer in answers}
        assert len(counts) == 1
        assert {answer.headers["Dataset-Revision"] for answer in answers} == {str(first)}
        now = client.get("/sparql", params={"query": COUNT})
        assert count(now) > counts.pop()
        assert now.headers["ETag"] != answers[0].headers["ETag"]

    def test_the_revision_is_what_the_dataset_says_of_itself(self, client: httpx.Client, first: int) -> None:
        graph = "<https://w3id.org/infrashare/graph/provenance>"
        ask = f"SELECT ?n {{ GRAPH {graph} {{ {graph} infra:revision ?n }} }}"
        for revision in (first, first - 1):
            assert count(client.get("/sparql", params={"query": ask, "revision": revision})) == revision

    def test_past_and_present_may_alternate(self, client: httpx.Client, first: int) -> None:
        asked = [first, None, first + 1, None, first, first + 1] * 3
        with ThreadPoolExecutor(4) as threads:
            jobs = [
                threads.submit(client.get, "/sparql", params={"query": COUNT, "revision": revision or ""})
                for revision in asked
            ]
        counts: dict[Any, set[int]] = {}
        for revision, job in zip(asked, jobs, strict=True):
            counts.setdefault(revision, set()).add(count(job.result()))
        assert {len(found) for found in counts.values()} == {1}

    def test_the_form_offers_it(self, client: httpx.Client, service: Service, first: int) -> None:
        page = client.get("/sparql", params={"revision": first}, headers=HTML).text
        assert f'name="revision" inputmode="numeric" pattern="[0-9]*" size="8" value="{first}"' in page
        assert f"the latest, {service.snapshot.revision}." in page
        assert 'size="8" value=""' in client.get("/sparql", headers=HTML).text


PATHS = [
    "/facilities",
    f"/facilities/{FACILITY}",
    f"/id/facility/{FACILITY}",
    "/contributions",
    "/sparql?query=ASK{}",
]


class TestRefusals:
    @pytest.mark.parametrize("value", ["0", "-1", "x", "1.5", "99999999999999999999", "٣"])
    @pytest.mark.parametrize("path", PATHS)
    def test_what_is_no_revision_is_refused_by_value(
        self, client: httpx.Client, path: str, value: str
    ) -> None:
        answer = client.get(httpx.URL(path).copy_merge_params({"revision": value}))
        assert answer.status_code == 400
        assert answer.json()["type"] == "/problems/invalid-input"
        assert value in answer.json()["detail"]

    @pytest.mark.parametrize("path", PATHS)
    def test_what_is_yet_to_come_is_not_found(
        self, client: httpx.Client, service: Service, path: str
    ) -> None:
        now = service.snapshot.revision
        answer = client.get(httpx.URL(path).copy_merge_params({"revision": str(now + 1)}))
        assert answer.status_code == 404
        assert answer.json()["detail"].endswith(f"the dataset is at revision {now}")

    def test_two_revisions_are_refused(self, client: httpx.Client) -> None:
        assert client.get("/facilities?revision=3&revision=4").status_code == 400
        both = client.post("/sparql?revision=3", data={"query": "ASK {}", "revision": "4"})
        assert both.status_code == 400


class Writer:
    """Accepts small changes of one contribution one after the other, as fast as it can."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.written = 0

    def write(self) -> None:
        self.written += 1
        node = ID["practice/written-in-a-loop"]
        ntriples = canonical_ntriples([Triple(node, DCT["title"], Literal(f"number {self.written}"))])
        report = Report(1, {"violation": 0, "warning": 0, "info": 0}, {}, (), Quality("bronze", 0.1))
        self.service.acceptance.accept(
            Checked(report, ntriples, str(self.written)), "writer", "loop", agent="writer", message="again"
        )


def test_pages_about_the_past_follow_what_is_current(writable: Writable) -> None:
    writer = Writer(writable.service)
    writer.write()
    revision = writable.service.snapshot.revision
    writer.write()
    address = f"/contributions?revision={revision}"
    before = [writable.client.get(address, headers=accept) for accept in ({}, HTML)]
    writer.write()
    after = [writable.client.get(address, headers=accept) for accept in ({}, HTML)]
    assert before[0].headers["ETag"] == after[0].headers["ETag"]
    assert before[0].content == after[0].content
    assert before[1].headers["ETag"] != after[1].headers["ETag"]
    assert f"today’s is {revision + 2}." in after[1].text


def test_readers_never_fail_because_of_a_write(writable: Writable) -> None:
    """The states that readers and query workers work on are held, however many are published meanwhile."""
    writer = Writer(writable.service)
    stop = threading.Event()
    statuses: list[tuple[str, int]] = []
    revisions: set[str] = set()
    first = writable.service.snapshot.revision
    turtle = {"Content-Type": "text/turtle"}
    facility = (
        "<https://w3id.org/infrashare/id/facility/x> a <https://w3id.org/infrashare/ontology#Facility> ."
    )
    query = "SELECT ?s ?o WHERE { ?s dct:title ?o . ?s a ?c } ORDER BY ?o LIMIT 50"

    def reads(number: int) -> None:
        with httpx.Client(base_url=str(writable.client.base_url), timeout=60) as client:
            while not stop.is_set():
                for answer in (
                    client.get("/sparql", params={"query": query}),
                    client.get("/sparql", params={"query": COUNT, "revision": first}),
                    client.get("/facilities", params={"q": "laser", "limit": 5}),
                    client.get(f"/facilities/{FACILITY}", headers=HTML),
                    client.post("/contributions/check", content=facility, headers=turtle),
                )[number % 2 :]:
                    statuses.append((answer.request.url.path, answer.status_code))
                    revisions.add(answer.headers.get("Dataset-Revision", ""))

    readers = [threading.Thread(target=reads, args=(number,)) for number in range(4)]
    for reader in readers:
        reader.start()
    while writer.written < 25 or len(statuses) < 80:
        writer.write()
    stop.set()
    for reader in readers:
        reader.join()
    assert {status for _, status in statuses} == {200}, [s for s in statuses if s[1] != 200][:5]
    assert len(revisions) > 5
    time.sleep(0.1)
    assert len(list((writable.service.settings.data_dir / "snapshots").iterdir())) <= 4
