"""The fields of a query's form: each parameter as a number, a choice, or a code with suggestions, with its values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from graph.browse.entity import names_of
from graph.browse.tree import read_tree
from graph.errors import InputError
from graph.store.catalogue import Query, QueryCatalogue
from graph.store.parameters import Parameter
from graph.store.protocol import Reader

_SUGGESTED: Final = {
    "nuts": "place",
    "capability": "capability",
    "facility": "facility",
    "organisation": "organisation",
    "practice": "practice",
    "nace": "sector",
}
"""Kinds of thing that are suggested while one types, with what the suggestions call them."""
_CHOICES: Final = frozenset(
    {"service-kind", "company-size", "access-mode", "practice-theme", "facility-kind", "ket"}
)
"""Code lists so small that one chooses from all entries."""
_TONGUES: Final = {
    "ENG": "English",
    "NLD": "Nederlands",
    "DEU": "Deutsch",
    "ITA": "Italiano",
    "SWE": "Svenska",
    "CES": "Čeština",
    "EST": "Eesti",
    "LAV": "Latviešu",
    "FRA": "Français",
}
_INPUTS: Final = {"integer": "number", "decimal": "number", "date": "date"}


@dataclass(frozen=True)
class Field:
    """What the form asks for one parameter; ``values`` are pairs of a value and its name, where it has one."""

    name: str
    label: str
    description: str
    kind: str
    is_optional: bool
    values: Sequence[tuple[str, str]]
    suggest: str = ""
    step: str = ""
    takes_several: bool = False
    options: Sequence[tuple[str, str]] = field(default=())


def fields(
    query: Query, given: Mapping[str, Sequence[str]], lang: str, reader: Reader, queries: QueryCatalogue
) -> list[Field]:
    """The fields for all parameters that one value or several of a kind fill; the language has a field of its own."""
    return [
        _field(query, parameter, given.get(parameter.name), lang, reader, queries)
        for parameter in query.parameters
        if not parameter.is_table and parameter.name != "lang"
    ]


def _field(
    query: Query,
    parameter: Parameter,
    given: Sequence[str] | None,
    lang: str,
    reader: Reader,
    queries: QueryCatalogue,
) -> Field:
    values = list(given if given is not None else query.plain_defaults[parameter.name]) or [""]
    options = _options(parameter, lang, reader, queries)
    codes = [_code(parameter, value) for value in values]
    names = {} if options else _names(parameter, values, lang, reader, queries)
    known = {code for code, _ in options}
    extra = [(code, code) for code in codes if options and code and code not in known]
    suggest = _SUGGESTED.get(parameter.within, "")
    return Field(
        name=parameter.name,
        label=queries.say(f"parameter-{parameter.name}", lang),
        description=parameter.description,
        kind="choice" if options else _INPUTS.get(parameter.type, "text"),
        is_optional=query.is_optional(parameter.name),
        values=[(code, names.get(value, "")) for code, value in zip(codes, values, strict=True)],
        suggest=f"/suggestions?kind={suggest}&lang={lang}" if suggest else "",
        step={"integer": "1", "decimal": "any"}.get(parameter.type, ""),
        takes_several=parameter.type == "iri"
        and (query.is_optional(parameter.name) or len(query.plain_defaults[parameter.name]) > 1),
        options=[*options, *extra],
    )


def _code(parameter: Parameter, value: str) -> str:
    """A value in few letters: without what a bare code stands for."""
    short = value.removeprefix(parameter.base) if parameter.base else value
    return short if short and ":" not in short and "/" not in short else value


def _options(
    parameter: Parameter, lang: str, reader: Reader, queries: QueryCatalogue
) -> list[tuple[str, str]]:
    if parameter.within == "language":
        return list(_TONGUES.items())
    if parameter.within not in _CHOICES:
        return []
    tree = read_tree(parameter.within, lang, reader, queries)
    return [(entry.key, f"{'– ' * len(entry.path())}{entry.name}") for entry in tree.all()]


def _names(
    parameter: Parameter, values: Sequence[str], lang: str, reader: Reader, queries: QueryCatalogue
) -> dict[str, str]:
    """What the values that are IRIs are called, by value."""
    if parameter.type != "iri":
        return {}
    iris: dict[str, str] = {}
    for value in values:
        try:
            iris[value] = str(parameter.read(value).value)
        except InputError:
            continue
    called = names_of(iris.values(), reader, queries)
    names = {value: called.get(iri, {}) for value, iri in iris.items()}
    return {
        value: texts.get(lang) or texts.get("en") or next(iter(texts.values()), "")
        for value, texts in names.items()
    }
