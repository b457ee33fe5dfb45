"""Why a facility is no result of a need, or not a better one, and what would have to change."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pyoxigraph import NamedNode

from graph.match import answer
from graph.match.candidates import Ranked, rank
from graph.match.criteria import CAPABILITY, CONTENT, Judgement
from graph.match.evaluation import Verdict
from graph.match.question import LEAST_CONTENT, Candidates, Question, answers
from graph.match.reasons import Reasons
from graph.match.relaxation import failures, let_in
from graph.match.shown import Described, Result, precisely
from graph.match.ties import settled


def explain(
    question: Question,
    candidates: Candidates,
    facility: NamedNode,
    described: Described,
    reasons: Reasons,
) -> dict[str, Any]:
    """The verdicts on one facility, its rank where it is a result, and what would have to change.

    ``changes`` has three kinds: ``need`` (a member of the need, with the answer to send again), ``facility`` (it would
    have to do something else) and ``record`` (it may do so, but its record does not say).
    """
    wish, scheme, language = question.wish, question.known.scheme, question.language
    ranked = answers(rank(wish, candidates.found, candidates.facts, scheme))
    place = _place(ranked, facility)
    if place is not None:
        place = _place(settled(ranked, place, question.known.facts), facility)
    (judged,) = rank(
        replace(wish, required=frozenset()),
        {facility: candidates.found[facility]},
        candidates.facts,
        scheme,
    )
    result = precisely(judged, wish, described)
    return {
        "run": answer.run(question),
        "understood": answer.understanding(question),
        "result": answer.result(result, candidates, (), (), question.known, reasons, language),
        "is_result": place is not None,
        "rank": place,
        "total": len(ranked),
        "because": _because(question, judged, place, len(ranked), reasons),
        "failed": sorted(failures(question, judged)),
        "changes": _changes(question, candidates, judged, result, reasons),
    }


def _place(ranked: Sequence[Ranked], facility: NamedNode) -> int | None:
    return next((number for number, one in enumerate(ranked, 1) if one.facility == facility), None)


def _because(question: Question, judged: Ranked, place: int | None, total: int, reasons: Reasons) -> str:
    """The one sentence that answers the question."""
    language = question.language
    if place is not None:
        return reasons.sentence("whynot-result", language, place=str(place), total=str(total))
    if judged.score.content < LEAST_CONTENT:
        return reasons.sentence("whynot-content", language)
    names = ", ".join(sorted(failures(question, judged)))
    return reasons.sentence("whynot-hard", language, names=names)


def _changes(
    question: Question, candidates: Candidates, judged: Ranked, result: Result, reasons: Reasons
) -> list[dict[str, Any]]:
    """What would have to change, the need's own conditions first."""
    changes: list[dict[str, Any]] = []
    relaxation = let_in(question, candidates, judged)
    if relaxation is not None and judged.score.content >= LEAST_CONTENT:
        changes.append({"kind": "need", **answer.relaxation(relaxation, question, reasons)})
    for judgement in result.judgements:
        if judgement.verdict is Verdict.MET or (
            judgement.criterion in CONTENT and judgement.criterion != CAPABILITY
        ):
            continue
        kind = "record" if judgement.verdict is Verdict.UNKNOWN else "facility"
        changes.append(
            {
                "kind": kind,
                **_asked(judgement, question),
                "text": _sentence(judgement, kind, question, reasons),
            }
        )
    return changes


def _asked(judgement: Judgement, question: Question) -> Mapping[str, Any]:
    """The criterion, and the part of the need where it is one."""
    scheme = question.known.scheme
    part = {} if judgement.part is None else {"part": scheme.notation(judgement.part)}
    return {"criterion": judgement.criterion, **part}


def _sentence(judgement: Judgement, kind: str, question: Question, reasons: Reasons) -> str:
    known, language = question.known, question.language
    asked = known.criteria.label(judgement.criterion, language)
    if judgement.part is not None:
        asked = known.lexicon.label(judgement.part, language)
    return reasons.sentence(f"whynot-{kind}", language, asked=asked)
