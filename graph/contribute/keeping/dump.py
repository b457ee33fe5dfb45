"""The dump: the whole public dataset as N-Quads, from the ledger alone.

The engine is not asked, for it rewrites numbers (``-60.0`` as ``-60``), and the hashes would not fit any more. The
graphs come in the order of their names, the statements of each in the order of its canonical N-Triples, so that the
same state gives the same bytes. What is derived is left out: it follows from the rest.
"""

import gzip
import hashlib
import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from pyoxigraph import Literal, Triple

from graph.contribute.provenance import provenance
from graph.contribute.reading.parse import canonical_ntriples
from graph.errors import NotFound
from graph.iris import INFRA, PROVENANCE_GRAPH, XSD
from graph.progress import Progress
from graph.store.backup import make_durable, writing
from graph.store.ledger import Ledger, Version

CHECKSUM: Final = ".sha256"
"""The ending of the file with the checksum, in the format of ``sha256sum``, beside the dump."""
_PART: Final = ".part"
_LEVEL: Final = 6


class Sink(Protocol):
    """What a dump is written to."""

    def write(self, data: bytes, /) -> object: ...


Written = Callable[[str, bytes], bytes]
"""Makes what stands in a dump of the name and the canonical N-Triples of a graph."""


@dataclass(frozen=True)
class Dumped:
    """What was dumped."""

    revision: int
    graphs: int
    quads: int


def dump(ledger: Ledger, sink: Sink, progress: Progress, revision: int | None = None) -> Dumped:
    """Write the dataset as it is, or as it was at a revision, one graph after the other.

    A service may be at work on the ledger: what it takes meanwhile is not in the dump. Raises ``NotFound`` for a
    revision that there is none of, or whose contents a dump that the ledger was restored from did not hold.
    """
    return write_graphs(ledger, sink, in_graph, progress, revision)


def write_graphs(
    ledger: Ledger, sink: Sink, written: Written, progress: Progress, revision: int | None = None
) -> Dumped:
    """Write all graphs of a revision, each as ``written`` makes it of its name and its canonical N-Triples.

    Raises what ``dump`` raises.
    """
    latest = ledger.revision()
    at = latest if revision is None else revision
    if not 1 <= at <= latest:
        known = f"1 to {latest}" if latest else "none yet"
        raise NotFound(f"there is no revision {at}: the dataset has {known}")
    current = {version.graph: version for version in ledger.current(at=at)}
    names = sorted({*current, PROVENANCE_GRAPH.value})
    quads = 0
    for done, name in enumerate(names):
        progress("dump", done, len(names))
        if name == PROVENANCE_GRAPH.value:
            ntriples = canonical_ntriples(_told(ledger, at))
        else:
            ntriples = ledger.content(current[name].sha256)
        quads += ntriples.count(b"\n")
        sink.write(written(name, ntriples))
    progress("dump", len(names), len(names))
    return Dumped(at, len(names), quads)


def in_graph(name: str, ntriples: bytes) -> bytes:
    """Canonical N-Triples as N-Quads of a graph.

    A line feed in a literal is written as \\n, so the ends of statements are found and nothing else.
    """
    return ntriples.replace(b" .\n", f" <{name}> .\n".encode())


def _told(ledger: Ledger, revision: int) -> Iterator[Triple]:
    """The provenance graph as of a revision."""
    histories: dict[str, list[Version]] = defaultdict(list)
    for version in ledger.all():
        if version.revision <= revision:
            histories[version.graph].append(version)
    for history in histories.values():
        yield from provenance(history)
    yield Triple(PROVENANCE_GRAPH, INFRA["revision"], Literal(str(revision), datatype=XSD["integer"]))


class _Hashed:
    """A file that knows the hash of what was written to it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._hash = hashlib.sha256()

    def write(self, data: bytes, /) -> int:
        self._hash.update(data)
        return self._file.write(data)

    def flush(self) -> None:
        self._file.flush()

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()


def write_dump(ledger: Ledger, target: Path, progress: Progress, revision: int | None = None) -> Dumped:
    """Write a dump to a file, packed where its name ends in ``.gz``, with its checksum in a file beside it.

    Raises what ``dump`` and ``write_file`` raise.
    """
    return write_file(target, lambda sink: dump(ledger, sink, progress, revision))


def write_file(target: Path, write: Callable[[Sink], Dumped]) -> Dumped:
    """Write a file with its checksum in a file beside it; both have their names once they are whole.

    It is packed where its name ends in ``.gz``, without name and time, so that the same state gives the same bytes.
    Raises ``InputError`` where it cannot be written, and ``StorageFull`` where there is no room.
    """
    part = target.with_name(target.name + _PART)
    checksum = target.with_name(target.name + CHECKSUM)
    checksum_part = checksum.with_name(checksum.name + _PART)
    with writing(target):
        try:
            with part.open("wb") as raw:
                hashed = _Hashed(raw)
                if target.name.endswith(".gz"):
                    with gzip.GzipFile("", "wb", _LEVEL, hashed, mtime=0) as packed:
                        dumped = write(packed)
                else:
                    dumped = write(hashed)
                raw.flush()
                os.fsync(raw.fileno())
            checksum_part.write_text(f"{hashed.sha256}  {target.name}\n", encoding="utf-8")
            make_durable(checksum_part)
            checksum.unlink(missing_ok=True)  # never a dump beside the checksum of another one
            part.replace(target)
            checksum_part.replace(checksum)
            make_durable(target.parent)
        finally:
            part.unlink(missing_ok=True)
            checksum_part.unlink(missing_ok=True)
    return dumped
