"""Checking files without a server or a store."""

import argparse
import json
import sys
from pathlib import Path

from cli.arguments import DONE, NOTHING, plain
from cli.opening import settings_of
from graph.contribute.parse import media_type_of
from graph.contribute.report import Report
from graph.contribute.rules import Rules
from graph.contribute.worker import Checking
from graph.errors import InputError, SyntaxProblem
from graph.resources import SHAPES
from graph.turtle import turtle


def check(options: argparse.Namespace) -> int:
    """Check files; the exit code is 1 where one does not conform or cannot be parsed."""
    settings = settings_of(options, check_workers=1)
    checking = Checking(settings)
    code = DONE
    try:
        for name in options.files:
            data, media_type = _read(name, settings.max_upload_bytes)
            try:
                report = checking.check(data, media_type, language=options.lang).report
            except SyntaxProblem as error:
                code = NOTHING
                _print_syntax(name, error, options.format)
                continue
            if not report.conforms:
                code = NOTHING
            _print_report(name, report, options.format)
    finally:
        checking.close()
    return code


def _read(name: str, limit: int) -> tuple[bytes, str]:
    if name == "-":
        return sys.stdin.buffer.read(limit + 1), "text/turtle"
    media_type = media_type_of(name)
    try:
        with Path(name).open("rb") as file:
            return file.read(limit + 1), media_type
    except OSError as error:
        raise InputError(f"{name}: {error.strerror}") from error


def _print_syntax(name: str, error: SyntaxProblem, form: str) -> None:
    if form == "json":
        places = [{k: v for k, v in vars(p).items() if v is not None} for p in error.places]
        report = {"file": name, "conforms": False, "detail": error.detail, "errors": places}
        print(json.dumps(report, ensure_ascii=False, indent=2))
        return
    for place in error.places or ():
        where = ":".join(str(part) for part in (name, place.line, place.column) if part)
        print(f"{where}: error {place.code}: {plain(place.message)}")
    if not error.places:
        print(f"{name}: error: {plain(error.detail)}")


def _print_report(name: str, report: Report, form: str) -> None:
    if form == "json":
        print(json.dumps({"file": name, **report.as_json()}, ensure_ascii=False, indent=2))
    elif form == "turtle":
        sys.stdout.buffer.write(turtle(report.triples_of_report(Rules(SHAPES))))
    elif form == "html":
        from api.pages import standalone

        print(standalone("report.html", {"report": report.as_json()}))
    else:
        print(plain(report.as_text(name)), end="")
