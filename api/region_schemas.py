"""The forms of profiles and comparisons of regions."""

from collections.abc import Sequence
from typing import Any, Final, Literal

from pydantic import BaseModel, Field

from api.direction_schemas import DirectionRun, Gap, NamedConcept, NamedEntity
from api.match_schemas import Evidence, PlacePoint

Number = float | int


class FigureItem(BaseModel):
    """What a figure is of: a thing with its IRI, or a value such as a year, whose IRI is empty."""

    id: str
    notation: str
    label: str


class Figure(BaseModel):
    item: FigureItem | None = Field(description="Null where the figure is of the whole.")
    value: Number
    numerator: Number | None
    denominator: Number | None
    count: int | None = Field(description="On how many facilities a quotient rests.")


class FigureCoverage(BaseModel):
    """Of how many records, of how many that there are, what is counted is known."""

    known: int
    of: int
    share: float | None = Field(description="Null where there is no record.")
    least: float = Field(description="Below this share the figures are not safe to compare.")
    safe: bool


class Caveat(BaseModel):
    code: str
    text: str


class RegionIndicator(BaseModel):
    """The figures of one catalogued query on the region; running it gives them again."""

    section: str
    indicator: str
    title: str
    unit: Literal["count", "share", "quotient", "nats", "per-million", "year"]
    query: str = Field(description="The path at which the query runs for this region.")
    coverage: FigureCoverage
    caveats: list[Caveat]
    figures: list[Figure]


class RegionFacts(NamedConcept):
    """Key facts; null is what no partner states."""

    level: int = Field(description="The level of NUTS, 0 for a country.")
    country: str
    part_of: list[NamedConcept]
    location: PlacePoint | None = Field(description="The label point of the region.")
    population: Number | None
    area: Number | None = Field(description="In km².")
    gerd: Number | None = Field(description="Expenditure on research and development, in per cent of GDP.")
    notes: list[str]
    pages: list[str]
    sources: list[str]


class RegionPriority(NamedEntity):
    stated_for: list[NamedConcept] = Field(description="The region itself, a part of it, or one around it.")
    note: str | None
    evidence: list[Evidence]


class RegionStrength(NamedConcept):
    quotient: float
    share: float
    share_everywhere: float
    count: int
    reason: str


class UnknownPriority(NamedEntity):
    reason: str


class ProfileGaps(BaseModel):
    note: str | None
    items: list[Gap]
    unknown: list[UnknownPriority]


class Holdings(BaseModel):
    """Entities of one kind: at most fifty, and how many there are."""

    total: int
    items: list[dict[str, Any]]


class RegionChange(BaseModel):
    """A version of a contribution that describes the region."""

    contribution: str
    version: int
    revision: int
    at: str
    by: str
    message: str | None
    change: str
    added: int | None
    removed: int | None
    text: str
    reason: str


class FigureChange(BaseModel):
    indicator: str
    title: str
    unit: str
    item: FigureItem | None
    before: Number | None
    value: Number | None


class Since(BaseModel):
    """The figures that differ from those of an earlier revision."""

    revision: int
    figures: list[FigureChange]


class RegionProfile(BaseModel):
    """What partners have described in a region."""

    run: DirectionRun
    region: RegionFacts
    note: str | None
    priorities: list[RegionPriority]
    indicators: list[RegionIndicator]
    strengths: list[RegionStrength]
    gaps: ProfileGaps
    facilities: Holdings
    operators: Holdings
    stakeholders: Holdings
    policy_instruments: Holdings
    practices: Holdings
    action_plans: Holdings
    events: Holdings
    changes: list[RegionChange]
    since: Since | None = Field(description="Only where the parameter since is given.")


class SpecificItems(BaseModel):
    region: str
    items: list[FigureItem]


class FacetCoverage(FigureCoverage):
    region: str
    query: str


class FacetCell(BaseModel):
    """An item in a region: null where nothing of the facet is described there."""

    region: str
    count: int | None
    share: Number | None
    safe: bool


class FacetItem(FigureItem):
    regions: int
    cells: list[FacetCell]


class Spread(BaseModel):
    common: list[FigureItem]
    specific: list[SpecificItems]
    left_out: list[str] = Field(description="Regions of which nothing of this is described.")


class Facet(Spread):
    facet: str
    title: str
    caveats: list[Caveat]
    coverage: list[FacetCoverage]
    items: list[FacetItem]


class BranchItem(FigureItem):
    branch: FigureItem


class SpecificCapabilities(BaseModel):
    region: str
    items: list[BranchItem]


class CapabilitySpread(BaseModel):
    common: list[BranchItem]
    specific: list[SpecificCapabilities]
    left_out: list[str]


class RegionValue(FacetCoverage):
    value: Number | None
    numerator: Number | None
    denominator: Number | None


class ComparedFigures(BaseModel):
    indicator: str
    title: str
    unit: str
    caveats: list[Caveat]
    values: list[RegionValue]


class RegionComparison(BaseModel):
    """What regions have in common and what only one of them has."""

    run: DirectionRun
    regions: list[NamedConcept]
    facets: list[Facet]
    capabilities: CapabilitySpread
    figures: list[ComparedFigures]


ANSWERS: Final[Sequence[type[BaseModel]]] = (RegionProfile, RegionComparison)
