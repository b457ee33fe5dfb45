"""Tables become Turtle: a spreadsheet saved as CSV goes in, and what is wrong with it comes out at once."""

import argparse
import sys
from pathlib import Path

from pydantic import ValidationError

from cli.arguments import DONE, USAGE, json_of, plain
from graph.contribute.tables.metadata import Tables
from graph.contribute.tables.worker import Converting
from graph.errors import InputError
from graph.settings import Settings


def convert(options: argparse.Namespace) -> int:
    """Convert a table; the exit code is 2 where it cannot be, and then nothing is written."""
    settings = _settings()
    if options.name is not None:
        _ = Tables()[options.name]
    data = _read(options.file, settings.max_upload_bytes)
    converting = Converting(settings)
    try:
        converted = converting.convert(data, name=options.name, language=options.lang)
    except InputError as error:
        _tell(options.file, error, as_json=options.json)
        return USAGE
    finally:
        converting.close()
    if options.out:
        try:
            Path(options.out).write_text(converted.turtle, encoding="utf-8")
        except OSError as error:
            raise InputError(f"{options.out}: {error.strerror}") from error
    else:
        sys.stdout.write(converted.turtle)
    entries = "1 entry" if converted.entries == 1 else f"{converted.entries:,} entries"
    hint = f"; next: infrashare check {options.out}" if options.out else ""
    print(
        f"{options.file}: {entries} ({converted.table}), {converted.statements:,} statements{hint}",
        file=sys.stderr,
    )
    return DONE


def _settings() -> Settings:
    """The settings of the environment, without what a store needs: a conversion starts sooner so."""
    try:
        return Settings(**{})
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(f"a setting cannot be used: {first['loc'][0]}: {first['msg']}") from error


def _read(name: str, limit: int) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read(limit + 1)
    try:
        with Path(name).open("rb") as file:
            return file.read(limit + 1)
    except OSError as error:
        raise InputError(f"{name}: {error.strerror}") from error


def _tell(name: str, error: InputError, *, as_json: bool) -> None:
    """All faults: as JSON on stdout, else one a line on stderr."""
    if as_json:
        faults = [{k: v for k, v in vars(place).items() if v is not None} for place in error.places]
        print(json_of({"file": name, "detail": error.detail, "errors": faults}))
        return
    for place in error.places:
        help_ = f"; {place.help}" if place.help else ""
        print(plain(f"{name}:{place.line}: {place.message}{help_}"), file=sys.stderr)
    if len(error.places) != 1 or error.places[0].message not in error.detail:
        print(plain(f"{name}: {error.detail}"), file=sys.stderr)
