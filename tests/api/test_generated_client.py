"""A client made by openapi-python-client from the description: without a warning, and it works on the wire."""

import importlib
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

from graph.resources import ROOT
from tests.api.conftest import Server

CONFIGURATION = ROOT / "docs" / "openapi-python-client.yaml"
BAD = ROOT / "tests/shapes/facility/facility-region-required/fail.ttl"
NAME = "generated_infrashare"
Client = Any
"""What is generated has no types before it is."""


@pytest.fixture(scope="module")
def generated(
    client: httpx.Client, tmp_path_factory: pytest.TempPathFactory
) -> subprocess.CompletedProcess[str]:
    """The generator's run on the description as it is served; the client is beside it."""
    folder = tmp_path_factory.mktemp("client")
    (folder / "openapi.json").write_bytes(client.get("/openapi.json").content)
    command = [str(Path(sys.executable).parent / "openapi-python-client"), "generate", "--meta", "none"]
    more = [
        "--path",
        "openapi.json",
        "--output-path",
        NAME,
        "--config",
        str(CONFIGURATION),
        "--fail-on-warning",
    ]
    return subprocess.run(
        [*command, *more], cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.fixture(scope="module")
def api(
    generated: subprocess.CompletedProcess[str], tmp_path_factory: pytest.TempPathFactory, server: Server
) -> Iterator[Client]:
    """The generated client, connected."""
    folder = next(path.parent for path in tmp_path_factory.getbasetemp().glob(f"client*/{NAME}"))
    sys.path.insert(0, str(folder))
    try:
        yield importlib.import_module(NAME).Client(base_url=server.url, timeout=httpx.Timeout(60))
    finally:
        sys.path.remove(str(folder))
        for name in [name for name in sys.modules if name.partition(".")[0] == NAME]:
            del sys.modules[name]


def operation(name: str) -> ModuleType:
    return importlib.import_module(f"{NAME}.api.{name}")


def form(name: str) -> Any:
    return getattr(importlib.import_module(f"{NAME}.models"), name)


def test_the_generator_has_nothing_to_warn_of(generated: subprocess.CompletedProcess[str]) -> None:
    assert generated.returncode == 0, generated.stdout + generated.stderr
    assert "warning" not in (generated.stdout + generated.stderr).lower()


def test_every_operation_has_a_function_and_every_form_a_class(api: Client, client: httpx.Client) -> None:
    described = client.get("/openapi.json").json()
    operations = sum(len(methods) for methods in described["paths"].values())
    package = Path(importlib.import_module(NAME).__file__ or "").parent
    modules = [path for path in package.glob("api/*/*.py") if path.name != "__init__.py"]
    assert len(modules) == operations
    for path in modules:
        importlib.import_module(".".join([NAME, *path.relative_to(package).with_suffix("").parts]))


def test_a_need_is_matched(api: Client) -> None:
    need = form("Need")(text="We want to 3D print titanium parts", region="BE223", limit=3)
    answer = operation("match.match").sync(client=api, body=need)
    assert isinstance(answer, form("MatchAnswer"))
    assert len(answer.results) == 3
    criterion = answer.results[0].criteria[0]
    assert criterion.reason
    assert criterion.evidence[0].graph.startswith("https://w3id.org/infrashare/graph/")


def test_a_need_in_turtle_is_matched(api: Client, client: httpx.Client) -> None:
    body = client.get("/openapi.json").json()["paths"]["/match"]["post"]["requestBody"]["content"]
    turtle = body["text/turtle"]["example"].encode()
    file = importlib.import_module(f"{NAME}.types").File(payload=io.BytesIO(turtle))
    answer = operation("match.match").sync(client=api, body=file)
    assert len(answer.results) == 3


def test_a_refusal_is_typed(api: Client) -> None:
    need = form("Need")(capabilities=["fatigue-tseting"])
    answer = operation("match.match").sync_detailed(client=api, body=need)
    assert answer.status_code == 400
    assert isinstance(answer.parsed, form("Problem"))
    assert isinstance(answer.parsed.type_, form("ProblemType"))
    assert answer.parsed.type_.value == "/problems/invalid-input"
    assert "fatigue-testing" in answer.parsed.detail
    assert answer.parsed.errors[0].code


def test_why_not_is_typed(api: Client) -> None:
    asked = form("WhyNot").from_dict(
        {"need": {"capabilities": ["fatigue-testing"], "countries": ["CZ"]}, "facility": "musp-piacenza"}
    )
    answer = operation("match.why_not").sync(client=api, body=asked)
    assert isinstance(answer, form("WhyNotAnswer"))
    assert answer.changes
    refused = operation("match.why_not").sync(
        client=api, body=form("WhyNot")(need=form("Need")(capabilities=["welding"]), facility="nothing")
    )
    assert refused.status == 404


def test_a_batch_is_matched_line_by_line(api: Client) -> None:
    lines = b'{"capabilities": ["fatigue-testing"], "limit": 1}\n{"limit": 0}\n'
    file = importlib.import_module(f"{NAME}.types").File(payload=io.BytesIO(lines))
    answer = operation("match.match_batch").sync(client=api, body=file)
    good, bad = [form("BatchLine").from_dict(json.loads(line)) for line in answer.payload]
    assert good.answer.results[0].facility
    assert bad.problem.status == 400


def test_lists_are_paged(api: Client) -> None:
    first = operation("lists.list_facilities").sync(client=api, limit="2", region="IT")
    assert isinstance(first, form("Listing"))
    assert len(first.items) == 2 < first.total
    second = operation("lists.list_facilities").sync(client=api, limit="2", region="IT", after=first.next_)
    assert not {one.id for one in first.items} & {one.id for one in second.items}
    entity = operation("entities.get_facilities").sync(client=api, slug=first.items[0].id.rpartition("/")[2])
    assert entity.id == first.items[0].id


def test_a_contribution_is_checked(api: Client) -> None:
    file = importlib.import_module(f"{NAME}.types").File(payload=io.BytesIO(BAD.read_bytes()))
    report = operation("contributions.check_contribution").sync(client=api, body=file, lang="lv")
    assert isinstance(report, form("Report"))
    assert not report.conforms
    assert [finding.code for finding in report.findings if finding.severity == "violation"] == [
        "facility-region-required"
    ]


def test_a_catalogued_query_is_run(api: Client) -> None:
    result = operation("queries.run_query").sync(client=api, name="browse-count")
    assert result.results.bindings
