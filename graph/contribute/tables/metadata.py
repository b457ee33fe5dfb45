"""What a table of each class looks like: the columns, read from CSVW metadata in ``ontology/templates/``.

The metadata follows the W3C's Metadata Vocabulary for Tabular Data (https://www.w3.org/TR/tabular-metadata/); what
it has no word for are annotations in the namespace ``https://w3id.org/infrashare/tables#``. ``docs/spreadsheets.md``
says which part of the standard is used, and what the annotations mean.
"""

import itertools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from graph.contribute.mending.codes import folded
from graph.errors import NotFound
from graph.iris import KINDS
from graph.resources import ONTOLOGY

TEMPLATES: Final = ONTOLOGY / "templates"
ANNOTATIONS: Final = "https://w3id.org/infrashare/tables#"
SUFFIX: Final = ".csv-metadata.json"
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_VARIABLE: Final = re.compile(r"\{(\+?)([A-Za-z0-9_]+)\}")


@dataclass(frozen=True)
class Datatype:
    """The datatype of a column's cells: its IRI, the form of its text, and its bounds."""

    iri: str = _XSD + "string"
    base: str = "string"
    format: str | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None


@dataclass(frozen=True)
class Column:
    """One column: what it says about which thing, and how its cells are read.

    ``level`` is ``required``, ``wanted`` or ``optional``. ``example`` has one text, or one for each language.
    A virtual column is not in the file: it says what follows from those that are.
    """

    name: str
    property_url: str = ""
    about_url: str = ""
    value_url: str | None = None
    titles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    description: str = ""
    level: str = "optional"
    example: str | Mapping[str, str] = ""
    datatype: Datatype = Datatype()
    separator: str | None = None
    default: str = ""
    language: str | None = None
    required: bool = False
    virtual: bool = False
    suppressed: bool = False
    per_language: bool = False
    code_list: str | None = None
    entity_kind: str | None = None
    classes: tuple[str, ...] = ()
    date_forms: tuple[str, ...] = ()
    lookup: str | None = None
    label_of: str | None = None
    point: tuple[str, ...] = ()

    def title(self, language: str) -> str:
        """What the column is called in a language; in English by its name."""
        titles = self.titles.get(language, ())
        return titles[0] if titles and language != "en" else self.name

    def wordings(self) -> set[str]:
        """All that its header may say, folded."""
        return {folded(word) for words in (*self.titles.values(), (self.name,)) for word in words}

    def examples(self) -> list[tuple[str | None, str]]:
        """The example by language; one in English without text where texts are per language and none is given."""
        if isinstance(self.example, Mapping):
            return list(self.example.items())
        return [("en" if self.per_language else None, self.example)]


@dataclass(frozen=True)
class Table:
    """The table of one class."""

    name: str
    title: str
    labels: Mapping[str, str]
    about_url: str
    columns: tuple[Column, ...]
    virtual: tuple[Column, ...]
    source: str

    @cached_property
    def words(self) -> dict[str, Column]:
        """What a header may say, folded, with the column that it means."""
        return {word: column for column in self.columns for word in column.wordings()}

    @cached_property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}


class Tables:
    """The tables of all classes, in the order of the classes."""

    def __init__(self, folder: Path = TEMPLATES) -> None:
        self._tables = {name: _table(name, folder / f"{name}{SUFFIX}") for name in KINDS}

    def __getitem__(self, name: str) -> Table:
        if name not in self._tables:
            raise NotFound(f"no class is named {name!r}; there are {', '.join(self._tables)}")
        return self._tables[name]

    def all(self) -> list[Table]:
        return list(self._tables.values())


def expansions(template: str, values: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """A URI template with its variables filled in (RFC 6570, levels 1 and 2).

    Where a variable has several values there is an expansion for each; where one has none there is no expansion.
    """
    parts, names = _parts(template)
    for chosen in itertools.product(*(values.get(name, ()) for name in names)):
        given = dict(zip(names, chosen, strict=True))
        yield "".join(
            text + (given[name] if reserved else _quoted(given[name])) if name else text
            for text, reserved, name in parts
        )


@cache
def _parts(template: str) -> tuple[tuple[tuple[str, str, str], ...], tuple[str, ...]]:
    """A template in parts (text, the + of a reserved expansion, variable), and its variables."""
    pieces = [*_VARIABLE.split(template), "", ""]
    parts = tuple(zip(pieces[0::3], pieces[1::3], pieces[2::3], strict=True))
    return parts, tuple(dict.fromkeys(name for _, _, name in parts if name))


@lru_cache(4096)
def _quoted(text: str) -> str:
    return quote(text, safe="~")


def _table(name: str, path: Path) -> Table:
    source = path.read_text(encoding="utf-8")
    data = json.loads(source)
    schema = data["tableSchema"]
    columns = [_column(column, schema["aboutUrl"]) for column in schema["columns"]]
    return Table(
        name=name,
        title=data["dc:title"],
        labels={label["@language"]: label["@value"] for label in data["rdfs:label"]},
        about_url=schema["aboutUrl"],
        columns=tuple(column for column in columns if not column.virtual),
        virtual=tuple(column for column in columns if column.virtual),
        source=source,
    )


def _column(data: Mapping[str, Any], about: str) -> Column:
    noted = {
        key.removeprefix(ANNOTATIONS): value for key, value in data.items() if key.startswith(ANNOTATIONS)
    }
    example = noted.get("example", "")
    if isinstance(example, list):
        example = {text["@language"]: text["@value"] for text in example}
    return Column(
        name=data["name"],
        property_url=data.get("propertyUrl", ""),
        about_url=data.get("aboutUrl", about),
        value_url=data.get("valueUrl"),
        titles={language: tuple(words) for language, words in data.get("titles", {}).items()},
        description=data.get("dc:description", ""),
        level=noted.get("level", "optional"),
        example=example,
        datatype=_datatype(data.get("datatype", "string")),
        separator=data.get("separator"),
        default=data.get("default", ""),
        language=data.get("lang"),
        required=data.get("required", False),
        virtual=data.get("virtual", False),
        suppressed=data.get("suppressOutput", False),
        per_language=noted.get("perLanguage", False),
        code_list=noted.get("codeList"),
        entity_kind=noted.get("entityKind"),
        classes=tuple(noted.get("classes", ())),
        date_forms=tuple(noted.get("dateForms", ())),
        lookup=noted.get("lookup"),
        label_of=noted.get("labelOf"),
        point=tuple(noted.get("point", ())),
    )


def _datatype(data: str | Mapping[str, Any]) -> Datatype:
    if isinstance(data, str):
        return Datatype(_XSD + data, data)
    base = data.get("base", "string")
    bounds = {key: Decimal(str(data[key])) for key in ("minimum", "maximum") if key in data}
    return Datatype(data.get("@id", _XSD + base), base, data.get("format"), **bounds)
