"""Which old value became which new one, and which old part which new one.

Parts are paired by what they share, rare statements first; values in several by their letters. The work is bounded by
groups: what very many have in common tells nothing apart, and long lists of values are not compared one by one.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeVar

from pyoxigraph import Literal, NamedNode
from rapidfuzz import fuzz

from graph.contribute.changes.parts import Part, Path, Statement, Term
from graph.iris import GENID, RDF

MAX_PAIRS: Final = 400
"""Comparisons within one group of values or parts."""

MAX_LETTERS: Final = 500
"""Letters of a text that count when texts are compared."""

ALIKE: Final = 70.0
"""How alike two texts of a list are, of 100, for one to be the other changed."""

_TYPE = RDF["type"]
_Item = TypeVar("_Item")


def paired_values(old: Collection[Term], new: Collection[Term]) -> Iterator[tuple[Term | None, Term | None]]:
    """Old and new values of one property that differ, as pairs; ``None`` where there is no counterpart.

    Two values are one that changed where there is one on each side (of their language), else where their texts are
    most alike. In a list of several, codes and entities are no texts: one goes, another comes.
    """
    if not (old and new):
        yield from ((value, None) for value in old)
        yield from ((None, value) for value in new)
        return
    known = set(old) & set(new)
    gone = _in_order(value for value in old if value not in known)
    come = _in_order(value for value in new if value not in known)
    if not (gone or come):
        return
    gone, come = _without_unnamed(gone, come)
    if len(old) == len(new) == 1 and gone and come:
        yield gone[0], come[0]
        return
    olds, news = _by_kind(gone), _by_kind(come)
    counts = Counter(_kind(value) for value in old), Counter(_kind(value) for value in new)
    for kind in sorted({*olds, *news}):
        left, right = olds.get(kind, []), news.get(kind, [])
        if left and right and counts[0][kind] == counts[1][kind] == 1:
            yield left[0], right[0]
            continue
        pairs = [] if kind == _NODE else _alike([str(v) for v in left], [str(v) for v in right])
        yield from _with_rest(left, right, pairs)


def paired_parts(old: Sequence[Part], new: Sequence[Part]) -> Iterator[tuple[Part | None, Part | None]]:
    """Old and new parts under one property as pairs; ``None`` where there is no counterpart."""
    if not (old and new):
        yield from ((part, None) for part in old)
        yield from ((None, part) for part in new)
        return
    left, right, pairs = _same(old, new, lambda part: part.iri)
    yield from pairs
    left, right, pairs = _same(left, right, lambda part: part.said)
    yield from pairs
    left.sort(key=_text)
    right.sort(key=_text)
    left, right, pairs = _taken(left, right, _by_shared(left, right))
    yield from pairs
    left, right, pairs = _taken(left, right, _by_form(left, right))
    yield from pairs
    yield from _with_rest(left, right, [(0, 0)] if _both_alone(left, right) else [])


_NODE = "node"


def _kind(value: Term) -> str:
    if not isinstance(value, Literal):
        return _NODE
    return f"text {value.language or ''}"


def _by_kind(values: Iterable[Term]) -> Mapping[str, list[Term]]:
    kinds: dict[str, list[Term]] = defaultdict(list)
    for value in values:
        kinds[_kind(value)].append(value)
    return kinds


def _in_order(values: Iterable[Term]) -> list[Term]:
    return sorted(values, key=str)


def _without_unnamed(gone: list[Term], come: list[Term]) -> tuple[list[Term], list[Term]]:
    """Nodes whose names follow from their content are no news where one takes the place of another."""
    counts = Counter(map(_unnamed, gone))[True], Counter(map(_unnamed, come))[True]
    drop = min(counts)
    return _drop_unnamed(gone, drop), _drop_unnamed(come, drop)


def _unnamed(value: Term) -> bool:
    return isinstance(value, NamedNode) and value.value in GENID


def _drop_unnamed(values: list[Term], number: int) -> list[Term]:
    kept = []
    for value in values:
        if number and _unnamed(value):
            number -= 1
        else:
            kept.append(value)
    return kept


def _alike(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Indexes of the most alike texts, each at most once."""
    if len(old) * len(new) > MAX_PAIRS:
        return []
    scores = [
        (fuzz.ratio(a[:MAX_LETTERS], b[:MAX_LETTERS], score_cutoff=ALIKE), i, j)
        for i, a in enumerate(old)
        for j, b in enumerate(new)
    ]
    return _greedy((-score, i, j) for score, i, j in scores if score)


def _greedy(ranked: Iterable[tuple[float, int, int]]) -> list[tuple[int, int]]:
    """The pairs with the lowest ranks in which each index stands once."""
    olds: set[int] = set()
    news: set[int] = set()
    pairs = []
    for _, i, j in sorted(ranked):
        if i not in olds and j not in news:
            olds.add(i)
            news.add(j)
            pairs.append((i, j))
    return pairs


def _with_rest(
    old: Sequence[_Item], new: Sequence[_Item], pairs: Sequence[tuple[int, int]]
) -> Iterator[tuple[_Item | None, _Item | None]]:
    for i, j in pairs:
        yield old[i], new[j]
    olds, news = {i for i, _ in pairs}, {j for _, j in pairs}
    yield from ((item, None) for i, item in enumerate(old) if i not in olds)
    yield from ((None, item) for j, item in enumerate(new) if j not in news)


def _same(
    old: Sequence[Part], new: Sequence[Part], key: Callable[[Part], Hashable]
) -> tuple[list[Part], list[Part], list[tuple[Part, Part]]]:
    """The parts without a counterpart of the same key, and the pairs with one."""
    waiting: dict[Hashable, list[Part]] = defaultdict(list)
    for part in reversed(old):
        waiting[key(part)].append(part)
    pairs: list[tuple[Part, Part]] = []
    rest = []
    for part in new:
        same = waiting.get(key(part))
        if same:
            pairs.append((same.pop(), part))
        else:
            rest.append(part)
    return [part for parts in waiting.values() for part in parts], rest, pairs


def _by_shared(old: Sequence[Part], new: Sequence[Part]) -> list[tuple[int, int]]:
    """Indexes of parts that share most; a statement counts the more the fewer make it, and what kind it is not."""
    holders: dict[Statement, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, parts in enumerate((old, new)):
        for number, part in enumerate(parts):
            for statement in part.said:
                if statement.path[-1] != _TYPE:
                    holders[statement][side].append(number)
    weights: Counter[tuple[int, int]] = Counter()
    for olds, news in holders.values():
        pairs = len(olds) * len(news)
        if 0 < pairs <= MAX_PAIRS:
            weights.update({(i, j): _WEIGHT // pairs for i in olds for j in news})
    compared = len(weights) <= MAX_PAIRS
    ranked = []
    for (i, j), weight in weights.items():
        alike = fuzz.ratio(_text(old[i]), _text(new[j])) / 100 if compared else 0.0
        ranked.append((-weight - alike, i, j))
    return _greedy(ranked)


_WEIGHT = 1_000_000


def _by_form(old: Sequence[Part], new: Sequence[Part]) -> list[tuple[int, int]]:
    """Indexes of parts that share no value, where one before and one now states just these properties."""
    olds, news = ([_form(part) for part in parts] for parts in (old, new))
    counts = Counter(olds), Counter(news)
    places = {form: number for number, form in enumerate(news)}
    return [(i, places[form]) for i, form in enumerate(olds) if counts[0][form] == counts[1][form] == 1]


def _both_alone(old: Sequence[Part], new: Sequence[Part]) -> bool:
    """Whether one is left on each side, and they have a property in common."""
    return len(old) == len(new) == 1 and bool(_form(old[0]) & _form(new[0]))


def _form(part: Part) -> frozenset[Path]:
    """The properties that a part states, without its kind."""
    return frozenset(statement.path for statement in part.said if statement.path[-1] != _TYPE)


def _taken(
    old: Sequence[Part], new: Sequence[Part], indexes: Sequence[tuple[int, int]]
) -> tuple[list[Part], list[Part], list[tuple[Part, Part]]]:
    """What remains on each side, and the pairs."""
    olds, news = {i for i, _ in indexes}, {j for _, j in indexes}
    return (
        [part for i, part in enumerate(old) if i not in olds],
        [part for j, part in enumerate(new) if j not in news],
        [(old[i], new[j]) for i, j in indexes],
    )


def _text(part: Part) -> str:
    """What a part says, shortened, to compare and to sort by; its name does not count, for it follows from that."""
    text = ""
    for statement in part.statements:
        if len(text) >= MAX_LETTERS:
            break
        text += f"{statement.path[-1].value} {str(statement.value)[:MAX_LETTERS]}\n"
    return text[:MAX_LETTERS]
