"""How far long work is: what it is called with, for whoever shows it."""

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Called with what is done, how much is done and how much there is."""


def silent(_what: str, _done: int, _whole: int) -> None:
    """Progress that nobody looks at."""
