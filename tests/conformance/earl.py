"""A report in EARL (https://www.w3.org/TR/EARL10-Schema/) of what the conformance tests found."""

from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from rdflib import RDF, XSD, BNode, Graph, Literal, Namespace, URIRef

EARL = Namespace("http://www.w3.org/ns/earl#")
DCT = Namespace("http://purl.org/dc/terms/")
DOAP = Namespace("http://usefulinc.com/ns/doap#")
PROJECT = URIRef("https://w3id.org/infrashare/")


@dataclass(frozen=True)
class Outcome:
    """How a test ended: ``passed``, ``failed`` or ``inapplicable``, and why where that is not plain."""

    test: str
    name: str
    outcome: str
    why: str = ""


def write(path: Path, outcomes: list[Outcome]) -> None:
    """Write the report as Turtle."""
    graph = Graph()
    for prefix, namespace in (("earl", EARL), ("dct", DCT), ("doap", DOAP)):
        graph.bind(prefix, namespace)
    graph.add((PROJECT, RDF.type, DOAP.Project))
    graph.add((PROJECT, RDF.type, EARL.TestSubject))
    graph.add((PROJECT, RDF.type, EARL.Software))
    graph.add((PROJECT, DOAP.name, Literal("InfraShare")))
    graph.add((PROJECT, DOAP.revision, Literal(version("infrashare"))))
    now = Literal(datetime.now(UTC).isoformat(timespec="seconds"), datatype=XSD.dateTime)
    for outcome in sorted(outcomes, key=lambda one: one.test):
        manifest, _, name = outcome.test.partition("#")
        assertion, result = URIRef(f"#{manifest.rsplit('/', 2)[-2]}-{name}"), BNode()
        graph.add((assertion, RDF.type, EARL.Assertion))
        graph.add((assertion, EARL.assertedBy, PROJECT))
        graph.add((assertion, EARL.subject, PROJECT))
        graph.add((assertion, EARL.mode, EARL.automatic))
        graph.add((assertion, EARL.test, URIRef(outcome.test)))
        graph.add((URIRef(outcome.test), DCT.title, Literal(outcome.name)))
        graph.add((assertion, EARL.result, result))
        graph.add((result, RDF.type, EARL.TestResult))
        graph.add((result, EARL.outcome, EARL[outcome.outcome]))
        graph.add((result, DCT.date, now))
        if outcome.why:
            graph.add((result, DCT.description, Literal(outcome.why, lang="en")))
    graph.serialize(path, format="turtle", encoding="utf-8")
