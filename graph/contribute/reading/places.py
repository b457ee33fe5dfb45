"""The places of a document's triples, in whatever format it came."""

from typing import Final

from pyoxigraph import RdfFormat

from graph.contribute.reading.lines import LineIndex
from graph.contribute.reading.lines_json import KeyIndex
from graph.contribute.reading.lines_xml import ElementIndex
from graph.contribute.reading.parse import FORMATS
from graph.contribute.reading.position import Places
from graph.errors import Unsupported

_INDEXES: Final[dict[RdfFormat, type[LineIndex | KeyIndex | ElementIndex]]] = {
    RdfFormat.TURTLE: LineIndex,
    RdfFormat.N_TRIPLES: LineIndex,
    RdfFormat.JSON_LD: KeyIndex,
    RdfFormat.RDF_XML: ElementIndex,
}


def places(text: str, media_type: str, base_iri: str) -> Places:
    """An index of a document that the parser has accepted. Raises ``Unsupported`` for a format that is not taken."""
    if media_type not in FORMATS:
        raise Unsupported(f"{media_type} has no index of lines; the formats taken are {', '.join(FORMATS)}")
    return _INDEXES[FORMATS[media_type]](text, base_iri)
