"""The tests of ledger, owners and tokens, on PostgreSQL; and what is PostgreSQL's own."""

import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from servers import free_port
from suites import suite

from graph.errors import Refused, StoreError
from graph.store.backup import back_up
from graph.store.inspection import inspect
from graph.store.ledger import Ledger
from graph.store.owners import OwnedByOthers, Owners
from graph.store.tokens import Tokens

_LEDGER = suite("store/test_ledger.py")
_OWNERS = suite("store/test_owners.py")
_TOKENS = suite("store/test_tokens.py")
append = _LEDGER.append

test_an_empty_ledger_is_at_revision_0 = _LEDGER.test_an_empty_ledger_is_at_revision_0
test_versions_count_up = _LEDGER.test_versions_count_up_for_each_graph_and_revisions_for_all
test_who_comes_first_owns = _OWNERS.test_who_comes_first_owns
test_claiming_what_others_own_claims_nothing = _OWNERS.test_claiming_what_others_own_claims_nothing
test_inheriting_leaves_what_others_own = _OWNERS.test_inheriting_leaves_what_others_own
test_an_assignment_goes_before_who_came_first = _OWNERS.test_an_assignment_goes_before_who_came_first
test_a_token_names_its_partner = _TOKENS.test_a_token_names_its_partner
test_another_secret_for_a_known_id_is_refused = _TOKENS.test_another_secret_for_a_known_id_is_refused
test_a_revoked_token_is_worth_nothing = _TOKENS.test_a_revoked_token_is_worth_nothing


@pytest.fixture
def address(a_postgresql: str) -> str:
    """A database of its own for each test."""
    name = f"t{uuid.uuid4().hex}"
    engine = sa.create_engine(
        a_postgresql.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return f"{a_postgresql.rpartition('/')[0]}/{name}"


@pytest.fixture
def ledger(address: str) -> Iterator[Ledger]:
    opened = Ledger(address)
    yield opened
    opened.close()


@pytest.fixture
def owners(ledger: Ledger) -> Owners:
    return Owners(ledger.database)


@pytest.fixture
def tokens(ledger: Ledger) -> Tokens:
    return Tokens(ledger.database)


def test_what_was_accepted_reads_back_after_opening_again(ledger: Ledger, address: str) -> None:
    version = append(ledger, "<http://a> <http://b> <http://c> .\n")
    again = Ledger(address)
    assert again.latest(version.graph) == version
    assert again.content(version.sha256) == b"<http://a> <http://b> <http://c> .\n"
    with again.database.reading() as connection:
        found = inspect(connection)
    assert (found.versions, found.contents, found.problems) == (1, 1, ())
    again.close()


def test_a_write_that_is_undone_leaves_no_gap_in_the_revisions(ledger: Ledger) -> None:
    append(ledger, "one")

    def refuse(*_: object) -> None:
        raise OwnedByOthers({"http://e": "somebody"})

    with pytest.raises(OwnedByOthers):
        ledger.append(
            graph="http://g",
            partner="p",
            dataset="d",
            ntriples=b"x",
            triples=1,
            agent="a",
            message="m",
            also=[refuse],
        )
    assert append(ledger, "two").revision == 2


_WRITER = """
import sys
from graph.store.ledger import Ledger
ledger = Ledger(sys.argv[1])
for n in range(10):
    content = f"{sys.argv[2]} {n}".encode()
    graph = f"http://g/{n % 2}"
    ledger.append(graph=graph, partner="p", dataset="d", ntriples=content, triples=1, agent="a", message="m")
ledger.close()
"""


def test_several_processes_write_without_losing_or_doubling_a_version(ledger: Ledger, address: str) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", _WRITER, address, str(n)]) for n in range(3)]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    versions = ledger.all()
    assert [version.revision for version in versions] == list(range(1, 31))
    for graph in ("http://g/0", "http://g/1"):
        assert [v.version for v in versions if v.graph == graph] == list(range(1, 16))


def test_one_holds_the_pen_and_others_wait(ledger: Ledger, address: str) -> None:
    other = Ledger(address)
    order: list[str] = []

    def write() -> None:
        with other.database.pen():
            order.append("other")

    with ledger.database.pen():
        thread = threading.Thread(target=write)
        thread.start()
        thread.join(0.3)
        order.append("first")
        append(ledger, "the ledger can be written while the pen is held")
    thread.join(30)
    assert order == ["first", "other"]
    other.close()


def test_a_server_that_is_away_is_told_without_the_password() -> None:
    with pytest.raises(StoreError, match="cannot be opened") as caught:
        Ledger(f"postgresql://user:secret@127.0.0.1:{free_port()}/x")
    assert "secret" not in caught.value.detail


def test_its_backup_is_left_to_its_own_tools(
    ledger: Ledger, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with pytest.raises(Refused, match="own tools"):
        back_up(ledger, tmp_path_factory.mktemp("backup"), lambda *_: None)
