"""The forms of what a region can learn from others."""

from collections.abc import Sequence
from typing import Final, Literal

from pydantic import BaseModel, Field

from api.direction_schemas import DirectionRun, NamedConcept, NamedEntity
from api.match_schemas import Evidence

Outcome = Literal["success", "mixed", "failed"]


class ExchangeText(BaseModel):
    """A text as stated, in the reader's language where there is one."""

    text: str
    language: str
    graph: str


class ScorePart(BaseModel):
    """A part of a score, with the statements behind it."""

    part: Literal["structure", "priorities", "instruments", "gaps", "themes", "complementarity"]
    label: str
    verdict: Literal["known", "unknown"]
    value: float | None = Field(description="From 0 to 1; null where it is unknown.")
    weight: float
    reason: str
    evidence: list[Evidence]


class Scored(BaseModel):
    score: float | None = Field(
        description="The weighted mean of the parts that are known; null where none is."
    )
    confidence: float = Field(description="The share of the weights that is known.")
    safe: bool = Field(description="Whether enough is known to compare the score; the others come last.")
    parts: list[ScorePart]


class ImplementedPractice(BaseModel):
    """An implementation of a practice."""

    id: str
    regions: list[NamedConcept]
    outcomes: list[Outcome]
    start: str | None
    end: str | None
    evidence: list[Evidence]


class PracticeAdapted(BaseModel):
    """Who took a practice up: an implementation outside of its own regions, or an action that it inspired."""

    kind: Literal["implementation", "action"]
    id: str
    label: str | None
    regions: list[NamedConcept]
    owners: list[NamedEntity]
    outcomes: list[Outcome]
    evidence: list[Evidence]


class RelatedInstrument(NamedEntity):
    evidence: list[Evidence]


class ExchangePractice(NamedEntity):
    """A good practice, difficulties and failures included."""

    standing: Literal["success", "mixed", "failed", "unknown"] = Field(
        description="What the outcomes of its implementations say."
    )
    warning: str | None = Field(description="What to beware of where it failed, in whole or in part.")
    owners: list[NamedEntity]
    regions: list[NamedConcept]
    themes: list[NamedConcept]
    capabilities: list[NamedConcept]
    facilities: list[NamedEntity]
    need: list[ExchangeText]
    how: list[ExchangeText]
    resources: list[ExchangeText]
    staff: list[ExchangeText]
    success: list[ExchangeText] = Field(description="Evidence of success.")
    difficulties: list[ExchangeText]
    transfer: list[ExchangeText]
    open: list[str] = Field(description="What is not stated and worth asking.")
    implementations: list[ImplementedPractice]
    adapted: list[PracticeAdapted]
    instruments: list[RelatedInstrument]
    instrument_notes: list[ExchangeText]
    pages: list[str]


class PracticeToAdopt(ExchangePractice, Scored):
    like: NamedConcept | None = Field(
        description="The region of the practice that is most alike; null if unknown."
    )


class OwnPractice(ExchangePractice):
    """A practice that the region has, that holds around it, or that it adapted."""

    how_known: Literal["here", "within", "around", "implemented", "inspired"]
    reason: str
    evidence: list[Evidence]


class SightToSee(NamedEntity):
    """A facility worth seeing on a visit, and why."""

    reasons: list[str]
    gaps: list[NamedConcept]
    practices: list[NamedEntity]
    events: list[NamedEntity]
    evidence: list[Evidence]


class EarlierEvent(NamedEntity):
    kinds: list[NamedEntity]
    start: str | None
    how: Literal["there", "here", "together"] = Field(description="Where it was: there, here, or both came.")
    reason: str
    facilities: list[NamedEntity]
    practices: list[NamedEntity]
    evidence: list[Evidence]


class PartnerRegion(NamedConcept, Scored):
    gaps: list[NamedConcept] = Field(description="What the region lacks and this one has.")
    total: int = Field(description="Facilities with a reason to see them; the first are shown.")
    facilities: list[SightToSee]
    practices: list[NamedEntity] = Field(description="The practices that lie there.")
    events: list[EarlierEvent]


class PathNode(BaseModel):
    key: str
    kind: Literal["practice", "action", "plan", "instrument", "authority", "owner"]
    id: str | None = Field(description="Null where it is not stated: the link to it is open.")
    label: str
    note: str | None = Field(description="The note that stands in for what is not stated.")


class PathLink(BaseModel):
    from_: str = Field(alias="from")
    to: str
    link: Literal["inspired", "part-of", "improves", "managed-by", "owns"]
    label: str
    stated: bool
    evidence: list[Evidence]


class OpenEnd(BaseModel):
    key: str
    kind: str
    reason: str
    notes: list[ExchangeText]


class PlanImproved(BaseModel):
    instruments: list[NamedEntity] = Field(
        description="Policy instruments that the plan is stated to improve."
    )
    progress: list[ExchangeText]
    note: str | None


class PlanPath(BaseModel):
    """The way of one plan from practices over actions to policy instruments and authorities."""

    plan: NamedEntity
    own: bool = Field(description="Whether an owner belongs to the region.")
    owners: list[NamedEntity]
    regions: list[NamedConcept]
    status: list[ExchangeText]
    nodes: list[PathNode]
    links: list[PathLink]
    open: list[OpenEnd]
    improved: PlanImproved


class RegionLacks(BaseModel):
    capabilities: list[NamedConcept] = Field(
        description="What the priorities need and no facility described there covers."
    )
    themes: list[NamedConcept] = Field(description="Themes on which no practice of the region is described.")
    priorities_of: list[NamedConcept] = Field(description="The regions whose priorities these are.")
    notes: list[str] = Field(description="What is not known of the region.")


class RegionExchange(BaseModel):
    """Practices worth adopting and regions worth a visit, with reasons."""

    run: DirectionRun
    region: NamedConcept
    themes: list[NamedConcept] = Field(description="The themes asked for.")
    lacks: RegionLacks
    total: int
    practices: list[PracticeToAdopt]
    own_total: int
    own: list[OwnPractice]
    partners_total: int
    partners: list[PartnerRegion]
    paths: list[PlanPath]
    note: str | None


ANSWERS: Final[Sequence[type[BaseModel]]] = (RegionExchange,)
