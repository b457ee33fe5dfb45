"""What of a text's places and distance counts for matching: what the caller gives as fields wins over it."""

from dataclasses import dataclass
from typing import Any

from graph.match.linking import Understood
from graph.match.need import Need
from graph.match.places import Place, Role, measured_from
from graph.match.quantities import Quantity


@dataclass(frozen=True)
class Stated:
    """The countries wished, the place to measure from and the distance in km that a text adds to a need."""

    countries: tuple[Place, ...] = ()
    place: Place | None = None
    km: float | None = None

    @classmethod
    def of(cls, need: Need, understood: Understood) -> "Stated":
        """Countries count where the need gives none; a place where it gives neither region nor location."""
        found = understood.conditions
        has_place = need.region is not None or need.location is not None
        return cls(
            () if need.countries else tuple(place for place in found.places if place.role is Role.SEARCH_IN),
            None if has_place else measured_from(found.places, found.distance),
            None if need.maxDistanceKm or found.distance is None else found.distance.km,
        )

    def uses(self, place: Place) -> bool:
        """Whether a place of the text counts."""
        return place in self.countries or place == self.place


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
        "quantities": [_quantity(quantity) for quantity in found.quantities],
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


def _quantity(quantity: Quantity) -> dict[str, Any]:
    return {
        "unit": quantity.unit,
        "quantity_kind": quantity.kind,
        "value": quantity.value,
        "min": quantity.least,
        "max": quantity.most,
        "because": quantity.because,
        "confidence": quantity.confidence,
    }
