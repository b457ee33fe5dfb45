"""The answer to a need: details of what is shown, and the whole as the contract gives it."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode

from graph.iris import CODELIST
from graph.match.candidates import Best
from graph.match.criteria import Judgement, Verdict, Wish
from graph.match.knowledge import Knowledge
from graph.match.linking import Link, Understood
from graph.match.need import Need
from graph.match.reasons import Reasons
from graph.match.scheme import ACCESS, CAPABILITY, SECTOR, SERVICE
from graph.match.stated import stated
from graph.match.support import Support
from graph.store.answers import Term
from graph.store.catalogue import QueryCatalogue
from graph.store.protocol import Reader

_GOOD = 0.8
"""A grade from which on a facility counts as covering a part of a need."""

_KINDS = {CAPABILITY: "capabilities", SERVICE: "services", SECTOR: "sectors", ACCESS: "accessModes"}
"""The member of a need that takes the codes of a scheme."""

_PLANNED = CODELIST["equipment-status/planned"]


@dataclass(frozen=True)
class Result:
    """A facility that answers a need."""

    facility: NamedNode
    score: float
    judgements: tuple[Judgement, ...]
    facts: dict[str, Any]


def details(facilities: Sequence[NamedNode], reader: Reader, queries: QueryCatalogue) -> dict[NamedNode, Any]:
    """Names, places and evidence statements of the facilities shown."""
    found: dict[NamedNode, dict[str, Any]] = {
        facility: {"titles": {}, "region": None, "country": None, "city": None, "evidence": []}
        for facility in facilities
    }
    if not facilities:
        return {}
    for row in reader.select(queries["match-describe"].bind(facility=facilities)).dicts():
        one = found[row["facility"]]  # type: ignore[index]
        title = row.get("title")
        if isinstance(title, Literal):
            one["titles"][title.language or "en"] = title.value
        for name in ("region", "country", "city"):
            value = row.get(name)
            if isinstance(value, NamedNode | Literal):
                one[name] = value.value.rsplit("/", 1)[-1]
    about: list[tuple[NamedNode, NamedNode]] = [(facility, facility) for facility in facilities]
    for facility, part, status in reader.select(queries["match-parts"].bind(facility=facilities)).rows:
        if isinstance(facility, NamedNode) and isinstance(part, NamedNode) and status != _PLANNED:
            about.append((facility, part))
    for row in reader.select(queries["match-evidence"].bind(about=about)).dicts():
        fact, value = row["fact"], row["value"]
        found[row["facility"]]["evidence"].append(  # type: ignore[index]
            {
                "fact": _text(fact),
                "s": _text(row["subject"]),
                "p": _text(row["property"]),
                "o": _text(value),
                "graph": _text(row["graph"]),
            }
        )
    for one in found.values():
        one["evidence"].sort(key=lambda e: (e["fact"], e["s"], e["o"]))
    return found


def practices(
    facilities: Sequence[NamedNode], reader: Reader, queries: QueryCatalogue
) -> dict[str, list[tuple[str, Mapping[str, str]]]]:
    """Good practices by facility: IRI and titles by language."""
    titles: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    if facilities:
        for row in reader.select(queries["match-practices"].bind(facility=facilities)).dicts():
            title = row["title"]
            if isinstance(title, Literal):
                key = _text(row["facility"]), _text(row["practice"])
                titles[key][title.language or "en"] = title.value
    by_facility: dict[str, list[tuple[str, Mapping[str, str]]]] = defaultdict(list)
    for (facility, practice), names in sorted(titles.items()):
        by_facility[facility].append((practice, names))
    return by_facility


def compose(
    *,
    need: Need,
    wish: Wish,
    understood: Understood,
    found: Best,
    total: int,
    results: Sequence[Result],
    support: Sequence[Support],
    practices: Mapping[str, Sequence[tuple[str, Mapping[str, str]]]],
    lost: tuple[float, int] | None,
    known: Knowledge,
    reasons: Reasons,
    language: str,
) -> dict[str, Any]:
    """Put the answer together as JSON data."""
    supports = [_support(one) for one in support]
    return {
        "run": {
            "id": _run_id(need, known.revision),
            "revision": known.revision,
            "query": "/queries/match-candidates",
            "language": language,
        },
        "understood": {
            **_understood(understood, known, language),
            **stated(understood, need, wish.place is not None),
        },
        "total": total,
        "results": [
            _result(result, practices.get(result.facility.value, ()), supports, known, reasons, language)
            for result in results
        ],
        "coverage": _coverage(wish, found, known),
        "bundle": _bundle(wish, results),
        "relaxations": _relaxations(need, lost, reasons, language),
    }


def _run_id(need: Need, revision: int) -> str:
    """The same need on the same revision has the same id; nothing of the need can be read from it."""
    text = json.dumps(need.model_dump(mode="json", exclude_defaults=True), sort_keys=True)
    return hashlib.sha256(f"{revision} {text}".encode()).hexdigest()[:20]


def _understood(understood: Understood, known: Knowledge, language: str) -> dict[str, Any]:
    def listed(links: Sequence[Link]) -> list[dict[str, Any]]:
        return [
            {
                "concept": link.concept.value,
                "notation": known.scheme.notations.get(link.concept, ""),
                "label": known.lexicon.label(link.concept, language),
                "because": link.because,
                "confidence": link.confidence,
            }
            for link in links
        ]

    abilities = understood.of(CAPABILITY)
    return {
        "language": understood.language,
        "capabilities": listed([x for x in abilities if not known.scheme.is_material(x.concept)]),
        "materials": listed([x for x in abilities if known.scheme.is_material(x.concept)]),
        "services": listed(understood.of(SERVICE)),
        "sectors": listed(understood.of(SECTOR)),
        "accessModes": listed(understood.of(ACCESS)),
        "excluded": [
            {"kind": _KINDS[link.scheme], **one}
            for link, one in zip(understood.excluded, listed(understood.excluded), strict=True)
        ],
        "not_understood": list(understood.not_understood),
    }


def _result(
    result: Result,
    practices: Sequence[tuple[str, Mapping[str, str]]],
    supports: list[dict[str, Any]],
    known: Knowledge,
    reasons: Reasons,
    language: str,
) -> dict[str, Any]:
    facts = result.facts
    distance = next((j.values["km"] for j in result.judgements if "km" in j.values), None)
    return {
        "facility": result.facility.value,
        "label": _best_text(facts["titles"], language),
        "region": facts["region"],
        "country": facts["country"],
        "city": facts["city"],
        "score": round(result.score, 4),
        "distance_km": None if distance is None else float(distance),
        "criteria": [_criterion(j, facts["evidence"], known, reasons, language) for j in result.judgements],
        "support": supports,
        "practices": [
            {
                "practice": practice,
                "label": _best_text(titles, language),
                "reason": reasons.sentence(
                    "practice", language, facility=_best_text(facts["titles"], language)
                ),
            }
            for practice, titles in practices
        ],
    }


def _criterion(
    judgement: Judgement,
    evidence: Sequence[Mapping[str, str]],
    known: Knowledge,
    reasons: Reasons,
    language: str,
) -> dict[str, Any]:
    wanted = set(judgement.evidence)
    facts = {fact for fact, _ in wanted}
    statements = [
        {key: statement[key] for key in ("s", "p", "o", "graph")}
        for statement in evidence
        if (fact := statement["fact"]) in facts
        and (fact in {"point", "country"} or (fact, statement["o"]) in wanted)
    ]
    values = {
        name: known.lexicon.label(NamedNode(value), language) if value.startswith("http") else value
        for name, value in judgement.values.items()
    }
    if judgement.part is not None:
        values["wanted"] = known.lexicon.label(judgement.part, language)
    written = {
        "criterion": judgement.criterion,
        "verdict": judgement.verdict.value,
        "score": round(judgement.score, 4),
        "weight": round(judgement.weight, 4),
        "reason": reasons.sentence(judgement.code, language, **values),
        "evidence": statements,
    }
    if judgement.part is not None:
        written["part"] = known.scheme.notations.get(judgement.part, judgement.part.value)
    return written


def _support(support: Support) -> dict[str, Any]:
    return {
        "instrument": support.instrument.value,
        "label": support.label,
        "verdict": support.verdict.value,
        "conditions": [
            {
                "condition": c.condition,
                "text": c.text,
                "verdict": c.verdict.value,
                **({"question": c.question} if c.question else {}),
            }
            for c in support.conditions
        ],
    }


def _coverage(wish: Wish, found: Best, known: Knowledge) -> list[dict[str, Any]]:
    return [
        {
            "part": known.scheme.notations.get(part.capability, part.capability.value),
            "met_by": sum(grades.get(part.key, 0.0) >= _GOOD for grades in found.values()),
        }
        for part in wish.parts
    ]


def _bundle(wish: Wish, results: Sequence[Result]) -> list[dict[str, Any]]:
    """Where no result covers all parts, a small set that covers all that can be covered (greedy set cover)."""
    covers = [
        (result, {j.part for j in result.judgements if j.part is not None and j.verdict is Verdict.MET})
        for result in results
    ]
    reachable: set[NamedNode] = set().union(*(parts for _, parts in covers))
    if len(wish.parts) < 2 or any(parts == reachable for _, parts in covers):
        return []
    bundle = []
    while reachable:
        best, parts = max(covers, key=lambda one: (len(one[1] & reachable), one[0].score))
        gained = sorted(part.value.rsplit("/", 1)[-1] for part in parts & reachable)
        bundle.append({"facility": best.facility.value, "covers": gained})
        reachable -= parts
    return bundle


def _relaxations(
    need: Need, lost: tuple[float, int] | None, reasons: Reasons, language: str
) -> list[dict[str, Any]]:
    if lost is None:
        return []
    km, gains = lost
    text = reasons.sentence("relax-distance", language, km=f"{km:.0f}", gains=str(gains))
    return [{"change": {"maxDistanceKm": [need.maxDistanceKm, km]}, "gains": gains, "text": text}]


def _best_text(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


def _text(term: Term) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else str(term)
