"""The W3C's test manifests as cases: what is stored, what is asked over HTTP, and what has to come back."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection

SUITES = Path(__file__).parents[2].parent / "shared" / "suites" / "w3c-sparql11"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
RDFS_LABEL = URIRef("http://www.w3.org/2000/01/rdf-schema#label")
_STATUS = {"Created": {201}, "OK": {200}, "NoContent": {204}, "NotFound": {404}}


@dataclass(frozen=True)
class Exchange:
    """A request, and what is expected of the response."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    statuses: frozenset[int]
    boolean: bool | None
    form: str | None
    content: str | None

    @property
    def is_read(self) -> bool:
        return self.method in {"GET", "HEAD"}


@dataclass(frozen=True)
class Case:
    """A test of a manifest."""

    iri: str
    name: str
    requires: frozenset[str]
    graphs: tuple[tuple[str, Path], ...]
    exchanges: tuple[Exchange, ...]
    query: Path | None = None
    data: Path | None = None
    result: Path | None = None

    @property
    def id(self) -> str:
        return self.iri.rpartition("#")[2]


def cases(*parts: str) -> list[Case]:
    """The cases of a manifest in the folder of the suites, none where the suites are absent."""
    path = SUITES.joinpath(*parts)
    if not path.is_file():
        return []
    graph = Graph().parse(path, format="turtle", publicID=path.as_uri())
    (entries,) = graph.objects(None, MF.entries)
    return [_case(graph, node) for node in Collection(graph, entries)]


def _case(graph: Graph, node: URIRef) -> Case:
    action = graph.value(node, MF.action)
    stored = tuple(
        (str(graph.value(data, RDFS_LABEL)), _path(graph.value(data, UT.graph)))
        for data in graph.objects(node, UT.graphData)
    )
    requests = graph.value(action, HT.requests)
    return Case(
        str(node),
        str(graph.value(node, MF.name)),
        frozenset(str(kind).rpartition("#")[2] for kind in graph.objects(node, MF.requires)),
        stored,
        tuple(_exchange(graph, one) for one in Collection(graph, requests)) if requests else (),
        *(_path(graph.value(subject, p)) for subject, p in ((action, QT.query), (action, QT.data))),
        _path(graph.value(node, MF.result)),
    )


def _path(iri: object) -> Path | None:
    return Path(str(iri).removeprefix("file://")) if iri else None


def _exchange(graph: Graph, node: BNode) -> Exchange:
    answer = graph.value(node, HT.resp)
    content = graph.value(answer, HT.body)
    boolean = graph.value(answer, MF.expectedBoolean)
    form = graph.value(answer, MF.expectedFormat)
    return Exchange(
        str(graph.value(node, HT.methodName)),
        str(graph.value(node, HT.absolutePath)),
        dict(_headers(graph, node)),
        _body(graph, graph.value(node, HT.body)),
        frozenset(status for name in graph.objects(answer, MF.expectedStatus) for status in _statuses(name)),
        bool(boolean.toPython()) if isinstance(boolean, Literal) else None,
        str(form) if form else None,
        str(graph.value(content, CNT.chars)) if content else None,
    )


def _headers(graph: Graph, node: BNode) -> Iterator[tuple[str, str]]:
    headers = graph.value(node, HT.headers)
    for header in Collection(graph, headers) if headers else ():
        yield str(graph.value(header, HT.fieldName)), str(graph.value(header, HT.fieldValue))


def _body(graph: Graph, node: object) -> bytes:
    if node is None:
        return b""
    characters = str(graph.value(node, CNT.chars))
    return characters.encode(str(graph.value(node, CNT.characterEncoding)))


def _statuses(name: object) -> set[int]:
    """The numbers that a name such as ``StatusCode4xx`` or ``Created`` stands for."""
    bare = str(name).rpartition("#")[2]
    if bare.startswith("StatusCode"):
        hundred = int(bare.removeprefix("StatusCode")[0]) * 100
        return set(range(hundred, hundred + 100))
    return _STATUS[bare]
