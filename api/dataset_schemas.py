"""The forms of the answers about contributions and their history, for the description of the interface."""

from collections.abc import Sequence
from typing import Any, Final

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from api.schemas import GraphQuality, Problem, Quality, Report

PARTNER: Final = Path(description="The partner.", examples=["flanders-make"])
DATASET: Final = Path(
    description="The dataset; a suffix such as .ttl names the format.", examples=["facilities"]
)


class Triples(BaseModel):
    """Statements of a version, and how many the change added and removed."""

    total: int
    added: int
    removed: int


class ChangedValue(BaseModel):
    """One value, or one part as a whole, that was added, removed or changed."""

    path: list[str] = Field(description="The properties that lead from the entity to the value.")
    label: str
    kind: str = Field(description="added, removed or changed")
    old: dict[str, Any] | None
    new: dict[str, Any] | None
    text: str


class Named(BaseModel):
    id: str
    label: str


class ChangedEntity(BaseModel):
    entity: str
    label: str
    kind: str = Field(description="added, removed or changed")
    types: list[Named]
    statements: dict[str, int]
    changes: list[ChangedValue]
    text: str


class Changes(BaseModel):
    """What changed, by entity in words, and as triples (N-Triples statements)."""

    model_config = ConfigDict(populate_by_name=True)

    older: int | None = Field(None, alias="from")
    newer: int | None = Field(None, alias="to")
    summary: str
    counts: dict[str, dict[str, int]]
    added: list[str]
    removed: list[str]
    entities: list[ChangedEntity]


class Receipt(BaseModel):
    """What became of a contribution."""

    graph: str
    partner: str
    dataset: str
    version: int
    revision: int = Field(description="The state of the dataset in which readers see it.")
    change: str = Field(description="accepted, rolled back or deleted")
    unchanged: bool = Field(description="The content was there already; nothing was written.")
    sha256: str = Field(description="Hash of the canonical N-Triples.")
    dry_run: bool
    triples: Triples
    quality: Quality | None
    report: Report | None
    changes: Changes | None = Field(None, description="Of a dry run: what would change.")


class ContributionVersion(BaseModel):
    """Facts about one version of a contribution."""

    graph: str
    partner: str
    dataset: str
    version: int
    revision: int
    change: str
    restores: int | None = Field(description="The older version that a rollback restores.")
    sha256: str
    triples: int
    quality: GraphQuality | None
    message: str
    accepted_at: str


class Versions(BaseModel):
    graph: str
    versions: list[ContributionVersion]


class Rollback(BaseModel):
    """The version to go back to."""

    model_config = ConfigDict(extra="forbid")

    version: int = Field(ge=1)


class Progress(BaseModel):
    what: str
    done: int
    whole: int


class Job(BaseModel):
    """An upload under way or done."""

    id: str
    contribution: str
    state: str = Field(description="waiting, running, done or failed")
    progress: Progress
    receipt: Receipt | None = None
    problem: Problem | None = None


ANSWERS: Final[Sequence[type[BaseModel]]] = (Changes, ContributionVersion, Job, Receipt, Versions)
REQUESTS: Final[Sequence[type[BaseModel]]] = (Rollback,)
TOKEN: Final[dict[str, Any]] = {
    "type": "http",
    "scheme": "bearer",
    "description": "The partner's token: infrashare_…; the operator makes it with infrashare token create.",
}
