"""A need sent as RDF: parsed and checked by the rules in a worker, like a contribution."""

from typing import Final

from fastapi import Request

from api.negotiation import JSON_LD, TURTLE, language
from api.state import service
from graph.contribute.accept import NotConforming
from graph.contribute.reading.syntax import in_language
from graph.contribute.report import Report
from graph.contribute.words import Words
from graph.errors import SyntaxProblem
from graph.match.need import Need
from graph.match.need_graph import need_of

RDF_NEEDS: Final = (TURTLE, JSON_LD, "application/n-triples")
"""The formats that a need can be sent in beside JSON."""
EXAMPLE: Final = """\
@prefix infra: <https://w3id.org/infrashare/ontology#> .
@prefix cap: <https://w3id.org/infrashare/codelist/capability/> .
@prefix nuts: <http://data.europa.eu/nuts/code/> .
@prefix dct: <http://purl.org/dc/terms/> .

[] a infra:Need ;
  dct:description "We willen titanium onderdelen testen"@nl ;
  infra:capability cap:fatigue-testing ;
  infra:inRegion nuts:BE223 ;
  infra:resultLimit 3 .
"""


class NeedNotConforming(NotConforming):
    """The need does not conform; ``report`` says why."""

    def __init__(self, report: Report) -> None:
        super().__init__(report)
        self.detail = self.detail.replace("contribution", "need", 1)


def need_of_rdf(request: Request, data: bytes, kind: str) -> Need:
    """The need in a document.

    Raises ``SyntaxProblem`` with line and column, ``NotConforming`` with the report, and what ``need_of`` raises.
    """
    running = service(request)
    try:
        with running.against() as against:
            checked = running.checking.check(data, kind, language=language(request), against=against)
    except SyntaxProblem as error:
        raise in_language(error, language(request), Words()) from error
    if not checked.report.conforms:
        raise NeedNotConforming(checked.report)
    return need_of(checked.triples())
