"""What the names in a JSON-LD document stand for: the contexts inside the document.

Remote contexts are refused before, and so are contradictions in contexts; what is left follows
https://www.w3.org/TR/json-ld11-api/#context-processing-algorithms.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from graph.contribute.reading.relative import resolve

_KEYWORD: Final = re.compile(r"@[A-Za-z]+")
_PREFIX_END: Final = frozenset(":/?#[]@")
_LACKING: Final = object()


@dataclass(frozen=True)
class Term:
    """The definition of a term."""

    iri: str | None
    coercion: str | None = None
    containers: frozenset[str] = frozenset()
    reverse: bool = False
    prefix: bool = False
    language: object = _LACKING
    context: object = _LACKING

    @property
    def has_context(self) -> bool:
        """Whether the term brings a context of its own."""
        return self.context is not _LACKING

    def language_in(self, context: "Context") -> str | None:
        """The language of a plain text of the term."""
        language = context.language if self.language is _LACKING else self.language
        return language if isinstance(language, str) else None


@dataclass(frozen=True)
class Context:
    """The terms and defaults in force at a place."""

    document: str
    base: str | None
    vocabulary: str | None = None
    language: str | None = None
    terms: Mapping[str, Term] = field(default_factory=dict)
    outside: "Context | None" = None
    """The context that nested nodes go back to, where this one holds for one node only."""
    _keys: dict[str, str | None] = field(default_factory=dict, init=False, repr=False, compare=False)

    def key(self, name: str) -> str | None:
        """The property or keyword that a key stands for."""
        if name not in self._keys:
            self._keys[name] = self.expand(name)
        return self._keys[name]

    def expand(self, name: str, *, vocabulary: bool = True, relative: bool = False) -> str | None:
        """The IRI, blank node or keyword that a name stands for."""
        if _KEYWORD.fullmatch(name):
            return name
        if vocabulary and name in self.terms:
            return self.terms[name].iri
        prefix, colon, local = name.partition(":")
        if colon and prefix:
            if prefix == "_" or local.startswith("//"):
                return name
            term = self.terms.get(prefix)
            return term.iri + local if term is not None and term.prefix and term.iri else name
        if vocabulary and self.vocabulary is not None:
            return self.vocabulary + name
        if relative and self.base is not None:
            named = resolve(self.base, name)
            return named.value if named else None
        return None

    def with_local(self, local: object, *, holds_inside: bool = True) -> "Context":
        """The context after a local one: an object, ``null``, or a list of both."""
        context = self
        for part in local if isinstance(local, list) else [local]:
            if part is None:
                context = Context(self.document, self.document)
            elif isinstance(part, Mapping):
                context = context._extended(part)
        inside = holds_inside
        if isinstance(local, Mapping) and isinstance(local.get("@propagate"), bool):
            inside = local["@propagate"]
        return replace(context, outside=None if inside else self)

    def _extended(self, local: Mapping[str, Any]) -> "Context":
        base, vocabulary, language = self.base, self.vocabulary, self.language
        if "@base" in local:
            base = _resolved(self.base or self.document, local["@base"])
        if "@vocab" in local:
            written = local["@vocab"]
            vocabulary = (
                replace(self, base=base).expand(written, relative=True) if isinstance(written, str) else None
            )
        if "@language" in local:
            language = local["@language"]
        defined = {name: value for name, value in local.items() if not _KEYWORD.fullmatch(name)}
        context = replace(self, base=base, vocabulary=vocabulary, language=language)
        return replace(context, terms=_defined(defined, context)) if defined else context


def _resolved(base: str, reference: object) -> str | None:
    if not isinstance(reference, str):
        return None
    named = resolve(base, reference)
    return named.value if named else None


def _defined(local: Mapping[str, Any], outer: Context) -> dict[str, Term]:
    """The terms of the outer context and those of a local one, whose definitions may use each other."""
    terms = {name: term for name, term in outer.terms.items() if name not in local}
    context = replace(outer, terms=terms)
    begun: set[str] = set()
    waiting = list(local)
    while waiting:
        name = waiting[-1]
        if name not in terms and name not in begun:
            begun.add(name)
            waiting += (n for n in _names(name, local[name]) if n in local and n not in begun)
            continue
        waiting.pop()
        if name not in terms:
            terms[name] = _term(name, local[name], context)
    return terms


def _names(name: str, definition: Any) -> Iterator[str]:
    """The other names that a definition may be written with."""
    written = [definition]
    if isinstance(definition, Mapping):
        written = [definition.get(key) for key in ("@id", "@reverse", "@type")]
    for text in [*written, name]:
        if isinstance(text, str):
            yield from {text, text.partition(":")[0]} - {name}


def _term(name: str, definition: Any, context: Context) -> Term:
    if not isinstance(definition, Mapping):
        iri = context.expand(definition) if isinstance(definition, str) else None
        return Term(iri, prefix=_ends_as_prefix(iri))
    reverse = definition.get("@reverse")
    written = reverse if isinstance(reverse, str) else definition.get("@id", name)
    if not isinstance(written, str):
        iri = None
    elif written == name:
        prefix = name.partition(":")[0]
        iri = replace(context, terms={n: context.terms[n] for n in (prefix,) if n in context.terms}).expand(
            name
        )
    else:
        iri = context.expand(written)
    coercion = definition.get("@type")
    containers = definition.get("@container", [])
    return Term(
        iri,
        context.expand(coercion) if isinstance(coercion, str) else None,
        frozenset(
            c for c in (containers if isinstance(containers, list) else [containers]) if isinstance(c, str)
        ),
        reverse=isinstance(reverse, str),
        prefix=definition.get("@prefix", _ends_as_prefix(iri)) is True,
        language=definition.get("@language", _LACKING),
        context=definition.get("@context", _LACKING),
    )


def _ends_as_prefix(iri: str | None) -> bool:
    return bool(iri) and (iri or "")[-1] in _PREFIX_END
