"""What a version that came with the software was made from, where the software still ships the same."""

from collections.abc import Sequence
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from graph.contribute.provenance import SOFTWARE
from graph.contribute.reading.blank_nodes import skolemise
from graph.contribute.reading.parse import canonical_ntriples
from graph.iris import CODELISTS_GRAPH, ONTOLOGY_GRAPH
from graph.resources import CODELISTS, DATA, ONTOLOGY, turtle_files
from graph.store.content import content_hash
from graph.store.ledger import Version


def shipped_files(graph: NamedNode, partner: str, dataset: str) -> list[Path]:
    """The files that ship for a graph, none where nothing does."""
    if graph == ONTOLOGY_GRAPH:
        return sorted(ONTOLOGY.glob("*.ttl"))
    if graph == CODELISTS_GRAPH:
        return turtle_files(CODELISTS)
    path = DATA / partner / f"{dataset}.ttl"
    return [path] if path.is_file() else []


def source_hash(files: Sequence[Path]) -> str:
    """The hash of files as they are."""
    return content_hash(b"\0".join(path.read_bytes() for path in files))


def shipped_triples(files: Sequence[Path]) -> list[Triple]:
    """The distinct triples of files of ours."""
    return list(dict.fromkeys(triple for path in files for triple in _triples_of(path)))


def _triples_of(path: Path) -> list[Triple]:
    return skolemise([quad.triple for quad in parse(path=str(path), format=RdfFormat.TURTLE)])


def source_of(version: Version) -> str | None:
    """The hash of the files that a shipped version was made from; ``None`` where the software ships others now."""
    if version.agent != SOFTWARE:
        return None
    files = shipped_files(version.graph_node, version.partner, version.dataset)
    if not files or content_hash(canonical_ntriples(shipped_triples(files))) != version.sha256:
        return None
    return source_hash(files)
