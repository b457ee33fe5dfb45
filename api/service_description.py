"""The service description of the SPARQL endpoint (https://www.w3.org/TR/sparql11-service-description/)."""

from collections.abc import Iterator
from typing import Final

from fastapi import Request
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from graph.iris import DCT, FORMATS, RDF, RDFS, SD, VOID, XSD
from graph.settings import Settings
from graph.store.protocol import State

_RESULT_FORMATS: Final = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "JSON-LD",
    "RDF_XML",
    "TriG",
    "N-Quads",
)


def service_description(request: Request, settings: Settings, snapshot: State) -> list[Triple]:
    """What the endpoint is, takes and gives: well under a hundred triples, whatever the dataset holds."""
    return list(_triples(str(request.base_url), settings, snapshot))


def _triples(base: str, settings: Settings, snapshot: State) -> Iterator[Triple]:
    endpoint = NamedNode(f"{base}sparql")
    dataset, union = BlankNode("dataset"), BlankNode("union")
    features = ["UnionDefaultGraph"]
    if settings.service_allowed:
        features.append("BasicFederatedQuery")
    yield Triple(endpoint, RDF["type"], SD["Service"])
    yield Triple(endpoint, SD["endpoint"], endpoint)
    yield Triple(endpoint, SD["supportedLanguage"], SD["SPARQL11Query"])
    for feature in features:
        yield Triple(endpoint, SD["feature"], SD[feature])
    for name in _RESULT_FORMATS:
        yield Triple(endpoint, SD["resultFormat"], FORMATS[name])
    yield Triple(endpoint, DCT["title"], Literal("SPARQL endpoint of InfraShare", language="en"))
    yield Triple(endpoint, DCT["description"], Literal(_limits(settings), language="en"))
    yield Triple(endpoint, RDFS["seeAlso"], NamedNode(f"{base}.well-known/void"))
    yield Triple(endpoint, RDFS["seeAlso"], NamedNode(f"{base}queries"))
    yield Triple(endpoint, SD["defaultDataset"], dataset)
    yield Triple(dataset, RDF["type"], SD["Dataset"])
    yield Triple(dataset, SD["defaultGraph"], union)
    yield Triple(union, RDF["type"], SD["Graph"])
    triples = Literal(str(snapshot.triples), datatype=XSD["integer"])
    yield Triple(union, VOID["triples"], triples)


def _limits(settings: Settings) -> str:
    mib = settings.max_result_bytes // 1024**2
    return (
        f"Queries only. The default graph is the union of all graphs. A query has {settings.query_timeout:g} s, "
        f"{settings.query_memory // 1024**2} MiB of memory, {settings.max_result_rows:,} rows and {mib} MiB of result; "
        "an answer is complete or an error. timeout= may shorten the time, revision= reads the past."
    )
