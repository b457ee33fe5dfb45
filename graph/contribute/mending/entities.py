"""Entities that a contribution may refer to, found by address, by its last part, or by name."""

import re
from collections import defaultdict
from collections.abc import Collection

from pyoxigraph import Literal, NamedNode, Store

from graph.contribute.mending.codes import folded, local_name, only_near
from graph.contribute.mending.menders import Menders
from graph.contribute.mending.statements import Statements
from graph.iris import BASE, ID

CURIE = re.compile(r"([a-z-]+):([a-z0-9-]+)")


class Entities:
    """The entities of a contribution and those known beside it."""

    def __init__(
        self, menders: Menders, said: Statements, snapshot: Store | None, replacing: NamedNode | None
    ) -> None:
        self._menders = menders
        self._said = said
        self._snapshot = snapshot
        self._replacing = replacing
        self._found: dict[tuple[object, ...], NamedNode | None] = {}
        self._names: dict[frozenset[NamedNode], dict[str, set[NamedNode]]] = {}
        self._titles: dict[frozenset[NamedNode], dict[str, set[NamedNode]]] = {}

    def meant(self, value: object, kinds: frozenset[NamedNode]) -> NamedNode | None:
        """The entity of one of the classes that a value names, where it is only one."""
        key = (kinds, value)
        if key not in self._found:
            self._found[key] = self._known(value, kinds)
        return self._found[key]

    def _known(self, value: object, kinds: frozenset[NamedNode]) -> NamedNode | None:
        by_name = self._by_name(kinds)
        known = set().union(*by_name.values())
        if isinstance(value, Literal):
            text = value.value.strip().strip("<>")
            if text.startswith(("http://", "https://")):
                return self._known(NamedNode(text), kinds)
            curie = CURIE.fullmatch(text)
            if curie:
                return _only(by_name.get(curie[2], ()))
            own = self._by_title(kinds).get(folded(text), set())
            return _only(own)
        if not isinstance(value, NamedNode) or value in known:
            return value if isinstance(value, NamedNode) and value in known else None
        found = self._menders.terms.namespace_of(value.value)
        if found is None or found[0] != BASE:
            return None
        name = folded(local_name(value.value)).replace(" ", "-")
        if name in by_name:
            return _only(by_name[name])
        return only_near(name, by_name)

    def _by_name(self, kinds: frozenset[NamedNode]) -> dict[str, set[NamedNode]]:
        """The known entities of some classes by the last part of their address."""
        if kinds not in self._names:
            known = self._menders.reference.entities(kinds, self._snapshot, self._replacing)
            names: dict[str, set[NamedNode]] = defaultdict(set)
            for node in self._said.of_kind(kinds) | known:
                if node.value in ID and "#" not in node.value:
                    names[local_name(node.value)].add(node)
            self._names[kinds] = names
        return self._names[kinds]

    def _by_title(self, kinds: frozenset[NamedNode]) -> dict[str, set[NamedNode]]:
        """The entities of some classes that the contribution describes, by their names."""
        if kinds not in self._titles:
            titles: dict[str, set[NamedNode]] = defaultdict(set)
            for node in self._said.of_kind(kinds):
                for name in self._said.named(node):
                    titles[folded(name)].add(node)
            self._titles[kinds] = titles
        return self._titles[kinds]


def _only(nodes: Collection[NamedNode]) -> NamedNode | None:
    return next(iter(nodes)) if len(nodes) == 1 else None
