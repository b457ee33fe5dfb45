"""A need as an address: its members as parameters of ``GET /match``, so that it can be linked, kept and mailed.

Consent to be counted is no part of an address: it was given for one question.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from graph.match.need import Need, WantedQuantity

ONE: Final = ("text", "language", "region", "maxDistanceKm", "companySize", "staff", "limit", "lang")
"""Members with one value; their parameters have the same names."""
MANY: Final[Mapping[str, str]] = {
    "capabilities": "capability",
    "essential": "essential",
    "niceToHave": "niceToHave",
    "services": "service",
    "sectors": "sector",
    "accessModes": "accessMode",
    "excluded": "excluded",
    "countries": "country",
    "languages": "serviceLanguage",
    "required": "required",
}
"""Members with several values, each with the parameter that stands once for each value."""
_NUMBER: Final = r"[-+]?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?"
_QUANTITY: Final = re.compile(
    rf"\s*(?:(?P<min>{_NUMBER})?\s*(?:\.\.|…)\s*(?P<max>{_NUMBER})?|(?P<one>{_NUMBER}))\s*(?P<unit>[^\s\d.]\S*)"
    r"(?:\s+(?P<kind>\S+))?\s*"
)


def members_of(given: QueryParams) -> dict[str, Any]:
    """The members of a need that parameters give, as ``Need`` takes them; an empty one counts as not given."""
    members: dict[str, Any] = {name: value for name in ONE if (value := given.get(name))}
    for member, name in MANY.items():
        members[member] = [value for value in given.getlist(name) if value]
    if location := given.get("location"):
        lat, _, lon = str(location).partition(",")
        members["location"] = {"lat": lat.strip(), "lon": lon.strip()}
    levels = {"now": given.get("trlNow"), "target": given.get("trlTarget")}
    if any(levels.values()):
        members["trl"] = {name: level for name, level in levels.items() if level}
    if turnover := given.get("turnover"):
        currency = given.get("currency")
        members["turnover"] = {"value": turnover, **({"currency": currency} if currency else {})}
    members["quantities"] = [_quantity(one) for one in given.getlist("quantity") if one]
    weights = (one.rpartition(":") for one in given.getlist("weight") if one)
    members["weights"] = {name: weight for name, _, weight in weights}
    return members


def query_of(need: Need) -> str:
    """The query of the address of a need."""
    return urlencode(list(parameters_of(need)), errors="replace")


def parameters_of(need: Need) -> Iterator[tuple[str, str]]:
    """Names and values of the parameters that give a need again, what a reader looks for first."""
    members = need.model_dump(mode="json", exclude_defaults=True, exclude={"shareDemand"})
    for name in ONE[:4]:
        if name in members:
            yield name, _written(members[name])
    if need.location is not None:
        yield "location", f"{_written(need.location.lat)},{_written(need.location.lon)}"
    for member, name in MANY.items():
        for value in members.get(member, ()):
            yield name, value
    for quantity in need.quantities:
        yield "quantity", _of_quantity(quantity)
    if need.trl is not None:
        for name, level in (("trlNow", need.trl.now), ("trlTarget", need.trl.target)):
            if level is not None:
                yield name, str(level)
    if need.turnover is not None:
        yield "turnover", _written(need.turnover.value)
        if need.turnover.currency != "EUR":
            yield "currency", need.turnover.currency
    for name, weight in need.weights.items():
        yield "weight", f"{name}:{_written(weight)}"
    for name in ONE[4:]:
        if name in members:
            yield name, _written(members[name])


def _quantity(text: str) -> dict[str, Any]:
    """A quantity: ``100 kN`` for one value, ``20..100 kN``, ``..100 kN`` and ``20.. kN``; a kind may follow the unit.

    What is none is given on as a unit, so that it is told with near ones.
    """
    match = _QUANTITY.fullmatch(text)
    if match is None:
        return {"unit": text[:200], "min": None, "max": None}
    least, most = match["min"] or match["one"], match["max"] or match["one"]
    return {"unit": match["unit"], "kind": match["kind"], "min": least, "max": most}


def _of_quantity(quantity: WantedQuantity) -> str:
    least, most = ("" if end is None else _written(end) for end in (quantity.min, quantity.max))
    amount = least if least == most else f"{least}..{most}"
    return " ".join([amount, quantity.unit, *([quantity.kind] if quantity.kind else [])])


def _written(value: Any) -> str:
    """A value as text; a number as short as it can be without another one being meant."""
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    return str(value)
