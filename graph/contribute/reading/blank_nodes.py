"""Names for blank nodes: the same content has the same names, in whatever order, format and with whatever labels.

A contribution that did not change then compares as unchanged, and a change in one place leaves the names of all
other nodes alone. Most blank nodes are parts of one thing and hang below it like the branches of a tree: their
names follow from what they say (upwards) and what they are a part of (downwards), in linear time. Nodes that are
shared or lead round in a circle are told apart by colour refinement within their own connected component.

The names are IRIs of ours that stand for blank nodes (Skolem IRIs, https://www.w3.org/TR/rdf11-concepts/#section-skolemization).
In a document they are blank nodes again, before names are given: a version that was downloaded and comes back
unchanged is unchanged, and nobody can make statements about an unnamed node of somebody else.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pyoxigraph import BlankNode, NamedNode, Triple

from graph.errors import Place, SyntaxProblem
from graph.iris import GENID

MAX_REFINEMENT: Final = 300_000
"""Nodes and links looked at to tell alike nodes apart; nobody writes such a tangle by hand. It could take for ever."""


@dataclass
class _Node:
    """What is said about a blank node: with plain terms, about blank nodes, and by which of them."""

    lines: list[str] = field(default_factory=list)
    children: list[tuple[str, BlankNode]] = field(default_factory=list)
    parents: list[tuple[str, BlankNode]] = field(default_factory=list)


_Nodes = dict[BlankNode, _Node]
_Names = dict[BlankNode, str]


def skolemise(triples: Sequence[Triple]) -> list[Triple]:
    """The triples in their order, with an IRI in place of each blank node and of each IRI that stands for one.

    Raises ``SyntaxProblem`` where nodes are so many, alike and entangled that they cannot be told apart.
    """
    nodes: _Nodes = defaultdict(_Node)
    unnamed = _unnamed(triples)
    concerned: dict[Triple, None] = {}
    for triple in unnamed:
        if isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode):
            concerned[triple] = None
    if not concerned:
        return unnamed
    for subject, predicate, value in concerned:
        if isinstance(subject, BlankNode) and isinstance(value, BlankNode):
            nodes[subject].children.append((predicate.value, value))
            nodes[value].parents.append((predicate.value, subject))
        elif isinstance(subject, BlankNode):
            nodes[subject].lines.append(f"> {predicate.value} {value}")
        else:
            nodes[value].lines.append(f"< {predicate.value} {subject}")
    names = _names(nodes)
    iris = {node: GENID[name] for node, name in names.items()}
    return [_named(triple, iris) if triple in concerned else triple for triple in unnamed]


def _unnamed(triples: Iterable[Triple]) -> list[Triple]:
    """The triples with a blank node in place of each IRI that stands for one."""
    nodes: dict[NamedNode, BlankNode] = {}

    def node(term: Any) -> Any:
        return nodes.setdefault(term, BlankNode()) if _stands_for_a_node(term) else term

    return [
        Triple(node(triple.subject), triple.predicate, node(triple.object))
        if _stands_for_a_node(triple.subject) or _stands_for_a_node(triple.object)
        else triple
        for triple in triples
    ]


def _stands_for_a_node(term: object) -> bool:
    return isinstance(term, NamedNode) and term.value.startswith(GENID.base)


def _named(triple: Triple, iris: dict[BlankNode, NamedNode]) -> Triple:
    subject, predicate, value = triple
    return Triple(
        iris[subject] if isinstance(subject, BlankNode) else subject,
        predicate,
        iris[value] if isinstance(value, BlankNode) else value,
    )


def _hash(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def _names(nodes: _Nodes) -> _Names:
    downwards = _trees(nodes)
    names = _tree_names(nodes, downwards)
    if len(downwards) < len(nodes):
        steps = MAX_REFINEMENT
        seen: Counter[str] = Counter()
        for component in _components(nodes, names):
            colours, steps = _tell_apart(component, nodes, steps)
            digest = _hash(sorted(colours.values()))
            number = seen[digest]
            seen[digest] += 1
            for node, colour in colours.items():
                names[node] = _hash(("component", digest, str(number), colour))
    return names


def _trees(nodes: _Nodes) -> list[BlankNode]:
    """The nodes of all components that are trees, each node after the one that it is a part of."""
    order: list[BlankNode] = []
    roots = [node for node, about in nodes.items() if not about.parents]
    for root in roots:
        tree = [root]
        simple = True
        for node in tree:
            for _, child in nodes[node].children:
                if len(nodes[child].parents) > 1:
                    simple = False
                else:
                    tree.append(child)
        if simple:
            order.extend(tree)
    return order


def _tree_names(nodes: _Nodes, downwards: Sequence[BlankNode]) -> _Names:
    said: _Names = {}
    for node in reversed(downwards):
        about = nodes[node]
        said[node] = _hash(sorted([*about.lines, *(f"> {p} _{said[child]}" for p, child in about.children)]))
    names: _Names = {}
    seen: Counter[str] = Counter()
    for node in downwards:
        part_of = [f"{predicate} {names[parent]}" for predicate, parent in nodes[node].parents]
        name = _hash((*part_of, said[node]))
        names[node] = f"{name}-{seen[name]}" if seen[name] else name
        seen[name] += 1
    return names


def _components(nodes: _Nodes, done: _Names) -> Iterable[list[BlankNode]]:
    """The nodes that have no name yet, by what is connected."""
    seen: set[BlankNode] = set()
    for start in nodes:
        if start in done or start in seen:
            continue
        seen.add(start)
        component = [start]
        for node in component:
            for _, other in (*nodes[node].children, *nodes[node].parents):
                if other not in seen:
                    seen.add(other)
                    component.append(other)
        yield component


def _tell_apart(component: Sequence[BlankNode], nodes: _Nodes, steps: int) -> tuple[_Names, int]:
    """A colour for each node that no other node of the component has, and the steps that remain.

    Where refinement leaves nodes alike, one of them is made different and its neighbourhood follows.
    """
    colours: _Names = {node: _hash(sorted(nodes[node].lines)) for node in component}
    while True:
        colours, steps = _refine(colours, nodes, steps)
        alike = Counter(colours.values())
        if len(alike) == len(component):
            return colours, steps
        chosen = min(colour for colour, count in alike.items() if count > 1)
        node = next(node for node, colour in colours.items() if colour == chosen)
        colours[node] = _hash(("chosen", chosen))


def _refine(colours: _Names, nodes: _Nodes, steps: int) -> tuple[_Names, int]:
    """Each round a node's colour takes in those of its neighbours, until no two nodes come apart any more."""
    classes = len(set(colours.values()))
    round_ = sum(1 + len(nodes[node].children) + len(nodes[node].parents) for node in colours)
    while True:
        steps -= round_
        if steps < 0:
            message = "blank nodes that say the same cannot be told apart; give them IRIs"
            raise SyntaxProblem(message, (Place(message, "blank-nodes", help="name the nodes with IRIs"),))
        refined = {node: _hash(_seen_from(node, colours, nodes)) for node in colours}
        count = len(set(refined.values()))
        colours = refined
        if count in {classes, len(colours)}:
            return colours, steps
        classes = count


def _seen_from(node: BlankNode, colours: _Names, nodes: _Nodes) -> list[str]:
    about: Any = nodes[node]
    return [
        colours[node],
        *sorted(
            [
                *(f"> {predicate} {colours[child]}" for predicate, child in about.children),
                *(f"< {predicate} {colours[parent]}" for predicate, parent in about.parents),
            ]
        ),
    ]
