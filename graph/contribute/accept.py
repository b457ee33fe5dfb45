"""Accepting a contribution: the ledger first, then the engine, the derived triples, and a new snapshot."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from graph.contribute.blank_nodes import skolemise
from graph.contribute.parse import canonical_ntriples, from_ntriples
from graph.contribute.report import Report
from graph.contribute.worker import Checked
from graph.errors import InputError, StoreError
from graph.iris import (
    CODELISTS_GRAPH,
    DCT,
    DERIVED_GRAPH,
    ID,
    INFRA,
    ONTOLOGY_GRAPH,
    PAV,
    PROV,
    PROVENANCE_GRAPH,
    RDF,
    SLUG,
    SYSTEM_GRAPHS,
    XSD,
    contribution_graph,
)
from graph.store.content import content_hash
from graph.store.derived import Derivation
from graph.store.engine import EmbeddedEngine, as_stored
from graph.store.ledger import Ledger, Version

SYSTEM_PARTNER = "infrashare"
"""The partner under whose name the ontology and the code lists are versioned in the ledger."""

_COMPUTED = {DERIVED_GRAPH.value, PROVENANCE_GRAPH.value}

Progress = Callable[[str, int, int], None]
"""Called with what is done, how much is done and how much there is."""


@dataclass(frozen=True)
class Accepted:
    """What came of a contribution: its version, and whether anything changed."""

    version: Version
    unchanged: bool
    added: int
    removed: int


class NotConforming(InputError):  # noqa: N818 - named like its siblings in graph.errors
    """The contribution does not conform; ``report`` says why."""

    problem = "does-not-conform"

    def __init__(self, report: Report) -> None:
        number = report.counts["violation"]
        super().__init__(f"the contribution does not conform: {number} violation{'s' * (number != 1)}")
        self.report = report

    def __reduce__(self) -> tuple[type["NotConforming"], tuple[Report]]:  # type: ignore[override]
        return type(self), (self.report,)


class Acceptance:
    """Writes accepted contributions: one at a time, ledger before engine."""

    def __init__(self, ledger: Ledger, engine: EmbeddedEngine, derivation: Derivation) -> None:
        self._ledger = ledger
        self._engine = engine
        self._derivation = derivation

    def accept(
        self, checked: Checked, partner: str, dataset: str, *, agent: str, message: str, publish: bool = True
    ) -> Accepted:
        """Make a checked contribution the current version of its graph.

        Raises ``NotConforming`` where it has violations and ``InputError`` for names that are not slugs. The
        same content again changes nothing.
        """
        for what, name in (("partner", partner), ("dataset", dataset)):
            if not SLUG.fullmatch(name):
                raise InputError(f"{what} {name!r} is not a name; use lower-case words joined by hyphens")
        if not checked.report.conforms:
            raise NotConforming(checked.report)
        graph = contribution_graph(partner, dataset)
        if graph in SYSTEM_GRAPHS or partner == SYSTEM_PARTNER:
            raise InputError(f"the name {partner}/{dataset} is kept for the system")
        with self._engine.writing:
            return self._write(graph, partner, dataset, checked, agent, message, publish)

    def _write(
        self,
        graph: NamedNode,
        partner: str,
        dataset: str,
        checked: Checked,
        agent: str,
        message: str,
        publish: bool,
    ) -> Accepted:
        self._heal()
        last = self._ledger.latest(graph.value)
        if last is not None and last.sha256 == content_hash(checked.ntriples):
            return Accepted(last, True, 0, 0)
        triples = checked.triples()
        new = set(triples)
        old = set(from_ntriples(self._ledger.content(last.sha256))) if last else set()
        version = self._ledger.append(
            graph=graph.value,
            partner=partner,
            dataset=dataset,
            ntriples=checked.ntriples,
            triples=len(new),
            agent=agent,
            message=message,
            source_sha256=checked.source_sha256,
            quality_level=checked.report.quality.level,
            quality_score=checked.report.quality.score,
        )
        self._index(version, triples)
        if publish:
            self._engine.publish()
        return Accepted(version, False, len(new - old), len(old - new))

    def _index(self, version: Version, triples: Sequence[Triple]) -> None:
        """Bring the engine to a version: its graph, what is derived, its provenance, and the revision last.

        Whenever this is cut off, provenance and revision still tell that the engine is behind.
        """
        graph = version.graph_node
        if graph in {ONTOLOGY_GRAPH, CODELISTS_GRAPH}:
            self._engine.replace_graph(graph, triples)
            if self._derivation.schemes_changed():
                self._derivation.recompute()
        else:
            touched = self._derivation.touched_by(graph)
            self._engine.replace_graph(graph, triples)
            self._derivation.update(touched | self._derivation.touched_by(graph))
        self._engine.replace_subject(graph, PROVENANCE_GRAPH, _provenance(version))
        self._engine.set_revision(version.revision)

    def _heal(self) -> None:
        """Replay what an earlier write could not bring to the engine after the ledger had taken it."""
        if self._engine.revision != self._ledger.revision():
            self.catch_up()

    def put_system_graph(self, graph: NamedNode, files: Sequence[Path]) -> bool:
        """Version the ontology or the code lists in the ledger where their files changed; tell whether they did."""
        source = content_hash(b"\0".join(path.read_bytes() for path in files))
        last = self._ledger.latest(graph.value)
        if last is not None and last.source_sha256 == source:
            return False
        triples = list(dict.fromkeys(triple for path in files for triple in _triples_of(path)))
        ntriples = canonical_ntriples(triples)
        with self._engine.writing:
            self._heal()
            version = self._ledger.append(
                graph=graph.value,
                partner=SYSTEM_PARTNER,
                dataset=graph.value.rsplit("/", 1)[-1],
                ntriples=ntriples,
                triples=len(triples),
                agent=SYSTEM_PARTNER,
                message="shipped with the software",
                source_sha256=source,
            )
            self._index(version, triples)
        return True

    def catch_up(self, progress: Progress | None = None) -> list[str]:
        """Compare the engine with the ledger and replay what it lacks; return what was done, in words."""
        done: list[str] = []
        with self._engine.writing:
            current = {version.graph: version for version in self._ledger.current()}
            indexed = self._engine.indexed_hashes()
            orphans = (set(indexed) | self._engine.graph_names() - _COMPUTED) - set(current)
            for graph in sorted(orphans):
                self._engine.drop_graph(NamedNode(graph))
                done.append(f"removed {graph}, which the ledger does not hold")
            behind = [v for graph, v in current.items() if indexed.get(graph) != (v.sha256, v.revision)]
            behind.sort(key=lambda version: version.revision)
            for number, version in enumerate(behind):
                if progress:
                    progress(f"index {version.partner}/{version.dataset}", number, len(behind))
                self._engine.replace_graph(
                    version.graph_node, from_ntriples(self._ledger.content(version.sha256))
                )
                done.append(f"indexed {version.graph} version {version.version}")
            revision = self._ledger.revision()
            if done or self._engine.revision != revision:
                self._derivation.recompute()
                for graph in orphans:
                    self._engine.replace_subject(NamedNode(graph), PROVENANCE_GRAPH, [])
                for version in behind:
                    self._engine.replace_subject(version.graph_node, PROVENANCE_GRAPH, _provenance(version))
                self._engine.set_revision(revision)
        return done

    def verify(self) -> list[str]:
        """Compare the engine with the ledger, triple by triple, and what is derived with what follows now.

        Returns the differences found, in words.
        """
        problems: list[str] = []
        current = {version.graph: version for version in self._ledger.current()}
        for graph, version in current.items():
            try:
                expected = from_ntriples(self._ledger.content(version.sha256))
            except StoreError as error:
                problems.append(f"{graph}: {error.detail}")
                continue
            if self._engine.content(version.graph_node) != as_stored(expected):
                problems.append(f"{graph}: the engine differs from version {version.version} of the ledger")
        for graph in sorted(self._engine.graph_names() - set(current) - _COMPUTED):
            problems.append(f"{graph}: in the engine, but not in the ledger")
        if self._engine.content(DERIVED_GRAPH) != as_stored(self._derivation.all()):
            problems.append(f"{DERIVED_GRAPH.value}: differs from what follows from the contributions")
        return problems


def _triples_of(path: Path) -> list[Triple]:
    return skolemise([quad.triple for quad in parse(path=str(path), format=RdfFormat.TURTLE)])


def _provenance(version: Version) -> list[Triple]:
    graph = version.graph_node

    def text(value: object, datatype: str = "string") -> Literal:
        return Literal(str(value), datatype=XSD[datatype])

    statements: list[tuple[NamedNode, NamedNode | Literal]] = [
        (RDF["type"], INFRA["Contribution"]),
        (INFRA["contentHash"], text(version.sha256)),
        (INFRA["version"], text(version.version, "integer")),
        (INFRA["revision"], text(version.revision, "integer")),
        (PAV["version"], text(version.version)),
        (PROV["generatedAtTime"], text(version.accepted_at, "dateTime")),
        (PROV["wasAttributedTo"], ID[f"organisation/{version.partner}"]),
        (PAV["contributedBy"], ID[f"organisation/{version.partner}"]),
        (DCT["identifier"], text(f"{version.partner}/{version.dataset}")),
        (DCT["description"], text(version.message)),
    ]
    if version.quality_level:
        statements.append((INFRA["qualityLevel"], NamedNode(_quality_iri(version.quality_level))))
    return [Triple(graph, predicate, value) for predicate, value in statements]


def _quality_iri(level: str) -> str:
    return f"https://w3id.org/infrashare/codelist/quality-level/{level}"
