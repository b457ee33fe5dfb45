"""The receipt of a contribution: what became of it, in the form that the contract gives."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graph.contribute.report import Report
from graph.store.replies import Reply

CREATED, DONE = 201, 200


@dataclass(frozen=True)
class Receipt:
    """A receipt as JSON, with whether the contribution is new and whether this request was answered before."""

    content: Mapping[str, Any]
    created: bool = False
    replayed: bool = False

    @property
    def version(self) -> int:
        return int(self.content["version"])

    @property
    def revision(self) -> int:
        return int(self.content["revision"])

    @property
    def unchanged(self) -> bool:
        return bool(self.content["unchanged"])

    def as_reply(self) -> Reply:
        """The receipt as an answer to keep."""
        body = json.dumps(self.content, ensure_ascii=False).encode()
        return Reply(CREATED if self.created else DONE, body)

    @staticmethod
    def from_reply(reply: Reply) -> "Receipt":
        """The receipt of an answer that was kept."""
        return Receipt(json.loads(reply.body), reply.status == CREATED, replayed=True)


@dataclass(frozen=True)
class Counts:
    """Triples of a version, and how many the change added and removed."""

    total: int
    added: int
    removed: int


def content(
    *,
    graph: str,
    version: int,
    revision: int,
    sha256: str,
    change: str,
    counts: Counts,
    report: Report | None,
    unchanged: bool = False,
    dry_run: bool = False,
) -> dict[str, Any]:
    """The members of a receipt."""
    partner, dataset = graph.rsplit("/", 2)[1:]
    return {
        "graph": graph,
        "partner": partner,
        "dataset": dataset,
        "version": version,
        "revision": revision,
        "change": change,
        "unchanged": unchanged,
        "sha256": sha256,
        "dry_run": dry_run,
        "triples": {"total": counts.total, "added": counts.added, "removed": counts.removed},
        "quality": report.quality.as_json() if report else None,
        "report": report.as_json() if report else None,
    }
