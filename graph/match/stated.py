"""What of a text's places, distance and quantities counts for matching: what the caller gives as fields wins."""

from dataclasses import dataclass
from typing import Any

from graph.match import ranges, units
from graph.match.linking import Understood
from graph.match.need import Need
from graph.match.places import Place, Role, measured_from
from graph.match.quantities import Quantity
from graph.match.ranges import Wanted
from graph.match.units import UNIT


@dataclass(frozen=True)
class Stated:
    """The countries wished, the place to measure from, the distance in km and the quantities that a need comes to."""

    countries: tuple[Place, ...] = ()
    place: Place | None = None
    km: float | None = None
    quantities: tuple[Wanted, ...] = ()

    @classmethod
    def of(cls, need: Need, understood: Understood) -> "Stated":
        """Countries count where the need gives none; a place where it gives neither region nor location."""
        found = understood.conditions
        has_place = need.region is not None or need.location is not None
        return cls(
            () if need.countries else tuple(place for place in found.places if place.role is Role.SEARCH_IN),
            None if has_place else measured_from(found.places, found.distance),
            None if need.maxDistanceKm or found.distance is None else found.distance.km,
            _given(need)
            if need.quantities
            else tuple(one for one in map(Wanted.of, found.quantities) if one is not None),
        )

    def uses(self, place: Place) -> bool:
        """Whether a place of the text counts."""
        return place in self.countries or place == self.place


def _given(need: Need) -> tuple[Wanted, ...]:
    """The quantities that a need gives as fields."""
    return tuple(
        Wanted(
            units.units()[one.unit]["kind"],
            ranges.in_si(one.min, one.max, one.unit),
            ranges.written(one.min, one.max, one.unit),
            one.kind,
        )
        for one in need.quantities
    )


def stated(understood: Understood, need: Need, has_place: bool) -> dict[str, Any]:
    """Places, distance and quantities as the answer gives them; ``field`` is what to send back."""
    counts = Stated.of(need, understood)
    found = understood.conditions
    distance = found.distance
    return {
        "places": [_place(place, counts.uses(place)) for place in found.places],
        "distance": None
        if distance is None
        else {
            "km": distance.km,
            "used": counts.km is not None and has_place,
            "field": {"maxDistanceKm": distance.km},
            "because": distance.because,
            "confidence": distance.confidence,
        },
        "quantities": [_quantity(quantity, not need.quantities) for quantity in found.quantities],
    }


def _place(place: Place, is_used: bool) -> dict[str, Any]:
    site = place.site
    location = {"lat": site.point.lat, "lon": site.point.lon}
    fields: dict[str, dict[str, Any]] = {
        "country": {"countries": [site.code]},
        "region": {"region": site.code},
        "city": {"location": location},
    }
    return {
        "place": site.iri,
        "kind": site.kind,
        "code": site.code,
        "label": site.name,
        "country": site.country,
        "location": location,
        "role": place.role.value,
        "required": place.is_required,
        "used": is_used,
        "field": fields[site.kind],
        "because": place.because,
        "confidence": place.confidence,
    }


def _quantity(quantity: Quantity, counts: bool) -> dict[str, Any]:
    sent = {"unit": quantity.unit.removeprefix(UNIT), "min": quantity.least, "max": quantity.most}
    return {
        "used": counts and Wanted.of(quantity) is not None,
        "field": {"quantities": [{name: value for name, value in sent.items() if value is not None}]},
        "unit": quantity.unit,
        "quantity_kind": quantity.kind,
        "value": quantity.value,
        "min": quantity.least,
        "max": quantity.most,
        "because": quantity.because,
        "confidence": quantity.confidence,
    }
