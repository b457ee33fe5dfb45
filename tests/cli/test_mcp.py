"""``infrashare mcp``: the tools over a real process, by the client of the protocol's own SDK."""

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.types import CallToolResult

from graph.iris import ID
from tests.cli.conftest import COMMAND, ENVIRONMENT, Run, Serving

TOOLS = {
    "match_need",
    "why_not",
    "list_queries",
    "run_query",
    "describe_entity",
    "find_codes",
    "region_profile",
    "compare_regions",
    "region_exchange",
}
FACILITY = f"{ID.base}facility/holst-centre"
NEED = {"text": "We want to 3D print titanium parts", "region": "BE223", "limit": 3}


class Session:
    """A client connected to the command, for tests that are not asynchronous."""

    def __init__(self, portal: BlockingPortal, client: Client, errors: Path) -> None:
        self._portal = portal
        self.client = client
        self.errors = errors

    def tools(self) -> dict[str, Any]:
        return {tool.name: tool for tool in self._portal.call(self.client.list_tools).tools}

    def call(self, name: str, /, **arguments: Any) -> CallToolResult:
        return self._portal.call(self.client.call_tool, name, arguments)

    def ask(self, name: str, /, **arguments: Any) -> dict[str, Any]:
        """The structured answer; the text says the same."""
        done = self.call(name, **arguments)
        assert not done.is_error, done.content
        assert done.structured_content is not None
        (text,) = done.content
        assert text.type == "text"
        told = json.loads(text.text)
        assert {
            key: value for key, value in told.items() if value is not None
        }.keys() <= done.structured_content.keys()
        return done.structured_content

    def fault(self, name: str, /, **arguments: Any) -> str:
        """What an error says."""
        done = self.call(name, **arguments)
        assert done.is_error, done.structured_content
        (text,) = done.content
        assert text.type == "text"
        return text.text


def connected(errors: Path, *arguments: str | Path) -> Iterator[Session]:
    """A session with ``infrashare mcp`` as a process of its own; its errors go to a file."""
    command, *more = COMMAND
    environment = {name: ENVIRONMENT[name] for name in ("PATH", "PYTHONPATH")}
    parameters = StdioServerParameters(
        command=command, args=[*more, "mcp", *map(str, arguments)], env=environment, cwd=errors.parent
    )
    with (
        errors.open("w") as log,
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(Client(stdio_client(parameters, log))) as client,
    ):
        yield Session(portal, client, errors)


@pytest.fixture(scope="module")
def session(
    shipped: Path, copy_of: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Session]:
    errors = tmp_path_factory.mktemp("mcp") / "stderr"
    yield from connected(errors, "--data-dir", copy_of(shipped))


def test_the_tools_are_described_with_typed_arguments_and_answers(session: Session) -> None:
    tools = session.tools()
    assert tools.keys() == TOOLS
    for name, tool in tools.items():
        assert len(tool.description) > 100, name
        assert tool.output_schema["properties"], name
        assert tool.annotations.read_only_hint, name
    assert "maxDistanceKm" in json.dumps(tools["match_need"].input_schema)
    assert "evidence" in json.dumps(tools["match_need"].output_schema)


def test_a_match_gives_reasons_and_the_statements_behind_them(session: Session) -> None:
    answer = session.ask("match_need", need=NEED)
    assert len(answer["results"]) == 3
    assert answer["run"]["revision"] > 0
    for one in answer["results"]:
        assert one["facility"].startswith(f"{ID.base}facility/")
        met = [each for each in one["criteria"] if each["verdict"] == "met"]
        assert met
        assert all(each["reason"] and each["evidence"] for each in met if each["criterion"] == "capability")


def test_reasons_are_in_the_language_that_is_asked_for(session: Session) -> None:
    said = {
        lang: session.ask("match_need", need={**NEED, "lang": lang})["results"][0]["criteria"][0]["reason"]
        for lang in ("en", "lv")
    }
    assert said["en"] != said["lv"]


def test_found_codes_are_taken_by_a_need(session: Session) -> None:
    answer = session.ask("find_codes", word="vermoeiing", lang="nl", limit=3)
    notations = [code["notation"] for code in answer["codes"]]
    assert "fatigue-testing" in notations
    matched = session.ask("match_need", need={"capabilities": notations[:1], "limit": 1})
    assert matched["run"]["revision"] == answer["revision"]


def test_an_entity_is_described_by_its_iri_and_by_its_end(session: Session) -> None:
    whole = session.ask("describe_entity", entity=FACILITY)
    assert whole["entity"]["id"] == FACILITY
    assert whole["entity"]["dct:title"]
    assert whole["entity"]["graphs"]
    assert session.ask("describe_entity", entity="facility/holst-centre") == whole
    assert session.ask("describe_entity", entity="musp-piacenza")["entity"]["id"].endswith("/musp-piacenza")
    assert session.ask("describe_entity", entity="BE2")["entity"]["id"].endswith("/nuts/code/BE2")


def test_queries_are_listed_and_run_with_their_parameters(session: Session) -> None:
    listed = session.ask("list_queries", audience="firm", words="access mode", lang="nl")["queries"]
    assert {one["audience"] for one in listed} == {"firm"}
    name = "competency-q21-usable-by-access-mode"
    (described,) = [one for one in listed if one["name"] == name]
    assert {one["name"] for one in described["parameters"]} >= {"mode"}
    answer = session.ask("run_query", name=name, parameters={"mode": "fee-for-service"}, limit=2)
    assert len(answer["rows"]) == 2 < answer["total"]
    assert any(term["type"] == "uri" for term in answer["rows"][0].values())
    rest = session.ask(
        "run_query",
        name=name,
        parameters={"mode": "fee-for-service"},
        limit=1000,
        offset=answer["next_offset"],
    )
    assert len(rest["rows"]) == answer["total"] - 2
    assert rest["next_offset"] is None
    assert f"revision={answer['revision']}" in answer["address"]


def test_a_facility_that_is_no_result_is_explained(session: Session) -> None:
    need = {"capabilities": ["fatigue-testing"], "countries": ["CZ"], "required": ["countries"]}
    answer = session.ask("why_not", need=need, facility="musp-piacenza")
    assert answer["failed"] == ["countries"]
    assert answer["rank"] is None
    assert answer["because"]
    assert {change["kind"] for change in answer["changes"]} <= {"need", "record", "facility"}


def test_a_region_is_told_with_figures_that_their_queries_give_again(session: Session) -> None:
    told = session.ask("region_profile", region="be2", lang="nl", limit=5)
    assert told["region"] == "http://data.europa.eu/nuts/code/BE2"
    assert told["label"] == "Vlaanderen"
    assert told["strengths"]
    assert told["gaps"][0]["capability"]
    (access,) = [one for one in told["figures"] if "sme-access" in one["query"]]
    alone = session.ask("run_query", name="indicators-sme-access", parameters={"region": "BE2"})
    assert [float(row["value"]["value"]) for row in alone["rows"]] == [
        one["value"] for one in access["figures"]
    ]
    assert (access["known"], access["of"]) == tuple(
        int(alone["rows"][0][name]["value"]) for name in ("known", "of")
    )


def test_regions_are_compared_and_learn_from_each_other(session: Session) -> None:
    told = session.ask("compare_regions", regions=["BE2", "NL41"])
    assert told["regions"] == {"BE2": "Flanders", "NL41": "North Brabant"}
    assert "robotics" in told["compared"][0]["common"]
    lessons = session.ask("region_exchange", region="LV008", limit=3)
    assert lessons["label"] == "Vidzeme"
    assert len(lessons["practices"]) == 3
    assert all(one["reasons"] for one in (*lessons["practices"], *lessons["partners"]))


@pytest.mark.parametrize(
    ("tool", "arguments", "says"),
    [
        ("match_need", {"need": {}}, ["need", "text", "capabilities"]),
        (
            "match_need",
            {"need": {"capabilities": ["fatigue-tseting"]}},
            ["fatigue-tseting", "fatigue-testing"],
        ),
        (
            "match_need",
            {"need": {"text": "welding", "limit": 0}},
            ["need.limit", "greater than or equal to 1"],
        ),
        (
            "why_not",
            {"need": {"text": "welding"}, "facility": "holst-center"},
            ["holst-center", "/facilities"],
        ),
        ("run_query", {"name": "competency-q21"}, ["competency-q21", "competency-q21-usable-by-access-mode"]),
        (
            "run_query",
            {"name": "competency-q21-usable-by-access-mode", "parameters": {"nothing": "x"}},
            ["'nothing'", "mode"],
        ),
        ("run_query", {"name": "browse-count", "parameters": {"limit": "3"}}, ["'limit'"]),
        ("describe_entity", {"entity": "holst-centre"}, ["names several", FACILITY]),
        ("describe_entity", {"entity": "holst-center"}, ["holst-center", "holst-centre"]),
        ("describe_entity", {"entity": "https://example.org/x"}, ["https://example.org/x", ID.base]),
        ("find_codes", {"word": "x", "code_list": "nothing"}, ["'nothing'", "capability"]),
        ("region_profile", {"region": "XX9"}, ["XX9"]),
        ("compare_regions", {"regions": ["BE2", "XX9"]}, ["XX9"]),
    ],
)
def test_errors_name_the_value_and_what_helps(
    session: Session, tool: str, arguments: dict[str, Any], says: list[str]
) -> None:
    told = session.fault(tool, **arguments)
    for part in says:
        assert part in told


def test_no_call_left_a_trace_of_a_crash(session: Session) -> None:
    assert "Traceback" not in session.errors.read_text(encoding="utf-8")


def test_a_running_service_can_be_asked_instead(serving: Serving, data_dir: Path, tmp_path: Path) -> None:
    with serving("--data-dir", data_dir) as (_, address):
        for session in connected(tmp_path / "stderr", "--server", address):
            assert session.ask("describe_entity", entity=FACILITY)["entity"]["id"] == FACILITY
            assert "holst-centre" in session.fault("describe_entity", entity="holst-center")


def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    for session in connected(tmp_path / "stderr", "--server", "http://127.0.0.1:9"):
        assert "http://127.0.0.1:9" in session.fault("match_need", need=NEED)


def test_standard_output_is_the_protocols_alone(data_dir: Path, tmp_path: Path) -> None:
    asked = [
        {
            "jsonrpc": "2.0",
            "id": 1,
            "method": "initialize",
            "params": {
                "protocolVersion": "2025-06-18",
                "capabilities": {},
                "clientInfo": {"name": "test", "version": "1"},
            },
        },
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {
            "jsonrpc": "2.0",
            "id": 2,
            "method": "tools/call",
            "params": {"name": "find_codes", "arguments": {"word": "welding"}},
        },
    ]
    with subprocess.Popen(
        [*COMMAND, "mcp", "--data-dir", str(data_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
        cwd=tmp_path,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for message in asked:
            process.stdin.write(json.dumps(message) + "\n")
        process.stdin.flush()
        answers = [json.loads(process.stdout.readline()) for _ in range(2)]
        rest, _ = process.communicate(timeout=60)
    assert [answer["id"] for answer in answers] == [1, 2]
    assert answers[0]["result"]["serverInfo"]["name"] == "infrashare"
    assert answers[1]["result"]["structuredContent"]["codes"]
    assert rest == ""
    assert process.returncode == 0


def test_the_help_tells_how_a_client_gets_it(run: Run) -> None:
    told = run("mcp", "--help").stdout
    assert '"mcpServers"' in told
    assert "--server" in told
