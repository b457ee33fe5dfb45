"""Addresses, e-mail, telephone and country codes that were written in another form."""

import re
from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.contribute.mending.codes import local_name
from graph.contribute.mending.expectation import Expectation
from graph.contribute.mending.names import country_code, language_code
from graph.iris import INFRA, PREFIXES, SCHEMA

_COUNTRY = NamedNode(PREFIXES["locn"] + "adminUnitL1")
_EMAIL, _TELEPHONE, _UNIT = SCHEMA["email"], SCHEMA["telephone"], INFRA["unitCode"]
_AT = re.compile(r"\s*(?:\[at\]|\(at\)|\{at\}|\bat\b|@)\s*", re.IGNORECASE)
_DOT = re.compile(r"\s*(?:\[dot\]|\(dot\)|\{dot\}|\bdot\b)\s*", re.IGNORECASE)
_SCHEME_SLIP = re.compile(
    r"h?t{1,3}ps?\s*(?::/|//|:///|;//|:\\\\|:// )(?=[^/\\\s])|https?:/{2,3}(?=[^/])", re.IGNORECASE
)
_LANGUAGES: Final = "/authority/language/"


def contact_readings(
    term: object, predicate: NamedNode, wanted: Expectation
) -> Iterator[NamedNode | Literal]:
    """What a value can be read as, for the properties that lead to people and pages, and for named addresses."""
    if not isinstance(term, NamedNode | Literal):
        return
    text = " ".join(term.value.split())
    if wanted.base:
        yield from _listed(text, isinstance(term, NamedNode), wanted.base)
    elif wanted.iri:
        yield from pages(text)
    elif predicate == _EMAIL:
        yield from _emails(text)
    elif predicate == _TELEPHONE:
        number = re.sub(r"^tel:", "", text, flags=re.IGNORECASE)
        yield Literal(re.sub(r"^00 ?(?=[1-9])", "+", number).strip())
    elif predicate == _COUNTRY:
        code = country_code(local_name(text) if isinstance(term, NamedNode) else text)
        if code:
            yield Literal(code)
    elif predicate == _UNIT and ("qudt.org/vocab/unit/" in text or text.startswith("unit:")):
        yield Literal(local_name(text).removeprefix("unit:"))


def _listed(text: str, is_address: bool, base: str) -> Iterator[NamedNode]:
    """An entry of a list of addresses that all begin alike."""
    name = local_name(text)
    if _LANGUAGES in base:
        code = language_code(name if is_address or "/" in text else text)
        name = code or ""
    elif re.sub(r"^https?://(www\.)?", "", base) not in text and (is_address or "quantitykind:" not in text):
        return
    name = name.rpartition(":")[2]
    if re.fullmatch(r"[\w-]+", name):
        yield NamedNode(base + name)


def pages(text: str) -> Iterator[NamedNode]:
    """The web address that a text is, with a slip in its beginning or without."""
    bare = text.strip("<>").strip()
    match = _SCHEME_SLIP.match(bare)
    if match:
        secure = re.search(r"ps", match[0], re.IGNORECASE) is not None
        bare = f"http{'s' * secure}://{bare[match.end() :]}"
    if re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", bare):
        try:
            yield NamedNode(bare)
        except ValueError:
            return


def _emails(text: str) -> Iterator[Literal]:
    bare = re.sub(r"^mailto:\s*", "", text.strip("<>"), flags=re.IGNORECASE).partition("?")[0].strip()
    yield Literal(bare)
    yield Literal(_DOT.sub(".", _AT.sub("@", bare, count=1)))
