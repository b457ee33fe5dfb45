"""What commands begin with: settings, a service on the data directory, texts, and a bar to wait by."""

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from graph.errors import InputError
from graph.service import Service
from graph.settings import Settings


def settings_of(options: argparse.Namespace, **more: Any) -> Settings:
    """The settings of the environment with what the command line says. Raises ``InputError``."""
    given = {"data_dir": getattr(options, "data_dir", None), **more}
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        raise InputError(f"a setting cannot be used: {fault(error)}") from error


def fault(error: ValidationError) -> str:
    """The first fault of what a person wrote, in one line."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where + ': ' if where else ''}{first['msg'].removeprefix('Value error, ')}"


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar on stderr, shown once there is something to wait for and somebody at a terminal to see it."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    progress = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    tasks: list[TaskID] = []

    def report(what: str, done: int, whole: int) -> None:
        if not tasks:
            progress.start()
            tasks.append(progress.add_task(what, total=whole))
        progress.update(tasks[0], description=what, completed=done, total=whole)

    try:
        yield report
    finally:
        if tasks:
            progress.stop()


@contextmanager
def service_of(options: argparse.Namespace) -> Iterator[Service]:
    """The service on the data directory of the options, as long as the block runs."""
    with opened(settings_of(options)) as service:
        yield service


@contextmanager
def opened(settings: Settings) -> Iterator[Service]:
    """A started service, closed when the block ends."""
    service = Service(settings)
    try:
        with progress_bar() as progress:
            service.start(progress)
        yield service
    finally:
        service.close()


def text_of(name: str) -> str:
    """The text of a file. Raises ``InputError`` where it cannot be read."""
    try:
        return Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{name}: {error}") from error
