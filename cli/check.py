"""Checking files without a server or a store, and correcting them."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from cli.arguments import DONE, NOTHING, json_of, plain
from cli.opening import settings_of
from graph.contribute.checking import Checking
from graph.contribute.marking import marked, marks_of, marks_of_errors, readable
from graph.contribute.reading.parse import media_type_of
from graph.contribute.reading.syntax import in_language
from graph.contribute.report import Finding, Report
from graph.contribute.rules import Rules
from graph.contribute.validation_report import validation_report
from graph.contribute.words import Words
from graph.errors import InputError, Place, SyntaxProblem
from graph.resources import SHAPES
from graph.turtle import turtle


def check(options: argparse.Namespace) -> int:
    """Check files; the exit code is 1 where one does not conform or cannot be parsed."""
    if options.fix and len(options.files) != 1:
        raise InputError("--fix takes one file at a time")
    if options.out and not options.fix:
        raise InputError("--out goes with --fix: it names the file for the corrected contribution")
    settings = settings_of(options, check_workers=1)
    checking = Checking(settings)
    code = DONE
    try:
        for name in options.files:
            data, media_type = _read(name, settings.max_upload_bytes)
            try:
                report = (_fixed if options.fix else _checked)(checking, name, data, media_type, options)
            except SyntaxProblem as error:
                code = NOTHING
                told = in_language(error, options.lang, Words())
                stream = sys.stderr if options.fix else sys.stdout
                _print_syntax(name, told, data, settings.max_upload_bytes, options, stream)
                continue
            if not report.conforms:
                code = NOTHING
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


def _checked(
    checking: Checking, name: str, data: bytes, media_type: str, options: argparse.Namespace
) -> Report:
    report = checking.check(data, media_type, language=options.lang).report
    text = readable(data, settings_of(options).max_upload_bytes) if options.format == "html" else ""
    _print_report(name, report, text, options, sys.stdout)
    return report


def _fixed(
    checking: Checking, name: str, data: bytes, media_type: str, options: argparse.Namespace
) -> Report:
    """Write the corrected file to stdout or a file; say on stderr what was mended and what remains."""
    corrected = checking.fix(data, media_type, language=options.lang)
    if options.out:
        try:
            Path(options.out).write_bytes(corrected.data)
        except OSError as error:
            raise InputError(f"{options.out}: {error.strerror}") from error
    else:
        sys.stdout.buffer.write(corrected.data)
        sys.stdout.flush()
    if options.format == "text":
        _print_mended(name, corrected.mended, options.lang)
    shown = options.out or name
    text = corrected.data.decode() if options.format == "html" else ""
    _print_report(shown, corrected.report, text, options, sys.stderr, corrected.mended)
    return corrected.report


def _print_mended(name: str, mended: Sequence[Finding], language: str) -> None:
    for finding in mended:
        where = ":".join(str(part) for part in (name, finding.line, finding.column) if part)
        text = finding.suggestion.text if finding.suggestion else finding.message
        print(plain(f"{where}: mended {finding.code}: {' '.join(text.split())}"), file=sys.stderr)
    print(f"{name}: {Words().sentence('mended', language, number=len(mended))}", file=sys.stderr)


def _print_syntax(
    name: str, error: SyntaxProblem, data: bytes, limit: int, options: argparse.Namespace, stream: TextIO
) -> None:
    places = error.places or (Place(error.detail, "input"),)
    if options.format == "json":
        told = [{k: v for k, v in vars(place).items() if v is not None} for place in error.places]
        report = {"file": name, "conforms": False, "detail": error.detail, "errors": told}
        print(json_of(report), file=stream)
    elif options.format == "html":
        source = marked(readable(data, limit), marks_of_errors(error.places))
        _print_page({"errors": places, "source": source}, options.lang, stream)
    else:
        for place in places:
            where = ":".join(str(part) for part in (name, place.line, place.column) if part)
            print(f"{where}: error {place.code}: {plain(place.message)}", file=stream)


def _print_report(
    name: str,
    report: Report,
    text: str,
    options: argparse.Namespace,
    stream: TextIO,
    mended: Sequence[Finding] | None = None,
) -> None:
    if options.format == "json":
        told = {"file": name, **report.as_json()}
        if mended is not None:
            told["mended"] = [finding.as_json() for finding in mended]
        print(json_of(told), file=stream)
    elif options.format == "turtle":
        print(turtle(validation_report(report, Rules(SHAPES))).decode(), end="", file=stream)
    elif options.format == "html":
        _print_page(
            {"report": report.as_json(), "source": marked(text, marks_of(report))}, options.lang, stream
        )
    else:
        print(plain(report.as_text(name)), end="", file=stream)


def _print_page(context: dict[str, object], language: str, stream: TextIO) -> None:
    from api.pages import standalone

    print(standalone("report.html", context, language), file=stream)
