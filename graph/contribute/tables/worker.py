"""The converting worker: partner tables are read in a process of its own."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from graph.contribute.tables.conversion import Conversion, Converted
from graph.store.worker_process import WorkerSpec
from graph.store.workers import WorkerPool

if TYPE_CHECKING:  # a worker starts sooner without what only its owner needs
    from graph.settings import Settings


def setup(limit: int) -> dict[str, Callable[..., Any]]:
    """Load the metadata once; called in the worker process."""
    conversion = Conversion()

    def convert(data: bytes, name: str | None, language: str | None) -> Converted:
        return conversion.convert(data, limit, name=name, language=language)

    return {"convert": convert}


class Converting:
    """Converts tables in a worker process."""

    def __init__(self, settings: "Settings") -> None:
        self._timeout = settings.check_timeout
        spec = WorkerSpec(
            "convert",
            "graph.contribute.tables.worker:setup",
            (settings.max_upload_bytes,),
            settings.check_memory,
        )
        self._pool = WorkerPool(spec, 1, settings.worker_queue)

    def convert(self, data: bytes, *, name: str | None = None, language: str | None = None) -> Converted:
        """The Turtle of a table of the class ``name``, else of the class that the header tells.

        Raises ``InputError`` with the places of all faults, ``NotFound``, ``TooLarge``, ``LimitExceeded`` or ``Busy``.
        """
        converted: Converted = self._pool.run("convert", data, name, language, timeout=self._timeout)
        return converted

    def close(self) -> None:
        self._pool.close()
