"""The forms of the answers, for the description of the interface and for clients made from it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import BaseModel, Field, RootModel
from pydantic.json_schema import models_json_schema

from api.negotiation import JSON
from graph.match.need import Need

PROBLEM_JSON: Final = "application/problem+json"
REFERENCE: Final = "#/components/schemas/"
RAW: Final[Mapping[str, str]] = {"type": "string", "format": "binary"}
"""The schema of a body that is no JSON: clients send and give its bytes as they are."""
LINES: Final = "x-item-schema"
"""The schema of each line of an answer in lines; OpenAPI has a word of its own for it from 3.2 on."""


class Fault(BaseModel):
    """One thing that is wrong, with where it stands."""

    code: str
    message: str
    severity: str = "violation"
    line: int | None = None
    column: int | None = None
    focusNode: str | None = None  # noqa: N815 - contract name
    path: str | None = None
    value: str | None = None
    help: str | None = None


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str = Field(description="The page that explains this kind of problem: /problems/NAME.")
    title: str
    status: int
    detail: str
    instance: str
    errors: list[Fault]


class Alive(BaseModel):
    status: str


class Ready(BaseModel):
    status: str
    revision: int
    triples: int
    store: str


class Home(BaseModel):
    name: str
    revision: int
    triples: int
    counts: dict[str, int]
    links: dict[str, str]


class Quality(BaseModel):
    """How much of what a firm needs to decide is stated."""

    level: str
    score: float
    next_steps: list[str]


class Spot(BaseModel):
    """One of the places of equal findings."""

    line: int | None = None
    column: int | None = None
    focusNode: str | None = None  # noqa: N815 - contract name
    label: str | None = None


class Suggestion(BaseModel):
    """A mend that is certain: statements in N-Triples to add and to remove."""

    text: str
    add: list[str]
    remove: list[str]
    key: str = Field(description="What names it: only= of a check with fix=true takes it.")


class Finding(BaseModel):
    """One thing that a rule found; equal findings are one, with a count and their places."""

    code: str
    severity: str
    message: str
    engine_message: str
    focusNode: str | None = None  # noqa: N815 - contract name
    label: str | None = None
    path: str | None = None
    value: str | None = None
    line: int | None = None
    column: int | None = None
    count: int
    places: list[Spot] = Field(
        description="The places of equal findings, at most 100; empty where there is one."
    )
    suggestion: Suggestion | None = Field(None, description="What mends all places that are listed.")
    help: str


class Report(BaseModel):
    """The report on a contribution."""

    conforms: bool
    triples: int
    counts: dict[str, int]
    by_code: dict[str, int]
    entities: dict[str, int]
    quality: Quality
    findings: list[Finding]


class Correction(BaseModel):
    """A corrected contribution: the file, what was mended in it, and the report on what remains."""

    corrected: str
    mended: list[Finding]
    report: Report


class CheckAnswer(RootModel[Report | Correction]):
    """The report; with `fix=true` the correction."""


class GraphQuality(BaseModel):
    level: str | None
    score: float | None


class Contribution(BaseModel):
    """The current version of one graph."""

    graph: str
    partner: str
    dataset: str
    version: int
    revision: int
    triples: int
    quality: GraphQuality
    accepted_at: str


class Contributions(BaseModel):
    contributions: list[Contribution]


class Host(BaseModel):
    id: str
    label: str
    url: str


class Item(BaseModel):
    """An entity in a list."""

    id: str
    label: str
    url: str
    description: str | None = None
    region: str | None = None
    city: str | None = None
    country: str | None = None
    lon: float | None = None
    lat: float | None = None
    facility: Host | None = Field(
        default=None, description="Of equipment where it stands, of services who provides them."
    )


class SearchedConcept(BaseModel):
    """A concept that words of a search stand for."""

    words: str
    concept: str
    notation: str
    label: str
    scheme: str
    sentence: str
    count: int = Field(description="Entities of the list that carry it or a narrower one.")
    practices: int | None = Field(
        default=None, description="Of practices: those that carry it, or a narrower one, themselves."
    )
    through_facilities: int | None = Field(
        default=None, description="Of practices: those that only facilities taking part in them tie to it."
    )


class SearchMeaning(BaseModel):
    """What a search means beside its letters; entities found by it come behind those that hold the text."""

    concepts: list[SearchedConcept]
    all: bool = Field(description="False where no entity has all of it and those with some are given.")
    note: str | None


class Listing(BaseModel):
    """A page of a list; ``next`` is the value of ``after`` for the page that follows."""

    total: int
    items: list[Item]
    next: str | None
    understood: SearchMeaning | None = Field(
        default=None,
        description="Where `q` is given, of lists that have a code list among their filters: what its words mean.",
    )


class Inverse(BaseModel):
    subject: str
    property: str
    label: str


class DirectionLink(BaseModel):
    href: str
    label: str


class Entity(BaseModel):
    """An entity: beside these members, values by property, such as ``dct:title``."""

    id: str
    label: str
    graphs: list[str]
    inverse: list[Inverse] = Field(description="What points to it, a hundred statements at a time.")
    inverse_total: int
    next: str | None = Field(description="The value of ``after`` for the page of ``inverse`` that follows.")
    directions: list[DirectionLink] = Field(
        default=[], description="Where matching leads on to from it: who it fits, who fits it."
    )


class QueryColumn(BaseModel):
    name: str
    type: str


class QueryParameter(BaseModel):
    name: str
    type: str
    columns: list[QueryColumn]
    label: str
    description: str
    optional: bool
    takes_codes: bool
    example: str
    values: list[str]


class CataloguedQuery(BaseModel):
    """A named question."""

    name: str
    title: str
    description: str
    audience: str | None
    group: str
    form: str
    parameters: list[QueryParameter]
    paged: bool
    sparql: str


class Queries(BaseModel):
    queries: list[CataloguedQuery]


class Head(BaseModel):
    vars: list[str] = Field(default_factory=list)


class Bindings(BaseModel):
    bindings: list[dict[str, dict[str, Any]]]


class SparqlResults(BaseModel):
    """SPARQL 1.1 Query Results JSON: ``results`` of SELECT, or ``boolean`` of ASK."""

    head: Head
    results: Bindings | None = None
    boolean: bool | None = None


class Rule(BaseModel):
    code: str
    class_: str = Field(alias="class")
    severity: str
    name: str
    description: str
    message: str


class RuleCatalogue(BaseModel):
    rules: list[Rule]


class CodeLists(BaseModel):
    codelists: list[str]


class ProblemKind(BaseModel):
    type: str
    title: str
    status: int
    help: str


class TemplateColumn(BaseModel):
    """A column of the table of a class."""

    name: str
    title: str = Field(description="What it is called in the language of the answer.")
    description: str
    level: str = Field(description="required, wanted or optional")
    per_language: bool = Field(description="Whether its header ends in a language: title@nl.")
    separator: str | None = Field(None, description="What stands between several values of a cell.")
    code_list: str | None = Field(None, description="The code list, in /codelists, that its cells are from.")


class Template(BaseModel):
    name: str
    label: str
    turtle: str
    csv: str
    metadata: str = Field(description="The W3C CSVW metadata of the table.")
    columns: list[TemplateColumn]


class Templates(BaseModel):
    """The classes that have a template."""

    templates: list[Template]


_DESCRIBED: Final[Sequence[type[BaseModel]]] = (
    Alive,
    CheckAnswer,
    Contributions,
    CodeLists,
    Entity,
    Home,
    Listing,
    Problem,
    ProblemKind,
    Queries,
    Ready,
    Report,
    RuleCatalogue,
    SparqlResults,
    Templates,
)


def components(
    further: Sequence[type[BaseModel]] = (), requests: Sequence[type[BaseModel]] = ()
) -> dict[str, Any]:
    """The schemas of all answers, of a need, and of further answers and requests, by name."""
    models = [(model, "serialization") for model in (*_DESCRIBED, *further)]
    _, answered = models_json_schema(models, ref_template=REFERENCE + "{model}")  # type: ignore[arg-type]  # literals
    wanted = [(model, "validation") for model in (Need, *requests)]
    _, asked = models_json_schema(wanted, ref_template=REFERENCE + "{model}")  # type: ignore[arg-type]  # literals
    return {**answered["$defs"], **asked["$defs"]}


def answers(
    model: type[BaseModel], description: str, *others: str, media_type: str = JSON
) -> dict[int | str, dict[str, Any]]:
    """The description of a good answer: JSON of this form, or text of the other media types."""
    content: dict[str, Mapping[str, Any]] = {media_type: {"schema": {"$ref": REFERENCE + model.__name__}}}
    content.update({other: {"schema": {"type": "string"}} for other in others})
    return {200: {"description": description, "content": content}}


def texts(description: str, *media_types: str) -> dict[int | str, dict[str, Any]]:
    """The description of a good answer that has no JSON form of its own."""
    return {
        200: {
            "description": description,
            "content": {kind: {"schema": {"type": "string"}} for kind in media_types},
        }
    }


def errors(**of_status: str) -> dict[int | str, dict[str, Any]]:
    """The descriptions of error answers: ``errors(status_404="There is none.")``."""
    return {int(name.removeprefix("status_")): {"description": text} for name, text in of_status.items()}
