"""Terms by what they mean: engines write numbers, truth values, times, points and language tags in forms of their own.

``-60.0`` comes back as ``-60``, ``true`` as ``1``, ``POINT (5 51)`` as ``POINT(5 51)``, ``nl-BE`` as ``nl-be``. Two
terms are alike where their datatypes' values are (https://www.w3.org/TR/xmlschema11-2/): numbers to fifteen digits,
doubles and coordinates to six, as Virtuoso writes and keeps them. Durations are only known to be durations.
"""

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from graph.iris import GEO, XSD

Alike = tuple[str, str, tuple[str, ...]]
"""A triple by what it means."""

_INTEGER: Final = frozenset(
    XSD[name].value
    for name in (
        "integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger",
        "negativeInteger", "unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte",
    )
)  # fmt: skip
_INEXACT: Final = frozenset({XSD["double"].value, XSD["float"].value})
_TIMES: Final = frozenset({XSD["dateTime"].value, XSD["time"].value})
_AROUND: Final = re.compile(r"\s*([(),])\s*")
_DECIMAL: Final = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_TRUTH: Final = {"1": "true", "0": "false"}


def alike(triple: Triple) -> Alike:
    """The triple by what it means."""
    return str(triple.subject), triple.predicate.value, _value(triple.object)


def all_alike(triples: Iterable[Triple]) -> dict[Alike, Triple]:
    """The triples by what they mean."""
    return {alike(triple): triple for triple in triples}


def _value(term: object) -> tuple[str, ...]:
    if not isinstance(term, Literal):
        return ("iri", term.value) if isinstance(term, NamedNode) else ("other", str(term))
    if term.language:
        return "text", term.language.lower(), term.value
    kind = term.datatype.value
    if kind in _INTEGER or kind == XSD["decimal"].value:
        return "number", _number(term.value)
    if kind in _INEXACT:
        return "double", _rounded(term.value)
    if kind == XSD["boolean"].value:
        return "boolean", _TRUTH.get(term.value, term.value)
    if kind in _TIMES:
        return "time", term.value.replace("+00:00", "Z")
    if kind == GEO["wktLiteral"].value:
        return "place", _DECIMAL.sub(lambda n: _rounded(n[0]), _AROUND.sub(r"\1", term.value.strip()))
    if kind == XSD["duration"].value:
        return ("duration",)
    return "literal", kind, term.value


def _number(text: str) -> str:
    try:
        return f"{Decimal(text):.14e}"
    except InvalidOperation:
        return text


def _rounded(text: str) -> str:
    try:
        return f"{float(text):.5e}"
    except ValueError:
        return text
