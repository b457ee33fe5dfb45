"""The description of the interface is valid, and everything in it works as it stands."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from api.app import create_app
from api.problems import PROBLEMS
from api.schemas import LINES
from graph.settings import Settings
from tests.api.conftest import Writable

DESCRIPTION: dict[str, Any] = create_app(Settings(**{})).openapi()
OPERATIONS = [
    (method, path, operation)
    for path, operations in DESCRIPTION["paths"].items()
    for method, operation in operations.items()
]
# fmt: off
STABLE = {
    "catalog", "checkContribution", "codeIdentified", "codeList", "codeListIdentified", "compareRuns",
    "concept", "context", "contributionGraph", "convertTable", "deleteContribution", "demand",
    "dump-nq", "dump-nq-checksum", "dump-ttl", "dump-ttl-checksum", "facilityFit", "feed", "feedPage",
    "get-action-plans", "get-equipment", "get-events", "get-facilities", "get-organisations",
    "get-policy-instruments", "get-practices", "get-projects", "get-regions", "get-s3-priorities",
    "get-services", "getContribution", "getDifference", "getGraph", "getJob", "getVersion",
    "graphVersion", "home", "identified", "instrumentFacilities", "list-action-plans", "list-equipment",
    "list-events", "list-facilities", "list-organisations", "list-policy-instruments", "list-practices",
    "list-projects", "list-regions", "list-services", "listCodeLists", "listContributions",
    "listQueries", "listTemplates", "listVersions", "live", "match", "matchBatch", "matchByAddress",
    "matchFeed", "matchRun", "ontology", "ontologyReference", "ontologyVersion", "problem",
    "putContribution", "ready", "regionExchange", "regionFacilitiesAbroad", "robots",
    "rollBackContribution", "runQuery",
    "shapes", "sitemap", "sparqlGet", "sparqlPost", "suggest", "systemGraph", "template", "void", "whyNot",
}
# fmt: on
_NEEDED = {"matchByAddress": {"text": "welding"}, "sparqlGet": {"query": "ASK {}"}}


def _example(parameter: dict[str, Any]) -> Any:
    if "example" in parameter:
        return parameter["example"]
    for examples in (parameter.get("examples"), parameter["schema"].get("examples")):
        if isinstance(examples, dict):
            return next(iter(examples.values()))["value"]
        if examples:
            return examples[0]
    return None


def _requests() -> Iterator[Any]:
    """Every example of every operation as one request: body by body and parameter by parameter."""
    for method, path, operation in OPERATIONS:
        parameters = operation.get("parameters", [])
        address = path
        for parameter in parameters:
            if parameter["in"] == "path":
                address = address.replace(f"{{{parameter['name']}}}", str(_example(parameter)))
        queries = [
            {p["name"]: _example(p)} for p in parameters if p["in"] == "query" and _example(p) is not None
        ]
        bodies: list[tuple[str, Any]] = []
        for kind, content in operation.get("requestBody", {}).get("content", {}).items():
            examples = [example["value"] for example in content.get("examples", {}).values()]
            examples += [content["example"]] if "example" in content else []
            bodies += [(kind, example) for example in examples]
        if not bodies and "requestBody" not in operation:
            bodies = [("", None)]
        for kind, body in bodies:
            asked = queries if operation["operationId"] in {"sparqlGet", "matchByAddress"} else [{}, *queries]
            for given in asked:
                query = {**_NEEDED.get(operation["operationId"], {}), **given}
                yield pytest.param(
                    method, path, address, query, kind, body, id=f"{method} {address} {query} {kind}"
                )


def test_the_description_is_valid() -> None:
    validate(DESCRIPTION)


def test_the_description_is_served(client: httpx.Client) -> None:
    assert client.get("/openapi.json").json() == DESCRIPTION


def test_every_operation_is_named_summarised_and_tells_its_errors() -> None:
    names = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(names) == len(set(names))
    for method, path, operation in OPERATIONS:
        where = f"{method} {path}"
        assert operation["summary"], where
        errors = {status: answer for status, answer in operation["responses"].items() if status >= "400"}
        assert {"400", "406", "503"} <= set(errors), where
        for answer in errors.values():
            assert "application/problem+json" in answer["content"], where
            assert answer["description"], where
        assert any(status < "400" for status in operation["responses"]), where
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "path":
                assert _example(parameter) is not None, where


def test_every_path_of_the_contract_that_is_served_is_described() -> None:
    for path in (
        "/health/live",
        "/health/ready",
        "/sparql",
        "/contributions/check",
        "/contributions",
        "/contributions/{partner}/{dataset}",
        "/contributions/{partner}/{dataset}/versions",
        "/contributions/{partner}/{dataset}/versions/{version}",
        "/contributions/{partner}/{dataset}/diff",
        "/contributions/{partner}/{dataset}/rollback",
        "/match",
        "/facilities",
        "/practices",
        "/policy-instruments",
        "/organisations",
        "/events",
        "/regions",
        "/id/{kind}/{slug}",
        "/queries",
        "/queries/{name}",
        "/ontology",
        "/shapes",
        "/codelists/{scheme}",
        "/context.jsonld",
    ):
        assert path in DESCRIPTION["paths"]


def test_every_error_of_matching_is_a_problem_of_a_listed_type() -> None:
    kinds = DESCRIPTION["components"]["schemas"]["Problem"]["properties"]["type"]["enum"]
    assert set(kinds) == {f"/problems/{name}" for name in PROBLEMS}
    matching = [(path, operation) for _, path, operation in OPERATIONS if path.startswith("/match")]
    assert len(matching) >= 7
    for path, operation in matching:
        for status, answer in operation["responses"].items():
            if status >= "400":
                content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
                assert answer["content"] == content, f"{path} {status}"


def test_names_that_clients_are_made_from_stay() -> None:
    """A client's functions are named after these: add, but never rename or remove."""
    assert {operation["operationId"] for _, _, operation in OPERATIONS} >= STABLE


def test_the_language_can_be_asked_for_wherever_the_answer_depends_on_it(client: httpx.Client) -> None:
    speaking = 0
    for method, path, operation in OPERATIONS:
        if method != "get" or operation.get("security") or path.startswith(("/jobs", "/match/runs")):
            continue
        address, parameters = path, operation["parameters"]
        for parameter in parameters:
            if parameter["in"] == "path":
                address = address.replace(f"{{{parameter['name']}}}", str(_example(parameter)))
        query = _NEEDED.get(operation["operationId"], {})
        texts = [
            client.get(
                address, params={**query, "lang": lang}, headers={"Accept": "application/json, */*;q=0.5"}
            ).text
            for lang in ("en", "lv")
        ]
        documented = any(parameter["name"] == "lang" for parameter in parameters)
        assert documented or texts[0] == texts[1], path
        speaking += documented
    assert speaking > 20


@pytest.fixture(scope="module")
def partner(writable: Writable) -> Iterator[httpx.Client]:
    """A client that may write what the examples write, at a service that no other test reads."""
    _, token = writable.service.tokens.create("flanders-make")
    headers = {"Accept": "*/*", "Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=writable.client.base_url, timeout=60, headers=headers) as opened:
        yield opened


@pytest.mark.parametrize(("method", "path", "address", "query", "kind", "body"), list(_requests()))
def test_every_example_works_and_has_the_declared_form(
    request: pytest.FixtureRequest,
    client: httpx.Client,
    method: str,
    path: str,
    address: str,
    query: dict[str, Any],
    kind: str,
    body: Any,
) -> None:
    if DESCRIPTION["paths"][path][method].get("security"):
        client = request.getfixturevalue("partner")
        if method == "delete":
            client.post(f"{address}/rollback", json={"version": 1}).raise_for_status()
    elif path == "/jobs/{job}":
        client = request.getfixturevalue("partner")
        address = client.put(
            "/contributions/flanders-make/organisations",
            content=b"<a> <b> 1 .",
            headers={"Content-Type": "text/turtle", "Prefer": "respond-async"},
        ).headers["Location"]
    more: dict[str, Any] = {"params": query} if query else {}
    if kind == "application/json":
        more["json"] = body
    elif kind == "application/x-www-form-urlencoded":
        more["data"] = body
    elif kind:
        more.update(content=body.encode(), headers={"Content-Type": kind})
    answer = client.request(method.upper(), address, **more)
    declared = DESCRIPTION["paths"][path][method]["responses"]
    assert 200 <= answer.status_code < 400, answer.text
    assert str(answer.status_code) in declared
    media_type = answer.headers.get("content-type", "").split(";")[0]
    if answer.status_code == 200:
        form = declared["200"]["content"][media_type]
        schema = form.get(LINES, form.get("schema"))
        if "json" in media_type and schema and "$ref" in schema:
            validator = Draft202012Validator({**schema, "components": DESCRIPTION["components"]})
            for text in answer.text.splitlines() if "ndjson" in media_type else [answer.text]:
                validator.validate(json.loads(text))


@pytest.mark.parametrize(
    ("method", "address", "more"),
    [
        ("GET", "/nothing", {}),
        ("GET", "/facilities?limit=0", {}),
        ("GET", "/facilities?format=ttl", {}),
        ("POST", "/facilities", {}),
        ("POST", "/match", {"json": {}}),
        ("POST", "/sparql", {"data": {"query": "SELECT"}}),
        ("POST", "/sparql", {"data": {"query": "LOAD <x:y>"}}),
        ("POST", "/contributions/check", {"content": b"x", "headers": {"Content-Type": "text/turtle"}}),
    ],
)
def test_problems_have_the_declared_form(
    client: httpx.Client, method: str, address: str, more: dict[str, Any]
) -> None:
    answer = client.request(method, address, **more)
    assert answer.headers["content-type"] == "application/problem+json"
    schema = {"$ref": "#/components/schemas/Problem", "components": DESCRIPTION["components"]}
    Draft202012Validator(schema).validate(answer.json())
    assert answer.json()["status"] == answer.status_code
    kind = client.get(answer.json()["type"]).json()
    assert kind["title"] == answer.json()["title"]
