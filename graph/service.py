"""The whole service in one object: ledger, engine, workers and catalogue, put together from settings."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Union

from graph.browse.facets import Facets
from graph.browse.listing import SCHEMES
from graph.contribute.accept import Acceptance, NotConforming
from graph.contribute.checking import Against, Checked, Checking
from graph.contribute.contributions import Contributions
from graph.contribute.index import Index
from graph.contribute.keeping.past import Moment, Past
from graph.contribute.keeping.working_copy import WorkingCopy
from graph.contribute.rules import Rules
from graph.contribute.tables.worker import Converting
from graph.errors import Busy, GraphError, StoreError
from graph.iris import CODELISTS_GRAPH, LANGUAGES, ONTOLOGY_GRAPH
from graph.match.carried import ListSearch
from graph.match.demand import Demand
from graph.match.hearing import Hearing
from graph.match.language import Languages
from graph.match.matcher import Matcher
from graph.match.reasons import Reasons
from graph.match.scheme import Scheme
from graph.match.suggestions import Suggestions
from graph.match.view import View
from graph.progress import Progress, silent
from graph.publish.dumps import Dumps
from graph.publish.feed import Feed
from graph.publish.publication import Publication
from graph.regions.practices.search import PracticeSearch
from graph.regions.practices.shelf import Shelf
from graph.resources import CODELISTS, DATA, ONTOLOGY, QUERIES, SHAPES, turtle_files
from graph.settings import Settings
from graph.store.catalogue import QueryCatalogue
from graph.store.content import content_hash
from graph.store.demand import DemandCounts
from graph.store.derived import Derivation
from graph.store.disk import EngineDamaged, engine_errors
from graph.store.engine import EmbeddedEngine, Snapshot
from graph.store.ledger import Ledger
from graph.store.protocol import Engine, Reader, State
from graph.store.public import PublicQueries
from graph.store.tokens import Tokens

if TYPE_CHECKING:
    from graph.store.remote import RemoteEngine

SHIPPING_AGENT = "infrashare"


@dataclass(frozen=True)
class _Parts:
    ledger: Ledger
    engine: Engine
    derivation: Derivation
    index: Index
    acceptance: Acceptance


@dataclass(frozen=True)
class _Shipped:
    partner: str
    dataset: str
    data: bytes

    @property
    def name(self) -> str:
        return f"{self.partner}/{self.dataset}"


_Checks = Sequence[tuple[_Shipped, Future[Checked]]]


class Service:
    """The knowledge graph of one data directory. Build it, ``start`` it, ``close`` it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.catalogue = QueryCatalogue(QUERIES)
        self._parts = self._open()
        self.ledger = self._parts.ledger
        self.engine = self._parts.engine
        self.derivation = self._parts.derivation
        self.index = self._parts.index
        self.acceptance = self._parts.acceptance
        self.past = Past(settings.past_dir, self.ledger, self.catalogue, settings.past_revisions)
        self.started: list[str] = []

    def _open(self) -> _Parts:
        folder = self.settings.data_dir
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"the data directory {folder} cannot be made: {error}") from error
        ledger = Ledger(self.settings.ledger_url)
        try:
            engine = self._engine_for(ledger)
        except GraphError:
            ledger.close()
            raise
        derivation = Derivation(engine, self.catalogue)
        index = Index(ledger, engine, derivation)
        return _Parts(ledger, engine, derivation, index, Acceptance(ledger, engine, index))

    def _engine_for(self, ledger: Ledger) -> Union[EmbeddedEngine, "RemoteEngine"]:
        folder = self.settings.data_dir
        if self.settings.store is not None:
            from graph.store.connection import connected  # what it asks servers with takes long to load

            return connected(self.settings, self.catalogue, ledger.database)
        try:
            return EmbeddedEngine(folder)
        except EngineDamaged:
            EmbeddedEngine.wipe(folder)  # an index: ``start`` makes it anew from the ledger
            return EmbeddedEngine(folder)

    @cached_property
    def rules(self) -> Rules:
        """The rule catalogue."""
        return Rules(SHAPES)

    @cached_property
    def checking(self) -> Checking:
        """The checking workers, started when first used."""
        return Checking(self.settings)

    @cached_property
    def converting(self) -> Converting:
        """The worker that makes Turtle of tables, started when first used."""
        return Converting(self.settings)

    @cached_property
    def contributions(self) -> Contributions:
        """What partners do with contributions."""
        return Contributions(
            self.ledger,
            self.engine,
            self._checked_against,
            self.acceptance,
            self.index,
            lambda: self.checking,
            lambda: self.rules,
            self.catalogue,
            self.settings.write_queue,
        )

    @cached_property
    def tokens(self) -> Tokens:
        """The access tokens of partners."""
        return Tokens(self.ledger.database)

    @cached_property
    def public(self) -> PublicQueries:
        """The workers for public queries, started when first used."""
        if self.engine.kind == "remote":
            from graph.store.forwarded import ForwardedQueries

            return ForwardedQueries(self.settings)
        return PublicQueries(self.settings)

    @cached_property
    def dumps(self) -> Dumps:
        """Dumps of the dataset, for download."""
        return Dumps(self.settings.data_dir / "dumps", self.ledger)

    @cached_property
    def feed(self) -> Feed:
        """The change feed."""
        return Feed(self.ledger)

    @cached_property
    def publication(self) -> Publication:
        """What descriptions of the dataset say."""
        return Publication(self.ledger, self.dumps, self.catalogue, self.settings.publisher)

    @cached_property
    def working_copy(self) -> WorkingCopy:
        """What contributions are checked against beside a remote engine, made when first used."""
        return WorkingCopy(self.settings.data_dir / "working-copy", self.ledger)

    def _checked_against(self) -> Snapshot:
        """The state that documents are checked against, in files: workers have no network."""
        if isinstance(self.engine, EmbeddedEngine):
            return self.engine.reader()
        return self.working_copy.state()

    @cached_property
    def languages(self) -> Languages:
        """Dictionaries and language detection."""
        return Languages()

    @cached_property
    def matcher(self) -> Matcher:
        """Matches needs; its dictionaries load when first used."""
        reasons = Reasons(ONTOLOGY / "words")
        return Matcher(self.catalogue, self.languages, reasons, self.settings.data_dir / "cache")

    @cached_property
    def facets(self) -> Facets:
        """What lists can be narrowed by; it is read when first asked for."""
        return Facets(self.catalogue)

    @cached_property
    def suggestions(self) -> Suggestions:
        """What is suggested while somebody types; it is read when first asked for."""
        return Suggestions(self.catalogue, self.matcher.knowledge)

    @cached_property
    def practices(self) -> Shelf:
        """What is kept of good practices; it is read when first asked for."""
        return Shelf(self.catalogue)

    @cached_property
    def hearing(self) -> Hearing:
        """Reads words of searches as concepts and places."""
        return Hearing(self.matcher.knowledge, self.languages, self.catalogue)

    @cached_property
    def list_search(self) -> ListSearch:
        """Finds entities of lists by what words mean."""
        return ListSearch(self.hearing)

    @cached_property
    def practice_search(self) -> PracticeSearch:
        """Finds practices by what words mean."""
        return PracticeSearch(self.practices, self.hearing)

    @cached_property
    def demand_counts(self) -> DemandCounts:
        """What firms ask for, counted where they agree to it."""
        return DemandCounts(self.ledger.database)

    @cached_property
    def demand(self) -> Demand:
        """Counts needs of firms that agree to it, and writes the counts down behind."""
        return Demand(self.demand_counts, self.scheme)

    def start(self, progress: Progress = silent) -> None:
        """Bring the engine to the ledger's state, load what ships where it is new, and publish a snapshot.

        An engine whose files are damaged is built anew. Raises ``StoreError``.
        """
        notes = self.engine.require_able()
        pending = [] if self.settings.empty else self._pending()
        if self.engine.damaged:
            self.engine.start_anew()
        with self._checks_of(pending) as checks:
            for is_last in (False, True):
                try:
                    self._bring_up(checks, progress)
                except EngineDamaged:
                    if is_last:
                        raise
                else:
                    self.started = [*notes, *self.started]
                    return
                self.engine.start_anew()  # not while the error is handled: it holds the store, and with it the lock

    @contextmanager
    def _checks_of(self, pending: Sequence[_Shipped]) -> Iterator[_Checks]:
        """The checks of shipped datasets, which go on while the code lists are loaded."""
        if not pending:
            yield []
            return
        workers = ThreadPoolExecutor(self.settings.check_workers)
        try:
            yield [(one, workers.submit(self.checking.check, one.data, "text/turtle")) for one in pending]
        finally:
            workers.shutdown(wait=False, cancel_futures=True)

    def _bring_up(self, checks: _Checks, progress: Progress) -> None:
        what = "the engine could not be brought to the ledger's state"
        with engine_errors(what, "make room and start again; nothing is lost"):
            self.started = self.index.catch_up(progress)
            self.acceptance.register_owners()
            self.acceptance.put_system_graph(ONTOLOGY_GRAPH, sorted(ONTOLOGY.glob("*.ttl")))
            self.acceptance.put_system_graph(CODELISTS_GRAPH, turtle_files(CODELISTS))
            self._load(checks, progress)
            self.engine.publish()

    def _pending(self) -> list[_Shipped]:
        """What of ``data/`` is not yet, or not so, in the ledger.

        A dataset that a partner has changed since is left as the partner has it.
        """
        pending = []
        for path in turtle_files(DATA):
            partner, dataset = path.parent.name, path.stem
            data = path.read_bytes()
            last = self.ledger.latest(f"https://w3id.org/infrashare/graph/{partner}/{dataset}")
            if last is not None and (
                last.agent != SHIPPING_AGENT or last.source_sha256 == content_hash(data)
            ):
                continue
            pending.append(_Shipped(partner, dataset, data))
        return pending

    def _load(self, checks: _Checks, progress: Progress) -> None:
        """Load shipped datasets as contributions, through the same gate as any other."""
        for number, (shipped, job) in enumerate(checks):
            progress(f"check and load {shipped.name}", number, len(checks))
            self._accept(shipped, job.result())
        if checks:
            progress("loaded", len(checks), len(checks))

    def _accept(self, shipped: _Shipped, checked: Checked) -> None:
        try:
            self.acceptance.accept(
                checked,
                shipped.partner,
                shipped.dataset,
                agent=SHIPPING_AGENT,
                message="shipped with the software",
                publish=False,
            )
        except NotConforming as error:
            report = error.report.as_text(f"{shipped.name}.ttl")
            raise StoreError(f"the shipped dataset {shipped.name} does not conform:\n{report}") from error

    def warm(self) -> None:
        """Load what the first requests would wait for: lexicons, checking workers and dictionaries."""
        lexicon = self.matcher.knowledge(self.snapshot).lexicon
        self.checking.warm()
        for language in LANGUAGES:
            lexicon.of(language)
        self.suggestions.of(self.snapshot)
        self.facets.of("facilities", self.snapshot)
        self.languages.warm()
        self.hearing.warm(self.snapshot, SCHEMES)

    @property
    def snapshot(self) -> State:
        """The state that readers see now.

        Where somebody writes to a remote engine, the one that comes of it: waits for the writer, or does what one that
        is no more has left. Raises ``Busy``, ``StoreError``.
        """
        try:
            return self.engine.reader()
        except Busy:
            self.index.heal()
            return self.engine.reader()

    def moment(self, revision: int | None = None) -> Moment:
        """The moment of a revision, now or past. Raises ``InputError`` and ``NotFound`` for what is neither."""
        return self.past.moment(revision, self.snapshot)

    def snapshot_at(self, revision: int | None = None) -> State:
        """The dataset as it was at a revision, ``None`` for now; raises what ``Past.at`` and ``moment`` raise."""
        return self.moment(revision).snapshot()

    def scheme(self, snapshot: Reader) -> Scheme:
        """The code lists of a state; those of now are kept."""
        if snapshot.revision == self.snapshot.revision:
            return self.matcher.knowledge(snapshot).scheme
        return Scheme.read(snapshot, self.catalogue)

    def view(self, snapshot: State, language: str) -> View:
        """A state of the dataset as a reader of one language sees it."""
        return View(snapshot, self.catalogue, self.scheme(snapshot), self.matcher.reasons, language)

    @contextmanager
    def against(self) -> Iterator[Against]:
        """The state that a document is checked against; it stays for as long as the block runs."""
        snapshot = self._checked_against()
        yield Against(snapshot.path, snapshot.revision)

    def close(self) -> None:
        """Stop the workers and let go of the files."""
        for name in ("demand", "checking", "converting", "public", "dumps", "working_copy"):
            if name in self.__dict__:
                getattr(self, name).close()
        self.past.close()
        self.ledger.close()
        self.engine.close()


@contextmanager
def running(settings: Settings, progress: Progress = silent) -> Iterator[Service]:
    """A started service for as long as the block runs."""
    service = Service(settings)
    try:
        service.start(progress)
        yield service
    finally:
        service.close()


def rebuild(settings: Settings, progress: Progress = silent) -> list[str]:
    """Delete the engine's files and index everything again from the ledger; return what was done."""
    service = Service(settings) if settings.store else None
    if service is None:
        EmbeddedEngine.wipe(settings.data_dir)
        service = Service(settings)
    try:
        service.engine.start_anew() if settings.store else None
        service.start(progress)
        return service.started
    finally:
        service.close()
