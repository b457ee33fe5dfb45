"""The answer to a need: details of what is shown, and the whole as the contract gives it."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode

from graph.iris import CODELIST
from graph.match.bundle import Bundled
from graph.match.candidates import Best
from graph.match.criteria import TEXT, Judgement, Score, Wish
from graph.match.knowledge import Knowledge
from graph.match.linking import Link, Understood
from graph.match.need import Need
from graph.match.question import Candidates, Question
from graph.match.reasons import Reasons
from graph.match.records import said_in
from graph.match.relaxation import Relaxation
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
    score: Score
    judgements: tuple[Judgement, ...]
    facts: dict[str, Any]


def details(
    facilities: Sequence[NamedNode], reader: Reader, queries: QueryCatalogue, words: Sequence[str] = ()
) -> dict[NamedNode, Any]:
    """Names, places and evidence statements of the facilities shown, and which of the words their records have."""
    found: dict[NamedNode, dict[str, Any]] = {
        facility: {"titles": {}, "region": None, "country": None, "city": None, "evidence": [], "words": []}
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
    if words:
        wording = reader.select(queries["match-wording"].bind(facility=facilities))
        for facility, subject, predicate, text, graph in wording.rows:
            if isinstance(facility, NamedNode) and isinstance(text, Literal):
                said = said_in(text.value, words)
                one = found[facility]
                one["words"] += [word for word in said if word not in one["words"]]
                if said:
                    terms = zip(("s", "p", "o", "graph"), (subject, predicate, text, graph), strict=True)
                    one["evidence"].append({"fact": "text", **{key: _text(term) for key, term in terms}})
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
    question: Question,
    candidates: Candidates,
    total: int,
    results: Sequence[Result],
    support: Sequence[Support],
    practices: Mapping[str, Sequence[tuple[str, Mapping[str, str]]]],
    relaxations: Sequence[Relaxation],
    bundle: Sequence[Bundled],
    reasons: Reasons,
) -> dict[str, Any]:
    """Put the answer together as JSON data."""
    need, wish, known, language = question.need, question.wish, question.known, question.language
    supports = [_support(one) for one in support]
    return {
        "run": {
            "id": _run_id(need, known.revision),
            "revision": known.revision,
            "query": "/queries/match-candidates",
            "language": language,
        },
        "understood": {
            **_understood(question.understood, known, language),
            **stated(question.understood, need, wish.place is not None),
        },
        "total": total,
        "results": [
            _result(result, practices.get(result.facility.value, ()), supports, known, reasons, language)
            for result in results
        ],
        "coverage": _coverage(wish, candidates.found, known),
        "bundle": [
            {
                "facility": one.facility.value,
                "covers": [known.scheme.notations.get(part, part.value) for part in one.covers],
            }
            for one in bundle
        ],
        "relaxations": [
            {
                "change": {member: list(values) for member, values in one.change.items()},
                "gains": one.gains,
                "text": relaxation_text(one, reasons, language),
            }
            for one in relaxations
        ],
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
        "score": round(result.score.total, 4),
        "confidence": round(result.score.confidence, 4),
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
    if judgement.criterion == TEXT:
        facts = {TEXT}
    statements = [
        {key: statement[key] for key in ("s", "p", "o", "graph")}
        for statement in evidence
        if (fact := statement["fact"]) in facts
        and (fact in {"point", "country", "text"} or (fact, statement["o"]) in wanted)
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


def relaxation_text(relaxation: Relaxation, reasons: Reasons, language: str) -> str:
    """What a relaxation changes and gains, in words."""
    changes = "; ".join(
        reasons.sentence(f"relax-{member}", language, **_values(before, after))
        for member, (before, after) in sorted(relaxation.change.items())
    )
    return reasons.sentence("relax", language, changes=changes, gains=str(relaxation.gains))


def _values(before: Any, after: Any) -> dict[str, str]:
    """A changed member as it is written in a sentence; of lists what was added or left out."""
    if isinstance(before, list) and isinstance(after, list):
        return {
            "value": ", ".join(
                [*(x for x in after if x not in before), *(x for x in before if x not in after)]
            )
        }
    if isinstance(after, dict):
        return {"value": "–".join(str(level) for level in after.values())}
    return {"value": f"{after:g}"}


def _best_text(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


def _text(term: Term | None) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else str(term)
