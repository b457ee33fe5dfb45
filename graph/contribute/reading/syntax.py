"""Syntax errors in the partner's words: what the parser says, told again in nine languages."""

import re
from dataclasses import replace
from typing import Final

from graph.contribute.words import Words
from graph.errors import Place, SyntaxProblem

_KINDS: Final = tuple(
    (re.compile(form), kind)
    for form, kind in (
        (r"[“”„«»‘’]", "quotes"),
        (r"The prefix (?P<name>\S+) has not been declared", "prefix"),
        (r"A dot is expected", "dot"),
        (r"PREFIX keyword should be followed", "prefix-form"),
        (r"Unexpected end", "end"),
        (r"should end with a '[\])]'|lists? should end|\[ should be", "bracket"),
        (r"language (code|tag)", "language"),
        (r"datatype IRI after", "datatype"),
        (r"escape", "escape"),
        (r"\bIRI\b|No scheme", "iri"),
        (r"^(?P<name>.{1,80}) is not a valid ", "term"),
    )
)
"""Kinds of errors by the words of the engine's Turtle parser."""


def in_language(error: SyntaxProblem, language: str, words: Words) -> SyntaxProblem:
    """The same error in a language, each place with the parser's own words behind it in brackets."""
    if not error.places:
        return error
    places = tuple(_told(place, language, words) for place in error.places)
    first = places[0]
    detail = first.message
    if first.line is not None and first.column is not None:
        detail = words.sentence("at", language, line=first.line, column=first.column, message=detail)
    if len(places) > 1:
        detail += f" ({words.sentence('errors-in-all', language, number=len(places))})"
    return SyntaxProblem(detail, places)


def _told(place: Place, language: str, words: Words) -> Place:
    kind, name = _kind(place)
    told = words.sentence(kind, language, name=name)
    return replace(place, message=f"{told} ({place.message})")


def _kind(place: Place) -> tuple[str, str]:
    if place.code != "syntax":
        known = f"syntax-{place.code}"
        return (known, "") if known in _OWN else ("syntax-other", "")
    for form, kind in _KINDS:
        if match := form.search(place.message):
            return f"syntax-{kind}", match.groupdict().get("name") or ""
    return "syntax-other", ""


_OWN: Final = frozenset(
    f"syntax-{code}"
    for code in (
        *("encoding", "empty", "html", "gzip", "doctype", "duplicate-key", "nesting", "triple-term"),
        *("literal-too-long", "iri-too-long", "language-tag-too-long"),
    )
)
"""What is refused before or after the parser, with a sentence of its own."""
