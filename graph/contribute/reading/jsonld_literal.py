"""The literals that values in a JSON-LD document stand for, as the parser writes them.

https://www.w3.org/TR/json-ld11-api/#object-to-rdf-conversion
"""

import json
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from graph.contribute.reading.json_text import Json, Number, plain
from graph.iris import RDF, XSD

_INTEGER_DIGITS: Final = 21
_JSON: Final = RDF["JSON"]


def text_literal(text: str, language: str | None) -> Literal | None:
    """The literal of a text; none where the language is no language tag."""
    try:
        return Literal(text, language=language) if language else Literal(text)
    except ValueError:
        return None


def typed_literal(value: object, datatype: NamedNode | None) -> Literal | None:
    """The literal of a text, number or truth value (https://www.w3.org/TR/json-ld11-api/#data-round-tripping)."""
    own = XSD["string"]
    if isinstance(value, bool):
        lexical, own = "true" if value else "false", XSD["boolean"]
    elif isinstance(value, Number):
        lexical, own = _lexical(value, as_double=datatype == XSD["double"])
    elif isinstance(value, str):
        lexical = value
    else:
        return None
    try:
        return Literal(lexical, datatype=datatype or own)
    except ValueError:
        return None


def _lexical(number: Number, *, as_double: bool) -> tuple[str, NamedNode]:
    """A number as the parser writes it: whole ones below 10²¹ as integers, others with an exponent."""
    try:
        value = Decimal(number)
    except InvalidOperation:
        return number, XSD["double"]
    sign, digits, exponent = value.as_tuple()
    significant = "".join(map(str, digits)).strip("0")
    written = "".join(map(str, digits)).lstrip("0")
    if not significant or not isinstance(exponent, int):
        return ("0.0E0", XSD["double"]) if as_double else ("0", XSD["integer"])
    size = len(written) + exponent
    minus = "-" if sign else ""
    if not as_double and len(significant) <= size <= _INTEGER_DIGITS:
        return minus + significant.ljust(size, "0"), XSD["integer"]
    return f"{minus}{significant[0]}.{significant[1:] or '0'}E{size - 1}", XSD["double"]


def json_literal(node: Json) -> Literal | None:
    """A JSON literal in its canonical form, as far as numbers are whole."""
    text = json.dumps(_numbers(plain(node)), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return typed_literal(text, _JSON)


def _numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _numbers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_numbers(item) for item in value]
    if isinstance(value, Number):
        whole = float(value)
        return int(whole) if whole.is_integer() else whole
    return value
