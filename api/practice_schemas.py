"""The form of the record of a good practice."""

from typing import Literal

from pydantic import BaseModel, Field

from api.direction_schemas import DirectionRun, NamedConcept, NamedEntity

SectionName = Literal[
    "title", "description", "owner", "region", "themes", "dates", "need", "how", "resources", "evidence",
    "difficulties", "transfer", "further",
]  # fmt: skip


class PracticeText(BaseModel):
    value: str
    language: str = Field(description="BCP 47 tag; empty where none is stated.")


class PracticeSection(BaseModel):
    section: SectionName
    label: str
    stated: bool
    texts: list[PracticeText]
    links: list[NamedEntity]


class PracticeCompleteness(BaseModel):
    """How much of the form is filled; what is empty is unknown."""

    stated: int
    of: int
    share: float
    empty: list[SectionName]


class PracticeFigure(BaseModel):
    """A number that a source states: `value`, or `lower` and `upper`."""

    counts: NamedConcept | None
    value: float | None
    lower: float | None
    upper: float | None
    currency: str | None = Field(description="ISO 4217.")
    unit: str | None = Field(description="QUDT local name.")
    per: str | None = Field(description="The time that a recurring amount is for, such as P1Y.")
    precision: NamedConcept | None = Field(description="about, at-least, at-most, nearly; null: as written.")
    standing: NamedConcept | None = Field(description="measured, planned, estimated; null: not said.")
    start: str | None
    end: str | None
    sentence: str | None
    sentence_language: str | None
    sources: list[str]
    text: str = Field(description="The number as people write it, in the reader's language.")


class PracticeImplementation(BaseModel):
    id: str
    regions: list[NamedEntity]
    start: str | None
    end: str | None
    note: str | None
    outcome: NamedConcept | None


class InspiredAction(NamedEntity):
    plans: list[NamedEntity]
    policy_instruments: list[NamedEntity]


class NearPractice(NamedEntity):
    nearness: float = Field(description="From 0 to 1, by themes and capabilities.")
    themes: list[NamedEntity]
    capabilities: list[NamedEntity]


class SamePractice(NamedEntity):
    """A practice that may be the same: nobody has merged the two."""

    score: float
    title_likeness: float
    text_likeness: float
    signs: list[Literal["record", "page", "owner", "facility", "region"]]
    reasons: list[str]


class PracticeClaim(BaseModel):
    texts: list[PracticeText]
    sources: list[str]


class PracticeRecord(BaseModel):
    """A practice in the form of Interreg Europe's good-practice database."""

    run: DirectionRun
    practice: NamedEntity
    sections: list[PracticeSection]
    completeness: PracticeCompleteness
    owners: list[NamedEntity]
    regions: list[NamedEntity]
    themes: list[NamedConcept]
    capabilities: list[NamedConcept]
    facilities: list[NamedEntity]
    policy_instruments: list[NamedEntity]
    projects: list[NamedEntity]
    notes: dict[str, list[PracticeText]]
    figures: list[PracticeFigure]
    implementations: list[PracticeImplementation]
    inspired: list[InspiredAction]
    learned_at: list[NamedEntity]
    related: list[NearPractice]
    may_be_the_same_as: list[SamePractice]
    recorded_twice: list[str] = Field(
        description="Pages where one database holds the practice several times."
    )
    claims: list[PracticeClaim]
    pages: list[str]
    sources: list[str]


ANSWERS = (PracticeRecord,)
"""The answers that have a name in the description of the interface."""
