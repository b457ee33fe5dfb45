"""The matcher: a need in, ranked facilities with verdicts, reasons and evidence out."""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode

from graph.errors import InputError, NotFound
from graph.geometry import Point
from graph.match import answer, service_languages, shown, whynot
from graph.match.bundle import bundle
from graph.match.candidates import FactReader, answered, find, rank
from graph.match.conditions import ConditionReader
from graph.match.criteria import ESSENTIAL, Wish
from graph.match.cues import Cues
from graph.match.gazetteer import Gazetteer
from graph.match.knowledge import Knowledge
from graph.match.label_points import label_point
from graph.match.language import Languages
from graph.match.lexicon import Lexicon
from graph.match.linking import Linker, Understood
from graph.match.need import Need
from graph.match.parts import parts
from graph.match.plan import UNSEEN, How, Plan
from graph.match.practices import Practices
from graph.match.question import Candidates, Question, answers
from graph.match.reasons import Reasons
from graph.match.records import Records
from graph.match.relaxation import relaxations
from graph.match.scheme import ACCESS, REGION, SECTOR, SERVICE, Scheme
from graph.match.scheme import SCHEMES as CONCEPTS
from graph.match.stated import Stated
from graph.match.support import SupportSchemes
from graph.match.ties import settled
from graph.match.typed_places import TypedPlaces
from graph.match.vocabulary import Vocabulary
from graph.match.weights import CriterionList
from graph.resources import ONTOLOGY
from graph.store.catalogue import QueryCatalogue
from graph.store.protocol import Reader

_NAMED = 0.75
"""From this confidence on, a capability that was read in a text is surely named there."""


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
        self._past: Knowledge | None = None
        self._lexicon: tuple[str, Lexicon] | None = None
        self._lock = threading.Lock()

    def knowledge(self, reader: Reader) -> Knowledge:
        """Scheme and lexicon of the reader's revision; those of the latest are kept, and of one that is past."""
        known = self._kept(reader.revision)
        if known is not None:
            return known
        with self._lock:  # who comes first reads it, for all who wait
            known = self._kept(reader.revision)
            if known is not None:
                return known
            known = self._read(reader)
            if self._knowledge is None or known.revision > self._knowledge.revision:
                self._knowledge = known
            else:
                self._past = known
            return known

    def _kept(self, revision: int) -> Knowledge | None:
        kept = (self._knowledge, self._past)
        return next((known for known in kept if known is not None and known.revision == revision), None)

    def _read(self, reader: Reader) -> Knowledge:
        scheme = Scheme.read(reader, self._queries)
        lexicon = self._words(reader)
        gazetteer = Gazetteer(reader, self._queries, self._languages, scheme)
        return Knowledge(
            reader.revision,
            scheme,
            lexicon,
            gazetteer,
            FactReader(reader, self._queries),
            shown.Descriptions(reader, self._queries),
            ConditionReader(self._cues, gazetteer, lexicon),
            Vocabulary(lexicon, scheme, self._cues),
            Records(reader, self._queries),
            CriterionList.read(reader, self._queries),
            SupportSchemes(reader, self._queries),
            Practices(reader, self._queries),
            TypedPlaces(gazetteer),
        )

    def _words(self, reader: Reader) -> Lexicon:
        """The words for concepts, read anew only where the code lists are others: most contributions leave them."""
        rows = reader.select(self._queries["match-code-lists"].text).rows
        state = rows[0][0].value if rows and isinstance(rows[0][0], Literal) else ""
        if self._lexicon is None or not state or self._lexicon[0] != state:
            self._lexicon = (state, Lexicon(reader, self._queries, self._languages, self._cache))
        return self._lexicon[1]

    def understand(self, need: Need, reader: Reader) -> Understood:
        """Link the need's text to concepts; an empty understanding where it has none."""
        known = self.knowledge(reader)
        if not need.text or not need.text.strip():
            return Understood(need.language or "en", (), ())
        language = need.language or self._languages.detect(need.text)[0]
        return Linker(known.lexicon, self._languages, known.conditions).link(need.text, language)

    def ask(self, need: Need, reader: Reader) -> Question:
        """Understand a need and bring it into the form that facilities are judged by.

        Raises ``InputError`` for a code that is in no code list, with near codes.
        """
        known = self.knowledge(reader)
        excluded = [known.scheme.resolve_any(code, CONCEPTS, "excluded code") for code in need.excluded]
        heard = self.understand(need, reader)
        understood = heard.without(excluded)
        refused = frozenset(link.concept for link in heard.excluded if link.scheme == ACCESS)
        wish, regions = self._wish(need, understood, refused, reader)
        language = need.lang or need.language or understood.language
        return Question(need, understood, wish, tuple(regions), language, known)

    def candidates(self, question: Question, reader: Reader, plan: Plan = UNSEEN) -> Candidates:
        """The facilities that could answer a question, with what the graph says of them."""
        wish = question.wish
        with plan.step("words of records") as step:
            worded = question.known.records.found(wish.words) if wish.words else {}
            step.count(words=len(wish.words), facilities=len(worded))
        found = find(reader, self._queries, wish, question.known.scheme, worded, plan)
        facts = question.known.facts.facts(list(found), wish.facts, plan)
        return Candidates(found, facts, answered(found, wish))

    def match(self, need: Need, reader: Reader, plan: Plan = UNSEEN) -> dict[str, Any]:
        """Match a need; the answer is as the contract gives it. ``plan`` takes note of how each step was done.

        Raises ``InputError`` for a code that is in no code list, with near codes.
        """
        with plan.step("code lists") as step:
            step.how = How.READ if self._kept(reader.revision) is None else How.KEPT
            self.knowledge(reader)
        with plan.step("understand") as step:
            question = self.ask(need, reader)
            wish, known, language = question.wish, question.known, question.language
            step.count(parts=len(wish.parts), spoken=len(wish.spoken), facts=len(wish.facts))
        candidates = self.candidates(question, reader, plan)
        with plan.step("rank") as step:
            ranked = answers(rank(wish, candidates.found, candidates.facts, known.scheme))
            ranked = settled(ranked, need.limit, known.facts)
            best = ranked[: need.limit]
            step.count(facilities=len(candidates.found), results=len(ranked))
        with plan.step("describe") as step:
            described = known.descriptions.of([one.facility for one in best])
            results = [shown.precisely(one, wish, described[one.facility]) for one in best]
            step.count(facilities=len(best))
        with plan.step("support") as step:
            support = known.support.open_to(
                need, question.regions, wish, known.scheme, self.reasons, language
            )
            step.count(schemes=len(support))
        with plan.step("practices") as step:
            taking_part = known.practices.of_facilities([r.facility for r in results])
            tied = known.practices.of_need(wish, support)
            step.count(facilities=len(taking_part), practices=len(tied))
        with plan.step("relaxations") as step:
            relaxed = relaxations(question, candidates)
            step.count(offered=len(relaxed))
        with plan.step("bundle") as step:
            bundled = bundle(wish, ranked)
            step.count(facilities=len(bundled))
        with plan.step("answer"):
            return answer.compose(
                question=question,
                candidates=candidates,
                total=len(ranked),
                results=results,
                support=support,
                taking_part=taking_part,
                practices=tied,
                relaxations=relaxed,
                bundle=bundled,
                reasons=self.reasons,
            )

    def why_not(self, need: Need, facility: NamedNode, reader: Reader) -> dict[str, Any]:
        """Each criterion's verdict for one facility, whether it is a result, and what would have to change.

        Raises ``NotFound`` for what is no facility of the graph.
        """
        question = self.ask(need, reader)
        wish, known = question.wish, question.known
        if not reader.select(self._queries["derive-known-facilities"].bind(facility=[facility])).rows:
            raise NotFound(f"there is no facility {facility.value}; /facilities lists them")
        described = known.descriptions.of([facility])[facility]
        candidates = self.candidates(question, reader).including(facility, known.facts, wish)
        return whynot.explain(question, candidates, facility, described, self.reasons)

    def _wish(
        self, need: Need, understood: Understood, refused: frozenset[NamedNode], reader: Reader
    ) -> tuple[Wish, list[NamedNode]]:
        known = self.knowledge(reader)
        scheme = known.scheme

        def concepts(codes: Sequence[str], which: NamedNode, what: str) -> frozenset[NamedNode]:
            linked = [link.concept for link in understood.of(which)]
            return frozenset([*(scheme.resolve(code, which, what) for code in codes), *linked])

        regions = self._regions(need, scheme)
        stated = Stated.of(need, understood)
        place = self._place(need, regions, reader) or (stated.place.site.point if stated.place else None)
        countries = [*need.countries, *(one.site.code for one in stated.countries)]
        hard = {*need.required, *(("countries",) if any(one.is_required for one in stated.countries) else ())}
        hard |= {ESSENTIAL} if need.essential else set()
        asked = parts(need, understood, scheme)
        speech = known.vocabulary.speech(
            understood.tokens, understood.language, names_one=any(one.confidence >= _NAMED for one in asked)
        )
        unwished = {link.concept for link in understood.excluded}
        wish = Wish(
            asked,
            known.criteria.with_given(need.weights),
            spoken={one.capability: one for one in speech.spoken if one.capability not in unwished},
            said=speech.shares,
            words=understood.not_understood,
            services=concepts(need.services, SERVICE, "service"),
            access=concepts(need.accessModes, ACCESS, "access mode"),
            refused=refused,
            sectors=concepts(need.sectors, SECTOR, "sector"),
            countries=frozenset(scheme.resolve(code, REGION, "country") for code in countries),
            languages=frozenset(service_languages.language(code) for code in need.languages),
            place=place,
            max_km=need.maxDistanceKm or (stated.km if place else None),
            trl=(need.trl.now, need.trl.target) if need.trl and (need.trl.now or need.trl.target) else None,
            quantities=stated.quantities,
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
        point = label_point(regions[0], reader, self._queries)
        if point is None:
            raise InputError(
                f"no point is known for region {need.region}; give location with lat and lon instead"
            )
        return point
