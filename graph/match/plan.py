"""The plan of a match: how each step was done, with its figures and the time that it took."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class How(StrEnum):
    """How what a step works with was come by."""

    READ = "read"
    """Read from the graph, and kept for the revision."""

    LOOKED_UP = "looked up"
    """Asked for the candidates only, in batches."""
    SCANNED = "scanned"
    """Read for all facilities, and kept for the revision."""
    KEPT = "kept"
    """Scanned for an earlier need on this revision."""


@dataclass(frozen=True)
class Step:
    """One step of a match."""

    name: str
    """What was done, such as ``candidates``, or ``fact`` for a fact that criteria look at."""
    seconds: float
    fact: str | None = None
    """The name of the fact; its query is ``match-fact-NAME``."""
    how: How | None = None
    figures: tuple[tuple[str, int], ...] = ()
    """What was counted, by name, in the order of work."""


class Tally:
    """What a step that is under way counts, and how it does its work."""

    def __init__(self) -> None:
        self.how: How | None = None
        self.figures: dict[str, int] = {}

    def count(self, **figures: int) -> None:
        """Note figures by name."""
        self.figures.update(figures)


class Plan:
    """The steps of one match, in the order in which they were done."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    @contextmanager
    def step(self, name: str, fact: str | None = None) -> Iterator[Tally]:
        """Time the block as a step; a step that fails is not one."""
        tally = Tally()
        began = time.perf_counter()
        yield tally
        seconds = time.perf_counter() - began
        self.steps.append(Step(name, seconds, fact, tally.how, tuple(tally.figures.items())))

    @property
    def seconds(self) -> float:
        """The time of all steps together."""
        return sum(step.seconds for step in self.steps)


class _Unseen(Plan):
    """The plan that nobody looks at: it keeps nothing."""

    @contextmanager
    def step(self, name: str, fact: str | None = None) -> Iterator[Tally]:
        yield Tally()


UNSEEN: Final[Plan] = _Unseen()
