"""The change feed on the wire: who follows it from the start has the identical dataset."""

import gzip
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import httpx
import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, NamedNode, Quad, RdfFormat, parse

from cli.main import main
from graph.contribute.keeping.dump import write_dump
from graph.iris import PROVENANCE_GRAPH
from graph.publish.feed import LDES, TREE
from graph.service import running
from graph.settings import Settings
from graph.store.ledger import Ledger
from tests.api.conftest import PARTNER, Writable, serving


def _organisation(name: str, words: str) -> str:
    return f"""\
@prefix dct: <http://purl.org/dc/terms/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://w3id.org/infrashare/id/organisation/{name}> a org:Organization ;
  skos:prefLabel "{words}"@en ; dct:source <https://example.org/> ;
  org:classification <https://w3id.org/infrashare/codelist/organisation-kind/rto> .
"""


def _quiet(_what: str, _done: int, _all: int) -> None:
    """No progress is shown."""


@pytest.fixture(scope="module")
def changed(writable: Writable) -> Writable:
    """A service where a contribution came, changed, went, and came back, and another one went for good."""
    where = f"/contributions/{PARTNER}"
    writable.put("one", _organisation("one", "One")).raise_for_status()
    writable.put("one", _organisation("one", "Uno")).raise_for_status()
    writable.client.delete(f"{where}/one").raise_for_status()
    writable.client.post(f"{where}/one/rollback", json={"version": 1}).raise_for_status()
    writable.put("two", _organisation("two", "Two")).raise_for_status()
    writable.client.delete(f"{where}/two").raise_for_status()
    return writable


def _mirrored(changed: Writable, folder: Path) -> int:
    return main(["mirror", str(changed.client.base_url), "--data-dir", str(folder)])


def test_a_mirror_has_the_identical_dataset(
    changed: Writable, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _mirrored(changed, tmp_path / "var") == 0
    revision = changed.service.snapshot.revision
    assert f"revision {revision}" in capsys.readouterr().out
    ledger = Ledger(f"sqlite:///{tmp_path / 'var' / 'ledger.sqlite'}")
    try:
        write_dump(ledger, tmp_path / "all.nq.gz", _quiet)
        assert (tmp_path / "all.nq.gz").read_bytes() == changed.client.get("/dump.nq.gz").content
        past = f"/dump.nq.gz?revision={revision - 3}"
        write_dump(ledger, tmp_path / "then.nq.gz", _quiet, revision - 3)
        assert (tmp_path / "then.nq.gz").read_bytes() == changed.client.get(past).content
    finally:
        ledger.close()


def test_a_mirror_serves_what_its_origin_serves(changed: Writable, tmp_path: Path) -> None:
    assert _mirrored(changed, tmp_path) == 0
    settings = Settings(data_dir=tmp_path, check_workers=1, query_workers=1, warm_up=False)
    with running(settings) as mirror:
        assert mirror.snapshot.revision == changed.service.snapshot.revision
        assert set(mirror.snapshot.store) == set(changed.service.snapshot.store)
        assert _mirrored(changed, tmp_path) == 3  # not while a service works with it


def test_who_replays_the_pages_has_the_same_graphs(changed: Writable) -> None:
    """A client that knows nothing but the specifications: TREE relations, members, their graphs, and deletions."""
    client = changed.client
    graphs: dict[NamedNode, Dataset] = {}
    for page in _pages(client):
        quads = list(parse(client.get(page, headers={"Accept": "application/trig"}).content, RdfFormat.TRIG))
        held = Dataset(quads)
        members = [
            (int(_value(held, quad.object, "https://w3id.org/infrashare/ontology#revision")), quad.object)
            for quad in held.quads_for_predicate(TREE["member"])
        ]
        for _, member in sorted(members, key=lambda pair: pair[0]):
            graph = NamedNode(_value(held, member, "http://purl.org/dc/terms/isVersionOf"))
            content = Dataset(
                type(quad)(quad.subject, quad.predicate, quad.object, graph)
                for quad in held.quads_for_graph_name(member)
            )
            graphs[graph] = content
    current = changed.service.ledger.current()
    assert {graph for graph, content in graphs.items() if len(content)} == {v.graph_node for v in current}
    for version in current:
        lines = sorted(f"{quad.triple} .\n" for quad in graphs[version.graph_node])
        assert hashlib.sha256("".join(lines).encode()).hexdigest() == version.sha256
    told = gzip.decompress(client.get("/dump.nq.gz").content)
    dumped = (quad for quad in parse(told, RdfFormat.N_QUADS) if quad.graph_name != PROVENANCE_GRAPH)
    assert _canonical(quad for content in graphs.values() for quad in content) == _canonical(dumped)


def _canonical(quads: Iterable[Quad]) -> str:
    """The hash of RDFC-1.0 of a dataset."""
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return hashlib.sha256("".join(sorted(f"{quad} .\n" for quad in dataset)).encode()).hexdigest()


def _pages(client: httpx.Client) -> Iterator[str]:
    root = Dataset(parse(client.get("/feed.nq").content, RdfFormat.N_QUADS))
    nodes = {quad.object.value for quad in root.quads_for_predicate(TREE["node"])}  # type: ignore[union-attr]
    yield from sorted(nodes, key=lambda address: int(address.rpartition("/")[2]))


def _value(held: Dataset, subject: object, predicate: str) -> str:
    values = [
        quad.object.value  # type: ignore[union-attr]
        for quad in held.quads_for_subject(subject)  # type: ignore[arg-type]
        if quad.predicate.value == predicate
    ]
    assert len(values) == 1
    return str(values[0])


def test_only_the_last_page_and_the_list_change(changed: Writable) -> None:
    client = changed.client
    before = {page: client.get(page, headers={"Accept": "application/n-quads"}) for page in _pages(client)}
    *closed, last = before
    assert closed
    root = client.get("/feed.nq").headers["etag"]
    changed.put("three", _organisation("three", "Three")).raise_for_status()
    for page in closed:
        again = client.get(page, headers={"Accept": "application/n-quads"})
        assert again.content == before[page].content
        assert again.headers["etag"] == before[page].headers["etag"]
        assert "immutable" in again.headers["cache-control"]
        assert f"<{page}> <{LDES['immutable'].value}>" in again.text
    after = client.get(last, headers={"Accept": "application/n-quads"})
    assert after.headers["etag"] != before[last].headers["etag"]
    assert after.headers["cache-control"] == "no-cache"
    assert "immutable" not in before[last].headers["cache-control"]
    assert after.text.startswith(before[last].text)
    assert client.get("/feed.nq").headers["etag"] != root


def test_pages_lead_on_by_link(changed: Writable) -> None:
    client = changed.client
    address, seen = "/feed/1.nq", 0
    while address:
        answer = client.get(address)
        assert answer.status_code == 200
        seen += 1
        address = answer.links.get("next", {}).get("url", "")
    assert seen == len(list(_pages(client)))
    assert client.get(f"/feed/{seen + 1}").status_code == 404
    assert client.get("/feed/x").status_code == 404


@pytest.mark.parametrize("path", ["/feed", "/feed/1", "/feed/3"])
def test_people_see_what_changed(changed: Writable, path: str) -> None:
    page = changed.client.get(path, headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert page.text.startswith("<!doctype html>")
    assert "token " not in page.text


def test_a_service_at_another_address_names_its_own_pages(changed: Writable, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    with serving(settings, changed.service) as server:
        assert main(["mirror", server.url, "--data-dir", str(tmp_path / "var")]) == 0
    assert main(["mirror", server.url, "--data-dir", str(tmp_path / "var")]) == 3  # nobody is there
