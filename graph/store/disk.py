"""What the disk says when reading or writing fails: no room, or files that are damaged, whoever of SQLite, the engine
and Python it is that says so.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from graph.errors import StorageFull, StoreError

_FULL: Final = ("disk is full", "disk full", "no space left", "disk quota exceeded", "file too large")
_CORRUPT: Final = ("corruption", "checksum mismatch")


class EngineDamaged(StoreError):  # noqa: N818 - named like its siblings in graph.errors
    """The engine's files cannot be read. The ledger can rebuild them."""


def is_full(error: BaseException) -> bool:
    """Whether there is no room on the disk, or no more of it for this user or this process."""
    words = str(error).lower()
    return any(sign in words for sign in _FULL)


def is_corrupt(error: BaseException) -> bool:
    """Whether the engine found that its files do not hold what it wrote: it keeps a checksum of every block."""
    words = str(error).lower()
    return any(sign in words for sign in _CORRUPT)


@contextmanager
def engine_errors(what: str, remedy: str) -> Iterator[None]:
    """Tell of errors of the engine and its files as ``StorageFull``, ``EngineDamaged`` or ``StoreError``.

    ``what`` could not be done; ``remedy`` is what to do when there is room again.
    """
    try:
        yield
    except (OSError, RuntimeError) as error:
        if is_full(error):
            raise StorageFull(f"{what}: there is no room on the disk; {remedy} ({error})") from error
        if is_corrupt(error):
            raise EngineDamaged(
                f"{what}: the engine's files are damaged ({error}). Nothing is lost: the next start builds them "
                "anew from the ledger"
            ) from error
        raise StoreError(f"{what}: {error}") from error
