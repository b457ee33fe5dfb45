"""The whole service in one object: ledger, engine, workers and catalogue, put together from settings."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyoxigraph import RdfFormat, Triple, parse

from graph.contribute.accept import Acceptance, NotConforming, Progress
from graph.contribute.parse import skolemise
from graph.contribute.rules import Rules
from graph.contribute.worker import Checking
from graph.errors import StoreError
from graph.iris import CODELISTS_GRAPH, LANGUAGES, ONTOLOGY_GRAPH
from graph.match.language import Languages
from graph.match.matcher import Matcher
from graph.match.reasons import Reasons
from graph.resources import CODELISTS, DATA, ONTOLOGY, QUERIES, SHAPES, turtle_files
from graph.settings import Settings
from graph.store.catalogue import QueryCatalogue
from graph.store.derived import Derivation
from graph.store.engine import EmbeddedEngine, Snapshot
from graph.store.ledger import Ledger, content_hash
from graph.store.public import PublicQueries

SHIPPING_AGENT = "infrashare"


def _silent(_what: str, _done: int, _all: int) -> None:
    """No progress is shown."""


@dataclass(frozen=True)
class _Parts:
    ledger: Ledger
    engine: EmbeddedEngine
    derivation: Derivation
    acceptance: Acceptance


class Service:
    """The knowledge graph of one data directory. Build it, ``start`` it, ``close`` it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.catalogue = QueryCatalogue(QUERIES)
        self._parts = self._open()
        self.ledger = self._parts.ledger
        self.engine = self._parts.engine
        self.derivation = self._parts.derivation
        self.acceptance = self._parts.acceptance
        self.started: list[str] = []

    def _open(self) -> _Parts:
        folder = self.settings.data_dir
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"the data directory {folder} cannot be made: {error}") from error
        ledger = Ledger(self.settings.ledger or f"sqlite:///{folder / 'ledger.sqlite'}")
        engine = EmbeddedEngine(folder)
        derivation = Derivation(engine, self.catalogue)
        return _Parts(ledger, engine, derivation, Acceptance(ledger, engine, derivation))

    @cached_property
    def rules(self) -> Rules:
        """The rule catalogue."""
        return Rules(SHAPES)

    @cached_property
    def checking(self) -> Checking:
        """The checking workers, started when first used."""
        return Checking(self.settings)

    @cached_property
    def public(self) -> PublicQueries:
        """The workers for public queries, started when first used."""
        return PublicQueries(self.settings)

    @cached_property
    def languages(self) -> Languages:
        """Dictionaries and language detection."""
        return Languages()

    @cached_property
    def matcher(self) -> Matcher:
        """Matches needs; its dictionaries load when first used."""
        reasons = Reasons(ONTOLOGY / "reasons.json")
        return Matcher(self.catalogue, self.languages, reasons, self.settings.data_dir / "cache")

    def start(self, progress: Progress = _silent) -> None:
        """Bring the engine to the ledger's state, load what ships where it is new, and publish a snapshot."""
        self.started = self.acceptance.catch_up(progress)
        self.acceptance.put_system_graph(
            ONTOLOGY_GRAPH, (p for p in turtle_files(ONTOLOGY) if p.parent == ONTOLOGY), _load
        )
        self.acceptance.put_system_graph(CODELISTS_GRAPH, turtle_files(CODELISTS), _load)
        if not self.settings.empty:
            self._load_shipped(progress)
        self.engine.publish()

    def _load_shipped(self, progress: Progress) -> None:
        """Load ``data/`` as contributions, through the same gate as any other.

        A dataset that a partner has changed since is left as the partner has it.
        """
        pending = []
        for path in turtle_files(DATA):
            partner, dataset = path.parent.name, path.stem
            data = path.read_bytes()
            last = self.ledger.latest(f"https://w3id.org/infrashare/graph/{partner}/{dataset}")
            if last is not None and (last.agent != SHIPPING_AGENT or last.source_sha256 == content_hash(data)):
                continue
            pending.append((partner, dataset, data))
        workers = ThreadPoolExecutor(self.settings.check_workers)
        jobs = [workers.submit(self.checking.check, data, "text/turtle") for _, _, data in pending]
        workers.shutdown(wait=False)
        for number, ((partner, dataset, _), job) in enumerate(zip(pending, jobs, strict=True)):
            progress(f"check and load {partner}/{dataset}", number, len(pending))
            checked = job.result()
            try:
                self.acceptance.accept(
                    checked,
                    partner,
                    dataset,
                    agent=SHIPPING_AGENT,
                    message="shipped with the software",
                    publish=False,
                )
            except NotConforming as error:
                raise StoreError(
                    f"the shipped dataset {partner}/{dataset} does not conform:\n"
                    + error.report.as_text(f"{partner}/{dataset}.ttl")
                ) from error
        if pending:
            progress("loaded", len(pending), len(pending))

    def warm(self) -> None:
        """Load what the first requests would wait for: checking workers, dictionaries and lexicons."""
        self.checking.warm()
        lexicon = self.matcher.knowledge(self.snapshot).lexicon
        for language in LANGUAGES:
            lexicon.of(language)

    @property
    def snapshot(self) -> Snapshot:
        """The state that readers see now."""
        return self.engine.reader()

    def close(self) -> None:
        """Stop the workers and let go of the files."""
        for name in ("checking", "public"):
            if name in self.__dict__:
                getattr(self, name).close()
        self.ledger.close()
        self.engine.close()


@contextmanager
def running(settings: Settings, progress: Progress = _silent) -> Iterator[Service]:
    """A started service for as long as the block runs."""
    service = Service(settings)
    try:
        service.start(progress)
        yield service
    finally:
        service.close()


def rebuild(settings: Settings, progress: Progress = _silent) -> list[str]:
    """Delete the engine's files and index everything again from the ledger; return what was done."""
    EmbeddedEngine.wipe(settings.data_dir)
    with running(settings, progress) as service:
        return service.started


def _load(path: Path) -> list[Triple]:
    return skolemise([quad.triple for quad in parse(path=str(path), format=RdfFormat.TURTLE)])
