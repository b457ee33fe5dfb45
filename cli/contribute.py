"""Sending a contribution, going back, and deleting: to a server, or straight into a data directory."""

import argparse
import getpass
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from cli.arguments import DONE, NOTHING, json_of, plain
from cli.opening import progress_bar, service_of, settings_of
from cli.remote import NotAccepted, remote
from graph.contribute.accept import NotConforming
from graph.contribute.changes.telling import as_text
from graph.contribute.reading.parse import media_type_of
from graph.contribute.receipt import Receipt
from graph.contribute.sent import NotOwn, Sent, Terms
from graph.errors import InputError
from graph.service import Service


def contribute(options: argparse.Namespace) -> int:
    """Send a file as the new version of a contribution."""
    limit = settings_of(options).max_upload_bytes
    data, media_type = _read(options.file, limit)
    path = f"/contributions/{options.partner}/{options.dataset}"
    parameters = _parameters(options)

    def there() -> dict[str, Any]:
        headers = {"Content-Type": media_type}
        if options.key:
            headers["Idempotency-Key"] = options.key
        with remote(options.server, options.token) as server, progress_bar() as progress:
            return server.upload(path, data, progress, parameters, **headers)

    def here(service: Service) -> Receipt:
        sent = _sent(options, options.partner, options.dataset, data, media_type)
        with progress_bar() as progress:
            return service.contributions.put(sent, Terms(options.dry_run), progress)

    return _done(options, there, here)


def rollback(options: argparse.Namespace) -> int:
    """Make an older version the current one again, as a new version."""
    partner, dataset = _named(options.name)
    path = f"/contributions/{partner}/{dataset}/rollback"

    def there() -> dict[str, Any]:
        with remote(options.server, options.token) as server:
            body = {"version": options.version}
            return server.change("POST", path, json=body, params=_parameters(options))

    def here(service: Service) -> Receipt:
        sent = _sent(options, partner, dataset)
        return service.contributions.roll_back(sent, options.version, Terms(options.dry_run))

    return _done(options, there, here)


def delete(options: argparse.Namespace) -> int:
    """Delete a contribution, as a new version."""
    partner, dataset = _named(options.name)

    def there() -> dict[str, Any]:
        with remote(options.server, options.token) as server:
            path = f"/contributions/{partner}/{dataset}"
            return server.change("DELETE", path, params=_parameters(options))

    def here(service: Service) -> Receipt:
        return service.contributions.delete(_sent(options, partner, dataset), Terms(options.dry_run))

    return _done(options, there, here)


def _done(
    options: argparse.Namespace, there: Callable[[], dict[str, Any]], here: Callable[[Service], Receipt]
) -> int:
    """Do it at the server or in the data directory, print the receipt, and give the exit code."""
    try:
        if options.server:
            receipt: Mapping[str, Any] = there()
        else:
            with service_of(options) as service:
                receipt = here(service).content
    except NotAccepted as error:
        return _refused(options, error.detail, error.report)
    except (NotConforming, NotOwn) as error:
        return _refused(options, error.detail, error.report.as_json())
    if options.json:
        print(json_of(receipt))
    else:
        _print(receipt)
    return DONE


def _refused(options: argparse.Namespace, detail: str, report: Mapping[str, Any]) -> int:
    if options.json:
        print(json_of({"detail": detail, "report": report}))
        return NOTHING
    name = getattr(options, "file", None) or options.name
    for finding in report["findings"]:
        if finding["severity"] != "info":
            print(plain(_line(str(name), finding)))
    print(f"not accepted: {plain(detail)}", file=sys.stderr)
    print("see all of it: infrashare check FILE --format html; mend what is certain: --fix", file=sys.stderr)
    return NOTHING


def _line(name: str, finding: Mapping[str, Any]) -> str:
    place = ":".join(str(part) for part in (name, finding.get("line"), finding.get("column")) if part)
    about = finding.get("label") or finding.get("focusNode") or ""
    value = f" [{finding['value']}]" if finding.get("value") else ""
    return f"{place}: {finding['severity']} {finding['code']}: {about}: {finding['message']}{value}"


def _print(receipt: Mapping[str, Any]) -> None:
    """The receipt for a person."""
    name = f"{receipt['partner']}/{receipt['dataset']}"
    counts = receipt["triples"]
    for finding in (receipt["report"] or {}).get("findings", []):
        if finding["severity"] == "warning":
            print(plain(_line(name, finding)), file=sys.stderr)
    if receipt["unchanged"]:
        print(f"{name}: unchanged, version {receipt['version']} holds this already")
        return
    if receipt.get("changes"):
        for line in as_text(receipt["changes"]).splitlines():
            print(plain(line))
    would = "would become" if receipt["dry_run"] else "is now"
    what = {"deleted": "deleted with version"}.get(receipt["change"], f"{would} version")
    revision = "" if receipt["dry_run"] else f", revision {receipt['revision']}"
    print(f"{name}: {what} {receipt['version']}{revision}; +{counts['added']} -{counts['removed']} triples")
    quality = receipt["quality"]
    if quality:
        print(f"quality: {quality['level']} ({quality['score']:.2f})")
        for step in quality["next_steps"]:
            print(f"  next: {plain(step)}")
    if receipt["dry_run"]:
        print("nothing was written (dry run)", file=sys.stderr)


def _parameters(options: argparse.Namespace) -> dict[str, Any]:
    dry_run = {"dry_run": "true"} if options.dry_run else {}
    return {"message": options.message, "lang": options.lang, **dry_run}


def _sent(
    options: argparse.Namespace, partner: str, dataset: str, data: bytes = b"", media_type: str = ""
) -> Sent:
    who = f"command line: {getpass.getuser()}"
    return Sent(partner, dataset, data, media_type, who, options.message, options.lang)


def _named(name: str) -> tuple[str, str]:
    partner, slash, dataset = name.partition("/")
    if not slash:
        raise InputError(f"{name!r}: name it PARTNER/DATASET, such as flanders-make/facilities")
    return partner, dataset


def _read(name: str, limit: int) -> tuple[bytes, str]:
    """Bytes and media type of a file; ``-`` is Turtle from stdin."""
    if name == "-":
        return sys.stdin.buffer.read(limit + 1), "text/turtle"
    media_type = media_type_of(name)
    try:
        with Path(name).open("rb") as file:
            return file.read(limit + 1), media_type
    except OSError as error:
        raise InputError(f"{name}: {error.strerror}") from error
