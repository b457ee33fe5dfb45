"""What is shown of facilities: names, places, the statements behind verdicts, and practices that involve them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode

from graph.iris import CODELIST
from graph.match.candidates import Ranked
from graph.match.criteria import (
    CAPABILITY,
    TEXT,
    VOCABULARY,
    Judgement,
    Score,
    Wish,
    judge_capability,
    judge_text,
    judge_vocabulary,
)
from graph.match.records import Heard
from graph.store.answers import Term
from graph.store.catalogue import QueryCatalogue
from graph.store.protocol import Reader

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
        heard = Heard(words)
        wording = reader.select(queries["match-wording"].bind(about=about))
        for facility, subject, predicate, text, graph in wording.rows:
            if isinstance(facility, NamedNode) and isinstance(text, Literal):
                said = heard.in_text(text.value)
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


def precisely(one: Ranked, wish: Wish, facts: dict[str, Any]) -> Result:
    """Say of each criterion on content which capability, or which words, of this facility answered it best."""
    stated = [NamedNode(e["o"]) for e in facts["evidence"] if e["fact"] == "capability"]
    parts = {part.capability: part for part in wish.parts}
    precise = []
    for judgement in one.judgements:
        if judgement.criterion == CAPABILITY and judgement.part is not None:
            precise.append(judge_capability(parts[judgement.part], stated, wish.weights[CAPABILITY]))
        elif judgement.criterion == VOCABULARY:
            precise.append(judge_vocabulary(wish.spoken, stated, judgement.weight))
        elif judgement.criterion == TEXT:
            precise.append(judge_text(judgement.score, judgement.weight, facts["words"]))
        else:
            precise.append(judgement)
    return Result(one.facility, one.score, tuple(precise), facts)


def _text(term: Term | None) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else str(term)
