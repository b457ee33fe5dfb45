"""The answer to a need as the contract gives it."""

from collections.abc import Mapping, Sequence
from typing import Any

from pyoxigraph import NamedNode

from graph.match.bundle import Bundled
from graph.match.candidates import Best, is_met
from graph.match.criteria import Judgement, Wish
from graph.match.emphasis import Importance
from graph.match.knowledge import Knowledge
from graph.match.language import in_language
from graph.match.linking import Link
from graph.match.need import Need
from graph.match.practices import Practice, Titles
from graph.match.question import LEAST_CONTENT, Candidates, Question
from graph.match.reasons import Reasons
from graph.match.relaxation import Relaxation
from graph.match.run import Run
from graph.match.scheme import ACCESS, CAPABILITY, SECTOR, SERVICE
from graph.match.shown import Result
from graph.match.stated import stated
from graph.match.support import Support

_SPOKEN_SHOWN = 5
"""So many capabilities are shown whose vocabulary a text speaks."""

_KINDS = {CAPABILITY: "capabilities", SERVICE: "services", SECTOR: "sectors", ACCESS: "accessModes"}
"""The member of a need that takes the codes of a scheme."""


def compose(
    *,
    question: Question,
    candidates: Candidates,
    total: int,
    results: Sequence[Result],
    support: Sequence[Support],
    taking_part: Mapping[str, Sequence[tuple[str, Titles]]],
    practices: Sequence[Practice],
    relaxations: Sequence[Relaxation],
    bundle: Sequence[Bundled],
    reasons: Reasons,
) -> dict[str, Any]:
    """Put the answer together as JSON data."""
    wish, known, language = question.wish, question.known, question.language
    supports = [_support(one) for one in support]
    return {
        "run": run(question),
        "understood": understanding(question),
        "total": total,
        "results": [
            result(
                one, candidates, taking_part.get(one.facility.value, ()), supports, known, reasons, language
            )
            for one in results
        ],
        "practices": [_practice(one, question, reasons) for one in practices],
        "coverage": _coverage(wish, candidates.found, known),
        "bundle": [
            {
                "facility": one.facility.value,
                "covers": [known.scheme.notation(part) for part in one.covers],
            }
            for one in bundle
        ],
        "relaxations": [relaxation(one, question, reasons) for one in relaxations],
    }


def run(question: Question) -> dict[str, Any]:
    """What is needed to do the same again."""
    return {
        "id": _run_id(question.need, question.known.revision),
        "revision": question.known.revision,
        "query": "/queries/match-candidates",
        "language": question.language,
    }


def understanding(question: Question) -> dict[str, Any]:
    """What was understood of a need's text, each part with its words, its confidence, and what to send back."""
    return {
        **_understood(question),
        **stated(question.understood, question.need, question.wish.place is not None),
    }


def _run_id(need: Need, revision: int) -> str:
    """The same need on the same revision has the same id; the need can be read from it, for it is stored nowhere."""
    return Run(need, revision).id


def _understood(question: Question) -> dict[str, Any]:
    understood, known, language = question.understood, question.known, question.language

    def listed(links: Sequence[Link]) -> list[dict[str, Any]]:
        return [
            {
                "concept": link.concept.value,
                "notation": known.scheme.notations.get(link.concept, ""),
                "label": known.lexicon.label(link.concept, language),
                "because": link.because,
                "confidence": link.confidence,
                "importance": link.importance.value,
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
        "vocabulary": [
            {
                "concept": one.capability.value,
                "notation": known.scheme.notations.get(one.capability, ""),
                "label": known.lexicon.label(one.capability, language),
                "because": ", ".join(one.words),
                "confidence": round(one.value, 3),
                "importance": Importance.WISHED.value,
            }
            for one in sorted(question.wish.spoken.values(), key=lambda one: -one.value)[:_SPOKEN_SHOWN]
            if one.value >= LEAST_CONTENT
        ],
        "refused": list(understood.refused),
        "not_understood": list(understood.not_understood),
    }


def result(
    result: Result,
    candidates: Candidates,
    practices: Sequence[tuple[str, Titles]],
    supports: Sequence[dict[str, Any]],
    known: Knowledge,
    reasons: Reasons,
    language: str,
) -> dict[str, Any]:
    """A facility with its score and, criterion by criterion, verdict, reason and evidence."""
    facts = result.facts
    distance = next((j.km for j in result.judgements if j.km is not None), None)
    return {
        "facility": result.facility.value,
        "label": in_language(facts["titles"], language),
        "region": facts["region"],
        "country": facts["country"],
        "city": facts["city"],
        "score": round(min(1.0, result.score.total) * candidates.answered, 4),
        "confidence": round(result.score.confidence, 4),
        "distance_km": None if distance is None else round(distance, 1),
        "criteria": [_criterion(j, facts["evidence"], known, reasons, language) for j in result.judgements],
        "support": list(supports),
        "practices": [
            {
                "practice": practice,
                "label": in_language(titles, language),
                "reason": reasons.sentence(
                    "practice", language, facility=in_language(facts["titles"], language)
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
        and (fact in {"point", "country", "text"} or any((fact, statement[at]) in wanted for at in "so"))
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
        "score": round(min(1.0, judgement.score), 4),
        "weight": round(judgement.weight, 4),
        "reason": reasons.sentence(judgement.code, language, **values),
        "evidence": statements,
    }
    if judgement.part is not None:
        written["part"] = known.scheme.notation(judgement.part)
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
                **({"field": c.field} if c.field else {}),
            }
            for c in support.conditions
        ],
    }


def _practice(one: Practice, question: Question, reasons: Reasons) -> dict[str, Any]:
    """A practice that goes with the need, and why."""
    language = question.language
    if one.capability is None:
        reason = reasons.sentence("practice-scheme", language, scheme=one.scheme)
    else:
        label = question.known.lexicon.label(one.capability, language)
        reason = reasons.sentence("practice-need", language, capability=label)
    return {"practice": one.practice.value, "label": in_language(one.titles, language), "reason": reason}


def _coverage(wish: Wish, found: Best, known: Knowledge) -> list[dict[str, Any]]:
    return [
        {
            "part": known.scheme.notation(part.capability),
            "met_by": sum(is_met(part, grades) for grades in found.values()),
        }
        for part in wish.parts
    ]


def relaxation(one: Relaxation, question: Question, reasons: Reasons) -> dict[str, Any]:
    """What to change in a need, from what to what, and what that gains."""
    changes = "; ".join(
        reasons.sentence(f"relax-{member}", question.language, **_values(before, after))
        for member, (before, after) in sorted(one.change.items())
        if not (member == "capabilities" and "essential" in one.change)
    )
    return {
        "change": {member: list(values) for member, values in one.change.items()},
        "gains": one.gains,
        "text": reasons.sentence("relax", question.language, changes=changes, gains=str(one.gains)),
    }


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
