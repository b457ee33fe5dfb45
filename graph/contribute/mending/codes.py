"""Code lists by what people write: notations and labels in nine languages, in any case, with a slip of the pen.

A code is found only where exactly one fits. Lists are read when they are first asked for.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode, RdfFormat, parse
from rapidfuzz import process
from rapidfuzz.distance import OSA

from graph.iris import CODELIST, DCT, OWL, SKOS
from graph.resources import code_list_files

_WORD_LIMITS = re.compile(r"(?<=[a-z])(?=[A-Z])")
_REMEMBERED = 10_000
_NUTS_COUNTRIES = {"gr": "el", "gb": "uk"}


def folded(text: str) -> str:
    """A text without case, and with single spaces for hyphens, underscores and other space."""
    return " ".join(re.split(r"[\s_‐-―-]+", unicodedata.normalize("NFKC", text).casefold().strip())).strip()


def squeezed(text: str) -> str:
    """A text reduced to its letters and digits."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def local_name(iri: str) -> str:
    """The last part of an IRI, unescaped."""
    return unquote(re.split(r"[/#]", iri.rstrip("/#"))[-1])


def only_near(word: str, known: Mapping[str, Iterable[NamedNode]]) -> NamedNode | None:
    """What the words near to a word stand for, where it is one thing only.

    Near is one slip of the pen, or two in words of 8 letters: a letter left out, added, changed, or swapped with its
    neighbour (optimal string alignment). Digits are never slips: they tell codes apart.
    """
    limit = _slips_allowed(word)
    if not limit:
        return None
    near = process.extract(word, list(known), scorer=OSA.distance, score_cutoff=limit, limit=None)
    found = {node for other, _, _ in near if _digits(other) == _digits(word) for node in known[other]}
    return found.pop() if len(found) == 1 else None


def _slips_allowed(word: str) -> int:
    if len(word) < 8:
        return 0 if len(word) < 5 or _digits(word) else 1
    return 2


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())


@dataclass
class CodeList:
    """One code list, indexed."""

    notations: dict[str, set[NamedNode]] = field(default_factory=lambda: defaultdict(set))
    preferred: dict[tuple[str, str], set[NamedNode]] = field(default_factory=lambda: defaultdict(set))
    other: dict[tuple[str, str], set[NamedNode]] = field(default_factory=lambda: defaultdict(set))
    labels: dict[NamedNode, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    retired: set[NamedNode] = field(default_factory=set)
    successors: dict[NamedNode, set[NamedNode]] = field(default_factory=lambda: defaultdict(set))
    places: bool = False
    _found: dict[tuple[str, str | None], NamedNode | None] = field(default_factory=dict)

    def label(self, code: NamedNode, language: str) -> str:
        """What the code is called in a language, else in English or in its own."""
        labels = self.labels.get(code, {})
        return labels.get(language) or labels.get("en") or next(iter(labels.values()), local_name(code.value))

    def successor(self, code: NamedNode) -> NamedNode | None:
        """The one code in force that took the place of a retired one."""
        seen: set[NamedNode] = set()
        while code in self.retired and code not in seen:
            seen.add(code)
            following = self.successors.get(code, set())
            if len(following) != 1:
                return None
            (code,) = following
        return code if seen and code not in self.retired else None

    def named(self, text: str) -> set[NamedNode]:
        """The codes that a text names word for word, retired ones too: by notation, else by label in any language."""
        return set(next((found for found in self._exact(text[:200], None) if found), set()))

    def find(self, text: str, language: str | None = None) -> NamedNode | None:
        """The one code in force that a text names: by notation, by label, else by a word that is near to one."""
        key = text[:200], language
        if key not in self._found:
            if len(self._found) >= _REMEMBERED:
                self._found.clear()
            self._found[key] = self._search(*key)
        return self._found[key]

    def _search(self, text: str, language: str | None) -> NamedNode | None:
        for wording in dict.fromkeys((text, _WORD_LIMITS.sub(" ", text))):
            for found in self._exact(wording, language):
                if found:
                    return self._one(found)
        near = only_near(folded(text), self._words)
        return self._one({near}) if near else None

    def _exact(self, text: str, language: str | None) -> Iterable[set[NamedNode]]:
        yield self.notations.get(squeezed(text), set())
        word = folded(text)
        languages = [language] if language else []
        for labels in (self.preferred, self.other):
            for chosen in languages:
                yield labels.get((word, chosen), set())
            found = set().union(*(labels[key] for key in self._keys.get(word, ()) if key in labels))
            yield found | self._called_like(word) if found and self.places else found

    def _called_like(self, word: str) -> set[NamedNode]:
        """The places whose names have the word as a part: a town is often called like the region around it."""
        parts = re.compile(rf"\b{re.escape(word)}\b")
        return {code for (name, _), codes in self.preferred.items() if parts.search(name) for code in codes}

    def _one(self, found: Iterable[NamedNode]) -> NamedNode | None:
        """The one code of several that is in force, or that took the place of them."""
        current = {code for code in found if code not in self.retired}
        if not current:
            following = {self.successor(code) for code in found}
            current = {code for code in following if code is not None} if None not in following else set()
        return current.pop() if len(current) == 1 else None

    @cached_property
    def wordings(self) -> dict[str, set[NamedNode]]:
        """All that codes are called, folded: notations, preferred and other labels in all languages."""
        wordings: dict[str, set[NamedNode]] = defaultdict(set)
        for code in self.labels:
            wordings[folded(local_name(code.value))].add(code)
        for labels in (self.preferred, self.other):
            for (word, _), codes in labels.items():
                wordings[word] |= codes
        return dict(wordings)

    @cached_property
    def _keys(self) -> dict[str, list[tuple[str, str]]]:
        keys: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for key in [*self.preferred, *self.other]:
            keys[key[0]].append(key)
        return keys

    @cached_property
    def _words(self) -> dict[str, set[NamedNode]]:
        """Notations in words and preferred labels, with the codes they stand for."""
        words: dict[str, set[NamedNode]] = defaultdict(set)
        for code in self.labels:
            words[folded(local_name(code.value))].add(code)
        for (word, _), codes in self.preferred.items():
            words[word] |= codes
        return words


class CodeLists:
    """The code lists of a folder, each read when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lists: dict[str, CodeList] = {}

    def __getitem__(self, scheme: str) -> CodeList:
        if scheme not in self._lists:
            self._lists[scheme] = self._read(scheme)
        return self._lists[scheme]

    def of(self, code: NamedNode) -> CodeList | None:
        """The list that a code's address says it is in, with those of regions and sectors."""
        for base, scheme in (
            ("http://data.europa.eu/nuts/code/", "nuts"),
            ("http://data.europa.eu/ux2/nace2/", "nace"),
        ):
            if code.value.startswith(base):
                return self[scheme]
        scheme = code.value.removeprefix(CODELIST.base).partition("/")[0]
        known = code.value in CODELIST and (self._folder / f"{scheme}.ttl").is_file()
        return self[scheme] if known and re.fullmatch(r"[a-z0-9-]+", scheme) else None

    def _read(self, scheme: str) -> CodeList:
        codes = CodeList(places=scheme == "nuts")
        for path in code_list_files(scheme, self._folder):
            for triple in parse(path=str(path), format=RdfFormat.TURTLE):
                subject, value = triple.subject, triple.object
                if isinstance(subject, NamedNode):
                    _note(codes, subject, triple.predicate, value)
        for code in codes.labels:
            codes.notations[squeezed(local_name(code.value))].add(code)
        if codes.places:
            for own, eurostat in _NUTS_COUNTRIES.items():
                for notation in [n for n in codes.notations if n.startswith(eurostat)]:
                    codes.notations[own + notation.removeprefix(eurostat)] |= codes.notations[notation]
        return codes


def _note(codes: CodeList, code: NamedNode, predicate: NamedNode, value: object) -> None:
    if predicate == SKOS["inScheme"]:
        codes.labels.setdefault(code, {})
    elif predicate == SKOS["notation"] and isinstance(value, Literal):
        codes.notations[squeezed(value.value)].add(code)
    elif predicate == SKOS["prefLabel"] and isinstance(value, Literal):
        codes.labels[code][value.language or ""] = value.value
        codes.preferred[folded(value.value), value.language or ""].add(code)
    elif predicate == SKOS["altLabel"] and isinstance(value, Literal):
        codes.other[folded(value.value), value.language or ""].add(code)
    elif predicate == OWL["deprecated"] and isinstance(value, Literal) and value.value == "true":
        codes.retired.add(code)
    elif predicate == DCT["isReplacedBy"] and isinstance(value, NamedNode):
        codes.successors[code].add(value)
