"""Contributions on the wire: sending, seeing what would change, going back, deleting, and who may do it."""

import gzip
import json
import re
import threading
import time

import httpx
import pytest
from pyoxigraph import RdfFormat, parse, serialize

from graph.contribute.reading.parse import canonical_ntriples
from graph.resources import ROOT
from graph.store.content import content_hash
from tests.api.conftest import PARTNER, Writable

GUIDE = (ROOT / "docs" / "partner-guide.md").read_text(encoding="utf-8")
FOUND = re.search(r"```turtle\n(.*?)```", GUIDE, re.DOTALL)
assert FOUND is not None
TEXT = FOUND[1]


def named(name: str) -> str:
    """The example of the guide with entities of its own."""
    return TEXT.replace("example-climate-chamber", name).replace("example-institute", f"{name}-institute")


class TestReceipt:
    def test_the_first_version_is_created(self, writable: Writable) -> None:
        before = writable.service.snapshot.revision
        answer = writable.put("first", named("first"), params={"message": "The  first\none"})
        assert answer.status_code == 201
        receipt = answer.json()
        assert receipt["graph"] == f"https://w3id.org/infrashare/graph/{PARTNER}/first"
        assert (receipt["version"], receipt["revision"]) == (1, before + 1)
        assert (receipt["unchanged"], receipt["dry_run"], receipt["change"]) == (False, False, "accepted")
        assert receipt["triples"]["added"] == receipt["triples"]["total"] > 30
        assert receipt["triples"]["removed"] == 0
        assert receipt["report"]["conforms"] is True
        assert receipt["quality"]["level"] in {"silver", "gold"}
        assert answer.headers["Location"] == f"/contributions/{PARTNER}/first"
        assert answer.headers["Dataset-Revision"] == str(before + 1)
        ntriples = writable.client.get(f"/contributions/{PARTNER}/first.nt").content
        assert receipt["sha256"] == content_hash(b"".join(sorted(ntriples.splitlines(keepends=True))))

    def test_readers_see_it_with_the_answer(self, writable: Writable) -> None:
        writable.put("seen", named("seen")).raise_for_status()
        page = writable.client.get("/facilities/seen")
        assert page.status_code == 200
        assert page.headers["Dataset-Revision"] == str(writable.service.ledger.revision())

    @pytest.mark.parametrize("form", ["turtle", "ntriples", "jsonld", "rdfxml", "gzip"])
    def test_the_same_content_changes_nothing_in_whatever_form(self, writable: Writable, form: str) -> None:
        writable.put("same", named("same"))
        before = writable.service.ledger.revision()
        triples = [quad.triple for quad in parse(named("same"), RdfFormat.TURTLE)]
        formats = {
            "turtle": ("text/turtle", RdfFormat.TURTLE),
            "ntriples": ("application/n-triples", RdfFormat.N_TRIPLES),
            "jsonld": ("application/ld+json", RdfFormat.JSON_LD),
            "rdfxml": ("application/rdf+xml", RdfFormat.RDF_XML),
            "gzip": ("text/turtle", RdfFormat.TURTLE),
        }
        kind, format_ = formats[form]
        data = serialize(reversed(triples), format=format_)
        assert data is not None
        packed = {"Content-Encoding": "gzip"} if form == "gzip" else {}
        data = gzip.compress(data) if packed else data
        answer = writable.put("same", data, headers={"Content-Type": kind, **packed})
        assert answer.status_code == 200
        assert answer.json()["unchanged"] is True
        assert answer.json()["version"] == 1
        assert writable.service.ledger.revision() == before

    def test_a_downloaded_version_sent_back_changes_nothing(self, writable: Writable) -> None:
        writable.put("downloaded", named("downloaded"))
        for suffix, kind in (("ttl", "text/turtle"), ("jsonld", "application/ld+json")):
            again = writable.client.get(f"/contributions/{PARTNER}/downloaded.{suffix}").content
            answer = writable.put("downloaded", again, headers={"Content-Type": kind})
            assert answer.json()["unchanged"] is True, suffix

    def test_what_does_not_conform_is_refused_with_its_report(self, writable: Writable) -> None:
        before = writable.service.ledger.revision()
        wrong = named("wrong").replace("nuts:BE225", "nuts:XX999")
        answer = writable.put("wrong", wrong, headers={"Accept-Language": "nl"})
        assert answer.status_code == 422
        problem = answer.json()
        assert problem["type"] == "/problems/does-not-conform"
        assert problem["report"]["conforms"] is False
        line = next(number for number, text in enumerate(wrong.splitlines(), 1) if "XX999" in text)
        assert [(e["code"], e["line"]) for e in problem["errors"]] == [("facility-region-known", line)]
        assert "regio" in problem["errors"][0]["message"].lower()
        assert writable.service.ledger.revision() == before

    def test_what_cannot_be_parsed_names_all_places(self, writable: Writable) -> None:
        answer = writable.put("broken", "<a> <b> .\n<a> <b> 1 .\n<c> <d> .\n")
        assert answer.status_code == 400
        assert [error["line"] for error in answer.json()["errors"]] == [1, 3], answer.text


class TestDryRun:
    def test_it_says_what_would_change_and_writes_nothing(self, writable: Writable) -> None:
        writable.put("dry", named("dry"))
        before = writable.service.ledger.revision()
        moved = named("dry").replace('"Lommel"', '"Genk"')
        answer = writable.put("dry", moved, params={"dry_run": "true"}, headers={"Accept-Language": "de"})
        assert answer.status_code == 200
        receipt = answer.json()
        assert (receipt["version"], receipt["dry_run"]) == (2, True)
        changes = receipt["changes"]
        texts = [change["text"] for entity in changes["entities"] for change in entity["changes"]]
        assert len(texts) == 1
        assert "„Lommel“" in texts[0]
        assert "„Genk“" in texts[0]
        assert receipt["triples"]["added"] == len(changes["added"])
        assert writable.service.ledger.revision() == before

    def test_of_the_same_content_nothing_would_change(self, writable: Writable) -> None:
        writable.put("dry", named("dry"))
        receipt = writable.put("dry", named("dry"), params={"dry_run": "true"}).json()
        assert receipt["unchanged"] is True
        assert receipt["changes"]["entities"] == []


class TestPreconditions:
    def test_a_tag_of_any_representation_can_be_sent_back(self, writable: Writable) -> None:
        put = writable.put("matched", named("matched"))
        tags = [put.headers["ETag"]]
        for suffix in ("", ".ttl", ".json", "/versions"):
            tags.append(writable.client.get(f"/contributions/{PARTNER}/matched{suffix}").headers["ETag"])
        assert len(set(tags[1:])) == len(tags) - 1
        for number, tag in enumerate(tags):
            text = named("matched").replace('"Lommel"', f'"Lommel {number}"')
            check = writable.put("matched", text, headers={"If-Match": tag}, params={"dry_run": "true"})
            assert check.status_code == 200, tag

    def test_a_lost_race_is_told(self, writable: Writable) -> None:
        first = writable.put("race", named("race")).headers["ETag"]
        writable.put("race", named("race").replace('"Lommel"', '"Genk"'), headers={"If-Match": first})
        late = writable.put("race", named("race").replace('"Lommel"', '"Mol"'), headers={"If-Match": first})
        assert late.status_code == 412
        assert "current version is 2" in late.json()["detail"]

    def test_only_a_first_version(self, writable: Writable) -> None:
        only_new = {"If-None-Match": "*"}
        assert writable.put("only-new", named("only-new"), headers=only_new).status_code == 201
        assert writable.put("only-new", named("only-new"), headers=only_new).status_code == 412
        assert writable.put("not-there", named("not-there"), headers={"If-Match": "*"}).status_code == 412

    def test_a_tag_that_is_none_is_told(self, writable: Writable) -> None:
        answer = writable.put("race", named("race"), headers={"If-Match": "yesterday"})
        assert answer.status_code == 400
        assert "yesterday" in answer.json()["detail"]


class TestIdempotencyKey:
    def test_the_same_request_gets_the_same_answer(self, writable: Writable) -> None:
        key = {"Idempotency-Key": "k-1"}
        first = writable.put("keyed", named("keyed"), headers=key)
        writable.put("keyed", named("keyed").replace('"Lommel"', '"Genk"'))
        again = writable.put("keyed", named("keyed"), headers=key)
        assert (again.status_code, again.json()) == (201, first.json())
        assert again.headers["Idempotency-Replayed"] == "true"
        assert writable.client.get(f"/contributions/{PARTNER}/keyed").json()["version"] == 2

    def test_the_key_of_another_request_is_refused(self, writable: Writable) -> None:
        key = {"Idempotency-Key": "k-2"}
        writable.put("keyed-two", named("keyed-two"), headers=key)
        other = writable.put("keyed-two", named("keyed-two").replace('"Lommel"', '"Genk"'), headers=key)
        assert other.status_code == 422
        assert other.json()["type"] == "/problems/key-reused"

    def test_a_refusal_is_not_kept(self, writable: Writable) -> None:
        key = {"Idempotency-Key": "k-3"}
        wrong = named("keyed-three").replace("nuts:BE225", "nuts:XX999")
        assert writable.put("keyed-three", wrong, headers=key).status_code == 422
        assert writable.put("keyed-three", named("keyed-three"), headers=key).status_code == 201

    def test_deleting_and_going_back_can_be_repeated_too(self, writable: Writable) -> None:
        path = f"/contributions/{PARTNER}/keyed-four"
        writable.put("keyed-four", named("keyed-four"))
        deleted = [writable.client.delete(path, headers={"Idempotency-Key": "k-4"}) for _ in range(2)]
        assert [answer.status_code for answer in deleted] == [200, 200]
        assert deleted[0].json() == deleted[1].json()
        back = [
            writable.client.post(f"{path}/rollback", json={"version": 1}, headers={"Idempotency-Key": "k-5"})
            for _ in range(2)
        ]
        assert back[0].json()["version"] == back[1].json()["version"] == 3


class TestOwnership:
    def test_entities_of_others_are_refused_by_name_and_line(self, writable: Writable) -> None:
        text = named("mine") + (
            "\n<https://w3id.org/infrashare/id/organisation/imec> a org:Organization ;\n"
            '    skos:prefLabel "Our imec"@en ; dct:source <https://example.org/> .\n'
        )
        answer = writable.put("not-mine", text)
        assert answer.status_code == 403
        problem = answer.json()
        assert problem["type"] == "/problems/not-own"
        line = next(n for n, row in enumerate(text.splitlines(), 1) if "organisation/imec> a" in row)
        error = problem["errors"][0]
        assert (error["code"], error["line"]) == ("contribution-entity-foreign", line)
        assert error["value"] == "https://w3id.org/infrashare/id/organisation/imec"

    def test_referring_to_others_is_free(self, writable: Writable) -> None:
        text = named("refers").replace(
            "infra:operatedBy organisation:refers-institute", "infra:operatedBy organisation:imec"
        )
        assert writable.put("refers", text).status_code == 201

    def test_statements_on_the_ontology_are_refused(self, writable: Writable) -> None:
        text = named("redefines") + '\ninfra:Facility dct:description "Anything"@en .\n'
        answer = writable.put("redefines", text)
        assert answer.status_code == 403
        assert answer.json()["errors"][0]["code"] == "graph-vocabulary-foreign"

    def test_what_was_deleted_stays_its_partners(self, writable: Writable) -> None:
        writable.put("kept", named("kept")).raise_for_status()
        writable.client.delete(f"/contributions/{PARTNER}/kept").raise_for_status()
        owners = writable.service.contributions.owners
        entity = "https://w3id.org/infrashare/id/facility/kept"
        assert owners.of([entity]) == {entity: PARTNER}

    def test_an_assigned_entity_is_its_new_partners(self, writable: Writable) -> None:
        entity = "https://w3id.org/infrashare/id/organisation/assigned-institute"
        writable.service.contributions.owners.assign([entity], "somebody-else", 1)
        assert writable.put("assigned", named("assigned")).status_code == 403
        writable.service.contributions.owners.assign([entity], PARTNER, 1)
        assert writable.put("assigned", named("assigned")).status_code == 201


class TestReferences:
    def test_what_is_referred_to_must_exist(self, writable: Writable) -> None:
        text = named("dangling").replace(
            "infra:operatedBy organisation:dangling-institute", "infra:operatedBy organisation:nobody"
        )
        assert writable.put("dangling", text).status_code == 422

    def test_deleting_what_others_refer_to_is_a_warning_that_lists_them(self, writable: Writable) -> None:
        organisation = named("parent").partition("organisation:parent-institute a org")[2]
        prefixes = "".join(line + "\n" for line in TEXT.splitlines() if line.startswith("@prefix"))
        writable.put(
            "parents", f"{prefixes}organisation:parent-institute a org{organisation}"
        ).raise_for_status()
        child = named("parent").partition("\norganisation:parent-institute a")[0]
        writable.put("children", child).raise_for_status()
        for dry_run in ("true", "false"):
            answer = writable.client.delete(f"/contributions/{PARTNER}/parents", params={"dry_run": dry_run})
            warning = answer.json()["report"]["findings"][0]
            assert (warning["code"], warning["severity"]) == ("contribution-entity-referenced", "warning")
            assert warning["focusNode"].endswith("/organisation/parent-institute")
            assert "facility/parent" in warning["value"]

    def test_what_went_between_check_and_writing_is_noticed(self, writable: Writable) -> None:
        prefixes = "".join(line + "\n" for line in TEXT.splitlines() if line.startswith("@prefix"))
        organisation = named("gone").partition("organisation:gone-institute a org")[2]
        writable.put("gone", f"{prefixes}organisation:gone-institute a org{organisation}").raise_for_status()
        checking = writable.service.checking
        check = checking.check
        deleted: list[int] = []

        def check_then_delete(*arguments: object, **options: object) -> object:
            checked = check(*arguments, **options)  # type: ignore[arg-type]
            if not deleted:
                deleted.append(writable.client.delete(f"/contributions/{PARTNER}/gone").status_code)
            return checked

        checking.check = check_then_delete  # type: ignore[method-assign, assignment]
        try:
            answer = writable.put("late", named("gone").partition("\norganisation:gone-institute a")[0])
        finally:
            checking.check = check  # type: ignore[method-assign]
        assert deleted == [200]
        assert answer.status_code == 422


@pytest.fixture(scope="module")
def path(writable: Writable) -> str:
    """A contribution with a history: two versions, a deletion, a rollback."""
    writable.put("story", named("story"), params={"message": "one"}).raise_for_status()
    writable.put("story", named("story").replace('"Lommel"', '"Genk"')).raise_for_status()
    path = f"/contributions/{PARTNER}/story"
    writable.client.delete(path, params={"message": "by mistake"}).raise_for_status()
    back = writable.client.post(f"{path}/rollback", json={"version": 1})
    assert back.status_code == 201
    return path


class TestHistory:
    def test_all_versions_are_listed_the_newest_first(self, writable: Writable, path: str) -> None:
        rows = writable.client.get(f"{path}/versions").json()["versions"]
        assert [(row["version"], row["change"], row["restores"]) for row in rows] == [
            (4, "rolled back", 1),
            (3, "deleted", None),
            (2, "accepted", None),
            (1, "accepted", None),
        ]
        assert [row["message"] for row in rows] == [
            "back to version 1",
            "by mistake",
            f"contributed by {PARTNER}",
            "one",
        ]
        assert rows[0]["sha256"] == rows[3]["sha256"]

    def test_any_versions_rdf_can_be_had(self, writable: Writable, path: str) -> None:
        first, second = (
            canonical_ntriples(
                q.triple
                for q in parse(writable.client.get(f"{path}/versions/{n}.ttl").content, RdfFormat.TURTLE)
            )
            for n in (1, 2)
        )
        facts = [writable.client.get(f"{path}/versions/{n}").json() for n in (1, 2)]
        assert [content_hash(first), content_hash(second)] == [fact["sha256"] for fact in facts]

    def test_a_deletion_holds_nothing(self, writable: Writable, path: str) -> None:
        assert writable.client.get(f"{path}/versions/3.ttl").status_code == 404
        assert writable.client.get(f"{path}/versions/3").json()["change"] == "deleted"

    def test_what_is_not_there_is_not_found(self, writable: Writable, path: str) -> None:
        for address in (f"{path}/versions/9", f"{path}/versions/x", f"{path}/diff?from=1&to=9", f"{path}x"):
            assert writable.client.get(address).status_code == 404, address
        assert "did you mean" in writable.client.get(f"/contributions/{PARTNER}/storys").json()["detail"]
        assert writable.client.post(f"{path}/rollback", json={"version": 3}).status_code == 404
        assert writable.client.post(f"{path}/rollback", json={"version": "x"}).status_code == 400

    def test_a_difference_is_told_in_words_and_as_triples(self, writable: Writable, path: str) -> None:
        told = writable.client.get(f"{path}/diff?from=1&to=2&lang=nl").json()
        assert (told["from"], told["to"]) == (1, 2)
        texts = [change["text"] for entity in told["entities"] for change in entity["changes"]]
        assert len(texts) == 1
        assert "‘Lommel’" in texts[0]
        assert any('"Genk"' in line for line in told["added"])
        text = writable.client.get(f"{path}/diff?from=1&to=2", headers={"Accept": "text/plain"}).text
        assert text.splitlines()[1].startswith("~ ")

    def test_the_difference_to_nothing_and_of_the_last_version(self, writable: Writable, path: str) -> None:
        assert writable.client.get(f"{path}/diff?from=0&to=1").json()["removed"] == []
        last = writable.client.get(f"{path}/diff").json()
        assert (last["from"], last["to"]) == (3, 4)

    @pytest.mark.parametrize("tail", ["", "/versions", "/versions/2", "/diff?from=1&to=2", "/versions/3"])
    def test_people_get_pages(self, writable: Writable, path: str, tail: str) -> None:
        page = writable.client.get(f"{path}{tail}", headers={"Accept": "text/html"})
        assert page.status_code == 200
        assert page.headers["Content-Type"].startswith("text/html")
        assert f"{PARTNER}/story" in page.text

    def test_reads_carry_tag_and_revision(self, writable: Writable, path: str) -> None:
        for tail in ("", ".ttl", "/versions", "/versions/2", "/diff?from=1&to=2"):
            answer = writable.client.get(f"{path}{tail}")
            assert answer.headers["Dataset-Revision"]
            tag = answer.headers["ETag"]
            again = writable.client.get(f"{path}{tail}", headers={"If-None-Match": tag})
            assert again.status_code == 304, tail

    def test_provenance_tells_the_history(self, writable: Writable, path: str) -> None:
        query = f"""
            SELECT ?version ?number ?previous ?derived WHERE {{
              ?version prov:specializationOf <https://w3id.org/infrashare/graph/{PARTNER}/story> ;
                pav:version ?number .
              OPTIONAL {{ ?version pav:previousVersion ?previous }}
              OPTIONAL {{ ?version prov:wasDerivedFrom ?derived }}
            }} ORDER BY ?number"""
        answer = writable.client.get("/sparql", params={"query": query, "format": "csv"})
        graph = f"https://w3id.org/infrashare/graph/{PARTNER}/story"
        assert answer.status_code == 200, answer.text
        assert answer.text.splitlines()[1:] == [
            f"{graph}/1,1,,",
            f"{graph}/2,2,{graph}/1,",
            f"{graph}/4,4,,{graph}/1",
        ]


class TestAuthentication:
    def test_without_a_token_nothing_is_written(self, writable: Writable) -> None:
        before = writable.service.ledger.revision()
        for method in ("PUT", "DELETE"):
            answer = httpx.request(
                method, f"{writable.client.base_url}/contributions/{PARTNER}/x", content=b"x"
            )
            assert answer.status_code == 401
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert writable.service.ledger.revision() == before

    @pytest.mark.parametrize("kind", ["expired", "revoked", "foreign"])
    def test_a_token_that_is_not_valid_here(self, writable: Writable, kind: str) -> None:
        made, token = writable.service.tokens.create("somebody-else" if kind == "foreign" else PARTNER)
        if kind == "revoked":
            writable.service.tokens.revoke(made.id)
        elif kind == "expired":
            with writable.service.ledger.database.writing("a test") as connection:
                connection.exec_driver_sql(
                    f"UPDATE tokens SET expires_at = '2020-01-01T00:00:00+00:00' WHERE id = '{made.id}'"
                )
        answer = writable.put("x", named("x"), headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == (403 if kind == "foreign" else 401)
        assert (kind in answer.json()["detail"]) == (kind != "foreign")

    def test_wrong_tokens_are_counted_and_slowed(self, writable: Writable) -> None:
        wrong = {"Authorization": "Bearer infrashare_00000000_" + "x" * 43}
        statuses = [writable.put("x", "x", headers=wrong).status_code for _ in range(8)]
        assert set(statuses) == {401, 429}
        assert statuses == sorted(statuses)
        slowed = writable.put("x", "x", headers=wrong)
        assert slowed.status_code == 429
        wait = int(slowed.headers["Retry-After"])
        assert 1 <= wait <= 10
        time.sleep(wait + 0.1)
        assert writable.put("after", named("after")).status_code == 201
        assert writable.put("x", "x", headers=wrong).status_code == 401


class TestJobs:
    def test_an_upload_can_be_watched(self, writable: Writable) -> None:
        started = writable.put("watched", named("watched"), headers={"Prefer": "respond-async"})
        assert started.status_code == 202
        job = wait(writable.client, started.headers["Location"])
        assert job["state"] == "done"
        assert job["receipt"]["version"] == 1
        assert writable.client.get(f"/contributions/{PARTNER}/watched").status_code == 200

    def test_what_goes_wrong_is_a_problem_in_the_job(self, writable: Writable) -> None:
        wrong = named("watched-two").replace("nuts:BE225", "nuts:XX999")
        started = writable.put("watched-two", wrong, headers={"Prefer": "respond-async"})
        job = wait(writable.client, started.headers["Location"])
        assert job["state"] == "failed"
        assert job["problem"]["status"] == 422
        assert job["problem"]["report"]["conforms"] is False

    def test_an_unknown_job_is_not_found(self, writable: Writable) -> None:
        assert writable.client.get("/jobs/nothing").status_code == 404


def wait(client: httpx.Client, address: str) -> dict[str, object]:
    """The job once it has ended."""
    for _ in range(300):
        job: dict[str, object] = client.get(address).json()
        if job["state"] in {"done", "failed"}:
            return job
        time.sleep(0.05)
    raise AssertionError("the job did not end")


class TestManyAtOnce:
    def test_several_partners_write_while_others_read(self, writable: Writable) -> None:
        before = writable.service.ledger.revision()
        answers: list[httpx.Response] = []
        reads: list[int] = []
        writing = threading.Event()

        def write(number: int) -> None:
            partner = f"partner-{number}"
            _, token = writable.service.tokens.create(partner)
            while True:
                answer = httpx.put(
                    f"{writable.client.base_url}/contributions/{partner}/facilities",
                    content=named(partner).encode(),
                    headers={"Content-Type": "text/turtle", "Authorization": f"Bearer {token}"},
                    timeout=60,
                )
                if answer.status_code != 503:
                    break
                assert int(answer.headers["Retry-After"]) > 0
                time.sleep(0.1)
            answers.append(answer)

        def read() -> None:
            while not writing.is_set():
                reads.append(
                    httpx.get(f"{writable.client.base_url}/facilities?limit=5", timeout=60).status_code
                )

        reader = threading.Thread(target=read)
        writers = [threading.Thread(target=write, args=(number,)) for number in range(10)]
        for thread in (reader, *writers):
            thread.start()
        for thread in writers:
            thread.join()
        writing.set()
        reader.join()
        assert [answer.status_code for answer in answers] == [201] * 10
        assert sorted(answer.json()["revision"] for answer in answers) == list(range(before + 1, before + 11))
        assert set(reads) == {200}
        assert writable.service.index.verify() == []

    def test_more_than_may_wait_are_asked_to_come_back(self, writable: Writable) -> None:
        contributions = writable.service.contributions
        taken = 0
        while contributions._places.acquire(blocking=False):
            taken += 1
        try:
            answer = writable.put("crowded", named("crowded"))
            assert writable.client.get("/facilities?limit=1").status_code == 200
        finally:
            for _ in range(taken):
                contributions._places.release()
        assert taken == 5
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert writable.put("crowded", named("crowded")).status_code == 201


def test_the_ledger_and_the_engine_agree_after_all_this(writable: Writable) -> None:
    assert writable.service.index.verify() == []


@pytest.mark.parametrize(
    ("partner", "dataset"),
    [
        ("Upper", "x"),
        ("a_b", "x"),
        ("example-institute", "x..y"),
        ("infrashare", "ontology"),
        ("a" * 300, "x"),
    ],
)
def test_names_that_cannot_be_used_are_told(writable: Writable, partner: str, dataset: str) -> None:
    answer = writable.client.put(f"/contributions/{partner}/{dataset}", content=b"x")
    assert answer.status_code in {400, 403}


def test_a_receipt_is_one_json_document(writable: Writable) -> None:
    answer = writable.put("json", named("json"), headers={"Accept-Encoding": "identity"})
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    assert json.loads(answer.content)["dataset"] == "json"
