"""From a policy instrument: the facilities that it fits, as far as the graph says.

Each criterion is met, not met, or unknown with the question to ask. Where the instrument names no capability or kind of
service, what it pays for is unknown. What it asks of the firm is listed apart: it depends on who asks.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from graph.iris import INFRA
from graph.match.directions.abilities import Abilities
from graph.match.evaluation import BEST_FIRST, Verdict, all_of, judge_codes
from graph.match.scheme import ACCESS, CAPABILITY, SECTOR, SERVICE
from graph.match.support import has_ended
from graph.match.view import View, node_of, statement

_ACCEPTED: Final = INFRA["acceptedValue"]
_SENTENCES: Final = {
    Verdict.MET: "direction-scheme-met",
    Verdict.NOT_MET: "direction-scheme-absent",
    Verdict.UNKNOWN: "direction-scheme-unknown",
}
_CRITERIA: Final = {CAPABILITY: "capability", SERVICE: "service", ACCESS: "access", SECTOR: "sector"}


@dataclass(frozen=True)
class Demanded:
    """What an instrument asks of facilities in one code list: one of these codes, with the statements that say so."""

    scheme: NamedNode
    values: tuple[NamedNode, ...]
    evidence: tuple[dict[str, str], ...]


@dataclass(frozen=True)
class Terms:
    """What a policy instrument says: where it holds, until when, what it asks of facilities, and of firms."""

    regions: tuple[NamedNode, ...]
    demanded: tuple[Demanded, ...]
    of_firms: tuple[tuple[str, str], ...]
    end: str | None


@dataclass(frozen=True)
class Judged:
    """A criterion judged for a facility; ``stated`` is what the facility states of it."""

    criterion: str
    verdict: Verdict
    asked: Demanded | None = None
    stated: tuple[NamedNode, ...] = ()


def fitting_facilities(instrument: NamedNode, view: View, limit: int) -> dict[str, Any]:
    """The facilities that an instrument fits, those first of which most is known.

    Considered are the facilities in its regions and, elsewhere, those that cover a capability it names. Those that do
    not meet a criterion are counted only. ``total`` says how many fit or may fit; ``limit`` how many are shown.
    """
    terms = _terms(instrument, view)
    inside = {
        node_of(row, "facility")[0] for row in view.rows_of("directions-within", "region", terms.regions)
    }
    named = [value for one in terms.demanded if one.scheme == CAPABILITY for value in one.values]
    covering = {
        node_of(row, "facility")[0] for row in view.rows_of("directions-covering", "capability", named)
    }
    candidates = sorted(inside | covering, key=lambda node: node.value)
    offers = _offers(candidates, view)
    judged = {facility: _judge(terms, facility in inside, offers[facility], view) for facility in candidates}
    counts = Counter(_whole(several) for several in judged.values())
    fits = [facility for facility in candidates if _whole(judged[facility]) != Verdict.NOT_MET]
    fits.sort(key=lambda facility: _rank(judged[facility], facility))
    shown = fits[:limit]
    view.learn(
        {
            instrument,
            *terms.regions,
            *shown,
            *(value for one in terms.demanded for value in one.values),
            *(value for facility in shown for one in judged[facility] for value in one.stated),
        }
    )
    abilities, said = Abilities.read(shown, view), _statements(shown, view)
    return {
        "instrument": view.entity(instrument),
        "regions": [view.concept(region) for region in terms.regions],
        "open": _open(terms.end, view),
        "firm": [
            {
                "condition": concept,
                "text": text,
                "verdict": Verdict.UNKNOWN.value,
                "question": view.reasons.sentence("question", view.language, condition=text),
            }
            for concept, text in terms.of_firms
        ],
        "total": len(fits),
        "counts": {
            "met": counts[Verdict.MET],
            "unknown": counts[Verdict.UNKNOWN],
            "not_met": counts[Verdict.NOT_MET],
        },
        "facilities": [
            {
                **view.entity(facility),
                "verdict": _whole(judged[facility]).value,
                "criteria": [
                    _told(one, facility, terms, abilities, said[facility], view) for one in judged[facility]
                ],
            }
            for facility in shown
        ],
    }


def _terms(instrument: NamedNode, view: View) -> Terms:
    regions: set[NamedNode] = set()
    funded: dict[NamedNode, list[dict[str, str]]] = defaultdict(list)
    end: str | None = None
    for row in view.rows("directions-instrument", instrument=[instrument]):
        region, capability, until = row.get("region"), row.get("capability"), row.get("end")
        (graph,) = node_of(row, "graph")
        if isinstance(region, NamedNode):
            regions.add(region)
        elif isinstance(capability, NamedNode):
            funded[capability].append(statement(instrument, INFRA["capability"], capability, graph))
        elif isinstance(until, Literal) and until.value:
            end = max(end or "", until.value)
    accepted: dict[NamedNode, dict[NamedNode, list[dict[str, str]]]] = defaultdict(lambda: defaultdict(list))
    texts: dict[NamedNode, tuple[str, str]] = {}
    for row in view.rows("directions-condition", instrument=[instrument]):
        condition, concept = node_of(row, "condition", "concept")
        text = row["text"]
        written = text.value if isinstance(text, Literal) else ""
        texts[condition] = (
            concept.value.rsplit("/", 1)[-1],
            min(written, texts.get(condition, ("", written))[1]),
        )
        value, held = row.get("accepted"), row.get("graph")
        if isinstance(value, NamedNode) and isinstance(held, NamedNode):
            accepted[condition][value].append(statement(condition, _ACCEPTED, value, held))
    demanded = [_demanded(CAPABILITY, funded)] if funded else []
    of_firms = []
    for condition in sorted(texts, key=lambda node: (texts[node], node.value)):
        schemes = {_scheme_of(value, view) for value in accepted[condition]}
        for scheme in sorted(schemes - {None}, key=str):
            within = {v: e for v, e in accepted[condition].items() if _scheme_of(v, view) == scheme}
            demanded.append(_demanded(scheme, within))  # type: ignore[arg-type]  # None was taken out
        if not schemes - {None}:
            of_firms.append(texts[condition])
    return Terms(tuple(sorted(regions, key=lambda node: node.value)), tuple(demanded), tuple(of_firms), end)


def _demanded(scheme: NamedNode, values: dict[NamedNode, list[dict[str, str]]]) -> Demanded:
    ordered = sorted(values, key=lambda node: node.value)
    return Demanded(scheme, tuple(ordered), tuple(one for value in ordered for one in values[value]))


def _scheme_of(value: NamedNode, view: View) -> NamedNode | None:
    """The code list of what facilities offer that holds a value; none for what is asked of a firm."""
    return next((scheme for scheme in _CRITERIA if value in view.scheme.in_scheme.get(scheme, ())), None)


_Offer = dict[NamedNode, set[NamedNode]]


def _offers(facilities: Iterable[NamedNode], view: View) -> dict[NamedNode, _Offer]:
    """What facilities state, by code list."""
    offers: dict[NamedNode, _Offer] = defaultdict(lambda: defaultdict(set))
    for row in view.rows_of("directions-offer", "facility", facilities):
        facility, scheme, value = node_of(row, "facility", "kind", "value")
        offers[facility][scheme].add(value)
    return offers


def _judge(terms: Terms, is_inside: bool, offer: _Offer, view: View) -> list[Judged]:
    judged = [Judged("region", Verdict.MET if is_inside else Verdict.UNKNOWN)]
    for asked in terms.demanded:
        stated = offer[asked.scheme]
        supported = judge_codes(frozenset(asked.values), stated, view.scheme.ancestors)
        shown = supported.values
        if supported.verdict is Verdict.NOT_MET:
            shown = tuple(sorted(stated, key=lambda node: node.value))
        judged.append(Judged(_CRITERIA[asked.scheme], supported.verdict, asked, shown))
    if not any(asked.scheme in {CAPABILITY, SERVICE} for asked in terms.demanded):
        judged.append(Judged("funds", Verdict.UNKNOWN))
    return judged


def _whole(judged: Sequence[Judged]) -> Verdict:
    """Whether an instrument fits a facility all in all."""
    return all_of(one.verdict for one in judged)


def _rank(judged: Sequence[Judged], facility: NamedNode) -> tuple[int, int, str]:
    return BEST_FIRST[_whole(judged)], -sum(one.verdict == Verdict.MET for one in judged), facility.value


def _statements(facilities: Sequence[NamedNode], view: View) -> dict[NamedNode, list[dict[str, str]]]:
    """What facilities, their services and offers of access state, and in which region they are."""
    found: dict[NamedNode, list[dict[str, str]]] = defaultdict(list)
    for row in view.rows_of("directions-offer-statement", "facility", facilities):
        facility, *said = node_of(row, "facility", "subject", "property", "value", "graph")
        found[facility].append(statement(*said))
    for several in found.values():
        several.sort(key=lambda one: (one["p"], one["o"], one["s"], one["graph"]))
    return found


def _told(
    one: Judged,
    facility: NamedNode,
    terms: Terms,
    abilities: Abilities,
    said: Sequence[dict[str, str]],
    view: View,
) -> dict[str, Any]:
    """A criterion in words: a reason where it is decided, a question where it is not."""
    own: list[dict[str, str]] = []
    if one.criterion == "region":
        where = ", ".join(view.name(region) for region in terms.regions)
        code = "direction-scheme-inside" if one.verdict == Verdict.MET else "direction-scheme-outside"
        sentence = view.say(code, region=where) if where else view.say("direction-scheme-nowhere")
        own = [e for e in said if e["p"] == INFRA["inRegion"].value]
    elif one.asked is None:
        sentence = view.say("direction-scheme-funds")
    else:
        asked = ", ".join(view.name(value) for value in one.asked.values)
        stated = ", ".join(view.name(value) for value in one.stated)
        sentence = view.say(
            _SENTENCES[one.verdict],
            asked=asked,
            **({"stated": stated} if one.verdict != Verdict.UNKNOWN else {}),
        )
        values = {value.value for value in one.stated}
        own = [e for e in said if e["o"] in values]
        if one.asked.scheme == CAPABILITY and one.verdict == Verdict.MET:
            own = [e for value in one.asked.values for e in abilities.evidence(facility, value)]
    is_open = one.verdict == Verdict.UNKNOWN
    return {
        "criterion": one.criterion,
        "verdict": one.verdict.value,
        "reason": None if is_open else sentence,
        "question": sentence if is_open else None,
        "evidence": [*(one.asked.evidence if one.asked else ()), *own],
    }


def _open(end: str | None, view: View) -> dict[str, Any]:
    """Whether the instrument still runs: by the year in which it ends, where that is stated."""
    is_past = has_ended(end)
    if is_past is None:
        return {
            "verdict": Verdict.UNKNOWN.value,
            "reason": None,
            "question": view.say("direction-scheme-until"),
        }
    code = "direction-scheme-ended" if is_past else "direction-scheme-open"
    return {
        "verdict": (Verdict.NOT_MET if is_past else Verdict.MET).value,
        "reason": view.say(code, end=str(end)),
        "question": None,
    }
