"""Label points: the point that stands for a NUTS region on a map, and from which distances to it are measured."""

from pyoxigraph import Literal, NamedNode

from graph.geometry import Point
from graph.store.catalogue import QueryCatalogue
from graph.store.protocol import Reader


def label_point(region: NamedNode, reader: Reader, queries: QueryCatalogue) -> Point | None:
    """The label point of a region; ``None`` where none is known."""
    for _, point in reader.select(queries["match-region-point"].bind(region=[region])).rows:
        if isinstance(point, Literal):
            return Point.from_wkt(point.value)
    return None
