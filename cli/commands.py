"""What each command does. Imported only when a command runs."""

import argparse
import gzip
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pyoxigraph import RdfFormat, serialize
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from cli.main import DONE, FAILED, NOTHING
from graph.contribute.parse import media_type_of
from graph.contribute.report import Report
from graph.contribute.rules import Rules
from graph.contribute.worker import Checking
from graph.errors import InputError, SyntaxProblem
from graph.iris import PREFIXES, compact
from graph.match.need import Need
from graph.resources import QUERIES, SHAPES
from graph.service import Service
from graph.service import rebuild as rebuild_engine
from graph.settings import Settings
from graph.store.catalogue import Query, QueryCatalogue, read_query

_ERRORS = Console(stderr=True)


def _settings(options: argparse.Namespace, **more: Any) -> Settings:
    given = {"data_dir": getattr(options, "data_dir", None), **more}
    return Settings(**{name: value for name, value in given.items() if value is not None})


@contextmanager
def _bar() -> Iterator[Any]:
    """A progress bar on stderr, shown once there is something to wait for."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=_ERRORS, transient=True) as progress:
        task: Any = None

        def report(what: str, done: int, whole: int) -> None:
            nonlocal task
            if task is None:
                task = progress.add_task(what, total=whole)
            progress.update(task, description=what, completed=done, total=whole)

        yield report


@contextmanager
def _service(options: argparse.Namespace) -> Iterator[Service]:
    service = Service(_settings(options))
    try:
        with _bar() as progress:
            service.start(progress)
        yield service
    finally:
        service.close()


def serve(options: argparse.Namespace) -> int:
    """Serve over HTTP until interrupted."""
    import uvicorn

    from api.app import create_app

    settings = _settings(options, empty=options.empty or None, ledger=options.ledger)
    with _bar() as progress:
        service = Service(settings)
        service.start(progress)
    for line in service.started:
        print(line, file=sys.stderr)
    if not service.public.warm():
        print("note: the query workers cannot be cut off from the network on this system", file=sys.stderr)
    print(
        f"InfraShare serves revision {service.snapshot.revision} with {service.snapshot.triples:,} triples "
        f"on http://{options.host}:{options.port}",
        file=sys.stderr,
    )
    try:
        uvicorn.run(
            create_app(settings, service),
            host=options.host,
            port=options.port,
            http="httptools",
            log_level="warning",
            timeout_keep_alive=30,
        )
    finally:
        service.close()
    return DONE


def check(options: argparse.Namespace) -> int:
    """Check files; the exit code is 1 where one does not conform or cannot be parsed."""
    settings = Settings(check_workers=1)
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
        print(json.dumps({"file": name, "conforms": False, "detail": error.detail, "errors": places}, ensure_ascii=False))
        return
    for place in error.places or ():
        print(f"{name}:{place.line or ''}:{place.column or ''}: error {place.code}: {place.message}")
    if not error.places:
        print(f"{name}: error: {error.detail}")


def _print_report(name: str, report: Report, form: str) -> None:
    if form == "json":
        print(json.dumps({"file": name, **report.as_json()}, ensure_ascii=False, indent=2))
    elif form == "turtle":
        written = serialize(report.triples_of_report(Rules(SHAPES)), format=RdfFormat.TURTLE, prefixes=PREFIXES)
        sys.stdout.buffer.write(written or b"")
    elif form == "html":
        from api.pages import standalone

        print(standalone("report.html", {"report": report.as_json()}))
    else:
        print(report.as_text(name), end="")


def match(options: argparse.Namespace) -> int:
    """Match a need and print a table, or the whole answer as JSON."""
    members: dict[str, Any] = {}
    if options.need:
        text = sys.stdin.read() if options.need == "-" else _text(options.need)
        try:
            members = json.loads(text)
        except json.JSONDecodeError as error:
            raise InputError(f"{options.need}: line {error.lineno}, column {error.colno}: {error.msg}") from error
    given = {"text": options.text, "region": options.region, "lang": options.lang, "limit": options.limit}
    members = {**{key: value for key, value in given.items() if value is not None}, **members}
    try:
        need = Need.model_validate(members)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError(f"{where + ': ' if where else ''}{first['msg'].removeprefix('Value error, ')}") from error
    with _service(options) as service:
        answer = service.matcher.match(need, service.snapshot)
    if options.json:
        print(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        _print_answer(answer)
    return DONE if answer["results"] else NOTHING


def _text(name: str) -> str:
    try:
        return Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{name}: {error}") from error


def _print_answer(answer: dict[str, Any]) -> None:
    console = Console()
    understood = answer["understood"]
    for kind in ("capabilities", "materials", "services", "sectors", "accessModes"):
        for link in understood[kind]:
            console.print(f"understood: {link['label']}  ({kind}, from “{link['because']}”)", style="dim", markup=False)
    if understood["not_understood"]:
        console.print(f"not understood: {', '.join(understood['not_understood'])}", style="dim", markup=False)
    if not answer["results"]:
        console.print("No facility in the graph fits this need.")
        return
    table = Table(title=f"{len(answer['results'])} of {answer['total']} facilities")
    for name, justify in (("score", "right"), ("facility", "left"), ("town", "left"), ("km", "right"), ("why", "left")):
        table.add_column(name, justify=justify, overflow="fold")  # type: ignore[arg-type]
    for result in answer["results"]:
        why = [c["reason"] for c in result["criteria"] if c["criterion"] == "capability"]
        km = "" if result["distance_km"] is None else f"{result['distance_km']:.0f}"
        town = ", ".join(part for part in (result["city"], result["country"]) if part)
        table.add_row(f"{result['score']:.2f}", result["label"], town, km, "\n".join(why))
    console.print(table)


def query(options: argparse.Namespace) -> int:
    """Run a query and print its result; exit code 1 where the result is empty."""
    catalogue = QueryCatalogue(QUERIES)
    if options.query == "list":
        for one in catalogue.all():
            print(f"{one.name}\t{one.title()}")
        return DONE
    text = _query_text(options, catalogue)
    with _service(options) as service:
        form = service.public.screen(text)
        media_type = {"csv": "text/csv", "json": "application/sparql-results+json"}.get(options.format, "")
        if form in {"CONSTRUCT", "DESCRIBE"}:
            media_type = "application/ld+json" if options.format == "json" else "text/turtle"
        if media_type:
            answer = service.public.run(text, media_type, service.snapshot.path)
            sys.stdout.buffer.write(answer.content)
            return DONE if answer.content.strip() else NOTHING
        if form == "ASK":
            answer = service.public.run(text, "application/sparql-results+json", service.snapshot.path)
            print("yes" if json.loads(answer.content)["boolean"] else "no")
            return DONE
        answer = service.public.run(text, "application/sparql-results+json", service.snapshot.path)
    return _print_table(json.loads(answer.content))


def _query_text(options: argparse.Namespace, catalogue: QueryCatalogue) -> str:
    found: Query | None = None
    if options.query == "-":
        text = sys.stdin.read()
    elif options.query.endswith(".rq") or Path(options.query).is_file():
        text = _text(options.query)
        if text.startswith("#+"):
            found = read_query(Path(options.query), Path(options.query).stem)
    else:
        found = catalogue[options.query]
        text = found.text
    if not options.param:
        return text
    if found is None:
        raise InputError("--param needs a catalogued query or a file with '#+ param' headers")
    values: dict[str, list[str]] = {}
    for pair in options.param:
        name, equals, value = pair.partition("=")
        if not equals:
            raise InputError(f"--param {pair!r}: write it as name=value")
        values.setdefault(name, []).append(_expanded(value))
    return found.bind_strings(values)


def _expanded(value: str) -> str:
    """``cap:fatigue-testing`` in full, so that prefixes can be used on the command line."""
    prefix, colon, local = value.partition(":")
    return PREFIXES[prefix] + local if colon and prefix in PREFIXES and not local.startswith("//") else value


def _print_table(result: dict[str, Any]) -> int:
    table = Table()
    names = result["head"]["vars"]
    for name in names:
        table.add_column(name, overflow="fold")
    rows = result["results"]["bindings"]
    for row in rows:
        table.add_row(*(_shown(row.get(name)) for name in names))
    Console().print(table)
    return DONE if rows else NOTHING


def _shown(term: dict[str, str] | None) -> str:
    if term is None:
        return ""
    value = compact(term["value"]) if term["type"] == "uri" else term["value"]
    return value.replace("[", "\\[")


def dump(options: argparse.Namespace) -> int:
    """Write all public graphs as N-Quads, sorted, with what is derived left out."""
    from graph.iris import DERIVED_GRAPH

    with _service(options) as service:
        store, revision = service.snapshot.store, service.snapshot.revision
        lines = sorted(
            f"{q.subject} {q.predicate} {q.object} {q.graph_name} .\n" for q in store if q.graph_name != DERIVED_GRAPH
        )
    data = "".join(lines).encode()
    if options.file == "-":
        sys.stdout.buffer.write(data)
    else:
        packed = gzip.compress(data, 6, mtime=0) if options.file.endswith(".gz") else data
        temporary = Path(options.file + ".part")
        try:
            temporary.write_bytes(packed)
            temporary.replace(options.file)
        except OSError as error:
            raise InputError(f"{options.file}: {error.strerror}") from error
    print(f"{len(lines):,} quads of revision {revision}", file=sys.stderr)
    return DONE


def generate(options: argparse.Namespace) -> int:
    """Write synthetic facilities."""
    from graph.contribute.synthetic import write

    if options.number < 1:
        raise InputError(f"N={options.number}: give a number from 1 on")
    try:
        write(options.number, Path(options.out), options.seed)
    except OSError as error:
        raise InputError(f"{options.out}: {error.strerror}") from error
    print(f"wrote {options.number:,} facilities to {options.out}", file=sys.stderr)
    return DONE


def verify(options: argparse.Namespace) -> int:
    """Compare engine and ledger; exit code 1 where they differ."""
    with _service(options) as service:
        repaired = service.started
        problems = service.acceptance.verify()
        graphs = len(service.ledger.current())
    if options.json:
        print(json.dumps({"graphs": graphs, "repaired": repaired, "problems": problems}, ensure_ascii=False, indent=2))
    else:
        for line in repaired:
            print(f"mended while opening: {line}")
        for line in problems:
            print(line)
        print(f"{graphs} graphs compared with the ledger: {len(problems)} differ")
    return FAILED if problems else DONE


def rebuild(options: argparse.Namespace) -> int:
    """Rebuild the engine from the ledger."""
    with _bar() as progress:
        done = rebuild_engine(_settings(options), progress)
    for line in done:
        print(line, file=sys.stderr)
    print(f"rebuilt {len(done)} graphs from the ledger")
    return DONE

