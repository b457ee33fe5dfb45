"""Tables of measurements, under a heading that says on what they were made."""

import os
import platform
from collections.abc import Iterable, Sequence
from importlib.metadata import version

from rich.console import Console
from rich.table import Table

_PACKAGES = ("pyoxigraph", "rdflib", "pyshacl")
_WIDTH = 150


def _console() -> Console:
    return Console(width=_WIDTH, highlight=False, soft_wrap=True)


def heading(title: str) -> None:
    """Print what is measured, with the versions and the number of processors that it is measured on."""
    versions = ", ".join(f"{package} {version(package)}" for package in _PACKAGES)
    console = _console()
    console.rule(title, align="left")
    console.print(f"{versions}, Python {platform.python_version()}, {os.cpu_count()} processors")
    console.print("Compare the ratios: they hold from machine to machine, the times do not.")


def show(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], notes: Iterable[str] = ()
) -> None:
    """Print one table: the first column to the left, numbers to the right, notes below."""
    table = Table(title=title, title_justify="left", title_style="bold", pad_edge=False)
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left", no_wrap=True)
    for row in rows:
        table.add_row(*(_written(cell) for cell in row))
    console = _console()
    console.print()
    console.print(table)
    for note in notes:
        console.print(note)


def say(text: str) -> None:
    """Print one line."""
    _console().print(text)


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1_000:,.1f} ms"


def in_seconds(seconds: float) -> str:
    return f"{seconds:,.2f} s"


def mebibytes(count: int | None) -> str:
    return "–" if count is None else f"{count / 1024**2:,.0f} MiB"


def times(ratio: float) -> str:
    """A ratio, such as ``4.2 x``."""
    return f"{ratio:,.2f} x"


def _written(cell: object) -> str:
    if cell is None:
        return "–"
    if isinstance(cell, float):
        return f"{cell:.3f}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)
