"""Dumps for download: the whole dataset of a revision as one packed file, written once and kept for a while.

N-Quads are the very bytes that ``infrashare dump`` writes, and restore a service; Turtle is the same statements without
their graphs. One file is written at a time, in a thread of its own.
"""

import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from shutil import rmtree
from typing import Final

from pyoxigraph import RdfFormat, parse, serialize

from graph.contribute.keeping.dump import CHECKSUM, Dumped, Sink, dump, write_file, write_graphs
from graph.errors import Busy
from graph.iris import PREFIXES
from graph.progress import silent
from graph.store.ledger import Ledger

_KEPT: Final = 4
"""Files kept ready; each is as large as the packed dataset."""
_WAITING: Final = 4
"""Files that may be waited for: further ones are refused until one of these is there."""
_PATIENCE: Final = 30.0
"""Seconds that a caller waits for a file; after them it is told to come again."""


@dataclass(frozen=True)
class Form:
    """A form of dump: the ending of its name, its media type when unpacked, and how it is written."""

    ending: str
    media_type: str
    write: Callable[[Ledger, Sink, int], Dumped]


def _quads(ledger: Ledger, sink: Sink, revision: int) -> Dumped:
    return dump(ledger, sink, silent, revision)


def _turtle(ledger: Ledger, sink: Sink, revision: int) -> Dumped:
    header = "".join(f"@prefix {name}: <{base}> .\n" for name, base in PREFIXES.items())
    sink.write(header.encode())
    return write_graphs(ledger, sink, _turtle_of, silent, revision)


def _turtle_of(name: str, ntriples: bytes) -> bytes:
    """The statements of a graph, in the order of their canonical form, under the prefixes above them."""
    written = serialize(
        (quad.triple for quad in parse(ntriples, RdfFormat.N_TRIPLES)),
        format=RdfFormat.TURTLE,
        prefixes=PREFIXES,
    )
    assert written is not None  # noqa: S101 - without an output argument the bytes are returned
    lines = written.split(b"\n")
    body = b"\n".join(lines[sum(1 for line in lines[: len(PREFIXES)] if line.startswith(b"@prefix ")) :])
    return f"\n# <{name}>\n".encode() + body


QUADS: Final = Form("nq.gz", "application/n-quads", _quads)
TURTLE: Final = Form("ttl.gz", "text/turtle", _turtle)
FORMS: Final = (QUADS, TURTLE)


class File:
    """A dump on the disk: packed, whole, and there for as long as somebody holds it."""

    def __init__(self, path: Path, revision: int, quads: int) -> None:
        self.path = path
        self.revision = revision
        self.quads = quads
        beside = path.with_name(path.name + CHECKSUM)
        self.sha256 = beside.read_text(encoding="utf-8").split()[0]
        self.size = path.stat().st_size
        beside.unlink()
        weakref.finalize(self, path.unlink, missing_ok=True).atexit = False


class Dumps:
    """The dumps of a ledger, in a folder that is theirs alone. Safe to use from many threads."""

    def __init__(self, folder: Path, ledger: Ledger) -> None:
        self._folder = folder
        self._ledger = ledger
        self._files: OrderedDict[tuple[int, Form], Future[File]] = OrderedDict()
        self._lock = threading.Lock()
        self._serial = count(1)
        self._writer = ThreadPoolExecutor(1, "infrashare-dump")
        rmtree(folder, ignore_errors=True)

    def at(self, revision: int, form: Form, patience: float = _PATIENCE) -> File:
        """The dump of a revision, waited for so many seconds.

        Raises ``Busy`` where it takes long or too many are asked for, ``NotFound`` where the ledger does not hold the
        contents of that time, ``StorageFull`` where there is no room.
        """
        key = (revision, form)
        with self._lock:
            file = self._files.get(key)
            if file is None:
                if sum(1 for other in self._files.values() if not other.done()) >= _WAITING:
                    raise Busy("too many dumps are being written; try again in a minute")
                file = self._files[key] = self._writer.submit(self._written, revision, form)
            self._files.move_to_end(key)
        try:
            return file.result(patience)
        except TimeoutError as error:
            raise Busy(f"the dump of revision {revision} is being written; try again in a minute") from error

    def _written(self, revision: int, form: Form) -> File:
        path = self._folder / f"{revision}-{next(self._serial)}.{form.ending}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            dumped = write_file(path, lambda sink: form.write(self._ledger, sink, revision))
            file = File(path, revision, dumped.quads)
        except BaseException:
            with self._lock:
                del self._files[revision, form]
            raise
        with self._lock:
            done = [key for key, other in self._files.items() if other.done()]
            for key in done[: max(0, len(done) + 1 - _KEPT)]:
                del self._files[key]
        return file

    def close(self) -> None:
        """Stop writing and let go of all files; those being sent go with their last reader."""
        self._writer.shutdown(wait=True, cancel_futures=True)
        with self._lock:
            self._files.clear()
