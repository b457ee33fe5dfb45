"""Texts of others in a sentence: on one line, and no longer than a reader wants."""

from typing import Final

MAX_LETTERS: Final = 120
"""Letters of a value in a sentence; the triples hold it whole."""

_CONTEXT: Final = 20
"""Letters before the place where two long texts begin to differ."""


def on_one_line(text: str) -> str:
    """A text with single spaces for all white space."""
    return " ".join(text.split())


def excerpt(text: str, other: str = "") -> str:
    """At most ``MAX_LETTERS`` of a text, with … where something is left out.

    Where another text begins in the same way, the excerpt begins shortly before the place where they differ.
    """
    if len(text) <= MAX_LETTERS:
        return text
    same = _same_start(text, other)
    start = 0
    if same > MAX_LETTERS - _CONTEXT:
        start = same - _CONTEXT
        word = text.rfind(" ", start - _CONTEXT, start) + 1
        start = word or start
    rest = text[start:]
    room = MAX_LETTERS - (1 if start else 0)
    if len(rest) > room:
        rest = rest[: room - 1].rstrip() + "…"
    return ("…" if start else "") + rest


def _same_start(text: str, other: str) -> int:
    pairs = zip(text, other, strict=False)
    return next((number for number, (a, b) in enumerate(pairs) if a != b), min(len(text), len(other)))
