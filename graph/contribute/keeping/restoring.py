"""A dump becomes a ledger again: each graph the version that its provenance tells of, with the same numbers.

What a dump says may come from anybody, so it is read in a worker process. Nothing is written before all of it was
read and every hash compared.
"""

import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, TypeVar

import sqlalchemy as sa
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from graph.contribute.entities import described
from graph.contribute.keeping.dump import CHECKSUM
from graph.contribute.keeping.recollection import recollect
from graph.contribute.provenance import SOFTWARE
from graph.contribute.reading.parse import MAX_LITERAL, from_ntriples
from graph.errors import InputError, Place, SyntaxProblem
from graph.iris import PROVENANCE_GRAPH
from graph.progress import Progress
from graph.store.backup import file_hash
from graph.store.content import content_hash
from graph.store.formats import ntriples
from graph.store.ledger import NOT_KEPT, Ledger, Version
from graph.store.owners import Owners
from graph.store.tables import CONTENTS, VERSIONS
from graph.store.worker_process import WorkerSpec, report_progress
from graph.store.workers import WorkerPool

if TYPE_CHECKING:
    from graph.settings import Settings

_Item = TypeVar("_Item")

_BATCH: Final = 20_000
"""Statements kept as terms at a time; what was read before is kept as text."""
_ROWS: Final = 500
_TIME: Final = 3_600.0
"""Seconds that reading a dump may take: a hundred million statements."""


@dataclass(frozen=True)
class Recovered:
    """What a dump holds: all versions it tells of, packed contents by hash, and whose each entity is, since when."""

    versions: tuple[Version, ...]
    contents: Mapping[str, bytes]
    owners: tuple[tuple[Version, frozenset[str]], ...]
    quads: int

    @property
    def not_kept(self) -> int:
        """Past contents that the dump does not hold."""
        return len({version.sha256 for version in self.versions} - self.contents.keys())


def recover(dump: Path, settings: "Settings", progress: Progress) -> Recovered:
    """Read a dump in a worker process; its checksum is compared where the file with it stands beside.

    Raises ``InputError`` with place and reason where anything is wrong with it.
    """
    _compare_checksum(dump)
    spec = WorkerSpec("restore", "graph.contribute.keeping.restoring:setup", (), settings.check_memory)
    pool = WorkerPool(spec, 1)
    try:
        recovered: Recovered = pool.run("read", dump.resolve(), timeout=_TIME, progress=progress)
    finally:
        pool.close()
    return recovered


def _compare_checksum(dump: Path) -> None:
    beside = dump.with_name(dump.name + CHECKSUM)
    if not dump.is_file():
        raise InputError(f"{dump}: there is no such file")
    if not beside.is_file():
        return
    stated = beside.read_text(encoding="utf-8", errors="replace").split()
    actual = file_hash(dump)
    if not stated or stated[0].lower() != actual:
        told = stated[0] if stated else "nothing"
        raise InputError(f"{dump} is damaged: its SHA-256 is {actual}, and {beside} says {told}")


def setup() -> dict[str, Callable[..., Any]]:
    """The job of the worker."""
    return {"read": read}


def read(dump: Path) -> Recovered:
    """Read a dump and compare every hash; called in the worker process."""
    texts = _texts(dump)
    told = texts.pop(PROVENANCE_GRAPH, None)
    if told is None:
        raise InputError(
            f"{dump}: there is no graph {PROVENANCE_GRAPH}; only a dump of InfraShare can be restored"
        )
    quads = told.count(b"\n")
    versions = recollect(from_ntriples(told))
    current = {version.graph_node: version for version in versions}
    contents: dict[str, bytes] = {content_hash(b""): gzip.compress(b"", 6, mtime=0)}
    owners: list[tuple[Version, frozenset[str]]] = []
    for graph in texts.keys() - {graph for graph, version in current.items() if not version.is_deletion}:
        raise InputError(f"{dump}: the provenance graph knows of no current version of {graph}")
    for done, version in enumerate(sorted(current.values(), key=lambda version: version.revision)):
        report_progress("compare contents", done, len(current))
        ntriples = texts.pop(version.graph_node, b"")
        if content_hash(ntriples) != version.sha256:
            raise InputError(
                f"{dump}: the content of <{version.graph}> has the hash {content_hash(ntriples)}, and the provenance "
                f"graph says {version.sha256}"
            )
        number = ntriples.count(b"\n")
        if number != version.triples:
            raise InputError(f"{dump}: <{version.graph}> has {number} statements and not {version.triples}")
        quads += number
        contents[version.sha256] = gzip.compress(ntriples, 6, mtime=0)
        if version.partner != SOFTWARE:
            owners.append((version, described(from_ntriples(ntriples))))
    return Recovered(tuple(versions), contents, tuple(owners), quads)


def _texts(dump: Path) -> dict[NamedNode, bytes]:
    """The canonical N-Triples of each graph."""
    parts: dict[NamedNode, list[bytes]] = {}
    size = dump.stat().st_size
    with _opened(dump) as (raw, file):
        for batch in _batches(parse(file, RdfFormat.N_QUADS), _BATCH):
            report_progress("read the dump", raw.tell(), size)
            for graph, triples in _by_graph(dump, batch).items():
                parts.setdefault(graph, []).append(ntriples(triples))
    return {graph: _canonical(parts.pop(graph)) for graph in list(parts)}


def _by_graph(dump: Path, quads: Iterable[Quad]) -> dict[NamedNode, list[Triple]]:
    found: dict[NamedNode, list[Triple]] = {}
    for quad in quads:
        graph, value = quad.graph_name, quad.object
        if not isinstance(graph, NamedNode):
            raise InputError(f"{dump}: {quad.triple} . stands in no graph of InfraShare")
        if isinstance(quad.subject, BlankNode) or isinstance(value, BlankNode | Triple):
            raise InputError(
                f"{dump}: {quad.triple} . in {graph}: a dump has no unnamed nodes and no triple terms"
            )
        if isinstance(value, Literal) and len(value.value) > MAX_LITERAL:
            about = f"{quad.subject} {quad.predicate} in {graph}"
            raise InputError(
                f"{dump}: {about}: a text of {len(value.value):,} characters; the limit is {MAX_LITERAL:,}"
            )
        found.setdefault(graph, []).append(quad.triple)
    return found


def _batches(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    remaining = iter(items)
    while batch := list(islice(remaining, size)):
        yield batch


def _canonical(parts: list[bytes]) -> bytes:
    lines = b"".join(parts).split(b"\n")[:-1]
    return b"".join(line + b"\n" for line in sorted(set(lines)))


@contextmanager
def _opened(dump: Path) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """The file and what it unpacks to. Faults met while reading become ``InputError`` with their place."""
    try:
        with dump.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            yield raw, gzip.GzipFile(fileobj=raw) if packed else raw  # type: ignore[misc]
    except SyntaxError as error:
        where = f"line {error.lineno}, column {error.offset}: " if error.lineno else ""
        place = Place(str(error.msg), "syntax", error.lineno, error.offset)
        raise SyntaxProblem(f"{dump}: {where}{error.msg}", (place,)) from error
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{dump} cannot be read: {error}") from error


def write(recovered: Recovered, ledger: Ledger, source: Callable[[Version], str | None]) -> None:
    """Write all versions with their numbers into an empty ledger, in one transaction.

    ``source`` tells the hash of the files that a version which came with the software was made from.
    """
    current = {version.graph: version for version in recovered.versions}
    owners = Owners(ledger.database)
    with ledger.database.writing("the restored versions") as connection:
        hashes = sorted({version.sha256 for version in recovered.versions})
        for sha256 in hashes:
            packed = recovered.contents.get(sha256, NOT_KEPT)
            connection.execute(sa.insert(CONTENTS).values(sha256=sha256, ntriples_gz=packed))
        for chunk in _batches(recovered.versions, _ROWS):
            rows = [
                replace(version, source_sha256=source(version))
                if current[version.graph] == version
                else version
                for version in chunk
            ]
            connection.execute(sa.insert(VERSIONS), [vars(row) for row in rows])
        for version, entities in recovered.owners:
            owners.inherit(connection, sorted(entities), version.partner, version.revision)
