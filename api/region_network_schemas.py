"""The form of the network of regions: a node-link graph with what links its regions."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from api.direction_schemas import DirectionRun, NamedEntity

Share = Annotated[float, Field(ge=0, le=1)]
Tie = Literal[
    "operator",
    "partner",
    "stakeholder",
    "practice-owner",
    "event-host",
    "event-guest",
    "member",
    "practice",
    "facility",
    "event",
    "plan",
]


class NetworkMeasures(BaseModel):
    """What the figures are; networkx keeps it as attributes of the graph."""

    similarity: str
    groups: str
    modularity: float | None = Field(description="How well the groups are told apart; null without links.")


class NetworkNode(BaseModel):
    """A region. What is null is not known, which is not 0."""

    id: str = Field(description="Its NUTS code.")
    region: str
    label: str
    facilities: int
    described: int = Field(description="Facilities that state any capability.")
    capabilities: int = Field(description="Capabilities that they cover, broader ones included.")
    gaps: int | None = Field(description="What its priorities need and nobody described there covers.")
    links: int | None = Field(description="Regions that it is linked with by similarity.")
    centrality: float | None = Field(description="The sum of the weights of these links.")
    group: int | None


class SharedCapability(BaseModel):
    code: str
    source: Share = Field(
        description="The share of the described facilities of the first region that cover it."
    )
    target: Share = Field(description="The same of the second region.")


class SimilarityLink(BaseModel):
    """Two regions that are alike, once: from the lower code to the higher."""

    key: str
    kind: Literal["similarity"]
    source: str
    target: str
    weight: Share
    capabilities: list[SharedCapability] = Field(description="Those that count most.")


class FilledGap(BaseModel):
    code: str
    facilities: int = Field(description="Facilities of the region that has it.")


class ComplementarityLink(BaseModel):
    """From the region that lacks to the one that has."""

    key: str
    kind: Literal["complementarity"]
    source: str
    target: str
    weight: Share = Field(
        description="The share of the gaps that are filled, rare capabilities counting more."
    )
    gaps: int
    filled: int
    capabilities: list[FilledGap] = Field(description="The rarest of those filled.")


class CommonCapability(BaseModel):
    code: str
    least: Share = Field(description="The least share among the regions of the group.")


class NetworkGroup(BaseModel):
    group: int
    regions: list[str]
    capabilities: list[CommonCapability] = Field(
        description="What all of them can do; what tells most first."
    )


class NamedCapability(BaseModel):
    concept: str
    label: str


class RegionTie(BaseModel):
    tie: Tie
    label: str
    number: int = Field(description="Facilities, practices, events, members or plans that it rests on.")


class TiedRegion(BaseModel):
    region: str
    ties: list[RegionTie]


class LinkingEntity(NamedEntity):
    """An organisation or project that is tied to several of the regions."""

    regions: list[TiedRegion]


class CentralFacility(NamedEntity):
    weight: int = Field(description="Capabilities shared, summed over the other facilities.")
    home: list[str]
    reached: list[str] = Field(
        description="Other regions with a facility that states one of its capabilities."
    )


class MoreThere(BaseModel):
    """Whether there are more than the limit lets through."""

    organisations: bool
    projects: bool
    facilities: bool


class UnknownOfRegion(BaseModel):
    region: str
    reason: str


class RegionNetwork(BaseModel):
    """Regions and the links between them, as node-link data that networkx loads with `edges="links"`."""

    run: DirectionRun
    minSimilarity: Share  # noqa: N815 - contract name
    minComplementarity: Share  # noqa: N815 - contract name
    directed: Literal[True]
    multigraph: Literal[True]
    graph: NetworkMeasures
    nodes: list[NetworkNode]
    links: list[Annotated[SimilarityLink | ComplementarityLink, Field(discriminator="kind")]]
    groups: list[NetworkGroup]
    capabilities: dict[str, NamedCapability] = Field(description="By code, all that occur.")
    organisations: list[LinkingEntity]
    projects: list[LinkingEntity]
    facilities: list[CentralFacility]
    more: MoreThere
    unknown: list[UnknownOfRegion]
    queries: list[str]
