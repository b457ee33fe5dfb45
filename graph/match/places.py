"""Places and distances in a text: where to look, where to measure from, and how far.

A name alone is no place that is meant: a word such as "in" or "near" must stand before it, a case form must say so, or
a distance must stand with it. A country that one searches in is a wish; a city or region is a place to measure from.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from graph.match.cues import Cues
from graph.match.gazetteer import Gazetteer, Site
from graph.match.language import Token
from graph.match.negation import Negation
from graph.match.quantities import Quantity
from graph.match.units import UNIT

_KM: Final = {UNIT + "KiloM": 1.0, UNIT + "MI": 1.609344}
_LEAST_KM: Final = 1.0
_MOST_KM: Final = 20_000.0
_NEAR: Final = 4
"""How many words may stand between a distance and its place."""
_AROUND: Final = 8
"""How many words before a place may say that it is that of a customer, or of the firm itself."""


class Role(Enum):
    """What a place in a text is for."""

    SEARCH_IN = "search-in"
    MEASURE_FROM = "measure-from"


@dataclass(frozen=True)
class Place:
    """A place that words of a text stand for, and what for."""

    site: Site
    role: Role
    because: str
    confidence: float
    is_required: bool
    positions: range


@dataclass(frozen=True)
class Distance:
    """A greatest distance in km, with the words it came from."""

    km: float
    because: str
    confidence: float
    quantity: Quantity
    place: Place | None
    positions: range


@dataclass(frozen=True)
class _Context:
    start: int
    end: int
    confidence: float
    role: str


class Finder:
    """Finds the places of one text, and the distance it states.

    ``is_label`` says whether a word belongs to a label of a code list; such words are no names of cities or regions.
    """

    def __init__(
        self,
        text: str,
        tokens: Sequence[Token],
        language: str,
        gazetteer: Gazetteer,
        cues: Cues,
        quantities: Sequence[Quantity],
        negations: Sequence[Negation],
        is_label: Callable[[Token], bool],
    ) -> None:
        self._text, self._tokens, self._language = text, tokens, language
        self._gazetteer, self._cues, self._is_label = gazetteer, cues, is_label
        self._negated = {p for one in negations for p in one.reach}
        self._lengths = [
            (quantity, km, positions)
            for quantity in quantities
            if (km := _km(quantity)) and (positions := _covered(tokens, quantity))
        ]

    def found(self) -> tuple[list[Place], Distance | None]:
        """The places in the order of the text, and the distance."""
        found: list[Place] = []
        distance: Distance | None = None
        position = 0
        while position < len(self._tokens):
            hit = self._gazetteer.at(self._tokens, position, self._language)
            place = None
            if hit and position not in self._negated:
                place, near = self._place(hit[0], range(position, position + hit[1]), found)
                if place is not None:
                    found.append(place)
                if near is not None and distance is None:
                    distance = near
            position += hit[1] if hit and place else 1
        return found, distance or self._distance_alone()

    def _place(
        self, site: Site, name: range, earlier: Sequence[Place]
    ) -> tuple[Place | None, Distance | None]:
        tokens, is_country = self._tokens, site.kind == "country"
        if not is_country and len(name) == 1 and self._is_label(tokens[name[0]]):
            return None, None
        role = Role.SEARCH_IN if is_country else Role.MEASURE_FROM
        context = self._context(name, [one for one in earlier[-1:] if one.role is role])
        limit = self._limit(name, context.start if context and context.role != "next" else name[0])
        if limit is not None and not is_country:
            quantity, km, span = limit
            words = self._written(span)
            place = Place(site, Role.MEASURE_FROM, words, 0.95, False, span)
            return place, Distance(round(km, 1), words, 0.95, quantity, place, span)
        if context is None or context.role == "of" or self._stands_before("others", context.start, _AROUND):
            return None, None
        if is_country and (
            context.role in {"near", "from"} or self._stands_before("own", context.start, _AROUND)
        ):
            return None, None
        if not is_country and self._gazetteer.is_everyday(tokens[name[0]], self._language):
            return None, None
        span = range(context.start, context.end)
        if context.role == "next":
            required = earlier[-1].is_required
            return Place(site, role, self._written(name), context.confidence, required, span), None
        is_required = is_country and self._is_only(context.start, context.end)
        return Place(site, role, self._written(span), context.confidence, is_required, span), None

    def _context(self, name: range, earlier: Sequence[Place]) -> _Context | None:
        """What says that a name is meant as a place: words around it, a list that it goes on, or its form."""
        tokens, cues, language = self._tokens, self._cues, self._language
        first, end = name[0], name[-1] + 1
        for _ in range(3):
            for role, confidence in (("near", 0.9), ("in", 0.85), ("from", 0.75), ("of", 0.5)):
                length = cues.before(role, language, tokens, first)
                if length and self._same_sentence(first - length, name[0]):
                    return _Context(first - length, end, confidence, role)
            between = cues.before("between", language, tokens, first)
            if not between:
                break
            first -= between
        after = cues.at("near-after", language, tokens, end)
        if after and self._same_sentence(name[0], end):
            return _Context(name[0], end + after, 0.9, "near")
        if earlier and self._follows(earlier[-1], first):
            start = earlier[-1].positions[-1] + 1
            return _Context(start, end, round(earlier[-1].confidence * 0.95, 3), "next")
        if self._gazetteer.is_locative(tokens[name[-1]], language):
            return _Context(name[0], end, 0.85, "in")
        return None

    def _limit(self, name: range, start: int) -> tuple[Quantity, float, range] | None:
        """The distance that stands just before a place, as in "100 km from", or just after it."""
        cues, tokens, language = self._cues, self._tokens, self._language
        for quantity, km, positions in self._lengths:
            gap = range(positions[-1] + 1, start)
            if (
                positions[-1] < start
                and len(gap) <= _NEAR
                and self._same_sentence(positions[0], name[0])
                and (start < name[0] or language in {"et", "lv"})
                and (
                    not gap
                    or cues.within("away", language, tokens, gap)
                    or cues.within("around", language, tokens, gap)
                )
            ):
                first = self._with_cue(positions[0])
                return quantity, km, range(first, name[-1] + 1)
            gap = range(name[-1] + 1, positions[0])
            around = [*gap, positions[-1] + 1, positions[-1] + 2]
            if (
                name[-1] < positions[0]
                and len(gap) <= _NEAR
                and self._same_sentence(name[0], positions[-1])
                and (start < name[0] or self._gazetteer.is_locative(tokens[name[-1]], language))
                and any(cues.at("away", language, tokens, p) for p in around)
            ):
                end = positions[-1] + 1
                return quantity, km, range(start, end + cues.at("away", language, tokens, end))
        return None

    def _distance_alone(self) -> Distance | None:
        """A distance without a place, such as "within 200 km": from where the firm is."""
        for quantity, km, positions in self._lengths:
            after = positions[-1] + 1
            if quantity.least is None and self._cues.at("of", self._language, self._tokens, after):
                span = range(self._with_cue(positions[0]), after)
                return Distance(round(km, 1), self._written(span), 0.75, quantity, None, span)
            near = [*range(positions[0] - 4, positions[0]), after]
            if any(
                self._cues.at("around", self._language, self._tokens, p)
                and self._same_sentence(p, positions[0])
                for p in near
            ):
                span = range(self._with_cue(positions[0]), after)
                return Distance(round(km, 1), self._written(span), 0.8, quantity, None, span)
        return None

    def _with_cue(self, position: int) -> int:
        """Where a word such as "within" stands before a distance; else the distance itself."""
        for group in ("around", "away"):
            for back in range(1, 4):
                length = self._cues.at(group, self._language, self._tokens, position - back)
                if length and self._same_sentence(position - back, position):
                    return position - back
        return position

    def _follows(self, place: Place, position: int) -> bool:
        """Whether a name goes on a list of places: "in Sweden, Denmark or Norway"."""
        end = place.positions[-1] + 1
        gap = self._text[self._tokens[end - 1].end : self._tokens[position].start].strip()
        if end == position:
            return gap in {",", "/"}
        return (
            position - end == self._cues.at("or", self._language, self._tokens, end)
            and self._same_sentence(end, position)
            and not set(gap) & set(".;:!?")
        )

    def _is_only(self, start: int, end: int) -> bool:
        follows = self._same_sentence(start, end)
        return self._stands_before("only", start, 3) or bool(
            follows and self._cues.at("only", self._language, self._tokens, end)
        )

    def _stands_before(self, group: str, position: int, reach: int) -> bool:
        """Whether a cue of the group stands in the same sentence, at most so many words before a position."""
        before = range(max(0, position - reach), position)
        return any(
            self._same_sentence(p, position) and self._cues.at(group, self._language, self._tokens, p)
            for p in before
        )

    def _same_sentence(self, one: int, other: int) -> bool:
        if not (0 <= one < len(self._tokens) and 0 <= other < len(self._tokens)):
            return False
        return self._tokens[one].sentence == self._tokens[other].sentence

    def _written(self, span: range) -> str:
        return self._text[self._tokens[span[0]].start : self._tokens[span[-1]].end]


def measured_from(places: Sequence[Place], distance: Distance | None) -> Place | None:
    """The place to measure from: that of the distance, else the surest, the first of equals."""
    if distance is not None and distance.place is not None:
        return distance.place
    candidates = [place for place in places if place.role is Role.MEASURE_FROM]
    return max(candidates, key=lambda place: place.confidence, default=None)


def _km(quantity: Quantity) -> float | None:
    factor = _KM.get(quantity.unit)
    if factor is None or quantity.most is None:
        return None
    km = quantity.most * factor
    return km if _LEAST_KM <= km <= _MOST_KM else None


def _covered(tokens: Sequence[Token], quantity: Quantity) -> range:
    """The positions of the words of a quantity."""
    inside = [p for p, token in enumerate(tokens) if quantity.start <= token.start < quantity.end]
    return range(inside[0], inside[-1] + 1) if inside else range(0)


def covered(tokens: Sequence[Token], quantities: Sequence[Quantity]) -> set[int]:
    """The positions of all words of quantities."""
    return {p for quantity in quantities for p in _covered(tokens, quantity)}
