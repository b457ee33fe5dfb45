"""The small dataset of ``fixtures/profile.trig``, with answers that can be worked out by hand."""

import random
from pathlib import Path
from typing import Final

import small_dataset

from graph.match.view import View

FIXTURE: Final = Path(__file__).parent / "fixtures" / "profile.trig"


def view_of(language: str = "en", order: random.Random | None = None, more: str = "") -> View:
    """The dataset as a reader of a language sees it; its statements in any order, with some more."""
    statements = list(small_dataset.statements_of(FIXTURE, more))
    if order:
        order.shuffle(statements)
    return small_dataset.view_of(statements, language)
