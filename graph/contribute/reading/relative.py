"""Relative IRIs, resolved as the engine's parsers resolve them (https://www.rfc-editor.org/rfc/rfc3986#section-5.2)."""

import re
from functools import lru_cache
from typing import Final

from pyoxigraph import NamedNode, RdfFormat, parse

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_NO_IRI: Final = re.compile(r'[<>"{}|^`\\\x00-\x20]')


def is_absolute(reference: str) -> bool:
    """Whether a reference has a scheme, so that no base matters."""
    return _SCHEME.match(reference) is not None


def resolve(base: str, reference: str) -> NamedNode | None:
    """The IRI that a reference stands for where ``base`` is in force; none where it is no IRI."""
    if is_absolute(reference):
        try:
            return NamedNode(reference)
        except ValueError:
            return None
    return None if _NO_IRI.search(reference) else _joined(base, reference)


@lru_cache(maxsize=10_000)
def _joined(base: str, reference: str) -> NamedNode | None:
    try:
        statement = next(iter(parse(f"<{reference}> a <x:y> .", RdfFormat.TURTLE, base_iri=base)))
    except (SyntaxError, ValueError):
        return None
    return statement.subject if isinstance(statement.subject, NamedNode) else None
