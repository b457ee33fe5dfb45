"""Demand in the catalogue of the data: a dataset of its own, as open data (DCAT-AP 3)."""

from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.iris import DCT, FOAF, RDF, Namespace
from graph.publish.data_cube import ABOUT, TITLE
from graph.publish.data_cube import DATASET as DEMAND
from graph.publish.dataset import CATALOG, DCAT, LICENCE, Said, State, text

_EU: Final = Namespace("http://publications.europa.eu/resource/authority/")
_MEDIA: Final = Namespace("https://www.iana.org/assignments/media-types/")
_MONTHLY: Final = _EU["frequency/MONTHLY"]
_FORMS: Final = (("csv", "text/csv", "CSV"), ("ttl", "text/turtle", "RDF_TURTLE"))


def describe(state: State, publisher: NamedNode) -> Iterator[Said]:
    """The dataset of demand and how to get at it."""
    yield DEMAND, RDF["type"], DCAT["Dataset"]
    yield DEMAND, DCT["title"], text(TITLE)
    yield DEMAND, DCT["description"], text(ABOUT)
    yield DEMAND, DCT["identifier"], Literal(DEMAND.value)
    yield DEMAND, DCT["publisher"], publisher
    yield DEMAND, DCT["accrualPeriodicity"], _MONTHLY
    yield _MONTHLY, RDF["type"], DCT["Frequency"]
    yield DEMAND, DCAT["theme"], _EU["data-theme/TECH"]
    yield DEMAND, DCAT["landingPage"], state.at("demand")
    yield state.at("demand"), RDF["type"], FOAF["Document"]
    for ending, media_type, name in _FORMS:
        node = NamedNode(f"{CATALOG.value}#demand-{ending}")
        yield DEMAND, DCAT["distribution"], node
        yield node, RDF["type"], DCAT["Distribution"]
        yield node, DCT["title"], text(f"{TITLE}, {media_type}")
        yield node, DCAT["accessURL"], state.at(f"demand.{ending}")  # no download: it has no lasting checksum
        yield node, DCAT["mediaType"], _MEDIA[media_type]
        yield node, DCT["format"], _EU[f"file-type/{name}"]
        yield node, DCT["license"], LICENCE
