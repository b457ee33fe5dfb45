"""Two versions of a contribution compared: which entities and values differ, and the triples that say so."""

import random
import re
import time
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from graph.contribute.changes.difference import Change, Difference, EntityChange, difference
from graph.contribute.changes.parts import MAX_DEPTH, Statement
from graph.contribute.reading.blank_nodes import skolemise
from graph.contribute.synthetic import facilities
from graph.iris import DCT, GENID, ID, INFRA, PREFIXES, RDF
from graph.resources import DATA

PREFIX = (
    "".join(f"@prefix {name}: <{base}> .\n" for name, base in PREFIXES.items())
    + f"@prefix id: <{ID.base}facility/> .\n"
)
CHAMBER = ID["facility/chamber"]


def triples(turtle: str) -> list[Triple]:
    return skolemise([quad.triple for quad in parse(PREFIX + turtle, format=RdfFormat.TURTLE)])


def compare(old: str, new: str) -> Difference:
    return difference(triples(old), triples(new))


def chamber(*facts: str) -> str:
    return " ;\n".join(("id:chamber a infra:Facility", *facts)) + " .\n"


def only(found: Difference) -> EntityChange:
    (entity,) = found.entities
    return entity


def told(changes: Sequence[Change]) -> list[tuple[str, str, object, object]]:
    """Changes as path, kind and values in short: ``hasSite/address/postName``."""
    return [
        ("/".join(re.split(r"[/#]", step.value)[-1] for step in c.path), c.kind, _short(c.old), _short(c.new))
        for c in changes
    ]


def _short(value: object) -> object:
    if isinstance(value, tuple):
        return {
            re.split(r"[/#]", s.path[-1].value)[-1]: _short(s.value)
            for s in value
            if s.path[-1] != RDF["type"]
        }
    if isinstance(value, Literal):
        return f"{value.value}@{value.language}" if value.language else value.value
    return re.split(r"[/#]", value.value)[-1] if isinstance(value, NamedNode) else value


SITE = 'infra:hasSite [ a dct:Location ; locn:address [ a locn:Address ; locn:postName "{town}" ] ]'


def test_a_town_within_a_site_is_one_changed_value() -> None:
    found = compare(chamber(SITE.format(town="Lommel")), chamber(SITE.format(town="Genk")))
    assert told(only(found).changes) == [("hasSite/address/postName", "changed", "Lommel", "Genk")]
    assert len(found.added) == len(found.removed) == 5


def test_what_lies_around_a_changed_town_is_no_change() -> None:
    rest = (
        'infra:hasSite [ a dct:Location ; locn:address [ locn:postName "Hasselt" ; locn:adminUnitL1 "BE" ] ]'
    )
    old = chamber(SITE.format(town="Lommel"), rest)
    new = chamber(SITE.format(town="Lommel"), rest.replace("Hasselt", "Genk"))
    (change,) = only(compare(old, new)).changes
    assert told([change]) == [("hasSite/address/postName", "changed", "Hasselt", "Genk")]
    assert change.setting is not None
    assert (
        Statement(
            (NamedNode(PREFIXES["locn"] + "address"), NamedNode(PREFIXES["locn"] + "adminUnitL1")),
            Literal("BE"),
        )
        in change.setting.shared
    )


OPEN = "infra:offersAccess [ a infra:AccessOffer ; infra:accessMode <m/open-call> ; infra:costMode <c/free> ]"
PAID = (
    "infra:offersAccess [ a infra:AccessOffer ; infra:accessMode <m/commercial> ; infra:costMode <c/paid> ]"
)
PREFIX += "@base <https://w3id.org/infrashare/codelist/> .\n"


def test_a_change_in_the_second_access_offer_leaves_the_first_alone() -> None:
    new = PAID.replace("c/paid", "c/cost-shared")
    (change,) = only(compare(chamber(OPEN, PAID), chamber(OPEN, new))).changes
    assert told([change]) == [("offersAccess/costMode", "changed", "paid", "cost-shared")]
    assert change.setting is not None
    assert "commercial" in [_short(statement.value) for statement in change.setting.shared]


def test_each_access_offer_finds_its_own_counterpart_in_whatever_order() -> None:
    new = OPEN.replace("c/free", "c/paid") + " ;\n" + PAID.replace("c/paid", "c/free")
    changes = only(compare(chamber(OPEN, PAID), chamber(new))).changes
    assert {entry[2:] for entry in told(changes)} in (
        {("free", "paid"), ("paid", "free")},
        {("open-call", "commercial"), ("commercial", "open-call")},
    )


def test_an_offer_with_nothing_in_common_is_removed_and_added_as_a_whole() -> None:
    other = 'infra:offersAccess [ a infra:AccessOffer ; infra:priceNote "on request" ]'
    assert told(only(compare(chamber(PAID), chamber(other))).changes) == [
        ("offersAccess", "added", None, {"priceNote": "on request"}),
        ("offersAccess", "removed", {"accessMode": "commercial", "costMode": "paid"}, None),
    ]


def test_a_new_part_is_listed_with_the_values_of_its_own_parts() -> None:
    (change,) = only(compare(chamber(), chamber(SITE.format(town="Genk")))).changes
    assert told([change]) == [("hasSite", "added", None, {"postName": "Genk"})]
    assert isinstance(change.new, tuple)
    assert len(change.new) == 3


def test_a_title_that_changes_in_one_language() -> None:
    old = chamber('dct:title "Climate chamber"@en , "Klimaatkamer"@nl , "Klimakammer"@de')
    new = chamber('dct:title "Climate chamber"@en , "Klimaatkast"@nl , "Klimakammer"@de')
    entity = only(compare(old, new))
    assert told(entity.changes) == [("title", "changed", "Klimaatkamer@nl", "Klimaatkast@nl")]
    assert Literal("Klimaatkamer", language="nl") in entity.old_labels
    assert Literal("Klimaatkast", language="nl") in entity.new_labels


def test_a_title_in_another_language_is_added() -> None:
    old, new = chamber('dct:title "Chamber"@en'), chamber('dct:title "Chamber"@en , "Kamer"@nl')
    assert told(only(compare(old, new)).changes) == [("title", "added", None, "Kamer@nl")]


def test_a_code_that_stands_alone_is_replaced() -> None:
    old, new = chamber("infra:facilityKind <k/laboratory>"), chamber("infra:facilityKind <k/pilot-line>")
    assert told(only(compare(old, new)).changes) == [("facilityKind", "changed", "laboratory", "pilot-line")]


def test_of_several_codes_one_goes_and_another_comes() -> None:
    old = chamber("infra:capability cap:microscopy , cap:robotics")
    new = chamber("infra:capability cap:microscopy , cap:metrology")
    assert told(only(compare(old, new)).changes) == [
        ("capability", "added", None, "metrology"),
        ("capability", "removed", "robotics", None),
    ]


def test_of_several_texts_the_one_that_was_mended_is_changed() -> None:
    old = chamber('infra:keyword "humidty tests"@en , "vibration"@en , "cold start"@en')
    new = chamber('infra:keyword "humidity tests"@en , "vibration"@en , "salt spray"@en')
    assert told(only(compare(old, new)).changes) == [
        ("keyword", "added", None, "salt spray@en"),
        ("keyword", "removed", "cold start@en", None),
        ("keyword", "changed", "humidty tests@en", "humidity tests@en"),
    ]


def test_a_bound_of_one_of_two_ranges() -> None:
    temperature = (
        "infra:range [ infra:quantityKind <q/Temperature> ; infra:lowerBound -70 ; infra:upperBound {} ]"
    )
    force = "infra:range [ infra:quantityKind <q/Force> ; infra:lowerBound 1 ; infra:upperBound 180 ]"
    old = chamber(temperature.format(180), force)
    new = chamber(temperature.format(200), force)
    (change,) = only(compare(old, new)).changes
    assert told([change]) == [("range/upperBound", "changed", "180", "200")]
    assert change.setting is not None
    assert "Temperature" in [_short(statement.value) for statement in change.setting.shared]


def test_an_entity_with_another_address_is_removed_and_added() -> None:
    old = chamber('dct:title "Chamber"', SITE.format(town="Genk"))
    found = compare(old, old.replace("id:chamber", "id:room"))
    assert [(entity.entity, entity.kind) for entity in found.entities] == [
        (CHAMBER, "removed"),
        (ID["facility/room"], "added"),
    ]
    assert [len(entity.removed) + len(entity.added) for entity in found.entities] == [7, 7]
    assert found.entities[0].labels == found.entities[1].labels == (Literal("Chamber"),)
    assert found.entities[0].types == (INFRA["Facility"],)


def test_only_the_entity_that_changed_is_named() -> None:
    old = chamber('dct:title "Chamber"') + 'id:other a infra:Facility ; dct:title "Other" .'
    new = chamber('dct:title "Chamber"') + 'id:other a infra:Facility ; dct:title "Another" .'
    assert only(compare(old, new)).entity == ID["facility/other"]


def test_fragments_belong_to_their_entity_whether_it_mentions_them_or_not() -> None:
    old = (
        chamber("infra:hasSite <{0}#site>")
        + '<{0}#site> locn:postName "Lommel" . <{0}#note> dct:source "a" .'
    )
    old = old.replace("{0}", CHAMBER.value)
    found = compare(old, old.replace("Lommel", "Genk").replace('"a"', '"b"'))
    assert told(only(found).changes) == [
        ("source", "changed", "a", "b"),
        ("hasSite/postName", "changed", "Lommel", "Genk"),
    ]


def test_a_fragment_by_another_name_with_the_same_content_changes_nothing_that_is_said() -> None:
    old = chamber("infra:hasSite <{0}#site>") + '<{0}#site> locn:postName "Genk" .'
    old = old.replace("{0}", CHAMBER.value)
    entity = only(compare(old, old.replace("#site", "#place")))
    assert (entity.kind, entity.changes) == ("changed", ())
    assert len(entity.added) == len(entity.removed) == 2


def test_a_node_that_two_entities_share_is_told_once() -> None:
    shared = 'id:a infra:hasSite _:s . id:b infra:hasSite _:s . _:s locn:postName "{}" .'
    found = compare(shared.format("Lommel"), shared.format("Genk"))
    assert [(e.entity.value[-1], told(e.changes)) for e in found.entities] == [
        ("a", [("hasSite/postName", "changed", "Lommel", "Genk")]),
        ("b", []),
    ]


def test_nodes_that_no_entity_leads_to_stand_for_themselves() -> None:
    found = compare('[] locn:postName "Lommel" .', "_:a dct:relation _:b . _:b dct:relation _:a .")
    assert [entity.kind for entity in found.entities].count("removed") == 1
    assert all(entity.entity.value in GENID for entity in found.entities)


def test_parts_deeper_than_the_limit_are_told_all_the_same() -> None:
    depth = 3 * MAX_DEPTH
    nested = "dct:hasPart [ " * depth + 'dct:title "{}"' + " ]" * depth
    changes = only(compare(chamber(nested.format("old")), chamber(nested.format("new")))).changes
    assert [(entry[1:]) for entry in told(changes)] == [("changed", "old", "new")]
    assert len(changes[0].path) <= MAX_DEPTH + 1


def test_the_same_content_in_another_order_is_no_difference() -> None:
    old = triples(chamber(OPEN, PAID, SITE.format(town="Genk")))
    new = triples(chamber(SITE.format(town="Genk"), PAID, OPEN))
    found = difference(old, new)
    assert not found
    assert (found.added, found.removed, found.entities) == ((), (), ())


def test_what_names_are_needed_for_is_listed() -> None:
    found = compare(chamber(PAID), chamber(PAID.replace("c/paid", "c/free"), 'dct:title "New"@en'))
    mentioned = found.mentioned()
    assert {
        CHAMBER.value,
        DCT["title"].value,
        INFRA["offersAccess"].value,
        INFRA["costMode"].value,
    } <= mentioned
    assert {"https://w3id.org/infrashare/codelist/c/free", INFRA["Facility"].value} <= mentioned
    assert not any(iri in GENID for iri in mentioned)


NODES = st.sampled_from(
    [
        *(ID[f"facility/{name}"] for name in "abc"),
        *(ID[f"facility/a#{name}"] for name in ("x", "y")),
        *(GENID[name] for name in ("0", "1", "2", "3")),
        NamedNode("http://data.europa.eu/nuts/code/BE2"),
    ]
)
VALUES = st.one_of(
    NODES,
    st.builds(Literal, st.sampled_from(["testing", "testing it", "training", "Genk", ""])),
    st.builds(
        lambda text, tag: Literal(text, language=tag),
        st.sampled_from(["a b c", "a b d"]),
        st.sampled_from(["en", "nl"]),
    ),
)
STEPS = st.sampled_from([RDF["type"], DCT["title"], INFRA["hasSite"], INFRA["offersAccess"]])
VERSIONS = st.lists(st.builds(Triple, NODES, STEPS, VALUES), max_size=25)


def mirrored(change: Change) -> Change:
    kind = {"added": "removed", "removed": "added"}.get(change.kind, "changed")
    return Change(change.path, kind, change.new, change.old, change.setting)  # type: ignore[arg-type]


@settings(max_examples=150)
@given(VERSIONS, VERSIONS)
def test_removing_and_adding_makes_the_old_version_the_new_one(old: list[Triple], new: list[Triple]) -> None:
    found = difference(old, new)
    assert (set(old) - set(found.removed)) | set(found.added) == set(new)
    assert set(found.removed) <= set(old)
    assert not set(found.added) & set(old)


@settings(max_examples=150)
@given(VERSIONS, VERSIONS)
def test_each_triple_belongs_to_one_entity(old: list[Triple], new: list[Triple]) -> None:
    found = difference(old, new)
    assert sorted(str(t) for e in found.entities for t in e.added) == sorted(map(str, found.added))
    assert sorted(str(t) for e in found.entities for t in e.removed) == sorted(map(str, found.removed))
    assert len({entity.entity for entity in found.entities}) == len(found.entities)
    assert all(entity.added or entity.removed for entity in found.entities)


@settings(max_examples=150)
@given(VERSIONS, VERSIONS)
def test_the_way_back_mirrors_the_way_there(old: list[Triple], new: list[Triple]) -> None:
    there, back = difference(old, new), difference(new, old)
    assert (there.added, there.removed) == (back.removed, back.added)
    for entity, other in zip(there.entities, back.entities, strict=True):
        assert entity.entity == other.entity
        assert {mirrored(change) for change in entity.changes} == set(other.changes)
        assert {entity.kind, other.kind} in ({"changed"}, {"added", "removed"})


@settings(max_examples=100)
@given(VERSIONS, st.randoms(use_true_random=False))
def test_the_order_of_the_triples_does_not_matter(version: list[Triple], chance: random.Random) -> None:
    shuffled = version[:]
    chance.shuffle(shuffled)
    assert not difference(version, shuffled)
    assert difference(version[::2], version) == difference(version[::2][::-1], shuffled)


@pytest.mark.parametrize("partner", sorted(path.parent.name for path in DATA.glob("*/facilities.ttl")))
def test_a_change_to_shipped_data_is_told_as_what_it_is(partner: str) -> None:
    text = (DATA / partner / "facilities.ttl").read_text(encoding="utf-8")
    towns = re.findall(r'locn:postName "([^"]+)"', text)
    town = towns[len(towns) // 2]
    before = [quad.triple for quad in parse(text, format=RdfFormat.TURTLE)]
    after = [quad.triple for quad in parse(text.replace(f'"{town}"', '"Newtown"'), format=RdfFormat.TURTLE)]
    found = difference(skolemise(before), skolemise(after))
    changes = [change for entity in found.entities for change in entity.changes]
    assert {entry[1:] for entry in told(changes)} == {("changed", town, "Newtown")}
    assert len(changes) == text.count(f'"{town}"')


def test_shipped_facilities_that_go_are_told_as_removed() -> None:
    text = (DATA / "flanders-make" / "facilities.ttl").read_text(encoding="utf-8")
    old = skolemise([quad.triple for quad in parse(text, format=RdfFormat.TURTLE)])
    facility = next(t.subject for t in old if t.object == INFRA["Facility"])
    assert isinstance(facility, NamedNode)
    owned, queue = set(), [facility]
    for node in queue:
        about = [t for t in old if t.subject == node]
        owned.update(about)
        queue += [t.object for t in about if isinstance(t.object, NamedNode) and t.object.value in GENID]
    entity = only(difference(old, [t for t in old if t not in owned]))
    assert (entity.entity, entity.kind, set(entity.removed)) == (facility, "removed", owned)
    said = [change.old for change in entity.changes]
    leaves = sum(len(value) if isinstance(value, tuple) else 1 for value in said)
    assert leaves == sum(not (isinstance(t.object, NamedNode) and t.object.value in GENID) for t in owned)


def test_many_facilities_and_long_lists_take_little_time() -> None:
    parts = list(facilities(100))
    old = triples("".join(parts))
    new = triples("".join(part.replace("infra:openToSmes true", "infra:openToSmes false") for part in parts))
    many = [Triple(CHAMBER, INFRA["keyword"], Literal(f"word {number}")) for number in range(10_000)]
    more = [Triple(CHAMBER, INFRA["keyword"], Literal(f"words {number}")) for number in range(10_000)]
    offers = [f"infra:offersAccess [ infra:priceNote {n} ; dct:source <s> ]" for n in range(2_000)]
    started = time.process_time()
    found = difference(
        [*old, *many, *triples(chamber(*offers[:1_000]))], [*new, *more, *triples(chamber(*offers[1_000:]))]
    )
    assert time.process_time() - started < 8
    assert found.count("changed") > 20
