"""What holds for every page: its twins, its headers, HEAD, 304, and errors as problems."""

import csv
import html
import io
import json
import re
import socket
from urllib.parse import urljoin

import httpx
import pytest
from pyoxigraph import RdfFormat, Triple, parse

from graph.iris import PREFIXES
from graph.service import Service

ENTITY = ("json", "ttl", "jsonld", "nt", "rdf", "html")
LIST = ("json", "csv", "geojson", "html")
TYPES = {
    "json": "application/json",
    "ttl": "text/turtle; charset=utf-8",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "html": "text/html; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "geojson": "application/geo+json",
    "xml": "application/sparql-results+xml",
}
FORMATS = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD,
    "rdf": RdfFormat.RDF_XML,
}
LISTS = (
    "facilities",
    "equipment",
    "services",
    "organisations",
    "policy-instruments",
    "practices",
    "action-plans",
    "events",
    "projects",
    "regions",
)
PAGES = {
    "/facilities/holst-centre": ENTITY,
    "/regions/BE2": ENTITY,
    "/practices/adapter-estonia": ENTITY,
    "/facilities": LIST,
    "/regions": LIST,
    "/contributions": ("json", "html"),
    "/queries": ("json", "html"),
    "/queries/browse-count": ("json", "csv", "tsv", "xml", "html"),
    "/codelists": ("json", "html"),
    "/codelists/service-kind": ("ttl", "jsonld", "nt", "rdf", "html"),
    "/ontology": ("ttl", "jsonld", "nt", "rdf", "html"),
    "/shapes": ("ttl", "json", "jsonld", "nt", "rdf", "html"),
}
TWINS = [(path, suffix) for path, suffixes in PAGES.items() for suffix in suffixes]


@pytest.mark.parametrize(("path", "suffix"), TWINS)
def test_every_page_has_its_twins(client: httpx.Client, service: Service, path: str, suffix: str) -> None:
    answer = client.get(f"{path}.{suffix}")
    assert answer.status_code == 200
    kind = TYPES[suffix].split(";")[0]
    if not path.startswith("/queries/") or suffix != "json":
        assert answer.headers["content-type"] == TYPES[suffix]
    by_accept = client.get(path, headers={"Accept": kind})
    if suffix != "html":  # a page shows its own address
        assert by_accept.content == answer.content
    assert by_accept.headers["content-type"] == answer.headers["content-type"]
    assert answer.headers["dataset-revision"] == str(service.snapshot.revision)
    assert answer.headers["vary"].startswith("Accept, Accept-Language")
    assert answer.headers["x-content-type-options"] == "nosniff"
    if suffix in FORMATS:
        assert list(parse(answer.content, FORMATS[suffix]))
    elif suffix in {"json", "geojson"}:
        assert answer.json()
    elif suffix == "html":
        assert "script-src 'self';" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.text.startswith("<!doctype html>")


@pytest.mark.parametrize(("path", "suffix"), TWINS[::3])
def test_head_tells_what_get_would(client: httpx.Client, path: str, suffix: str) -> None:
    got = client.get(f"{path}.{suffix}")
    head = client.head(f"{path}.{suffix}")
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-type", "content-length", "etag", "dataset-revision", "vary"):
        assert head.headers[name] == got.headers[name]


def test_head_of_a_problem_and_of_a_file_has_no_body(client: httpx.Client) -> None:
    assert (client.head("/nothing").status_code, client.head("/nothing").content) == (404, b"")
    assert client.head("/static/style.css").status_code == 200
    assert client.head("/health/ready").status_code == 200


@pytest.mark.parametrize(("path", "suffix"), TWINS[::4])
def test_who_has_it_already_gets_304(client: httpx.Client, path: str, suffix: str) -> None:
    first = client.get(f"{path}.{suffix}")
    tag = first.headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = client.get(f"{path}.{suffix}", headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == (tag.replace('-gzip"', '"') if known == "*" else tag)
        assert again.headers["dataset-revision"] == first.headers["dataset-revision"]
        assert again.headers["vary"] == first.headers["vary"]
    assert client.get(f"{path}.{suffix}", headers={"If-None-Match": '"other"'}).status_code == 200


def test_formats_languages_and_addresses_have_tags_of_their_own(client: httpx.Client) -> None:
    tags = [
        client.get(address, headers=headers).headers["etag"]
        for address in ("/facilities/holst-centre", "/facilities/holst-centre?lang=nl", "/facilities/imec")
        for headers in ({"Accept": "text/turtle"}, {"Accept": "text/html"}, {"Accept": "application/json"})
        if address != "/facilities/imec"
    ]
    assert len(set(tags)) == len(tags)
    dutch = client.get("/facilities/holst-centre", headers={"Accept-Language": "nl"}).headers["etag"]
    assert dutch != client.get("/facilities/holst-centre").headers["etag"]


def test_a_page_for_one_host_is_never_given_to_another(client: httpx.Client) -> None:
    headers = {"Accept": "text/html", "Host": "evil.example"}
    assert "evil.example" in client.get("/contributions", headers=headers).text
    assert "evil.example" not in client.get("/contributions", headers={"Accept": "text/html"}).text


def test_rdf_answers_carry_the_prefixes_they_use_and_no_others(client: httpx.Client) -> None:
    text = client.get("/facilities/holst-centre.ttl").text
    declared = dict(re.findall(r"^@prefix (\S*): <(.*)> \.$", text, re.MULTILINE))
    assert declared.items() <= PREFIXES.items()
    statements = client.get("/facilities/holst-centre.nt").text
    assert all(f"<{base}" in statements for base in declared.values())
    assert len(declared) < len(PREFIXES)
    context = client.get("/facilities/holst-centre.jsonld").json()["@context"]
    assert "cpsv" not in context
    assert context["title"]["@id"] == "dct:title"


@pytest.mark.parametrize("path", ["/facilities/holst-centre", "/regions/BE2", "/practices/adapter-estonia"])
def test_all_rdf_twins_say_the_same(client: httpx.Client, path: str) -> None:
    def triples(suffix: str) -> set[Triple]:
        return {quad.triple for quad in parse(client.get(f"{path}.{suffix}").content, FORMATS[suffix])}

    expected = triples("nt")
    assert len(expected) > 10
    for suffix in ("ttl", "jsonld", "rdf"):
        assert triples(suffix) == expected


def test_an_iri_leads_to_its_document(client: httpx.Client) -> None:
    answer = client.get("/id/facility/holst-centre")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/facilities/holst-centre"
    assert client.get("/id/facility/holst-centre.ttl").headers["location"] == "/facilities/holst-centre.ttl"
    assert client.get("/id/facility/holst-centre?lang=nl").headers["location"].endswith("?lang=nl")
    links = client.get("/facilities/holst-centre").headers["link"]
    for address in re.findall(r'<([^>]+)>; rel="alternate"', links):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("listing", LISTS)
def test_every_entry_of_every_list_has_a_page(client: httpx.Client, listing: str) -> None:
    part = client.get(f"/{listing}", params={"limit": 200}).json()
    assert part["total"] >= len(part["items"]) > 0
    for item in part["items"][:: max(1, len(part["items"]) // 3)]:
        for kind in ("application/json", "text/html"):
            answer = client.get(item["url"], headers={"Accept": kind})
            assert answer.status_code == 200, item["url"]
        assert client.get(item["url"]).json()["id"] == item["id"]


def test_pages_by_link_are_the_whole_list_once(client: httpx.Client) -> None:
    address = "/facilities?limit=70&kind=&lang=nl"
    seen: list[str] = []
    while address:
        answer = client.get(address)
        seen += [item["id"] for item in answer.json()["items"]]
        link = re.fullmatch(r'<(/facilities\?[^>]+)>; rel="next"', answer.headers.get("link", ""))
        assert (link is None) == (answer.json()["next"] is None)
        address = link[1] if link else ""
        assert not address or "lang=nl" in address
    whole = client.get("/facilities").json()["total"]
    assert len(seen) == len(set(seen)) == whole
    assert seen == sorted(seen)


def test_the_next_page_keeps_suffix_and_repeated_filters_behind_a_proxy(client: httpx.Client) -> None:
    asked = "/facilities.csv?service=testing&service=prototyping&limit=2"
    answer = client.get(asked, headers={"X-Forwarded-Proto": "https", "Host": "infrashare.example"})
    address = re.findall(r"<([^>]+)>", answer.headers["link"])[0]
    assert address.startswith("/facilities.csv?")
    assert address.count("service=") == 2
    assert urljoin("https://infrashare.example/facilities.csv", address).startswith(
        "https://infrashare.example/f"
    )
    assert client.get(address).headers["content-type"] == TYPES["csv"]


@pytest.mark.parametrize(
    ("listing", "name", "value"),
    [
        ("facilities", "region", "BE2"),
        ("facilities", "region", "http://data.europa.eu/nuts/code/SE224"),
        ("facilities", "capability", "additive-manufacturing"),
        ("facilities", "service", "testing"),
        ("facilities", "sector", "C29"),
        ("facilities", "ket", "nanotechnology"),
        ("facilities", "kind", "clean-room"),
        ("practices", "region", "NL41"),
        ("policy-instruments", "region", "SE224"),
        ("organisations", "region", "BE2"),
        ("organisations", "kind", "university"),
        ("practices", "kind", "cross-border"),
        ("policy-instruments", "kind", "innovation-voucher"),
        ("services", "kind", "testing"),
        ("facilities", "q", "fatigue"),
        ("regions", "q", "vlaams"),
    ],
)
def test_filters_narrow_a_list(client: httpx.Client, listing: str, name: str, value: str) -> None:
    whole = client.get(f"/{listing}").json()["total"]
    part = client.get(f"/{listing}", params={name: value}).json()
    assert 0 < part["total"] < whole
    assert client.get(f"/{listing}.html", params={name: value}).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "capability=no-such-thing",
        "region=XX99",
        "region=%20%3C%3E",
        "kind=a%20b%3E",
        "nonsense=1",
        "limit=0",
        "limit=201",
        "limit=many",
        "q=" + "x" * 201,
        "sector=http://[",
    ],
)
def test_a_filter_that_cannot_be_used_is_a_problem(client: httpx.Client, query: str) -> None:
    answer = client.get(f"/facilities?{query}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"]


def test_a_text_of_a_visitor_stays_text(client: httpx.Client) -> None:
    hostile = "\"'<script>alert(1)</script>{{7*7}}\\"
    answer = client.get("/facilities", params={"q": hostile}, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert "<script>" not in answer.text
    assert hostile in html.unescape(answer.text)  # neither run as a template, where it would say 49, nor cut
    assert client.get("/facilities", params={"q": hostile}).json()["total"] == 0


def test_csv_cells_are_no_formulas(client: httpx.Client) -> None:
    from graph.cells import cell

    for value in ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"):
        assert str(cell(value)).startswith("'")
    assert cell(-1.5) == -1.5
    rows = list(csv.DictReader(io.StringIO(client.get("/facilities.csv?limit=200").text)))
    items = client.get("/facilities?limit=200").json()["items"]
    assert [row["id"] for row in rows] == [item["id"] for item in items]
    assert float(rows[0]["lat"]) == items[0]["lat"]


def test_geojson_has_longitude_first(client: httpx.Client) -> None:
    collection = client.get("/facilities.geojson?limit=200").json()
    assert collection["type"] == "FeatureCollection"
    for feature in collection["features"]:
        lon, lat = feature["geometry"]["coordinates"]
        assert -11 < lon < 32
        assert 35 < lat < 71


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/nothing/at/all.ttl",
        "/facilities/no-such-place",
        "/facilities/a%20b",
        "/facilities/..%2f..%2fetc%2fpasswd",
        "/facilities/%3E%3Cx",
        "/facilities/%00",
        "/regions/XX9",
        "/id/facility/no-such-place",
        "/id/castle/x",
        "/codelists/none",
        "/codelists/a%20b",
        "/queries/none",
        "/problems/none",
        "/static/none.css",
        "/static/..%2f..%2fpyproject.toml",
        "/facilities/holst-centre/more",
    ],
)
def test_what_is_not_there_is_404_as_a_problem(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == 404
    assert body["type"] == "/problems/not-found"
    assert body["instance"].startswith("/")
    assert body["errors"][0]["message"] == body["detail"]
    assert client.get(body["type"]).json()["status"] == 404
    page = client.get(path, headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert page.headers["content-type"] == TYPES["html"]


def test_a_near_miss_is_told(client: httpx.Client) -> None:
    assert "holst-centre" in client.get("/facilities/holst-center").json()["detail"]


def test_a_slash_too_many_leads_to_the_page(client: httpx.Client) -> None:
    answer = client.get("/facilities/?limit=3")
    assert (answer.status_code, answer.headers["location"]) == (308, "/facilities?limit=3")
    assert client.get("/regions/BE2/").headers["location"] == "/regions/BE2"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/facilities", "GET, HEAD"),
        ("DELETE", "/sparql", "GET, POST, QUERY, HEAD"),
        ("PUT", "/match", "GET, POST, HEAD"),
        ("PUT", "/contributions/check", "GET, POST, HEAD"),
        ("POST", "/static/style.css", None),
    ],
)
def test_a_wrong_method_is_told_the_right_ones(
    client: httpx.Client, method: str, path: str, allowed: str | None
) -> None:
    answer = client.request(method, path)
    assert answer.status_code == 405
    assert answer.json()["type"] == "/problems/method-not-allowed"
    if allowed is not None:
        assert answer.headers["allow"] == allowed


def test_scripts_of_other_sites_may_read(client: httpx.Client) -> None:
    answer = client.get("/facilities", headers={"Origin": "https://app.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "ETag" in answer.headers["access-control-expose-headers"]


def test_health(client: httpx.Client, service: Service) -> None:
    assert client.get("/health/live").json() == {"status": "alive"}
    assert client.get("/health/ready").json() == {
        "status": "ready",
        "revision": service.snapshot.revision,
        "triples": service.snapshot.triples,
        "store": "embedded",
    }


def test_home_counts_what_the_lists_hold(client: httpx.Client) -> None:
    home = client.get("/").json()
    for name, count in home["counts"].items():
        assert client.get(home["links"][name]).json()["total"] == count
    assert client.get("/", headers={"Accept": "text/html"}).status_code == 200


def test_the_context_is_that_of_the_ontology(client: httpx.Client) -> None:
    answer = client.get("/context.jsonld")
    assert answer.headers["content-type"] == "application/ld+json"
    assert "@context" in json.loads(answer.content)


def test_the_reference_is_a_page_of_our_own(client: httpx.Client) -> None:
    answer = client.get("/docs", headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert "https://cdn" not in answer.text
    for path in ("/match", "/sparql", "/facilities/{slug}"):
        assert path in answer.text


def test_a_request_that_is_no_http_is_400_and_harms_nobody(client: httpx.Client) -> None:
    with socket.create_connection((client.base_url.host, client.base_url.port or 80)) as raw:
        raw.sendall(b"NONSENSE\r\n\r\n")
        assert b"400" in raw.recv(1000)
    assert client.get("/health/live").status_code == 200
