"""Dumps: the whole dataset of any revision, the same bytes for the same state, with a checksum that fits."""

import base64
import gzip
import hashlib
from pathlib import Path

import httpx
import pytest
from pyoxigraph import RdfFormat, Triple, parse

from api.app import create_app
from graph.contribute.keeping.dump import write_dump
from graph.errors import Busy, NotFound
from graph.iris import DERIVED_GRAPH
from graph.publish.dumps import QUADS, TURTLE, Dumps
from graph.service import Service
from tests.api.conftest import Writable

ORGANISATION = """\
@prefix dct: <http://purl.org/dc/terms/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://w3id.org/infrashare/id/organisation/institute-of-dumps> a org:Organization ;
  skos:prefLabel "Institute of dumps"@en ; dct:source <https://example.org/> ;
  org:classification <https://w3id.org/infrashare/codelist/organisation-kind/rto> .
"""


def _quiet(_what: str, _done: int, _all: int) -> None:
    """No progress is shown."""


@pytest.mark.parametrize("name", ["dump.nq.gz", "dump.ttl.gz"])
def test_a_dump_is_whole_and_its_checksum_fits(client: httpx.Client, service: Service, name: str) -> None:
    answer = client.get(f"/{name}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/gzip"
    assert "content-encoding" not in answer.headers
    assert answer.headers["dataset-revision"] == str(service.snapshot.revision)
    hashed = hashlib.sha256(answer.content)
    assert answer.headers["repr-digest"] == f"sha-256=:{base64.b64encode(hashed.digest()).decode()}:"
    assert client.get(f"/{name}.sha256").text == f"{hashed.hexdigest()}  {name}\n"
    assert name in answer.headers["content-disposition"]


def test_it_is_the_dump_of_the_command_line(client: httpx.Client, service: Service, tmp_path: Path) -> None:
    write_dump(service.ledger, tmp_path / "all.nq.gz", _quiet)
    assert client.get("/dump.nq.gz").content == (tmp_path / "all.nq.gz").read_bytes()


def test_turtle_says_what_the_quads_say(client: httpx.Client, service: Service) -> None:
    quads = list(parse(gzip.decompress(client.get("/dump.nq.gz").content), RdfFormat.N_QUADS))
    turtle = parse(gzip.decompress(client.get("/dump.ttl.gz").content), RdfFormat.TURTLE)
    said: set[Triple] = {quad.triple for quad in turtle}
    assert said == {quad.triple for quad in quads}
    assert {quad.graph_name.value for quad in quads} == {  # type: ignore[union-attr]  # all are named
        *service.engine.graph_names()
    } - {DERIVED_GRAPH.value}


def test_head_and_304_write_nothing(client: httpx.Client) -> None:
    got = client.get("/dump.nq.gz")
    head = client.head("/dump.nq.gz")
    assert (head.status_code, head.content) == (200, b"")
    for name in (
        "content-length",
        "content-type",
        "etag",
        "repr-digest",
        "accept-ranges",
        "dataset-revision",
    ):
        assert head.headers[name] == got.headers[name]
    again = client.get("/dump.nq.gz", headers={"If-None-Match": got.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert got.headers["etag"] != client.head("/dump.ttl.gz").headers["etag"]


def test_a_download_that_broke_off_goes_on(client: httpx.Client) -> None:
    whole = client.get("/dump.nq.gz")
    headers = {"Range": "bytes=1000-", "If-Range": whole.headers["etag"]}
    rest = client.get("/dump.nq.gz", headers=headers)
    assert rest.status_code == 206
    assert whole.content[1000:] == rest.content
    assert rest.headers["repr-digest"] == whole.headers["repr-digest"]


def test_a_past_revision_stays_as_it_was(writable: Writable, tmp_path: Path) -> None:
    before = writable.client.get("/dump.nq.gz")
    revision = int(before.headers["dataset-revision"])
    assert before.headers["cache-control"] == "no-cache"
    writable.put("organisations", ORGANISATION).raise_for_status()
    after = writable.client.get("/dump.nq.gz")
    assert int(after.headers["dataset-revision"]) == revision + 1
    assert after.headers["etag"] != before.headers["etag"]
    assert b"institute-of-dumps" in gzip.decompress(after.content)
    then = writable.client.get(f"/dump.nq.gz?revision={revision}")
    assert then.content == before.content
    assert "immutable" in then.headers["cache-control"]
    missing = writable.client.get(f"/dump.nq.gz?revision={revision + 7}")
    assert missing.status_code == 404
    assert writable.client.get("/dump.nq.gz?revision=x").status_code == 400


def test_few_files_are_kept_and_one_that_is_read_stays(service: Service, tmp_path: Path) -> None:
    dumps = Dumps(tmp_path / "dumps", service.ledger)
    try:
        held = dumps.at(3, QUADS)
        assert dumps.at(3, QUADS) is held
        for revision in (4, 5, 6, 7, 8):
            dumps.at(revision, QUADS)
        assert held.path.exists()
        assert len(list((tmp_path / "dumps").iterdir())) == 5
        path = held.path
        del held
        assert not path.exists()
        with pytest.raises(NotFound):
            dumps.at(10**6, TURTLE)
        with pytest.raises(NotFound):
            dumps.at(10**6, TURTLE)
    finally:
        dumps.close()
    assert not list((tmp_path / "dumps").iterdir())


def test_who_asks_while_many_are_written_is_told_to_come_again(service: Service, tmp_path: Path) -> None:
    dumps = Dumps(tmp_path / "dumps", service.ledger)
    try:
        told = set()
        for revision in range(30, 39):
            with pytest.raises(Busy) as busy:
                dumps.at(revision, QUADS, patience=0.0)
            told.add(busy.value.detail.split(";")[0].rstrip("0123456789"))
        assert "too many dumps are being written" in told
        assert any("is being written" in one for one in told)
    finally:
        dumps.close()


def test_it_is_described() -> None:
    from graph.settings import Settings

    paths = create_app(Settings(**{})).openapi()["paths"]
    assert {"/dump.nq.gz", "/dump.nq.gz.sha256", "/dump.ttl.gz", "/dump.ttl.gz.sha256"} <= set(paths)
