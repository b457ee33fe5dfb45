"""The forms of what is told of runs: two side by side, and what is new since one."""

from typing import Literal

from pydantic import BaseModel, Field

from api.match_schemas import Run


class ComparedRun(Run):
    total: int = Field(description="All facilities that answer, also those not shown.")


class Ranks(BaseModel):
    before: int
    after: int


class Scores(BaseModel):
    before: float
    after: float


class Ranked(BaseModel):
    facility: str
    label: str
    rank: int
    score: float


class Moved(BaseModel):
    facility: str
    label: str
    rank: Ranks
    score: Scores


class Judged(BaseModel):
    verdict: str
    score: float
    reason: str


class ChangedCriterion(BaseModel):
    criterion: str
    part: str | None = None
    before: Judged | None = Field(description="`null` where the earlier run did not judge it.")
    after: Judged | None = Field(description="`null` where the later run did not judge it.")


class Changed(Moved):
    criteria: list[ChangedCriterion]


class Comparison(BaseModel):
    """Two runs side by side, by the facilities that each shows."""

    before: ComparedRun
    after: ComparedRun
    came_in: list[Ranked]
    went_out: list[Ranked]
    moved: list[Moved]
    changed: list[Changed]
    unchanged: int = Field(description="In both, each criterion with the same verdict and score.")


class NewsItem(BaseModel):
    id: str = Field(description="Stays the same for as long as what it tells does.")
    facility: str
    label: str
    change: Literal["came-in", "changed"]
    rank: int
    updated: str
    reasons: list[str]


class MatchNews(BaseModel):
    """What is new for a need since a run."""

    title: str
    language: str
    updated: str
    items: list[NewsItem]


FORMS: tuple[type[BaseModel], ...] = (Comparison, MatchNews)
"""The forms that the description of the interface has beside those of a match."""
