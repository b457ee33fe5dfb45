"""The query catalogue in RDF: each query as a ``sh:SPARQLExecutable``, so that editors can list them as examples.

The form is that of the SPARQL examples of the SIB (https://github.com/sib-swiss/sparql-examples): a label and a
comment, the text by its form (``sh:select``, ``sh:ask``, ``sh:construct``) with its own prefixes, so that it runs as
it stands, and the endpoint as ``schema:target``. Parameters are ``sh:Parameter``: the local name of the path is the
variable whose ``VALUES`` block a value replaces.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from graph.iris import BASE, DCT, RDF, RDFS, SCHEMA, SH, XSD, Namespace
from graph.store.catalogue import Query, QueryCatalogue
from graph.store.parameters import Parameter

QUERY = Namespace(BASE + "queries/")
CATALOGUE: Final = NamedNode(BASE + "queries")

_FORMS: Final = {
    "SELECT": (SH["SPARQLSelectExecutable"], SH["select"]),
    "ASK": (SH["SPARQLAskExecutable"], SH["ask"]),
    "CONSTRUCT": (SH["SPARQLConstructExecutable"], SH["construct"]),
}
_DATATYPES: Final = {
    "string": XSD["string"],
    "text": XSD["string"],
    "language": XSD["string"],
    "integer": XSD["integer"],
    "decimal": XSD["decimal"],
    "boolean": XSD["boolean"],
    "date": XSD["date"],
}


def catalogue(queries: QueryCatalogue, site: str) -> list[Triple]:
    """All queries, as served at a site whose address ends in a slash."""
    triples = [
        Triple(CATALOGUE, RDF["type"], SCHEMA["Collection"]),
        Triple(CATALOGUE, RDFS["label"], Literal("Queries of InfraShare", language="en")),
    ]
    for query in queries.all():
        triples.append(Triple(CATALOGUE, SCHEMA["hasPart"], QUERY[query.name]))
        triples.extend(described(query, queries, site))
    return triples


def described(query: Query, queries: QueryCatalogue, site: str) -> Iterator[Triple]:
    """What there is to say of one query."""
    node = QUERY[query.name]
    kind, text = _FORMS.get(query.form, (SH["SPARQLExecutable"], SCHEMA["text"]))
    yield Triple(node, RDF["type"], SH["SPARQLExecutable"])
    yield Triple(node, RDF["type"], kind)
    yield Triple(node, DCT["identifier"], Literal(query.name))
    for language, title in query.titles.items():
        yield Triple(node, RDFS["label"], Literal(title, language=language))
    yield Triple(node, RDFS["comment"], Literal(query.description, language="en"))
    yield Triple(node, text, Literal(query.text))
    yield Triple(node, SCHEMA["target"], NamedNode(f"{site}sparql"))
    yield Triple(node, SCHEMA["url"], NamedNode(f"{site}queries/{query.name}"))
    yield Triple(node, SCHEMA["keywords"], Literal(query.group))
    yield Triple(node, SCHEMA["keywords"], Literal(queries.say(query.group), language="en"))
    for parameter in query.parameters:
        yield from _parameter(query, parameter, queries)


def _parameter(query: Query, parameter: Parameter, queries: QueryCatalogue) -> Iterator[Triple]:
    for name, kind in parameter.columns:
        path = NamedNode(f"{QUERY.base}{query.name}#{name}")
        node = NamedNode(f"{QUERY.base}{query.name}#parameter-{name}")
        yield Triple(QUERY[query.name], SH["parameter"], node)
        yield Triple(node, RDF["type"], SH["Parameter"])
        yield Triple(node, SH["path"], path)
        yield Triple(node, SH["name"], Literal(queries.say(f"parameter-{name}"), language="en"))
        yield Triple(node, SH["description"], Literal(parameter.description, language="en"))
        if kind == "iri":
            yield Triple(node, SH["nodeKind"], SH["IRI"])
        else:
            yield Triple(node, SH["datatype"], _DATATYPES[kind])
        yield from _default(query, parameter, node)


def _default(query: Query, parameter: Parameter, node: NamedNode) -> Iterator[Triple]:
    """The value that stands in the text, where it is one; no value at all makes the parameter an optional one."""
    values: Iterable[str] = query.plain_defaults[parameter.name]
    terms = [parameter.read(value) for value in values]
    if len(terms) == 1:
        yield Triple(node, SH["defaultValue"], terms[0])
    optional = Literal("true", datatype=XSD["boolean"])
    yield Triple(node, SH["optional"], optional)
