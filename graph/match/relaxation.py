"""Relaxations: the smallest changes of a need's hard conditions that bring more facilities in.

Each facility that is out fails some of the hard conditions. Those that fail the fewest are nearest to being in; what
would let them in is offered, with how many facilities it gains: the shortest longer distance, the nearest readiness
levels, the one more country, service or mode of access that gains most, or to weigh a condition, not require it.
"""

import itertools
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from pyoxigraph import NamedNode

from graph.match import service_languages
from graph.match.candidates import Ranked, rank
from graph.match.criteria import ESSENTIAL, REQUIREMENT, WISHED, Facts, Wish, is_out, levels
from graph.match.question import Candidates, Question, answers

STEP_KM: Final = 10
"""Longer distances are offered in steps of so many kilometres."""
_COUNTRY = 2
"""The length of a country's code."""
_MOST = 6
_MOST_PROPOSALS = 200
"""So many changes at most are tried for one facility, and of one size."""
_CODES = {member: WISHED[name] for member, name in REQUIREMENT.items() if name in WISHED}
"""The field of a wish that holds the codes of a member of a need."""

Change = Mapping[str, tuple[Any, Any]]
"""Members of a need, each from what to what, in the form in which a need has them."""


@dataclass(frozen=True)
class Relaxation:
    """What to change in a need, and how many more results there are with it."""

    change: Change
    gains: int


@dataclass(frozen=True)
class _Proposal:
    """A wish with hard conditions relaxed, what that changes, and how far it goes: the least is best."""

    wish: Wish
    change: Change
    cost: tuple[float, ...]


def relaxations(question: Question, candidates: Candidates) -> list[Relaxation]:
    """The smallest changes that gain results, those that gain most first; none where nothing is required."""
    wish, scheme = question.wish, question.known.scheme
    if not wish.required:
        return []
    soft = replace(wish, required=frozenset())
    out: dict[frozenset[str], list[Ranked]] = defaultdict(list)
    for one in answers(rank(soft, candidates.found, candidates.facts, scheme)):
        if failed := failures(question, one):
            out[failed].append(one)
    fewest = min((len(failed) for failed in out), default=0)
    tried = [_best(question, candidates, failed, out[failed]) for failed in out if len(failed) == fewest]
    best = [one for one in tried if one is not None]
    best.sort(key=lambda one: (-one.gains, sorted(one.change)))
    return best[:_MOST]


def let_in(question: Question, candidates: Candidates, one: Ranked) -> Relaxation | None:
    """The smallest change of the need that lets a facility in; ``None`` where it fails no hard condition."""
    failed = failures(question, one)
    return _best(question, candidates, failed, [one]) if failed else None


def failures(question: Question, one: Ranked) -> frozenset[str]:
    """The hard conditions of a need that a facility does not meet."""
    return frozenset(m for m in question.wish.required if is_out(one.judgements, frozenset({m})))


def _best(
    question: Question, candidates: Candidates, failed: frozenset[str], out: Sequence[Ranked]
) -> Relaxation | None:
    """The smallest change of the failed members that gains anything; of equal ones that which gains most."""
    proposals: dict[tuple[float, ...], dict[str, _Proposal]] = defaultdict(dict)
    for one in out:
        for proposal in _proposals(question, candidates, failed, one):
            proposals[proposal.cost][str(proposal.change)] = proposal
    found = (
        candidates.found if "trl" in failed else {one.facility: candidates.found[one.facility] for one in out}
    )
    scheme = question.known.scheme

    def number(wish: Wish) -> int:
        return len(answers(rank(wish, found, candidates.facts, scheme)))

    before = number(question.wish)  # other levels may also put out what is in
    for cost in sorted(proposals):
        counted = [
            (number(one.wish) - before, text)
            for text, one in itertools.islice(sorted(proposals[cost].items()), _MOST_PROPOSALS)
        ]
        gains, text = max(counted, key=lambda one: one[0])
        if gains > 0:
            return Relaxation(proposals[cost][text].change, gains)
    return None


def _proposals(
    question: Question, candidates: Candidates, failed: frozenset[str], one: Ranked
) -> Iterator[_Proposal]:
    """The changes that let a facility in, one for each choice of codes."""
    choices = [list(_changes(question, candidates, member, one)) for member in sorted(failed)]
    for chosen in itertools.islice(itertools.product(*choices), _MOST_PROPOSALS):
        wish = question.wish
        for fields, _, _ in chosen:
            wish = replace(wish, **fields)
        soft = frozenset(m for m, (_, _, cost) in zip(sorted(failed), chosen, strict=True) if cost is None)
        wish = replace(wish, required=wish.required - soft)
        change = {
            "required" if cost is None else member: values
            for member, (_, values, cost) in zip(sorted(failed), chosen, strict=True)
        }
        if ESSENTIAL in change:  # what is no condition any more is asked for like the rest
            were, left = change[ESSENTIAL]
            asked = question.need.capabilities
            change["capabilities"] = (
                asked,
                [*asked, *(code for code in were if code not in [*left, *asked])],
            )
        yield _Proposal(wish, change, tuple(cost or 0.0 for _, _, cost in chosen))


_Changed = tuple[Mapping[str, Any], tuple[Any, Any], float | None]
"""Fields of the wish, the member from what to what, and how far that goes; ``None`` where it is no longer required."""


def _changes(question: Question, candidates: Candidates, member: str, one: Ranked) -> Iterable[_Changed]:
    """The changes of one member that a facility would meet."""
    wish, facts = question.wish, candidates.facts.get(one.facility, {})
    if member == "maxDistanceKm":
        km = next(j.km for j in one.judgements if j.km is not None)
        longer = float(math.ceil(km / STEP_KM) * STEP_KM)
        yield {"max_km": longer}, (wish.max_km, longer), longer
    elif member == "trl" and wish.trl is not None:
        now, target = wish.trl[0] or wish.trl[1] or 1, wish.trl[1] or wish.trl[0] or 1
        nearer = _nearer(now, target, levels(facts))
        before = {name: level for name, level in zip(("now", "target"), wish.trl, strict=True) if level}
        after = {"now": nearer[0], "target": nearer[1]}
        yield {"trl": nearer}, (before, after), float(abs(nearer[0] - now) + abs(nearer[1] - target))
    elif member in _CODES:
        wanted: frozenset[NamedNode] = getattr(wish, _CODES[member])
        written = {code: _written(code, question) for code in wanted | _codes(member, facts, question)}
        before_codes = sorted(written[code] for code in wanted)
        for code in sorted(written.keys() - wanted, key=str):
            yield {_CODES[member]: wanted | {code}}, (before_codes, [*before_codes, written[code]]), 0.0
    elif member == ESSENTIAL:
        failing = {j.part for j in one.judgements if is_out([j], frozenset({ESSENTIAL}))}
        parts = tuple(
            replace(part, is_essential=part.is_essential and part.capability not in failing)
            for part in wish.parts
        )
        was, left = (
            sorted(question.known.scheme.notation(part.capability) for part in some if part.is_essential)
            for some in (wish.parts, parts)
        )
        yield {"parts": parts}, (was, left), float(len(failing))
    else:
        hard = sorted(wish.required - {ESSENTIAL})
        yield {}, (hard, [name for name in hard if name != member]), None


def _nearer(now: int, target: int, supported: tuple[int, int]) -> tuple[int, int]:
    """The readiness levels nearest to those asked for that a facility supports."""
    low, high = supported
    start, end = max(now, low - 1), min(target, high)
    if start <= end:
        return start, end
    return (end, end) if end < target else (start, start)


def _codes(member: str, facts: Facts, question: Question) -> set[NamedNode]:
    """The codes that a facility states for a member of a need."""
    stated = {value for value in facts.get(REQUIREMENT[member], ()) if isinstance(value, NamedNode)}
    if member == "countries":
        return {code for code in stated if len(_written(code, question)) == _COUNTRY}
    return stated


def _written(code: NamedNode, question: Question) -> str:
    """A code as a need has it."""
    return service_languages.code_of(code) or question.known.scheme.notation(code)
