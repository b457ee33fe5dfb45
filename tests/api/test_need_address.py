"""A need as an address, and back."""

import string
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from api.need_address import MANY, members_of, query_of
from graph.match.need import REQUIRABLE, Need
from graph.match.units import units

WORDS = st.text(min_size=1, max_size=40).filter(lambda text: text.strip() and text.isprintable())
CODES = st.lists(
    st.text(string.ascii_letters + string.digits + "-:/.#&=+ %", min_size=1, max_size=20), max_size=3
)
COUNTRIES = st.lists(st.sampled_from(["BE", "NL", "LV", "de"]), max_size=3)
FLOATS = st.floats(-1e9, 1e9, allow_nan=False)
LEVELS = st.one_of(st.none(), st.integers(1, 9))


@st.composite
def quantities(draw: Any) -> dict[str, Any]:
    least, most = sorted([draw(FLOATS), draw(FLOATS)])
    ends = draw(st.sampled_from([(least, most), (least, None), (None, most), (least, least)]))
    kind = draw(st.sampled_from([None, "Width"]))
    return {"unit": draw(st.sampled_from(sorted(units()))), "kind": kind, "min": ends[0], "max": ends[1]}


@st.composite
def needs(draw: Any) -> Need:
    members: dict[str, Any] = {"text": draw(WORDS)}
    optional: dict[str, st.SearchStrategy[Any]] = {
        "language": st.sampled_from(["nl", "lv"]),
        "region": st.sampled_from(["BE223", "LV008"]),
        "capabilities": CODES,
        "essential": CODES,
        "services": CODES,
        "sectors": CODES,
        "accessModes": CODES,
        "excluded": CODES,
        "countries": COUNTRIES,
        "languages": COUNTRIES,
        "quantities": st.lists(quantities(), max_size=2),
        "location": st.fixed_dictionaries({"lat": st.floats(-90, 90), "lon": st.floats(-180, 180)}),
        "trl": st.tuples(LEVELS, LEVELS).map(
            lambda pair: dict(zip(("now", "target"), sorted(pair, key=lambda x: x or 0), strict=True))
        ),
        "companySize": st.sampled_from(["micro", "small", "medium", "large"]),
        "staff": st.integers(0, 10_000_000),
        "turnover": st.fixed_dictionaries(
            {"value": st.floats(0, 1e12), "currency": st.sampled_from(["EUR", "CZK"])}
        ),
        "weights": st.dictionaries(st.sampled_from(["trl", "nearness"]), st.floats(0, 10)),
        "limit": st.integers(1, 200),
        "lang": st.sampled_from(["cs", "et"]),
    }
    for name, values in optional.items():
        if draw(st.booleans()):
            members[name] = draw(values)
    if (trl := members.get("trl")) and trl["now"] is None and trl["target"] is None:
        del members["trl"]
    if "region" in members or "location" in members:
        members["maxDistanceKm"] = draw(st.floats(0.001, 20_100))
    members["niceToHave"] = [code for code in draw(CODES) if code not in members.get("essential", ())]
    possible = [name for name in REQUIRABLE if members.get(name)]
    members["required"] = draw(st.lists(st.sampled_from(possible), unique=True)) if possible else []
    return Need.model_validate(members)


@settings(max_examples=100)
@given(need=needs())
def test_a_need_comes_back_from_its_address(need: Need) -> None:
    assert Need.model_validate(members_of(QueryParams(query_of(need)))) == need


def test_every_member_but_consent_is_in_an_address() -> None:
    special = {"location", "trl", "turnover", "quantities", "weights"}
    single = {"text", "language", "region", "maxDistanceKm", "companySize", "staff", "limit", "lang"}
    assert single | set(MANY) | special == set(Need.model_fields) - {"shareDemand"}


def test_consent_is_no_part_of_an_address() -> None:
    assert query_of(Need.model_validate({"text": "welding", "shareDemand": True})) == "text=welding"


def test_quantities_read_as_people_write_them() -> None:
    given = QueryParams(
        [("text", "x"), ("quantity", "..100 kN"), ("quantity", "20 … 30 °C"), ("quantity", "7m")]
    )
    read = Need.model_validate(members_of(given)).quantities
    assert [(one.unit, one.min, one.max) for one in read] == [
        ("KiloN", None, 100.0),
        ("DEG_C", 20.0, 30.0),
        ("M", 7.0, 7.0),
    ]
