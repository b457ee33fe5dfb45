"""A need: what a firm looks for, as it is sent, and as concepts and constraints."""

import difflib
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from graph.match import units
from graph.match.units import KIND, UNIT

Language = Literal["en", "nl", "de", "it", "sv", "cs", "et", "lv", "fr"]
Code = Annotated[str, Field(min_length=1, max_length=200)]
REQUIRABLE = (
    "capabilities",
    "services",
    "sectors",
    "accessModes",
    "maxDistanceKm",
    "countries",
    "languages",
    "trl",
    "quantities",
)


class Location(BaseModel):
    """Where the firm is, in degrees (WGS 84)."""

    model_config = ConfigDict(extra="forbid")

    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)


class Trl(BaseModel):
    """Technology readiness levels: where the development is and where it should get."""

    model_config = ConfigDict(extra="forbid")

    now: int | None = Field(None, ge=1, le=9)
    target: int | None = Field(None, ge=1, le=9)

    @model_validator(mode="after")
    def _rising(self) -> "Trl":
        if self.now is not None and self.target is not None and self.target < self.now:
            raise ValueError(f"target {self.target} is below now {self.now}; swap them")
        return self


class Turnover(BaseModel):
    """A firm's sales of a year."""

    model_config = ConfigDict(extra="forbid")

    value: float = Field(ge=0)
    currency: str = Field("EUR", pattern=r"^[A-Z]{3}$", description="ISO 4217 code.")


class WantedQuantity(BaseModel):
    """What equipment must reach: a value (`min` and `max` the same), a range, or one bound, in a unit of QUDT."""

    model_config = ConfigDict(extra="forbid")

    unit: str = Field(
        max_length=200, description="QUDT unit, such as `KiloN` or its IRI, or a symbol, such as `kN`."
    )
    kind: str | None = Field(
        None,
        max_length=200,
        description="QUDT quantity kind where it is narrower than what the unit says, such as `Width`.",
    )
    min: float | None = Field(None, allow_inf_nan=False)
    max: float | None = Field(None, allow_inf_nan=False)

    @model_validator(mode="after")
    def _complete(self) -> "WantedQuantity":
        self.unit = self.unit.removeprefix(UNIT)
        self.unit = units.by_symbol().get(self.unit, self.unit)
        self.kind = self.kind.removeprefix(KIND) if self.kind else None
        if self.unit not in units.units():
            near = difflib.get_close_matches(self.unit, units.units(), 3, 0.4)
            raise ValueError(
                f"unit {self.unit!r} is not known; use a unit of QUDT such as {', '.join(near or ['KiloN', 'DEG_C'])}"
            )
        if self.kind == units.kind(self.unit):
            self.kind = None
        if self.min is None and self.max is None:
            raise ValueError("give min, max or both; for one value give it as both")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"min {self.min:g} is above max {self.max:g}; swap them")
        return self


class Need(BaseModel):
    """A need as the contract gives it. Codes are notations or full IRIs."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "text": "We willen titanium onderdelen 3D-printen en testen op vermoeiing",
                    "language": "nl",
                    "region": "BE223",
                    "maxDistanceKm": 250,
                    "companySize": "small",
                    "lang": "nl",
                },
                {"capabilities": ["fatigue-testing"], "countries": ["CZ"], "limit": 3},
            ]
        },
    )

    text: str | None = Field(None, max_length=4_000, description="The need in the firm's own words.")
    language: Language | None = Field(None, description="Language of the text; detected where not given.")
    region: Code | None = Field(None, description="NUTS code of the firm's region.")
    capabilities: list[Code] = Field(default_factory=list, max_length=50)
    services: list[Code] = Field(default_factory=list, max_length=50)
    sectors: list[Code] = Field(default_factory=list, max_length=50)
    accessModes: list[Code] = Field(default_factory=list, max_length=50)  # noqa: N815 - contract name
    excluded: list[Code] = Field(
        default_factory=list,
        max_length=50,
        description="Codes that the text must not be understood as, whatever its words: to correct `understood`.",
    )
    essential: list[Code] = Field(
        default_factory=list,
        max_length=50,
        description="Capabilities that a facility must have, each a hard condition; they need not stand in "
        "`capabilities` too.",
    )
    niceToHave: list[Code] = Field(  # noqa: N815 - as the contract writes names
        default_factory=list,
        max_length=50,
        description="Capabilities that one would be glad of; they weigh less than others.",
    )
    quantities: list[WantedQuantity] = Field(
        default_factory=list,
        max_length=20,
        description="What equipment must reach. Where given, those of the text do not count; for none at all give "
        "the criterion `quantity` the weight 0.",
    )
    location: Location | None = None
    maxDistanceKm: float | None = Field(None, gt=0, le=20_100)  # noqa: N815 - contract name
    countries: list[Annotated[str, Field(pattern=r"^[A-Za-z]{2}$")]] = Field(
        default_factory=list, max_length=50
    )
    languages: list[Annotated[str, Field(pattern=r"^[A-Za-z]{2}$")]] = Field(
        default_factory=list, max_length=30
    )
    trl: Trl | None = None
    companySize: Literal["micro", "small", "medium", "large"] | None = None  # noqa: N815 - contract name
    staff: int | None = Field(None, ge=0, le=10_000_000, description="People who work for the firm.")
    turnover: Turnover | None = Field(None, description="The firm's sales of a year.")
    required: list[str] = Field(
        default_factory=list, max_length=20, description="Members that are hard conditions."
    )
    weights: dict[str, Annotated[float, Field(ge=0, le=10)]] = Field(
        default_factory=dict,
        max_length=20,
        description="How much criteria weigh, by notation in /codelists/criterion; others keep their weight there.",
    )
    limit: int = Field(10, ge=1, le=200)
    lang: Language | None = Field(None, description="Language of the answer; by default that of the text.")

    shareDemand: bool = Field(  # noqa: N815 - contract name
        False,
        description="Consent that what the need asks for is counted by region, sector, capability and month; "
        "nothing else of it is kept.",
    )

    @model_validator(mode="after")
    def _complete(self) -> "Need":
        if not (self.text and self.text.strip()) and not self.capabilities and not self.essential:
            raise ValueError("give a text or capabilities; without one of them there is nothing to look for")
        for name in self.required:
            if name not in REQUIRABLE:
                raise ValueError(f"required: {name!r} cannot be required; use one of {', '.join(REQUIRABLE)}")
            if not getattr(self, name):
                raise ValueError(f"required: {name!r} is required but not given; add it or leave it out")
        for code in self.niceToHave:
            if code in self.essential:
                raise ValueError(f"{code!r} is both essential and niceToHave; leave it in one of them")
        if self.maxDistanceKm is not None and self.location is None and self.region is None:
            raise ValueError("maxDistanceKm needs a place to measure from: give location or region")
        return self
