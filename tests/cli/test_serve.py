"""Serving: ready on its port, alone on its data directory, and gone when told so."""

import signal
import socket
from pathlib import Path

import httpx

from tests.cli.conftest import Run, Serving


def test_it_serves_survives_a_kill_and_ends_when_told(serving: Serving, copy: Path) -> None:
    with serving("--data-dir", copy) as (process, address):
        before = httpx.get(f"{address}/health/ready", timeout=60).json()
        assert before["status"] == "ready"
        process.kill()
        process.wait(10)
    with (
        serving("--data-dir", copy) as (process, address),
        httpx.Client(base_url=address, timeout=60) as client,
    ):
        assert client.get("/health/ready").json() == before
        assert client.get("/match?text=welding").json()["results"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_two_services_on_one_data_directory_the_second_ends_with_3(
    serving: Serving, run: Run, copy: Path
) -> None:
    with serving("--data-dir", copy) as (_, address):
        for command in (("serve", "--port", "0"), ("verify",), ("rebuild",)):
            done = run(*command, "--data-dir", copy)
            assert (done.returncode, done.stdout) == (3, ""), command
            assert "another service" in done.stderr
            assert "Traceback" not in done.stderr
        assert httpx.get(f"{address}/facilities?limit=1", timeout=60).json()["items"]
        asked = httpx.post(f"{address}/sparql", data={"query": "ASK { ?s ?p ?o }"}, timeout=60)
        assert asked.json()["boolean"] is True


def test_a_port_that_is_taken_is_3_before_anything_is_loaded(run: Run, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run("serve", "--port", str(taken.getsockname()[1]), "--data-dir", tmp_path / "var")
    assert (done.returncode, done.stdout) == (3, "")
    assert "choose another --port" in done.stderr
    assert not (tmp_path / "var").exists()


def test_an_empty_service_answers_too_and_ends_at_ctrl_c(serving: Serving, tmp_path: Path) -> None:
    with serving("--empty", "--data-dir", tmp_path / "var") as (process, address):
        assert httpx.get(f"{address}/facilities", timeout=60).json()["total"] == 0
        assert httpx.get(f"{address}/match?text=welding", timeout=60).json()["results"] == []
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0


def test_what_the_service_logs_has_nothing_of_a_need(serving: Serving, copy: Path) -> None:
    text = "weldingofsecretparts"
    with (
        serving("--data-dir", copy) as (process, address),
        httpx.Client(base_url=address, timeout=60) as client,
    ):
        run = client.post("/match", json={"text": text, "language": "en"}).json()["run"]["id"]
        for path in (f"/match?text={text}", f"/match/runs/{run}", f"/match/runs/{run}/compare"):
            assert client.get(path).status_code == 200
        for path in (
            f"/match/runs/{run[:-8]}",
            f"/match/runs/{run}?on={text}",
            f"/match?region={text}&text={text}",
        ):
            assert client.get(path).status_code in {400, 404}
        assert client.post("/match", content=text.encode()).status_code == 400
        headers = {"Content-Type": "text/turtle"}
        assert client.post("/match", content=text.encode(), headers=headers).status_code == 400
        for path in ("/facilities?limit=1", "/nothing"):
            client.get(path)
        process.send_signal(signal.SIGTERM)
        told = "".join(process.communicate(timeout=30))
    assert process.returncode == 0
    assert text not in told
    assert run[:40] not in told
    assert "HTTP/1" not in told
    assert "/nothing" not in told
