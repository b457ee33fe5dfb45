"""The form of published demand."""

from pydantic import BaseModel, Field

from api.direction_schemas import NamedEntity


class DemandCell(BaseModel):
    """The needs of a month that ask for a capability, from a region, for a sector."""

    month: str = Field(examples=["2026-10"])
    region: NamedEntity | None = Field(description="NUTS 2 at most; null where the needs do not state it.")
    capability: NamedEntity
    sector: NamedEntity | None = Field(description="Division of NACE at most; null where it is not stated.")
    needs: int
    supply: int | None = Field(
        description="Facilities described in the region that cover the capability; null without a region."
    )
    gap: bool | None = Field(description="Whether there is no such facility.")


class DemandTotal(BaseModel):
    """The sum of the cells that are shown: a need that names two sectors is in two of them."""

    capability: NamedEntity
    needs: int


class DemandTable(BaseModel):
    """Demand by month, region, sector and capability: cells with enough needs only."""

    least: int = Field(description="Needs that a cell has at least.")
    until: str = Field(description="The last month that can be shown.")
    cells: list[DemandCell]
    totals: list[DemandTotal]
