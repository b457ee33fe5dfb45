"""A cell becomes values: codes by notation or label, references, addresses, numbers, dates, yes and no.

A cell is read only where it can mean one thing; else it is a fault that says what to write.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse
from rapidfuzz import fuzz, process

from graph.contribute.mending.codes import CodeList, CodeLists, folded, local_name
from graph.contribute.mending.forms import readings
from graph.contribute.mending.names import country_code, language_code
from graph.contribute.tables.metadata import Column
from graph.contribute.tables.numbers import number
from graph.contribute.tables.unreadable import Unreadable, quoted
from graph.iris import DCT, ID, INFRA, RDFS, SLUG, XSD
from graph.resources import CODELISTS, ONTOLOGY

_NEAR, _NEAR_ENOUGH = 3, 60
_DATES: Final = {
    "date": "a day as 2026-11-23",
    "gYearMonth": "a month as 2026-11",
    "gYear": "a year as 2026",
}


@dataclass(frozen=True)
class Value:
    """One value of a cell: what a URI template takes of it, and its literal where it is one."""

    text: str
    literal: Literal | None = None


class Cells:
    """Reads cells; keeps the code lists and the names of classes."""

    def __init__(self) -> None:
        self.lists = CodeLists(CODELISTS)

    @cached_property
    def _class_labels(self) -> dict[str, dict[str, str]]:
        """The classes of the ontology with their labels by language."""
        labels: dict[str, dict[str, str]] = {}
        for quad in parse(path=str(ONTOLOGY / "infrashare.ttl"), format=RdfFormat.TURTLE):
            subject, value = quad.subject, quad.object
            if (
                quad.predicate == RDFS["label"]
                and isinstance(subject, NamedNode)
                and isinstance(value, Literal)
            ):
                labels.setdefault(local_name(subject.value), {})[value.language or ""] = value.value
        return labels

    def values(self, column: Column, text: str, language: str | None) -> Iterator[Value | Unreadable]:
        """The values of a cell, split where the column has a separator; a part that cannot be read is a fault."""
        parts = text.split(column.separator) if column.separator else [text]
        for part in filter(None, (part.strip() for part in parts)):
            try:
                yield self._value(column, part, language)
            except Unreadable as fault:
                yield fault

    def _value(self, column: Column, text: str, language: str | None) -> Value:
        if column.code_list:
            return Value(self._code(column, column.code_list, text))
        if column.entity_kind:
            return Value(_reference(column.entity_kind, text))
        if column.classes:
            return Value(self._class(column, text))
        if column.lookup == "language":
            return Value(_language(text))
        if column.datatype.base == "anyURI":
            return Value(_address(text))
        if column.per_language:
            return Value(text, Literal(text, language=language))
        return _literal(column, text)

    def _code(self, column: Column, scheme: str, text: str) -> str:
        codes = self.lists[scheme]
        base = (column.value_url or "").partition("{")[0]
        if text.startswith(base) and NamedNode(text) in codes.labels:
            return text.removeprefix(base)
        found = codes.named(text)
        if len(found) > 1:
            found = found - codes.retired or found
        if len(found) == 1:
            return found.pop().value.removeprefix(base)
        if found:
            names = sorted(_told(codes, code) for code in found)
            message = f"{quoted(text)} names {len(found)} codes of the list {scheme}"
            raise Unreadable("cell-code", text, message, f"write one of {', '.join(names[:8])}")
        near = ", ".join(_near_codes(codes, text))
        help_ = f"near: {near}" if near else f"/codelists/{scheme} shows the list"
        if column.separator and re.search(r"[,|/\n]", text):
            help_ += f'; separate several with "{column.separator}"'
        raise Unreadable("cell-code", text, f"{quoted(text)} is not in the code list {scheme}", help_)

    def _class(self, column: Column, text: str) -> str:
        for name in column.classes:
            wordings = {folded(name), *(folded(label) for label in self._class_labels[name].values())}
            if folded(text) in wordings or text == INFRA[name].value:
                return name
        help_ = f"write one of {', '.join(column.classes)}"
        raise Unreadable("cell-code", text, f"{quoted(text)} is not one of the kinds", help_)


def _told(codes: CodeList, code: NamedNode) -> str:
    """A code as it is written, with its English label."""
    notation = local_name(code.value)
    label = codes.label(code, "en")
    return notation if folded(label) == folded(notation) else f"{notation} ({label})"


def _near_codes(codes: CodeList, text: str) -> list[str]:
    """The codes whose notation or label in any language is most like a text, the nearest first."""
    found = process.extract(
        folded(text)[:80],
        list(codes.wordings),
        scorer=fuzz.ratio,
        score_cutoff=_NEAR_ENOUGH,
        limit=2 * _NEAR,
    )
    near = [code for wording, _, _ in found for code in sorted(codes.wordings[wording], key=str)]
    current = [code for code in dict.fromkeys(near) if code not in codes.retired]
    return [_told(codes, code) for code in current[:_NEAR]]


def _reference(kind: str, text: str) -> str:
    base = f"{ID.base}{kind}/"
    slug = text.removeprefix(base)
    if SLUG.fullmatch(slug):
        return slug
    likely = slug_of(text)
    example = f', such as "{likely}"' if likely else ""
    message = f"{quoted(text)} is not the short name of an entry of the kind {kind}"
    help_ = f"write its short name{example}, or its address {base}…"
    raise Unreadable("cell-reference", text, message, help_)


def slug_of(text: str) -> str:
    """A short name that could be made of a text; empty where there is none."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:60].strip("-")


def _language(text: str) -> str:
    code = language_code(text)
    if code is None:
        message = f"{quoted(text)} is not the name or code of a language"
        raise Unreadable("cell-code", text, message, "write its code or name, such as nl or Dutch")
    return code


def _address(text: str) -> str:
    if not re.match(r"https?://[^/\s]", text):
        likely = f"https://{text}" if re.match(r"[\w-]+(\.[\w-]+)+(/\S*)?$", text) else "https://…"
        message = f"{quoted(text)} is not a web address"
        raise Unreadable("cell-address", text, message, f"write it in full, such as {likely}")
    try:
        return NamedNode(text).value
    except ValueError as error:
        message = f"{quoted(text)} has a character that no web address has"
        raise Unreadable(
            "cell-address", text, message, "write spaces as %20 and one address a part"
        ) from error


def _literal(column: Column, text: str) -> Value:
    base = column.datatype.base
    if base in {"integer", "decimal"}:
        text_of_number = number(column, text)
        return Value(text_of_number, Literal(text_of_number, datatype=XSD[base]))
    if base == "boolean":
        found = list(readings(Literal(text), INFRA["openToSmes"], [XSD["boolean"]]))
        if not found:
            raise Unreadable("cell-boolean", text, f"{quoted(text)} is neither yes nor no", "write yes or no")
        return Value(found[0].value, found[0])
    if column.date_forms or base == "date":
        return _date(column, text)
    if column.lookup == "country":
        code = country_code(text)
        if code is None:
            message = f"{quoted(text)} is not a country"
            raise Unreadable("cell-code", text, message, "write its code of two letters, such as BE")
        return Value(code, Literal(code))
    form = column.datatype.format
    if form and not re.fullmatch(form, text):
        raise _misformed(column, text)
    return Value(text, Literal(text))


def _misformed(column: Column, text: str) -> Unreadable:
    example = column.example if isinstance(column.example, str) else ""
    help_ = f'write it like "{example}"' if example else "see the description of the column"
    if column.name == "id":
        likely = slug_of(text)
        help_ = "write lower-case letters, digits and single hyphens" + (
            f', such as "{likely}"' if likely else ""
        )
    return Unreadable("cell-format", text, f"{quoted(text)} does not have the form of {column.name}", help_)


def _date(column: Column, text: str) -> Value:
    forms = column.date_forms or ("date",)
    found = list(dict.fromkeys(readings(Literal(text), DCT["date"], [XSD[form] for form in forms])))
    if len(found) != 1:
        wanted = ", ".join(_DATES[form] for form in forms)
        message = f"{quoted(text)} " + (
            "can be read as several dates" if found else "is not one certain date"
        )
        raise Unreadable("cell-date", text, message, f"write {wanted}")
    return Value(found[0].value, found[0])
