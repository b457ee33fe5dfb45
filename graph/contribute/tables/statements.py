"""A row becomes statements: of its entity, and of the parts that its cells say something about.

A part, such as the site of a facility, is a thing of its own at a fragment of the entity's address. What follows
from it (its type, the link to it) is stated only where a cell of the row says something about it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from graph.contribute.mending.codes import CodeLists
from graph.contribute.tables.cells import Value
from graph.contribute.tables.metadata import Column, Table, expansions
from graph.iris import ID, RDF

Term = NamedNode | Literal


@dataclass(frozen=True)
class Statement:
    """One triple, with the column that it comes from."""

    subject: NamedNode
    predicate: NamedNode
    object: Term
    column: str


@dataclass(frozen=True)
class Entry:
    """What a row states: the address of its entity, and its statements."""

    entity: NamedNode
    statements: tuple[Statement, ...]


def entry(table: Table, cells: Sequence[tuple[Column, Sequence[Value]]], lists: CodeLists) -> Entry:
    """The statements of a row whose cells were read. Raises ``Unattached``."""
    slots: dict[str, list[str]] = {}
    for column, values in cells:
        slots.setdefault(column.name, []).extend(value.text for value in values)
    entity = NamedNode(next(expansions(table.about_url, slots)))
    said: list[Statement] = []
    for column, values in cells:
        if not column.suppressed:
            said.extend(_said(column, values, slots))
    for column in table.virtual:
        said.extend(_point(column, slots) if column.point else ())
    implied = list(_implied(table, slots, lists))
    said.extend(_alive(implied, {entity, *(statement.subject for statement in said)}, entity))
    return Entry(entity, tuple(_ordered(said, entity)))


class Unattached(ValueError):  # noqa: N818 - says what the cell is
    """A cell that says something about a thing which other columns of the row should name, and do not."""

    def __init__(self, column: Column) -> None:
        super().__init__(column.name)
        self.column = column


def _said(column: Column, values: Sequence[Value], slots: Mapping[str, Sequence[str]]) -> Iterator[Statement]:
    predicate = NamedNode(column.property_url)
    for value in values:
        given = {**slots, column.name: [value.text]}
        subjects = [NamedNode(iri) for iri in expansions(column.about_url, given)]
        if not subjects:
            raise Unattached(column)
        for subject in subjects:
            if column.value_url:
                for iri in expansions(column.value_url, given):
                    yield Statement(subject, predicate, NamedNode(iri), column.name)
            elif value.literal is not None:
                yield Statement(subject, predicate, value.literal, column.name)


def _point(column: Column, slots: Mapping[str, Sequence[str]]) -> Iterator[Statement]:
    """Longitude and latitude as one point (CRS84, longitude first)."""
    numbers = [slots.get(name, ()) for name in column.point]
    if all(numbers):
        text = f"POINT ({' '.join(values[0] for values in numbers)})"
        for iri in expansions(column.about_url, slots):
            literal = Literal(text, datatype=NamedNode(column.datatype.iri))
            yield Statement(NamedNode(iri), NamedNode(column.property_url), literal, column.name)


def _implied(table: Table, slots: Mapping[str, Sequence[str]], lists: CodeLists) -> Iterator[Statement]:
    """What the virtual columns state of the things that a row could be about."""
    for column in table.virtual:
        if column.point:
            continue
        predicate = NamedNode(column.property_url)
        labelled = table.by_name.get(column.label_of or "")
        for given in _single(slots, labelled or column):
            for about in expansions(column.about_url, given):
                for term in _terms(column, labelled, given, lists):
                    yield Statement(NamedNode(about), predicate, term, column.name)


def _single(slots: Mapping[str, Sequence[str]], column: Column) -> Iterator[Mapping[str, Sequence[str]]]:
    """The slots once for each value of the columns that the templates of a virtual column name together."""
    names = [name for name in slots if len(slots[name]) > 1 and f"{{{name}}}" in column.about_url]
    if not names:
        yield slots
        return
    for value in slots[names[0]]:
        yield {**slots, names[0]: [value]}


def _terms(
    column: Column, labelled: Column | None, given: Mapping[str, Sequence[str]], lists: CodeLists
) -> Iterator[Term]:
    if labelled is not None and labelled.value_url and labelled.code_list:
        for iri in expansions(labelled.value_url, given):
            label = lists[labelled.code_list].label(NamedNode(iri), column.language or "en")
            yield Literal(label[:1].upper() + label[1:], language=column.language)
    elif column.value_url:
        yield from (NamedNode(iri) for iri in expansions(column.value_url, given))
    else:
        yield Literal(column.default, language=column.language)


def _alive(implied: Iterable[Statement], alive: set[NamedNode], entity: NamedNode) -> list[Statement]:
    """What is implied of things that something is said about; a link to such a thing is said about its beginning."""
    kept: list[Statement] = []
    waiting = list(implied)
    while True:
        found = [statement for statement in waiting if _depends_on(statement, entity) in alive]
        if not found:
            return kept
        kept.extend(found)
        alive.update(statement.subject for statement in found)
        waiting = [statement for statement in waiting if statement not in found]


def _depends_on(statement: Statement, entity: NamedNode) -> Term:
    leads_to_part = (
        isinstance(statement.object, NamedNode)
        and statement.object.value in ID
        and statement.object != entity
    )
    return statement.object if leads_to_part else statement.subject


def _ordered(statements: Iterable[Statement], entity: NamedNode) -> list[Statement]:
    """The entity first, then its parts in the order in which they are mentioned; of each its type first."""
    things: dict[NamedNode, list[Statement]] = {entity: []}
    for statement in {(s.subject, s.predicate, s.object): s for s in statements}.values():
        things.setdefault(statement.subject, []).append(statement)
    order: dict[NamedNode, None] = {}
    for subject in (entity, *things):
        _walk(subject, things, order)
    types_first = {thing: sorted(things[thing], key=lambda s: s.predicate != RDF["type"]) for thing in order}
    return [statement for thing in order for statement in types_first[thing]]


def _walk(
    thing: NamedNode, things: Mapping[NamedNode, Sequence[Statement]], order: dict[NamedNode, None]
) -> None:
    if thing in order:
        return
    order[thing] = None
    for statement in things[thing]:
        if isinstance(statement.object, NamedNode) and statement.object in things:
            _walk(statement.object, things, order)
