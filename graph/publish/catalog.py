"""The catalogue of the data, after DCAT-AP 3 (https://semiceu.github.io/DCAT-AP/releases/3.0.0/).

One dataset is the whole; each contribution is a part of it and a dataset of its own, under the name of its graph. The
dumps, the change feed and the endpoint are how to get at them.
"""

from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from graph.iris import BASE, DCT, FOAF, ID, INFRA, PAV, PROV, RDF, RDFS, SKOS, VOID, XSD, Namespace
from graph.publish import demand_catalog
from graph.publish.data_cube import DATASET as DEMAND
from graph.publish.dataset import (
    ABOUT,
    CATALOG,
    DATASET,
    DCAT,
    LICENCE,
    RIGHTS,
    TITLE,
    Said,
    State,
    is_licensed,
    text,
    time,
    triples,
    whole,
)
from graph.publish.dumps import File, Form
from graph.publish.feed import STREAM
from graph.store.ledger import Version

_SPDX: Final = Namespace("http://spdx.org/rdf/terms#")
_EU: Final = Namespace("http://publications.europa.eu/resource/authority/")
_MEDIA: Final = Namespace("https://www.iana.org/assignments/media-types/")
_GZIP: Final = _MEDIA["application/gzip"]
_PUBLISHER: Final = NamedNode(BASE + "catalog#publisher")
_RIGHTS: Final = NamedNode(BASE + "catalog#rights")
_THEME: Final = _EU["data-theme/TECH"]
_THEMES: Final = _EU["data-theme"]
_IRREGULAR: Final = _EU["frequency/IRREG"]
_CATALOGUE: Final = "The data of InfraShare: the whole graph, each contribution, and how to get at them."
_LANGUAGES: Final = ("ENG", "NLD", "DEU", "ITA", "SWE", "CES", "EST", "LAV", "FRA")
_STANDARDS: Final = {
    "https://www.w3.org/TR/sparql11-protocol/": "SPARQL 1.1 Protocol",
    "https://w3id.org/ldes/specification": "Linked Data Event Streams",
    "https://www.w3.org/TR/n-quads/": "RDF 1.1 N-Quads",
}
_FILE_TYPES: Final = {
    "application/n-quads": "RDF_N_QUADS",
    "text/csv": "CSV",
    "text/turtle": "RDF_TURTLE",
    "application/n-triples": "RDF_N_TRIPLES",
}


def describe(state: State) -> list[Triple]:
    """The whole catalogue."""
    said = [*_catalogue(state), *_dataset(state), *_services(state), *_shared(state)]
    said.extend(demand_catalog.describe(state, _PUBLISHER))
    for form, file in state.files:
        said.extend(_dump(state, form, file))
    for version in state.contributions:
        said.extend(_contribution(state, version))
    return triples(said)


def _catalogue(state: State) -> Iterator[Said]:
    yield CATALOG, RDF["type"], DCAT["Catalog"]
    yield CATALOG, DCT["title"], text("InfraShare catalogue")
    yield (
        CATALOG,
        DCT["description"],
        text(_CATALOGUE),
    )
    yield CATALOG, DCT["publisher"], _PUBLISHER
    yield CATALOG, DCT["license"], LICENCE
    yield CATALOG, DCT["issued"], time(state.first)
    yield CATALOG, DCT["modified"], time(state.changed)
    yield CATALOG, DCT["language"], _EU["language/ENG"]
    yield CATALOG, FOAF["homepage"], state.at("")
    yield CATALOG, DCAT["themeTaxonomy"], _THEMES
    yield CATALOG, DCAT["dataset"], DATASET
    yield CATALOG, DCAT["dataset"], DEMAND
    for version in state.contributions:
        yield CATALOG, DCAT["dataset"], version.graph_node
    for name in ("sparql", "feed"):
        yield CATALOG, DCAT["service"], _part(f"service-{name}")


def _part(name: str) -> NamedNode:
    return NamedNode(f"{CATALOG.value}#{name}")


def _dataset(state: State) -> Iterator[Said]:
    yield DATASET, RDF["type"], DCAT["Dataset"]
    yield DATASET, DCT["title"], text(TITLE)
    yield DATASET, DCT["description"], text(ABOUT)
    yield DATASET, DCT["identifier"], Literal(DATASET.value)
    yield DATASET, DCT["publisher"], _PUBLISHER
    yield DATASET, DCT["issued"], time(state.first)
    yield DATASET, DCT["modified"], time(state.changed)
    yield DATASET, DCT["accrualPeriodicity"], _IRREGULAR
    yield DATASET, DCAT["version"], Literal(str(state.revision))
    yield DATASET, DCAT["theme"], _THEME
    yield DATASET, DCAT["landingPage"], state.at("")
    for name in _LANGUAGES:
        yield DATASET, DCT["language"], _EU[f"language/{name}"]
    for words in (
        "research infrastructure",
        "innovation",
        "SHACL",
        "RIS3",
        "small and medium-sized enterprises",
    ):
        yield DATASET, DCAT["keyword"], text(words)
    for version in state.contributions:
        yield DATASET, DCT["hasPart"], version.graph_node
    for form, _ in state.files:
        yield DATASET, DCAT["distribution"], _part(f"dump-{form.ending}")
    for name in ("feed", "sparql"):
        yield DATASET, DCAT["distribution"], _part(name)


def _dump(state: State, form: Form, file: File | None) -> Iterator[Said]:
    """A dump of this very revision: its bytes, and so its checksum, stay."""
    node = _part(f"dump-{form.ending}")
    address = state.at(f"dump.{form.ending}?revision={state.revision}")
    yield node, RDF["type"], DCAT["Distribution"]
    yield node, DCT["title"], text(f"The whole dataset, {form.media_type}, packed")
    yield node, DCAT["accessURL"], address
    yield node, DCAT["downloadURL"], address
    yield node, DCT["modified"], time(state.changed)
    yield from _format(node, form.media_type)
    yield node, DCAT["compressFormat"], _GZIP
    yield from _terms(node, is_licensed=state.is_all_licensed)
    if file is not None:
        # DCAT 3 wants a non-negative integer here, the shapes of DCAT-AP 3.0.0 a decimal.
        yield node, DCAT["byteSize"], whole(file.size, "decimal")
        yield from _checksum(node, file.sha256)


def _format(node: NamedNode, media_type: str) -> Iterator[Said]:
    yield node, DCAT["mediaType"], _MEDIA[media_type]
    yield node, DCT["format"], _EU[f"file-type/{_FILE_TYPES[media_type]}"]


def _terms(node: NamedNode, *, is_licensed: bool) -> Iterator[Said]:
    if is_licensed:
        yield node, DCT["license"], LICENCE
    yield node, DCT["rights"], _RIGHTS


def _checksum(node: NamedNode, sha256: str) -> Iterator[Said]:
    checksum = NamedNode(f"{node.value}-checksum")
    yield node, _SPDX["checksum"], checksum
    yield checksum, RDF["type"], _SPDX["Checksum"]
    yield checksum, _SPDX["algorithm"], _SPDX["checksumAlgorithm_sha256"]
    yield checksum, _SPDX["checksumValue"], Literal(sha256, datatype=XSD["hexBinary"])


def _services(state: State) -> Iterator[Said]:
    sparql, feed = _part("service-sparql"), _part("service-feed")
    for node, title, path, standard in (
        (sparql, "SPARQL endpoint", "sparql", "https://www.w3.org/TR/sparql11-protocol/"),
        (feed, "Change feed", "feed", "https://w3id.org/ldes/specification"),
    ):
        yield node, RDF["type"], DCAT["DataService"]
        yield node, DCT["title"], text(title)
        yield node, DCT["publisher"], _PUBLISHER
        yield node, DCAT["endpointURL"], state.at(path)
        yield node, DCAT["endpointDescription"], state.at(path)
        yield node, DCAT["servesDataset"], DATASET
        yield node, DCT["conformsTo"], NamedNode(standard)
        if state.is_all_licensed:
            yield node, DCT["license"], LICENCE
    for name, title, path in (
        ("feed", "Every version of every graph, as a Linked Data Event Stream", "feed"),
        ("sparql", "The endpoint, for parts of the dataset", "sparql"),
    ):
        node = _part(name)
        yield node, RDF["type"], DCAT["Distribution"]
        yield node, DCT["title"], text(title)
        yield node, DCAT["accessURL"], state.at(path)
        yield node, DCAT["accessService"], _part(f"service-{name}")
        yield from _terms(node, is_licensed=state.is_all_licensed)
    yield _part("feed"), DCT["conformsTo"], NamedNode("https://w3id.org/ldes/specification")
    yield _part("feed"), RDFS["seeAlso"], STREAM


def _contribution(state: State, version: Version) -> Iterator[Said]:
    """A contribution: its publisher is that of the service; whose it is, provenance says."""
    graph = version.graph_node
    partner = ID[f"organisation/{version.partner}"]
    yield graph, RDF["type"], DCAT["Dataset"]
    yield graph, DCT["title"], text(f"{version.dataset.replace('-', ' ').capitalize()} of {version.partner}")
    yield (
        graph,
        DCT["description"],
        text(f"The contribution {version.name}: {version.triples} statements, version {version.version}."),
    )
    yield graph, DCT["identifier"], Literal(version.name)
    yield graph, DCT["publisher"], _PUBLISHER
    yield graph, PAV["contributedBy"], partner
    yield graph, PROV["wasAttributedTo"], partner
    yield graph, DCT["modified"], time(version.accepted_at)
    yield graph, DCAT["version"], Literal(str(version.version))
    yield graph, DCAT["theme"], _THEME
    yield graph, DCAT["landingPage"], state.at(f"contributions/{version.name}")
    yield graph, DCT["isPartOf"], DATASET
    node = _part(f"{version.partner}-{version.dataset}")
    address = state.at(f"contributions/{version.name}/versions/{version.version}.nt")
    yield graph, DCAT["distribution"], node
    yield node, RDF["type"], DCAT["Distribution"]
    yield node, DCT["title"], text(f"{version.name}, version {version.version}")
    yield node, DCAT["accessURL"], state.at(f"contributions/{version.name}")
    yield node, DCAT["downloadURL"], address
    yield node, VOID["triples"], whole(version.triples)
    yield from _format(node, "application/n-triples")
    yield from _terms(node, is_licensed=is_licensed(version))
    yield from _checksum(node, version.sha256)


def _shared(state: State) -> Iterator[Said]:
    """What several of the above refer to, with the classes that DCAT-AP asks for."""
    yield _PUBLISHER, RDF["type"], FOAF["Agent"]
    yield _PUBLISHER, FOAF["name"], text(state.publisher)
    yield LICENCE, RDF["type"], DCT["LicenseDocument"]
    yield LICENCE, RDFS["label"], text("Creative Commons Attribution 4.0 International")
    yield _RIGHTS, RDF["type"], DCT["RightsStatement"]
    yield _RIGHTS, RDFS["label"], text(RIGHTS)
    yield _IRREGULAR, RDF["type"], DCT["Frequency"]
    yield _THEME, RDF["type"], SKOS["Concept"]
    yield _THEME, SKOS["prefLabel"], text("Science and technology")
    yield _THEME, SKOS["inScheme"], _THEMES
    yield _THEMES, RDF["type"], SKOS["ConceptScheme"]
    yield _THEMES, DCT["title"], text("Data theme")
    for page in (
        state.at(""),
        *(state.at(f"contributions/{version.name}") for version in state.contributions),
    ):
        yield page, RDF["type"], FOAF["Document"]
    for name in _LANGUAGES:
        yield _EU[f"language/{name}"], RDF["type"], DCT["LinguisticSystem"]
    for iri, title in _STANDARDS.items():
        yield NamedNode(iri), RDF["type"], DCT["Standard"]
        yield NamedNode(iri), DCT["title"], text(title)
    yield _SPDX["checksumAlgorithm_sha256"], RDF["type"], _SPDX["ChecksumAlgorithm"]
    yield _GZIP, RDF["type"], DCT["MediaType"]
    for media_type, name in _FILE_TYPES.items():
        yield _MEDIA[media_type], RDF["type"], DCT["MediaType"]
        yield _EU[f"file-type/{name}"], RDF["type"], DCT["MediaTypeOrExtent"]
    yield CATALOG, INFRA["revision"], whole(state.revision)
