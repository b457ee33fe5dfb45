"""What properties and types are called, so that no code of a vocabulary stands where people read.

Own terms have their labels in the ontology; those of others have theirs in ``ontology/words/entities.json``; what
neither knows, such as a property that a partner took from elsewhere, is called by the words in its IRI.
"""

import json
import re
from collections.abc import Mapping
from functools import cache

from graph.iris import compact
from graph.resources import ONTOLOGY

Names = Mapping[str, Mapping[str, str]]
"""Names of things by IRI and language."""

_END = re.compile(r"[^/#:?=&]+(?=[/#:?=&]*$)")
_BOUNDARY = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_\-\s]+")
_QUANTITY = "http://qudt.org/vocab/quantitykind/"


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    words: Mapping[str, Mapping[str, str]] = json.loads(
        (ONTOLOGY / "words" / "entities.json").read_text(encoding="utf-8")
    )
    return words


def term(iri: str, names: Names, language: str) -> str:
    """What a property or a type is called in a language, or else in English."""
    known = names.get(iri) or {}
    if language in known:
        return known[language]
    said = _words().get(f"term {compact(iri)}", known)
    return said.get(language) or said.get("en") or plain(iri)


def inverse(iri: str, names: Names, language: str) -> str:
    """What a property is called where its value is being read of: ``operates`` for ``operated by``."""
    said = _words().get(f"inverse {compact(iri)}")
    return term(iri, names, language) if said is None else said.get(language) or said["en"]


def quantity(iri: str, language: str) -> str:
    """What a kind of quantity of QUDT is called."""
    said = _words().get(f"quantity {iri.removeprefix(_QUANTITY)}")
    return plain(iri) if said is None else said.get(language) or said["en"]


def plain(iri: str) -> str:
    """The words in the end of an IRI: ``lead time`` for ``http://example.org/leadTime``."""
    end = _END.search(iri)
    return (
        " ".join(part.lower() if part[1:].islower() else part for part in _BOUNDARY.split(end[0]))
        if end
        else iri
    )
