"""The forms of the answers of the other directions of matching."""

from collections.abc import Sequence
from typing import Final, Literal

from pydantic import BaseModel, Field

from api.match_schemas import Evidence, PlacePoint

Verdict = Literal["met", "not-met", "unknown"]


class DirectionRun(BaseModel):
    revision: int
    language: str


class NamedEntity(BaseModel):
    id: str
    label: str


class NamedConcept(BaseModel):
    concept: str
    notation: str
    label: str


class NamedSector(NamedConcept):
    """A sector that the facility names itself."""

    reason: str
    evidence: list[Evidence]


class LikelySector(NamedSector):
    """A division of NACE that like facilities name and this one does not."""

    count: int = Field(description="Like facilities that name it.")
    of: int = Field(description="Like facilities that name any sector.")
    share: float
    facilities: list[NamedEntity]


class FacilitySectors(BaseModel):
    named: list[NamedSector]
    likely: list[LikelySector]


class LikeFacility(NamedEntity):
    likeness: float = Field(description="From 0 to 1: the best-match average of the capabilities.")
    names_sectors: bool


class RegionNeed(BaseModel):
    priority: NamedEntity
    capability: NamedConcept
    supply: int = Field(description="Other facilities described in the region that cover it.")
    reason: str
    evidence: list[Evidence]


class LikelyRegion(NamedConcept):
    home: bool = Field(description="Whether the facility is there.")
    needs: list[RegionNeed]


class FacilityFit(BaseModel):
    """The sectors and regions that are likely to want a facility."""

    run: DirectionRun
    facility: NamedEntity
    sectors: FacilitySectors
    like: list[LikeFacility] = Field(description="The facilities that the likely sectors follow from.")
    regions: list[LikelyRegion]


class Provider(NamedEntity):
    """A facility outside of the region that covers the capability."""

    region: str | None
    city: str | None
    country: str | None
    abroad: bool | None = Field(description="Whether it is in another country; null where it is not known.")
    distance_km: float | None
    verdict: Verdict
    reason: str
    evidence: list[Evidence]


class Gap(NamedConcept):
    """A capability that a priority needs and no facility described in the region covers."""

    priorities: list[NamedEntity]
    reason: str
    evidence: list[Evidence]
    total: int
    facilities: list[Provider]


class LocatedRegion(NamedConcept):
    location: PlacePoint | None


class OpenPriority(NamedEntity):
    reason: str


class RegionGaps(BaseModel):
    """What is missing in a region, and who has it elsewhere."""

    run: DirectionRun
    region: LocatedRegion
    maxDistanceKm: float | None  # noqa: N815 - contract name
    priorities: int
    covered: int = Field(description="Capabilities of priorities that a facility in the region covers.")
    gaps: list[Gap]
    unknown: list[OpenPriority] = Field(description="Priorities for which no capability is stated.")
    note: str | None


class Openness(BaseModel):
    """Whether the instrument still runs."""

    verdict: Verdict
    reason: str | None
    question: str | None


class FirmCondition(BaseModel):
    """What the instrument asks of the firm: unknown here, for it depends on who asks."""

    condition: str
    text: str
    verdict: Verdict
    question: str


class FitCriterion(BaseModel):
    criterion: Literal["region", "capability", "service", "access", "sector", "funds"]
    verdict: Verdict
    reason: str | None
    question: str | None
    evidence: list[Evidence]


class FittingFacility(NamedEntity):
    verdict: Verdict
    criteria: list[FitCriterion]


class FitCounts(BaseModel):
    met: int
    unknown: int
    not_met: int


class InstrumentFit(BaseModel):
    """The facilities that a policy instrument fits or may fit."""

    run: DirectionRun
    instrument: NamedEntity
    regions: list[NamedConcept]
    open: Openness
    firm: list[FirmCondition]
    total: int
    counts: FitCounts
    facilities: list[FittingFacility]


ANSWERS: Final[Sequence[type[BaseModel]]] = (FacilityFit, RegionGaps, InstrumentFit)
