"""What is shown of facilities: names, places, and the statements behind verdicts."""

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
from graph.match.records import Spoken
from graph.store.answers import Term
from graph.store.catalogue import QueryCatalogue
from graph.store.protocol import Reader

_PLANNED = CODELIST["equipment-status/planned"]


_KEPT = 1_000
"""So many facilities are kept described; the one that was shown longest ago goes first."""


@dataclass(frozen=True)
class Result:
    """A facility that answers a need."""

    facility: NamedNode
    score: Score
    judgements: tuple[Judgement, ...]
    facts: Mapping[str, Any]


@dataclass
class Described:
    """A facility as it is shown: names, place, the statements behind verdicts, and those with words."""

    titles: dict[str, str] = field(default_factory=dict)
    place: dict[str, str] = field(default_factory=dict)
    evidence: list[dict[str, str]] = field(default_factory=list)
    wording: list[tuple[Spoken, dict[str, str]]] = field(default_factory=list)
    """Statements of titles, descriptions and keywords, each with its words."""

    def facts(self, asked: Sequence[tuple[str, str]]) -> dict[str, Any]:
        """What an answer takes from it; words of a need, with their folded forms, add the statements that have them."""
        said: dict[str, None] = {}
        evidence = list(self.evidence)
        for spoken, statement in self.wording if asked else ():
            if found := spoken.among(asked):
                said.update(dict.fromkeys(found))
                evidence.append(statement)
        place = {name: self.place.get(name) for name in ("region", "country", "city")}
        return {"titles": self.titles, **place, "evidence": evidence, "words": list(said)}


class Descriptions:
    """Describes the facilities of one revision; those that were shown lately are kept."""

    def __init__(self, reader: Reader, queries: QueryCatalogue) -> None:
        self._reader = reader
        self._queries = queries
        self._lock = threading.Lock()
        self._kept: OrderedDict[NamedNode, Described] = OrderedDict()

    def of(self, facilities: Sequence[NamedNode]) -> dict[NamedNode, Described]:
        """The facilities as they are shown."""
        with self._lock:
            found = {facility: self._kept[facility] for facility in facilities if facility in self._kept}
        lacking = [facility for facility in facilities if facility not in found]
        if lacking:
            found |= self._described(lacking)
        with self._lock:
            for facility in facilities:
                self._kept[facility] = found[facility]
                self._kept.move_to_end(facility)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found

    def _described(self, facilities: Sequence[NamedNode]) -> dict[NamedNode, Described]:
        found = {facility: Described() for facility in facilities}
        reader, queries = self._reader, self._queries
        for row in reader.select(queries["match-describe"].bind(facility=facilities)).dicts():
            one = found[row["facility"]]  # type: ignore[index]
            title = row.get("title")
            if isinstance(title, Literal):
                one.titles[title.language or "en"] = title.value
            for name in ("region", "country", "city"):
                value = row.get(name)
                if isinstance(value, NamedNode | Literal):
                    one.place[name] = value.value.rsplit("/", 1)[-1]
        about: list[tuple[NamedNode, NamedNode]] = [(facility, facility) for facility in facilities]
        for facility, part, status in reader.select(queries["match-parts"].bind(facility=facilities)).rows:
            if isinstance(facility, NamedNode) and isinstance(part, NamedNode) and status != _PLANNED:
                about.append((facility, part))
        for facility, fact, *statement in reader.select(queries["match-evidence"].bind(about=about)).rows:
            if isinstance(facility, NamedNode):
                found[facility].evidence.append(_statement(_text(fact), statement))
        for facility, _, *statement in reader.select(queries["match-range-statement"].bind(about=about)).rows:
            if isinstance(facility, NamedNode):
                found[facility].evidence.append(_statement("range", statement))
        for facility, *statement in reader.select(queries["match-wording"].bind(about=about)).rows:
            if isinstance(facility, NamedNode):
                written = _statement(TEXT, statement)
                found[facility].wording.append((Spoken(written["o"]), written))
        for one in found.values():
            one.evidence.sort(key=lambda e: (e["fact"], e["s"], e["o"]))
            one.wording.sort(key=lambda pair: (pair[1]["s"], pair[1]["p"], pair[1]["o"]))
        return found


def _statement(fact: str, terms: Sequence[Term | None]) -> dict[str, str]:
    """A statement with the graph that holds it, and the fact that it tells."""
    return {
        "fact": fact,
        **{key: _text(term) for key, term in zip(("s", "p", "o", "graph"), terms, strict=True)},
    }


def precisely(one: Ranked, wish: Wish, described: Described) -> Result:
    """Say of each criterion on content which capability, or which words, of this facility answered it best."""
    facts = described.facts(wish.heard)
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
