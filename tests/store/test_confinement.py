"""Confinement: what a confined process cannot do any more. Each case runs in a process of its own."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, Store

_ROOT = Path(__file__).parents[2]


def run(code: str) -> str:
    """What a fresh Python process prints."""
    environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=120,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    store = Store(str(tmp_path / "live"))
    store.add(Quad(NamedNode("urn:s"), NamedNode("urn:p"), NamedNode("urn:o")))
    store.flush()
    (tmp_path / "snapshots").mkdir()
    store.backup(str(tmp_path / "snapshots" / "1"))
    return tmp_path / "snapshots"


def test_files_beyond_the_dataset_are_out_of_reach(snapshot: Path, tmp_path: Path) -> None:
    (tmp_path / "ledger").write_text("secret")
    code = f"""
from pathlib import Path
from pyoxigraph import Store
from graph.store.confinement import only_reading
if not only_reading([{str(snapshot)!r}]):
    print("cannot")
    raise SystemExit
import decimal, graph.turtle
print(len(Store.read_only({str(snapshot / "1")!r})))
for forbidden in ({str(tmp_path / "ledger")!r}, "/etc/passwd"):
    try:
        Path(forbidden).read_bytes()
        print("read")
    except PermissionError:
        print("refused")
try:
    Path({str(snapshot)!r}, "new").write_text("x")
    print("written")
except PermissionError:
    print("refused")
"""
    said = run(code)
    if said == "cannot":
        pytest.skip("this kernel has no Landlock")
    assert said.split() == ["1", "refused", "refused", "refused"]


@pytest.mark.parametrize("way", ["without_network", "without_sockets"])
def test_no_way_leads_to_the_network(snapshot: Path, way: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as there:
        port = there.getsockname()[1]
        said = run(f"""
import socket
from pyoxigraph import Store
from graph.store.confinement import {way}
socket.create_connection(("127.0.0.1", {port}), 5).close()
if not {way}():
    print("cannot")
    raise SystemExit
store = Store.read_only({str(snapshot / "1")!r})
print(len(store))
try:
    socket.create_connection(("127.0.0.1", {port}), 5)
    print("connected")
except OSError:
    print("refused")
try:
    list(store.query("SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}"))
    print("called")
except (OSError, RuntimeError, ValueError):
    print("refused")
""")
        if said == "cannot":
            pytest.skip("this system cannot take the network away in this way")
        assert said.split() == ["1", "refused", "refused"]
        there.accept()
        there.settimeout(0.5)
        with pytest.raises(TimeoutError):
            there.accept()
