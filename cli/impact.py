"""What a change of the shapes does to the contributions, as tables for a terminal, as Markdown, or as JSON."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.table import Table as RichTable

from cli.arguments import DONE, NOTHING
from cli.opening import progress_bar, settings_of
from graph.contribute.keeping.impact import Impact, Judged, shipped, stored
from graph.contribute.keeping.impact import impact as measure
from graph.contribute.keeping.shapes_folder import shapes_folder
from graph.errors import NotFound
from graph.progress import Progress
from graph.settings import Settings
from graph.store.ledger import Ledger


@dataclass(frozen=True)
class _Table:
    """A table before it is drawn."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def impact(options: argparse.Namespace) -> int:
    """Check all current contributions under two folders of shapes; exit code 1 where one becomes invalid."""
    settings = settings_of(options)
    with shapes_folder(options.old) as old, shapes_folder(options.new) as new, progress_bar() as progress:
        found = _measured(old, new, settings, progress)
    if options.format == "json":
        print(json.dumps(as_json(found), ensure_ascii=False, indent=2))
    elif options.format == "markdown":
        print(markdown(found, options.old, options.new), end="")
    else:
        console = Console()
        for table in tables(found):
            shown = RichTable(title=table.title, title_justify="left")
            for column in table.columns:
                shown.add_column(column, overflow="fold")
            for row in table.rows:
                shown.add_row(*row)
            console.print(shown)
        print(summary(found))
    return NOTHING if found.became_invalid else DONE


def _measured(old: Path, new: Path, settings: Settings, progress: Progress) -> Impact:
    try:
        address = settings.existing_ledger_url
    except NotFound:
        print(f"{settings.data_dir} holds no ledger: the shipped contributions are checked", file=sys.stderr)
        return measure(old, new, shipped(), settings, progress)
    with closing(Ledger(address)) as ledger, TemporaryDirectory(prefix="infrashare-impact-") as folder:
        return measure(old, new, stored(ledger, Path(folder)), settings, progress)


def tables(found: Impact) -> Iterator[_Table]:
    """What changes: verdicts with their causes, rules, quality levels; what does not change has no table."""
    verdicts = [("invalid", one) for one in found.became_invalid] + [
        ("valid", one) for one in found.became_valid
    ]
    if verdicts:
        rows = [(one.name, f"becomes {verdict}", _causes(found, one)) for verdict, one in verdicts]
        yield _Table("Contributions", ("contribution", "verdict", "by rule (times)"), rows)
    rules = [
        (
            rule.code,
            rule.severity,
            str(rule.old),
            str(rule.new),
            f"+{rule.appeared} -{rule.gone}",
            str(rule.contributions),
        )
        for rule in found.rules()
    ]
    if rules:
        yield _Table("Rules", ("rule", "severity", "before", "after", "findings", "contributions"), rules)
    levels = [(one.name, one.old.level, one.new.level) for one in found.levels]
    if levels:
        yield _Table("Quality levels", ("contribution", "before", "after"), levels)


def _causes(found: Impact, one: Judged) -> str:
    return ", ".join(f"{code} ({times})" for code, times in found.causes(one))


def summary(found: Impact) -> str:
    """The impact in a line."""
    return (
        f"{len(found.contributions)} contributions: {len(found.became_invalid)} become invalid, "
        f"{len(found.became_valid)} become valid, {len(found.levels)} change their quality level; "
        f"{len(found.rules())} rules find something else"
    )


def markdown(found: Impact, old: str, new: str) -> str:
    """The impact as Markdown, to paste into a pull request or the notes of a release."""
    lines = [f"## Impact of the shapes: {old} → {new}", "", f"{summary(found)}."]
    for table in tables(found):
        lines += ["", f"### {table.title}", ""]
        lines.append(_markdown_row(table.columns))
        lines.append(_markdown_row(["---"] * len(table.columns)))
        lines += [_markdown_row(row) for row in table.rows]
    return "\n".join(lines) + "\n"


def _markdown_row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def as_json(found: Impact) -> dict[str, Any]:
    """The impact for programs."""

    def told(one: Judged) -> dict[str, Any]:
        return {"contribution": one.name, "rules": dict(found.causes(one))}

    return {
        "contributions": len(found.contributions),
        "became_invalid": [told(one) for one in found.became_invalid],
        "became_valid": [told(one) for one in found.became_valid],
        "rules": [asdict(rule) for rule in found.rules()],
        "levels": [{"contribution": o.name, "old": o.old.level, "new": o.new.level} for o in found.levels],
    }
