"""Public queries: SPARQL text of others is screened first and then run in a worker on a read-only snapshot."""

import threading
from collections.abc import Hashable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Union

from graph.errors import Busy, LimitExceeded, TooManyRequests
from graph.resources import ONTOLOGY
from graph.settings import Settings
from graph.store.disk import EngineDamaged
from graph.store.engine import SNAPSHOTS, mark_damaged
from graph.store.evaluation import Dataset, PublicAnswer
from graph.store.lanes import LongLane
from graph.store.offenders import Offenders
from graph.store.screen import Screened, screen
from graph.store.shares import Shares
from graph.store.worker_process import WorkerSpec
from graph.store.workers import WorkerPool

if TYPE_CHECKING:
    from graph.store.remote import RemoteReader

_ALL: Final = Dataset()


@dataclass(frozen=True)
class _Job:
    """What a worker is asked for: equal jobs have equal answers."""

    name: str
    arguments: tuple[Hashable, ...]

    @property
    def snapshot(self) -> str:
        return str(self.arguments[2])


class PublicQueries:
    """Runs queries of others in warm workers: each within its limits, and each client within its share.

    Equal queries that are under way at the same time are evaluated once.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.shares = Shares(settings.query_budget, settings.query_window)
        self._offenders = Offenders(settings.query_penalty)
        self._lane = LongLane(settings.long_query, settings.long_queries)
        self._pool = self._pool_of(settings.query_workers, has_network=False)
        self._calling = self._pool_of(1, has_network=True) if settings.service_allowed else None
        self._under_way: dict[Hashable, Future[PublicAnswer]] = {}
        self._lock = threading.Lock()

    def _pool_of(self, size: int, *, has_network: bool) -> WorkerPool:
        settings = self._settings
        settings.past_dir.mkdir(parents=True, exist_ok=True)  # what is there can be allowed
        readable = (settings.data_dir / SNAPSHOTS, settings.past_dir, ONTOLOGY)
        spec = WorkerSpec(
            "query",
            "graph.store.evaluation:setup",
            (settings.max_result_bytes, settings.max_result_rows, settings.data_dir.absolute() / SNAPSHOTS),
            settings.query_memory,
            has_network=has_network,
            readable=None if has_network else tuple(str(folder.absolute()) for folder in readable),
        )
        return WorkerPool(spec, size, settings.worker_queue, self._lane)

    def screen(self, query: str, base: str | None = None) -> Screened:
        """The query as one that may run, with relative IRIs meant against ``base``; raises what ``screen`` raises."""
        settings = self._settings
        screened = screen(
            query, settings.max_query_bytes, settings.max_query_nesting, frozenset(settings.service_allowed)
        )
        return replace(screened, base=base)

    def run(
        self,
        query: Screened,
        media_type: str,
        snapshot: Union[Path, "RemoteReader"],
        *,
        timeout: float | None = None,
        dataset: Dataset = _ALL,
        client: str = "",
    ) -> PublicAnswer:
        """Run a screened query and return the whole answer. Hold the snapshot of the folder until then.

        ``timeout`` in seconds may only shorten the limit; ``client`` is who asks, and pays with its share. Raises
        ``SyntaxProblem``, ``LimitExceeded``, ``Busy`` and ``TooManyRequests``. States of a remote engine are for
        ``ForwardedQueries``.
        """
        seconds = self._seconds(timeout)
        pool = self._calling if query.calls and self._calling else self._pool
        return self._once(_Job("query", (query, media_type, str(snapshot), dataset)), pool, seconds, client)

    def graph(
        self, name: str | None, media_type: str, snapshot: Union[Path, "RemoteReader"], *, client: str = ""
    ) -> PublicAnswer:
        """A graph by its IRI, or with ``None`` the union of all (``evaluation.graph``). Raises what ``run`` raises."""
        job = _Job("graph", (name, media_type, str(snapshot)))
        return self._once(job, self._pool, self._settings.query_timeout, client)

    def _seconds(self, timeout: float | None) -> float:
        """The time that a query has: the limit, or what it asks for where that is shorter."""
        limit = self._settings.query_timeout
        return min(limit, timeout) if timeout and timeout > 0 else limit

    def _once(self, job: "_Job", pool: WorkerPool, seconds: float, client: str) -> PublicAnswer:
        """The answer to a job; who asks for it while it is under way gets the same."""
        self._offenders.refuse(job, seconds)
        with self._lock:
            known = self._under_way.get((job, seconds))
            mine: Future[PublicAnswer] = known or self._under_way.setdefault((job, seconds), Future())
        if known:
            return known.result()
        try:
            answer = self._answered(job, pool, seconds, client)
            mine.set_result(answer)
        except BaseException as error:
            if isinstance(error, LimitExceeded):
                self._offenders.add(job, seconds, error)
            if isinstance(error, TooManyRequests):  # this client's share is not that of the others who wait
                mine.set_exception(Busy("an equal query could not be run; try again"))
            else:
                mine.set_exception(error)
            raise
        finally:
            with self._lock:
                self._under_way.pop((job, seconds), None)
        return answer

    def _answered(self, job: "_Job", pool: WorkerPool, seconds: float, client: str) -> PublicAnswer:
        with self.shares.paying(client):
            try:
                answer: PublicAnswer = pool.run(job.name, *job.arguments, timeout=seconds, client=client)
            except EngineDamaged:
                mark_damaged(Path(job.snapshot))  # the worker itself cannot write
                raise
        return answer

    def warm(self) -> tuple[bool, bool]:
        """Start the workers; tell whether they are kept from the network, and from files but for the dataset."""
        return self._pool.warm()

    def close(self) -> None:
        """End the workers."""
        for pool in (self._pool, self._calling):
            if pool:
                pool.close()
