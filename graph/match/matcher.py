"""The matcher: a need in, ranked facilities with verdicts, reasons and evidence out."""

import math
import threading
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode

from graph.errors import InputError
from graph.geometry import Point
from graph.match import answer
from graph.match.candidates import FactReader, find, rank
from graph.match.conditions import ConditionReader
from graph.match.criteria import Judgement, Part, Verdict, Wish, judge_capability
from graph.match.cues import Cues
from graph.match.gazetteer import Gazetteer
from graph.match.knowledge import Knowledge
from graph.match.language import Languages
from graph.match.lexicon import Lexicon
from graph.match.linking import Linker, Understood, capabilities
from graph.match.need import Need
from graph.match.reasons import Reasons
from graph.match.scheme import ACCESS, CAPABILITY, REGION, SECTOR, SERVICE, Scheme
from graph.match.stated import Stated
from graph.match.support import schemes_for
from graph.resources import ONTOLOGY
from graph.store.catalogue import QueryCatalogue
from graph.store.protocol import Reader

_MATERIAL = 0.6
"""What a material weighs beside what is to be done with it."""

_LEAST_SCORE = 0.2
"""Facilities below this score are not results: they share too little with what is asked."""

_EUROPEAN_LANGUAGES = {
    "en": "ENG", "nl": "NLD", "de": "DEU", "it": "ITA", "sv": "SWE", "cs": "CES", "et": "EST", "lv": "LAV",
    "fr": "FRA", "pl": "POL", "es": "SPA", "fi": "FIN", "da": "DAN", "lt": "LIT", "sk": "SLK", "pt": "POR",
    "hu": "HUN", "sl": "SLV", "hr": "HRV", "ro": "RON", "bg": "BUL", "el": "ELL", "ga": "GLE", "mt": "MLT",
    "no": "NOR", "ru": "RUS", "uk": "UKR",
}  # fmt: skip
_LANGUAGE_AUTHORITY = "http://publications.europa.eu/resource/authority/language/"


class Matcher:
    """Matches needs on consistent states of the dataset; keeps scheme and lexicon of the latest revision."""

    def __init__(
        self, queries: QueryCatalogue, languages: Languages, reasons: Reasons, cache: Path | None = None
    ) -> None:
        self._cache = cache
        self._queries = queries
        self._languages = languages
        self.reasons = reasons
        self._cues = Cues(ONTOLOGY / "cues.json")
        self._knowledge: Knowledge | None = None
        self._lock = threading.Lock()

    def knowledge(self, reader: Reader) -> Knowledge:
        """Scheme and lexicon of the reader's revision."""
        with self._lock:  # who comes first reads it, for all who wait
            known = self._knowledge
            if known is None or known.revision != reader.revision:
                scheme = Scheme.read(reader, self._queries)
                lexicon = Lexicon(reader, self._queries, self._languages, self._cache)
                gazetteer = Gazetteer(reader, self._queries, self._languages)
                known = self._knowledge = Knowledge(
                    reader.revision,
                    scheme,
                    lexicon,
                    FactReader(reader, self._queries),
                    ConditionReader(self._cues, gazetteer, lexicon),
                )
            return known

    def understand(self, need: Need, reader: Reader) -> Understood:
        """Link the need's text to concepts; an empty understanding where it has none."""
        known = self.knowledge(reader)
        if not need.text or not need.text.strip():
            return Understood(need.language or "en", (), ())
        language = need.language or self._languages.detect(need.text)[0]
        return Linker(known.lexicon, self._languages, known.conditions).link(need.text, language)

    def match(self, need: Need, reader: Reader) -> dict[str, Any]:
        """Match a need; the answer is as the contract gives it.

        Raises ``InputError`` for a code that is in no code list, with near codes.
        """
        known = self.knowledge(reader)
        understood = self.understand(need, reader)
        language = need.lang or need.language or understood.language
        wish, regions = self._wish(need, understood, reader)
        found = find(reader, self._queries, wish.parts) if wish.parts else {}
        looked_up = known.facts.facts(list(found), wish.facts)
        ranked = [item for item in rank(wish, found, looked_up, known.scheme) if item[0] >= _LEAST_SCORE]
        shown = ranked[: need.limit]
        details = answer.details([facility for _, facility, _ in shown], reader, self._queries)
        results = [
            self._result(score, facility, judgements, wish, details[facility], known, language)
            for score, facility, judgements in shown
        ]
        support = schemes_for(
            need, regions, wish.sectors, reader, self._queries, known.scheme, self.reasons, language
        )
        return answer.compose(
            need=need,
            wish=wish,
            understood=understood,
            found=found,
            total=len(ranked),
            results=results,
            support=support,
            practices=answer.practices([r.facility for r in results], reader, self._queries),
            lost=_beyond_distance(wish, found, looked_up, known.scheme, len(ranked)),
            known=known,
            reasons=self.reasons,
            language=language,
        )

    def _wish(self, need: Need, understood: Understood, reader: Reader) -> tuple[Wish, list[NamedNode]]:
        known = self.knowledge(reader)
        scheme = known.scheme
        importance: dict[NamedNode, float] = {
            scheme.resolve(code, CAPABILITY, "capability"): 1.0 for code in need.capabilities
        }
        for link in capabilities(understood):
            concept = scheme.replaced.get(link.concept, link.concept)
            importance.setdefault(concept, link.confidence)
        kept = scheme.without_implied(importance)
        contents = {
            concept: importance[concept]
            * math.sqrt(scheme.content(concept))
            * (_MATERIAL if scheme.is_material(concept) else 1.0)
            for concept in kept
        }
        whole = sum(contents.values()) or 1.0
        parts = tuple(
            Part(
                str(number),
                concept,
                contents[concept] / whole,
                {grade.capability: grade for grade in scheme.graded(concept)},
            )
            for number, concept in enumerate(kept, 1)
        )

        def concepts(codes: Sequence[str], which: NamedNode, what: str) -> frozenset[NamedNode]:
            linked = [link.concept for link in understood.of(which)]
            return frozenset([*(scheme.resolve(code, which, what) for code in codes), *linked])

        regions = self._regions(need, scheme)
        stated = Stated.of(need, understood)
        place = self._place(need, regions, reader) or (stated.place.site.point if stated.place else None)
        countries = [*need.countries, *(one.site.code for one in stated.countries)]
        hard = {*need.required, *(("countries",) if any(one.is_required for one in stated.countries) else ())}
        wish = Wish(
            parts,
            services=concepts(need.services, SERVICE, "service"),
            access=concepts(need.accessModes, ACCESS, "access mode"),
            sectors=concepts(need.sectors, SECTOR, "sector"),
            countries=frozenset(scheme.resolve(code, REGION, "country") for code in countries),
            languages=frozenset(_language(code) for code in need.languages),
            place=place,
            max_km=need.maxDistanceKm or (stated.km if place else None),
            trl=(need.trl.now, need.trl.target) if need.trl and (need.trl.now or need.trl.target) else None,
            required=frozenset(hard),
        )
        return wish, regions

    def _regions(self, need: Need, scheme: Scheme) -> list[NamedNode]:
        """The firm's region and all that contain it, smallest first."""
        if need.region is None:
            return []
        region = scheme.resolve(need.region, REGION, "region")
        around = sorted(scheme.ancestors.get(region, ()), key=lambda node: -len(node.value))
        return [region, *around]

    def _place(self, need: Need, regions: Sequence[NamedNode], reader: Reader) -> Point | None:
        if need.location is not None:
            return Point(need.location.lon, need.location.lat)
        if not regions:
            return None
        rows = reader.select(self._queries["match-region-point"].bind(region=[regions[0]])).rows
        for _, point in rows:
            if isinstance(point, Literal):
                return Point.from_wkt(point.value)
        raise InputError(
            f"no point is known for region {need.region}; give location with lat and lon instead"
        )

    def _result(
        self,
        score: float,
        facility: NamedNode,
        judgements: Sequence[Judgement],
        wish: Wish,
        details: dict[str, Any],
        known: Knowledge,
        language: str,
    ) -> answer.Result:
        """Say of each part which capability of this facility answered it best."""
        stated = [NamedNode(e["o"]) for e in details["evidence"] if e["fact"] == "capability"]
        parts = {part.capability: part for part in wish.parts}
        precise = [
            replace(judge_capability(parts[j.part], stated), weight=j.weight) if j.part in parts else j
            for j in judgements
        ]
        return answer.Result(facility, score, tuple(precise), details)


def _beyond_distance(
    wish: Wish, found: Any, looked_up: Any, scheme: Scheme, total: int
) -> tuple[float, int] | None:
    """The smallest distance at which more facilities come in, and how many, where a hard distance puts some out."""
    if wish.max_km is None or "maxDistanceKm" not in wish.required:
        return None
    relaxed = rank(replace(wish, required=wish.required - {"maxDistanceKm"}), found, looked_up, scheme)
    distances: dict[int, int] = defaultdict(int)
    for score, _, judgements in relaxed:
        for judgement in judgements:
            if (
                judgement.criterion == "distance"
                and judgement.verdict is Verdict.NOT_MET
                and score >= _LEAST_SCORE
            ):
                distances[-(-int(float(judgement.values["km"]) + 1) // 10) * 10] += 1
    if not distances:
        return None
    nearest = min(distances)
    return float(nearest), distances[nearest]


def _language(code: str) -> NamedNode:
    try:
        return NamedNode(_LANGUAGE_AUTHORITY + _EUROPEAN_LANGUAGES[code.lower()])
    except KeyError as error:
        known = ", ".join(sorted(_EUROPEAN_LANGUAGES))
        raise InputError(f"language {code!r} is not known; use one of {known}") from error
