"""How large pages are and how long the server takes for them: each kind of page, first and when it is kept.

Bytes are those on the wire, packed with gzip. Script and style are what a page loads at once: maps, graphs and editors
come when they are needed, and are not in it.
"""

import argparse
import re
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench.addresses import PAGES
from bench.served import Served
from bench.table import heading, milliseconds, say, show
from graph.service import running
from graph.settings import Settings

BUDGET = 100_000
"""Bytes of script and style that a page may load at once."""
_LOADED = re.compile(
    r'<link rel="(?:stylesheet|modulepreload)" href="([^"]+)"|<script type="module" src="([^"]+)"'
)
_READER = {"Accept": "text/html", "Accept-Encoding": "gzip", "Accept-Language": "en"}


@dataclass(frozen=True)
class Size:
    """What one page takes."""

    html: int
    """Bytes of the page itself."""
    loaded: dict[str, int]
    """Bytes of each file that it loads at once."""
    first: float
    """Seconds until the first answer, which makes the page."""
    kept: float
    """The median of seconds until an answer that is kept; 0 where that was not measured."""

    @property
    def before(self) -> int:
        """Bytes of script and style before a map or an editor loads."""
        return sum(self.loaded.values())


def loaded(html: str) -> list[str]:
    """The files that a page names: its styles, and its scripts with all that they import at once."""
    return [style or script for style, script in _LOADED.findall(html)]


def sent(client: httpx.Client, address: str) -> tuple[int, str, float]:
    """Bytes on the wire, the text, and seconds until the last byte."""
    began = time.perf_counter()
    with client.stream("GET", address, headers=_READER) as answer:
        answer.raise_for_status()
        content = b"".join(answer.iter_bytes())
        taken = time.perf_counter() - began
        return answer.num_bytes_downloaded, content.decode("utf-8"), taken


def size(client: httpx.Client, address: str, files: dict[str, int], again: int = 0) -> Size:
    """Measure a page, and ``again`` times when it is kept; ``files`` remembers sizes that several pages share."""
    html, text, first = sent(client, address)
    names = loaded(text)
    for name in names:
        if name not in files:
            files[name] = sent(client, name)[0]
    kept = [sent(client, address)[2] for _ in range(again)]
    return Size(html, {name: files[name] for name in names}, first, statistics.median(kept) if kept else 0.0)


def main(arguments: Sequence[str] = ()) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench page_sizes", description=__doc__)
    parser.add_argument("--again", type=int, default=30, help="answers that are kept, per page (default: 30)")
    options = parser.parse_args(arguments)
    heading("Sizes of pages")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "var"
        with running(Settings(data_dir=folder)):
            pass
        with Served(folder) as served, served.client() as client:
            files: dict[str, int] = {}
            client.get("/match", params={"text": "welding"}).raise_for_status()
            sizes = {what: size(client, address, files, options.again) for what, address in PAGES.items()}
    show(
        "Each kind of page, shipped graph; bytes as sent, packed with gzip",
        ("page", "HTML", "script and style", "requests", "first", "kept, median"),
        [
            (what, one.html, one.before, 1 + len(one.loaded), milliseconds(one.first), milliseconds(one.kept))
            for what, one in sizes.items()
        ],
        [f"Budget of script and style: {BUDGET:,} bytes. Times are those of a client on the same machine."],
    )
    median = statistics.median(one.kept for one in sizes.values())
    slowest = max(sizes, key=lambda what: sizes[what].kept)
    say(
        f"Kept pages: median {milliseconds(median)}, slowest {milliseconds(sizes[slowest].kept)} ({slowest})."
    )
