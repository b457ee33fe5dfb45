"""The network of regions over HTTP: its forms, what they share, and what is refused."""

import io
from typing import Any

import httpx
import networkx as nx
import pytest
from jsonschema import Draft202012Validator

from api.app import create_app
from api.negotiation import CYTOSCAPE, GRAPHML
from graph.iris import LANGUAGES
from graph.settings import Settings

PATH = "/regions/network"
HTML = {"Accept": "text/html"}
EIGHT = ["BE2", "CZ064", "DED4", "EE008", "ITH5", "LV008", "NL41", "SE224"]


@pytest.fixture(scope="module")
def told(client: httpx.Client) -> dict[str, Any]:
    answer = client.get(PATH, timeout=60)
    assert answer.status_code == 200, answer.text
    data: dict[str, Any] = answer.json()
    return data


def test_data_have_the_declared_form(client: httpx.Client, told: dict[str, Any]) -> None:
    components = create_app(Settings()).openapi()["components"]
    form = {"$ref": "#/components/schemas/RegionNetwork", "components": components}
    Draft202012Validator(form).validate(told)
    answer = client.get(PATH, timeout=60)
    assert told["run"]["revision"] == int(answer.headers["Dataset-Revision"])
    assert client.get(PATH, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert f"<{PATH}.graphml>" in answer.headers["Link"]


def test_without_regions_it_is_about_those_that_partners_describe(told: dict[str, Any]) -> None:
    assert [node["id"] for node in told["nodes"]] == EIGHT
    assert {kind for link in told["links"] for kind in [link["kind"]]} == {"similarity", "complementarity"}
    assert sorted(code for group in told["groups"] for code in group["regions"]) == EIGHT


def test_every_code_and_region_that_is_mentioned_is_named(told: dict[str, Any]) -> None:
    mentioned = {one["code"] for part in (*told["links"], *told["groups"]) for one in part["capabilities"]}
    assert mentioned == set(told["capabilities"])
    ends = {link[end] for link in told["links"] for end in ("source", "target")}
    tied = {tied["region"] for one in (*told["organisations"], *told["projects"]) for tied in one["regions"]}
    reached = {code for one in told["facilities"] for code in (*one["home"], *one["reached"])}
    assert ends | tied | reached <= set(EIGHT)


def test_centrality_is_the_sum_of_the_links_of_similarity(told: dict[str, Any]) -> None:
    graph = nx.Graph()
    graph.add_nodes_from(EIGHT)
    graph.add_weighted_edges_from(
        (link["source"], link["target"], link["weight"])
        for link in told["links"]
        if link["kind"] == "similarity"
    )
    degrees = dict(graph.degree(weight="weight"))
    assert {node["id"]: node["centrality"] for node in told["nodes"]} == pytest.approx(degrees, abs=1e-3)


def test_a_region_without_stated_needs_is_unknown_and_lacks_nothing_in_links(told: dict[str, Any]) -> None:
    unknown = {node["id"] for node in told["nodes"] if node["gaps"] is None}
    assert unknown
    lacking = {link["source"] for link in told["links"] if link["kind"] == "complementarity"}
    assert not unknown & lacking
    assert unknown <= {one["region"] for one in told["unknown"]}


def test_the_queries_that_it_names_are_in_the_catalogue(client: httpx.Client, told: dict[str, Any]) -> None:
    for path in told["queries"]:
        assert client.get(path, headers={"Accept": "text/turtle"}, timeout=60).status_code == 200, path


@pytest.mark.parametrize("address", [f"{PATH}.graphml", f"{PATH}?format=graphml"])
def test_graphml_holds_the_same_network(client: httpx.Client, told: dict[str, Any], address: str) -> None:
    answer = client.get(address, timeout=60)
    assert answer.headers["content-type"].startswith(GRAPHML)
    read = nx.read_graphml(io.BytesIO(answer.content), force_multigraph=True)
    assert sorted(read.nodes) == EIGHT
    assert {key: data["weight"] for *_, key, data in read.edges(keys=True, data=True)} == {
        link["key"]: link["weight"] for link in told["links"]
    }


@pytest.mark.parametrize("address", [f"{PATH}.cyjs", f"{PATH}?format=cytoscape"])
def test_cytoscape_elements_hold_the_same_network(
    client: httpx.Client, told: dict[str, Any], address: str
) -> None:
    answer = client.get(address, timeout=60)
    assert answer.headers["content-type"].startswith(CYTOSCAPE)
    elements = answer.json()["elements"]
    assert [one["data"]["id"] for one in elements["nodes"]] == EIGHT
    assert {one["data"]["id"] for one in elements["edges"]} == {link["key"] for link in told["links"]}


@pytest.mark.parametrize(
    ("accept", "kind"), [(GRAPHML, GRAPHML), (CYTOSCAPE, CYTOSCAPE), ("text/xml", GRAPHML)]
)
def test_the_form_follows_what_the_client_accepts(client: httpx.Client, accept: str, kind: str) -> None:
    answer = client.get(PATH, headers={"Accept": accept}, timeout=60)
    assert answer.headers["content-type"].startswith(kind)


def test_a_higher_threshold_leaves_fewer_links(client: httpx.Client, told: dict[str, Any]) -> None:
    few = client.get(PATH, params={"minSimilarity": 0.2, "minComplementarity": 0.4}, timeout=60).json()
    kept = [
        link for link in told["links"] if link["weight"] >= (0.2 if link["kind"] == "similarity" else 0.4)
    ]
    assert few["links"] == kept
    assert 0 < len(kept) < len(told["links"])


def test_any_regions_can_be_asked_for(client: httpx.Client) -> None:
    answer = client.get(
        PATH, params={"region": ["nl41", "BE2", "FRK2"], "minSimilarity": 0}, timeout=60
    ).json()
    assert [node["id"] for node in answer["nodes"]] == ["BE2", "FRK2", "NL41"]
    france = answer["nodes"][1]
    assert (france["facilities"], france["centrality"], france["group"]) == (0, None, None)
    assert "FRK2" in {one["region"] for one in answer["unknown"]}
    same = client.get(PATH, params={"region": "BE2 NL41 FRK2", "minSimilarity": 0}, timeout=60).json()
    assert same == answer


def test_the_limit_says_whether_there_is_more(client: httpx.Client) -> None:
    few = client.get(PATH, params={"limit": 1}, timeout=60).json()
    all_ = client.get(PATH, params={"limit": 200}, timeout=60).json()
    for name in ("organisations", "projects", "facilities"):
        assert few[name] == all_[name][:1]
        assert few["more"][name] == (len(all_[name]) > 1)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_the_page_speaks_each_language(client: httpx.Client, told: dict[str, Any], language: str) -> None:
    page = client.get(PATH, params={"lang": language}, headers=HTML, timeout=60)
    assert page.status_code == 200, page.text
    title = client.get(PATH, headers=HTML, params={"lang": "en"}, timeout=60)
    assert ("<h1>Network of regions</h1>" in page.text) == (language == "en")
    assert title.text.count("<table") == page.text.count("<table") == 8
    for node in told["nodes"]:
        assert f"/regions/{node['id']}" in page.text
    assert f'href="{PATH}.graphml?lang={language}"' in page.text


def test_a_past_revision_is_answered_as_it_was(client: httpx.Client, told: dict[str, Any]) -> None:
    revision = told["run"]["revision"]
    assert client.get(PATH, params={"revision": revision}, timeout=60).json() == told
    before = client.get(PATH, params={"revision": 1}, timeout=60)
    assert before.status_code == 200
    assert before.json()["nodes"] != told["nodes"]
    page = client.get(PATH, params={"revision": 1}, headers=HTML, timeout=60)
    assert page.status_code == 200, page.text


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("?region=LV00X", 404, "did you mean LV00"),
        ("?region=BE2&region=nowhere", 404, "nowhere"),
        ("?minSimilarity=much", 400, "from 0 to 1"),
        ("?minComplementarity=2", 400, "from 0 to 1"),
        ("?limit=0", 400, "limit"),
        ("?revision=999999", 404, "revision"),
        ("?format=turtle", 406, "application/json"),
        (".ttl", 406, "application/json"),
        (".nothing", 404, "no format"),
    ],
)
def test_what_cannot_be_answered_says_why(client: httpx.Client, query: str, status: int, words: str) -> None:
    answer = client.get(PATH + query, timeout=60)
    assert answer.status_code == status, answer.text
    assert words in answer.json()["detail"]


def test_an_empty_field_of_the_form_counts_as_not_given(client: httpx.Client, told: dict[str, Any]) -> None:
    assert client.get(PATH, params={"region": "", "minSimilarity": ""}, timeout=60).json() == told
