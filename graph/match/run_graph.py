"""The answer to a need as RDF: a match run with its results, their verdicts, and the statements behind them.

Statements are reified as ``rdf:Statement`` (RDF 1.1 Schema, section 5.3), each with the graph that holds it: every
SPARQL 1.1 store and library reads that, which cannot be said of RDF-star. Nodes have IRIs made of the run's id, so that
the same run gives the same triples, and several runs can lie in one store.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Triple

from graph.errors import Busy
from graph.iris import BASE, CODELIST, GENID, INFRA, PROV, RDF, RDFS, XSD
from graph.match.need import Need
from graph.match.need_graph import triples_of
from graph.match.scheme import CAPABILITY, Scheme
from graph.store.catalogue import QueryCatalogue
from graph.store.protocol import Reader

RUNS: Final = BASE + "match/runs/"
"""What stands before the id in the IRI of a run; the service has the run at the same path."""
_UNDERSTOOD: Final = ("capabilities", "materials", "services", "sectors", "accessModes")
_Statement = tuple[str, str, str, str]
"""Subject, property, value by its characters, and graph."""


def triples(
    answer: Mapping[str, Any], need: Need, scheme: Scheme, reader: Reader, queries: QueryCatalogue
) -> list[Triple]:
    """The run, the need that it used, and its results; ``reader`` has the state that the answer was made on.

    Raises ``Busy`` where that state is another by now, which a remote engine may come to.
    """
    return list(_Writer(answer, need, scheme, _values(answer, reader, queries)).run())


def _statements(answer: Mapping[str, Any]) -> Iterator[_Statement]:
    for result in answer["results"]:
        for criterion in result["criteria"]:
            for one in criterion["evidence"]:
                yield one["s"], one["p"], one["o"], one["graph"]


def _values(
    answer: Mapping[str, Any], reader: Reader, queries: QueryCatalogue
) -> dict[_Statement, NamedNode | Literal]:
    """The values behind the characters that an answer shows, as the graphs hold them."""
    stated = dict.fromkeys(_statements(answer))
    if not stated:
        return {}
    bound = [(NamedNode(s), NamedNode(p), Literal(o), NamedNode(g)) for s, p, o, g in stated]
    found: dict[_Statement, NamedNode | Literal] = {}
    for *key, value in reader.select(queries["match-statement"].bind(stated=bound)).rows:
        subject, prop, text, graph = (term.value for term in key if isinstance(term, NamedNode | Literal))
        if isinstance(value, NamedNode | Literal):
            found.setdefault((subject, prop, text, graph), value)
    if len(found) < len(stated):
        raise Busy("what stands behind the answer changed while it was written; ask again")
    return found


def _decimal(number: float) -> Literal:
    return Literal(format(Decimal(str(number)), "f"), datatype=XSD["decimal"])


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=XSD["integer"])


class _Writer:
    def __init__(
        self,
        answer: Mapping[str, Any],
        need: Need,
        scheme: Scheme,
        values: Mapping[_Statement, NamedNode | Literal],
    ) -> None:
        self._answer = answer
        self._need = need
        self._scheme = scheme
        self._values = values
        self._language: str = answer["run"]["language"]
        name: str = answer["run"]["id"]
        self._run = NamedNode(RUNS + name)
        self._digest = hashlib.sha256(name.encode()).hexdigest()[:24]

    def _node(self, name: str) -> NamedNode:
        return GENID[f"{self._digest}-{name}"]

    def run(self) -> Iterator[Triple]:
        """The run itself, and all that belongs to it."""
        answer, run, need = self._answer, self._run, self._node("need")
        number: int = answer["run"]["revision"]
        revision = NamedNode(f"{BASE}contributions?revision={number}")
        yield Triple(run, RDF["type"], INFRA["MatchRun"])
        yield Triple(run, PROV["used"], need)
        yield Triple(run, PROV["used"], revision)
        yield Triple(run, INFRA["revision"], _integer(number))
        yield Triple(run, INFRA["answerLanguage"], Literal(self._language))
        yield Triple(run, INFRA["resultCount"], _integer(answer["total"]))
        yield Triple(revision, RDF["type"], PROV["Entity"])
        yield Triple(revision, INFRA["revision"], _integer(number))
        yield from triples_of(self._need, need, self._scheme, answer["understood"]["language"])
        for kind in _UNDERSTOOD:
            for link in answer["understood"][kind]:
                yield Triple(run, INFRA["linkedConcept"], NamedNode(link["concept"]))
        for rank, result in enumerate(answer["results"], 1):
            yield from self._result(rank, result)

    def _result(self, rank: int, result: Mapping[str, Any]) -> Iterator[Triple]:
        node = self._node(str(rank))
        yield Triple(self._run, INFRA["hasResult"], node)
        yield Triple(node, RDF["type"], INFRA["MatchResult"])
        yield Triple(node, PROV["wasGeneratedBy"], self._run)
        yield Triple(node, INFRA["matchedFacility"], NamedNode(result["facility"]))
        yield Triple(node, RDFS["label"], Literal(result["label"]))
        yield Triple(node, INFRA["rank"], _integer(rank))
        yield Triple(node, INFRA["score"], _decimal(result["score"]))
        yield Triple(node, INFRA["knownWeight"], _decimal(result["confidence"]))
        if result["distance_km"] is not None:
            yield Triple(node, INFRA["distanceKm"], _decimal(result["distance_km"]))
        for number, criterion in enumerate(result["criteria"], 1):
            verdict = self._node(f"{rank}-{number}")
            yield Triple(node, INFRA["hasVerdict"], verdict)
            yield from self._verdict(verdict, criterion)

    def _verdict(self, node: NamedNode, criterion: Mapping[str, Any]) -> Iterator[Triple]:
        yield Triple(node, RDF["type"], INFRA["CriterionVerdict"])
        yield Triple(node, INFRA["criterion"], Literal(criterion["criterion"]))
        yield Triple(node, INFRA["ofCriterion"], CODELIST[f"criterion/{criterion['criterion']}"])
        yield Triple(node, INFRA["verdict"], CODELIST[f"verdict/{criterion['verdict']}"])
        yield Triple(node, INFRA["score"], _decimal(criterion["score"]))
        yield Triple(node, INFRA["weight"], _decimal(criterion["weight"]))
        yield Triple(node, INFRA["reason"], Literal(criterion["reason"], language=self._language))
        if "part" in criterion:
            part = self._scheme.resolve(criterion["part"], CAPABILITY, "part")
            yield Triple(node, INFRA["capability"], part)
        yield from self._evidence(node, criterion["evidence"])

    def _evidence(self, verdict: NamedNode, evidence: Sequence[Mapping[str, str]]) -> Iterator[Triple]:
        """The statements behind a verdict; one that is behind several has one node."""
        for one in evidence:
            key = (one["s"], one["p"], one["o"], one["graph"])
            node = self._node(hashlib.sha256("\n".join(key).encode()).hexdigest()[:16])
            yield Triple(verdict, INFRA["evidence"], node)
            yield Triple(node, RDF["type"], INFRA["EvidenceStatement"])
            yield Triple(node, RDF["type"], RDF["Statement"])
            yield Triple(node, RDF["subject"], NamedNode(one["s"]))
            yield Triple(node, RDF["predicate"], NamedNode(one["p"]))
            yield Triple(node, RDF["object"], self._values[key])
            yield Triple(node, INFRA["inGraph"], NamedNode(one["graph"]))
