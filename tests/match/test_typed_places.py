"""What people type for a place means the same in a need and in the filter of a list."""

import pytest

from graph.match.knowledge import Knowledge
from graph.match.typed_places import UnknownPlace
from graph.service import Service
from graph.store.engine import Snapshot


@pytest.mark.parametrize(
    ("typed", "city", "region"),
    [
        ("Luik", "Liège", "BE332"),
        ("Skane", None, "SE224"),
        ("Skåne", None, "SE224"),
        ("Eindhoven", "Eindhoven", "NL414"),
        ("Gent, België", "Gent", "BE234"),
        ("Gent, BE", "Gent", "BE234"),
        ("Hasselt (Belgium)", "Hasselt", "BE224"),
        ("Chemnitz", "Chemnitz", "DED4"),
        ("Chemnitz, Kreisfreie Stadt", None, "DED41"),
        ("Prov. Liège", None, "BE33"),
        ("Limburg, BE", None, "BE22"),
        ("Limburg (Nederland)", None, "NL42"),
        ("Vidzeme", None, "LV008"),
        ("Vlaanderen", None, "BE2"),
        ("be223", None, "BE223"),
        ("België", None, "BE"),
    ],
)
def test_a_place_is_the_same_in_a_need_and_in_a_list(
    typed: str, city: str | None, region: str, service: Service, snapshot: Snapshot, knowledge: Knowledge
) -> None:
    places = knowledge.typed_places
    found = places.find(typed, "nl")
    assert (found.name if found.kind == "city" else None) == city
    if city is None:
        assert found.code == region
    assert places.region(typed, "nl").code == region
    assert service.suggestions.meant(typed, "place", "nl", snapshot) == region


@pytest.mark.parametrize("typed", ["Limburg", "Eindhovn", "xyzzy", ""])
def test_what_is_no_place_or_one_of_several_is_none(
    typed: str, service: Service, snapshot: Snapshot, knowledge: Knowledge
) -> None:
    with pytest.raises(UnknownPlace):
        knowledge.typed_places.region(typed, "nl")
    assert service.suggestions.meant(typed, "place", "nl", snapshot) is None


def test_the_region_of_a_suggested_city_is_that_which_its_name_means(
    service: Service, snapshot: Snapshot, knowledge: Knowledge
) -> None:
    for one in service.suggestions.find("Eindhoven", ["place"], "nl", snapshot):
        if one.label == "Eindhoven":
            assert one.thing.value == knowledge.typed_places.region("Eindhoven", "nl").code
            return
    pytest.fail("no such city is suggested")
