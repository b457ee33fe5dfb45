"""The IRIs of InfraShare: namespaces, named graphs and entity addresses.

All own IRIs start with one base, independent of the host that serves the data.
"""

import re
from typing import Final

from pyoxigraph import NamedNode

BASE: Final = "https://w3id.org/infrashare/"


class Namespace:
    """An IRI prefix that makes named nodes: ``INFRA["Facility"]``."""

    def __init__(self, base: str) -> None:
        self.base = base

    def __getitem__(self, name: str) -> NamedNode:
        return NamedNode(self.base + name)

    def __contains__(self, iri: str) -> bool:
        return iri.startswith(self.base)


INFRA = Namespace(BASE + "ontology#")
SHAPES = Namespace(BASE + "shapes#")
CODELIST = Namespace(BASE + "codelist/")
ID = Namespace(BASE + "id/")
GRAPH = Namespace(BASE + "graph/")
GENID = Namespace(BASE + ".well-known/genid/")
RELATIVE = Namespace("relative:///")
"""What relative IRIs resolve to, where a rule finds them: a scheme of its own, which no ``..`` or ``//`` leaves."""
NUTS = Namespace("http://data.europa.eu/nuts/code/")
NACE = Namespace("http://data.europa.eu/ux2/nace2/")
RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS = Namespace("http://www.w3.org/2000/01/rdf-schema#")
XSD = Namespace("http://www.w3.org/2001/XMLSchema#")
OWL = Namespace("http://www.w3.org/2002/07/owl#")
SKOS = Namespace("http://www.w3.org/2004/02/skos/core#")
DCT = Namespace("http://purl.org/dc/terms/")
SH = Namespace("http://www.w3.org/ns/shacl#")
GEO = Namespace("http://www.opengis.net/ont/geosparql#")
ORG = Namespace("http://www.w3.org/ns/org#")
PROV = Namespace("http://www.w3.org/ns/prov#")
PAV = Namespace("http://purl.org/pav/")
FOAF = Namespace("http://xmlns.com/foaf/0.1/")
SOSA = Namespace("http://www.w3.org/ns/sosa/")
SCHEMA = Namespace("https://schema.org/")
VOID = Namespace("http://rdfs.org/ns/void#")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
FORMATS = Namespace("http://www.w3.org/ns/formats/")
"""Formats of files, as the W3C names them."""

PREFIXES: Final[dict[str, str]] = {
    "infra": INFRA.base,
    "shapes": SHAPES.base,
    "cap": CODELIST.base + "capability/",
    "nuts": NUTS.base,
    "nace": NACE.base,
    "rdf": RDF.base,
    "rdfs": RDFS.base,
    "xsd": XSD.base,
    "owl": OWL.base,
    "skos": SKOS.base,
    "dct": DCT.base,
    "sh": SH.base,
    "geo": GEO.base,
    "locn": "http://www.w3.org/ns/locn#",
    "org": ORG.base,
    "prov": PROV.base,
    "pav": PAV.base,
    "foaf": FOAF.base,
    "sosa": SOSA.base,
    "schema": SCHEMA.base,
    "adms": "http://www.w3.org/ns/adms#",
    "cv": "http://data.europa.eu/m8g/",
    "cpsv": "http://purl.org/vocab/cpsv#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
}
"""The prefixes that queries, pages and written Turtle use."""

ONTOLOGY_GRAPH = GRAPH["ontology"]
CODELISTS_GRAPH = GRAPH["codelists"]
DERIVED_GRAPH = GRAPH["derived"]
PROVENANCE_GRAPH = GRAPH["provenance"]
ENGINE_GRAPH = GRAPH["engine"]
"""Where a remote engine notes who is writing; it is empty while nobody is, and no part of the dataset."""
SYSTEM_GRAPHS: Final = (ONTOLOGY_GRAPH, CODELISTS_GRAPH, DERIVED_GRAPH, PROVENANCE_GRAPH)

LANGUAGES: Final = ("en", "nl", "de", "it", "sv", "cs", "et", "lv", "fr")
"""The languages of the partners, English first."""

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
"""What partner, dataset and entity names look like: lower-case words joined by hyphens."""

KINDS: Final[dict[str, str]] = {
    "facility": "facilities",
    "equipment": "equipment",
    "service": "services",
    "organisation": "organisations",
    "policy-instrument": "policy-instruments",
    "practice": "practices",
    "action-plan": "action-plans",
    "event": "events",
    "project": "projects",
}
"""Kinds of entity as they stand in IRIs, with the name of the list that each kind has."""


def contribution_graph(partner: str, dataset: str) -> NamedNode:
    """The named graph of the current version of a contribution."""
    return GRAPH[f"{partner}/{dataset}"]


def compact(iri: str) -> str:
    """The IRI with a known prefix where there is one, for people to read."""
    for prefix, base in PREFIXES.items():
        if iri.startswith(base) and "/" not in iri[len(base) :]:
            return f"{prefix}:{iri[len(base) :]}"
    return iri
