"""Places, distances, negation and quantities are understood from a need's text, in nine languages."""

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.match_schemas import MatchAnswer
from graph.iris import LANGUAGES
from graph.match import quantities
from graph.match.cues import Cues
from graph.match.linking import Understood
from graph.match.matcher import Matcher
from graph.match.need import Need
from graph.match.places import Role
from graph.resources import ONTOLOGY
from graph.store.engine import Snapshot
from tests.match.conftest import Understand

CUES = Cues(ONTOLOGY / "cues.json")


@pytest.fixture
def match(matcher: Matcher, snapshot: Snapshot) -> Any:
    def run(**members: Any) -> dict[str, Any]:
        return matcher.match(Need.model_validate(members), snapshot)

    return run


def countries(understood: Understood) -> list[str]:
    return [p.site.code for p in understood.conditions.places if p.role is Role.SEARCH_IN]


def measured_from(understood: Understood) -> list[str]:
    return [p.site.name for p in understood.conditions.places if p.role is Role.MEASURE_FROM]


def ends(links: Any) -> set[str]:
    return {link.concept.value.rsplit("/", 1)[-1] for link in links}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Fatigue testing in Sweden or Denmark"),
        ("nl", "Vermoeiingsproeven in Zweden of Denemarken"),
        ("de", "Ermüdungsprüfung in Schweden oder Dänemark"),
        ("it", "Prove di fatica in Svezia o Danimarca"),
        ("sv", "Utmattningsprovning i Sverige eller Danmark"),
        ("cs", "Únavové zkoušky ve Švédsku nebo v Dánsku"),
        ("et", "Väsimuskatsed Rootsis või Taanis"),
        ("lv", "Noguruma testi Zviedrijā vai Dānijā"),
        ("fr", "Essais de fatigue en Suède ou au Danemark"),
    ],
)
def test_countries_to_search_in_are_understood(understand: Understand, language: str, text: str) -> None:
    understood = understand(text, language)
    assert countries(understood) == ["SE", "DK"]
    assert ends(understood.links) == {"fatigue-testing"}
    assert understood.not_understood == ()
    for place in understood.conditions.places:
        assert place.because in text
        assert not place.is_required


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Only in Germany, Austria or the Netherlands"),
        ("nl", "Alleen in Duitsland, Oostenrijk of Nederland"),
        ("de", "Nur in Deutschland, Österreich oder den Niederlanden"),
        ("it", "Solo in Germania, Austria o nei Paesi Bassi"),
        ("sv", "Bara i Tyskland, Österrike eller Nederländerna"),
        ("cs", "Pouze v Německu, Rakousku nebo Nizozemsku"),
        ("et", "Ainult Saksamaal, Austrias või Hollandis"),
        ("lv", "Tikai Vācijā, Austrijā vai Nīderlandē"),
        ("fr", "Uniquement en Allemagne, Autriche ou aux Pays-Bas"),
    ],
)
def test_only_makes_countries_a_condition(understand: Understand, language: str, text: str) -> None:
    found = understand(f"x {text}", language).conditions.places
    assert [place.site.code for place in found] == ["DE", "AT", "NL"]
    assert found[0].is_required


@pytest.mark.parametrize(
    ("language", "text", "city", "km"),
    [
        ("en", "Laser welding within 200 km of Gent", "Gent", 200),
        ("en", "Laser welding less than 50 miles from Brno", "Brno", 80.5),
        ("nl", "Laserlassen binnen 100 km van Gent", "Gent", 100),
        ("de", "Laserschweißen im Umkreis von 150 km um Chemnitz", "Chemnitz", 150),
        ("de", "Laserschweißen, höchstens 80 Kilometer von Chemnitz entfernt", "Chemnitz", 80),
        ("it", "Saldatura laser entro 200 km da Bologna", "Bologna", 200),
        ("sv", "Lasersvetsning inom 20 mil från Göteborg", "Gothenburg", 200),
        ("cs", "Laserové svařování do 100 km od Brna", "Brno", 100),
        ("et", "Laserkeevitus Tartust kuni 100 km kaugusel", "Tartu", 100),
        ("lv", "Lāzermetināšana ne tālāk par 100 km no Rīgas", "Riga", 100),
        ("fr", "Soudage laser à moins de 100 kilomètres de Gand", "Gent", 100),
    ],
)
def test_a_distance_and_its_place_are_understood(
    understand: Understand, language: str, text: str, city: str, km: float
) -> None:
    understood = understand(text, language)
    distance = understood.conditions.distance
    assert distance is not None
    assert distance.place is not None
    assert (distance.place.site.name, distance.km) == (city, km)
    assert distance.because in text
    assert understood.conditions.quantities == ()


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("en", "a wind tunnel near Brno", "Brno"),
        ("en", "welding in Flanders", "Flanders"),
        ("nl", "lassen in de buurt van Gent", "Gent"),
        ("de", "Schweißen bei Chemnitz", "Chemnitz"),
        ("de", "Schweißen in Sachsen", "Sachsen"),
        ("it", "saldatura vicino a Parma", "Parma"),
        ("sv", "svetsning nära Lund", "Lund"),
        ("cs", "svařování v Praze", "Prague"),
        ("cs", "svařování poblíž Hradce Králové", "Hradec Králové"),
        ("et", "keevitus Tallinna lähedal", "Tallinn"),
        ("et", "keevitus Tartus", "Tartu"),
        ("lv", "metināšana netālu no Rīgas", "Riga"),
        ("lv", "metināšana Rīgā", "Riga"),
        ("fr", "soudage près de Lyon", "Lyon"),
    ],
)
def test_a_place_to_measure_from_is_understood(
    understand: Understand, language: str, text: str, name: str
) -> None:
    understood = understand(text, language)
    assert measured_from(understood) == [name]
    assert understood.not_understood == ()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Nice reading about the best split, and a bath for parts"),
        ("en", "We are a company in Sweden and sell to customers in Germany"),
        ("en", "laser welding, but not in Germany"),
        ("en", "the University of Ghent wrote it"),
        ("en", "Brno makes motors"),
        ("de", "Wir sind in der Lage, in Halle 3 zu messen, auch beim Essen und bei Regen"),
        ("de", "Unsere Kunden in Hamburg klagen"),
        ("nl", "Het beste resultaat in de praktijk"),
        ("it", "La massa e la potenza in prova"),
        ("sv", "Vi säljer till kunder i Danmark"),
        ("cs", "Most přes řeku a tábor v písku"),
        ("et", "Meie kliendid on Soomes"),
        ("lv", "Mūsu klienti ir Vācijā"),
        ("fr", "Nos clients en Suède ont plusieurs tours"),
    ],
)
def test_other_words_and_the_places_of_others_are_no_places(
    understand: Understand, language: str, text: str
) -> None:
    understood = understand(text, language)
    assert understood.conditions.places == ()
    assert understood.conditions.distance is None


def test_a_german_noun_is_a_city_where_a_distance_says_so(understand: Understand) -> None:
    assert measured_from(understand("Schweißen höchstens 50 km von Essen entfernt", "de")) == ["Essen"]


@pytest.mark.parametrize(
    ("language", "text", "wished", "unwished"),
    [
        ("en", "Laser cutting, not welding", "laser-cutting", "welding"),
        ("nl", "Lasersnijden, zonder lassen", "laser-cutting", "welding"),
        ("nl", "Wij willen geen lasersnijden, wel lassen", "welding", "laser-cutting"),
        ("de", "Laserschneiden, kein 3D-Druck", "laser-cutting", "additive-manufacturing"),
        ("it", "Taglio laser senza saldatura", "laser-cutting", "welding"),
        ("sv", "Laserskärning utan svetsning", "laser-cutting", "welding"),
        ("sv", "Inte laserskärning utan svetsning", "welding", "laser-cutting"),
        ("cs", "Řezání laserem bez svařování", "laser-cutting", "welding"),
        ("et", "Laserlõikus ilma keevitamiseta", "laser-cutting", "welding"),
        ("lv", "Lāzergriešana bez metināšanas", "laser-cutting", "welding"),
        ("fr", "Découpe laser sans soudage", "laser-cutting", "welding"),
        ("en", "Laser cutting, welding is not needed", "laser-cutting", "welding"),
        ("nl", "Lasersnijden, lassen hoeft niet", "laser-cutting", "welding"),
        ("de", "Laserschneiden, Schweißen brauchen wir nicht", "laser-cutting", "welding"),
        ("it", "Taglio laser, la saldatura non serve", "laser-cutting", "welding"),
        ("sv", "Laserskärning, svetsning behövs inte", "laser-cutting", "welding"),
        ("cs", "Řezání laserem, svařování nepotřebujeme", "laser-cutting", "welding"),
        ("et", "Laserlõikus, keevitamist pole vaja", "laser-cutting", "welding"),
        ("lv", "Lāzergriešana, metināšanu nevajag", "laser-cutting", "welding"),
        ("fr", "Découpe laser, le soudage n'est pas nécessaire", "laser-cutting", "welding"),
        ("en", "Laser cutting, welding we have already done", "laser-cutting", "welding"),
        ("nl", "Lasersnijden, lassen doen we zelf", "laser-cutting", "welding"),
        ("de", "Laserschneiden; Schweißen haben wir schon prüfen lassen.", "laser-cutting", "welding"),
        ("it", "Taglio laser, la saldatura la facciamo noi", "laser-cutting", "welding"),
        ("sv", "Laserskärning, svetsning har vi redan testat", "laser-cutting", "welding"),
        ("cs", "Řezání laserem, svařování už máme hotové", "laser-cutting", "welding"),
        ("et", "Laserlõikus, keevitamine on juba tehtud", "laser-cutting", "welding"),
        ("lv", "Lāzergriešana, metināšana mums jau ir", "laser-cutting", "welding"),
        ("fr", "Découpe laser, le soudage est déjà fait", "laser-cutting", "welding"),
    ],
)
def test_what_a_negation_reaches_is_not_wished(
    understand: Understand, language: str, text: str, wished: str, unwished: str
) -> None:
    understood = understand(text, language)
    assert wished in ends(understood.links)
    assert unwished not in ends(understood.links)
    (link,) = understood.excluded
    assert ends([link]) == {unwished}
    assert 0.5 <= link.confidence < 1
    assert set(link.because.split()) <= set(re.findall(r"\w+", text))


@pytest.mark.parametrize(
    ("language", "text", "wished"),
    [
        ("en", "No drawing of the old part", "3d-scanning"),
        ("en", "The glue does not hold", "adhesives-and-resins"),
        ("en", "non-destructive testing", "non-destructive-testing"),
        ("en", "not only welding but more", "welding"),
        ("en", "we have no experience with welding", "welding"),
        ("en", "Without a wind tunnel we cannot develop it", "wind-tunnel-testing"),
        ("de", "Wir haben keine Klimakammer", "climatic-testing"),
        ("de", "weil wir kein Laserschweißen haben", "laser-welding"),
        ("nl", "we hebben geen windtunnel", "wind-tunnel-testing"),
        ("it", "non abbiamo una galleria del vento", "wind-tunnel-testing"),
        ("sv", "vi har ingen vindtunnel", "wind-tunnel-testing"),
        ("fr", "nous n'avons pas de soufflerie", "wind-tunnel-testing"),
    ],
)
def test_what_a_firm_lacks_or_complains_of_is_wished(
    understand: Understand, language: str, text: str, wished: str
) -> None:
    understood = understand(text, language)
    assert wished in ends(understood.links)
    assert understood.excluded == ()


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "a press of 50 kN", [("KiloN", 50, 50)]),
        ("en", "down to -40 °C", [("DEG_C", -40, -40)]),
        ("en", "300 mm wafers", [("MilliM", 300, 300)]),
        ("en", "1,500 kg and 2.5 t", [("KiloGM", 1500, 1500), ("TONNE", 2.5, 2.5)]),
        ("en", "10–20 GHz", [("GigaHZ", 10, 20)]),
        ("en", "50 to 60 km/h", [("KiloM-PER-HR", 50, 60)]),
        ("en", "at least 2 litres", [("L", 2, None)]),
        ("nl", "tot 1.200 °C en 3 uur", [("DEG_C", None, 1200), ("HR", 3, 3)]),
        ("de", "1,5 t, 2 m × 3 m", [("TONNE", 1.5, 1.5), ("M", 2, 2), ("M", 3, 3)]),
        ("de", "von minus 40 bis 85 °C", [("DEG_C", -40, 85)]),
        ("it", "da 10 a 20 bar per 60 giorni", [("BAR", 10, 20), ("DAY", 60, 60)]),
        (
            "sv",
            "högst 200 × 300 mm, 2 500 kg",
            [("MilliM", 200, 200), ("MilliM", 300, 300), ("KiloGM", 2500, 2500)],
        ),
        ("cs", "9 000 otáček za minutu, 20 stupňů Celsia", [("REV-PER-MIN", 9000, 9000), ("DEG_C", 20, 20)]),
        ("et", "100–200 liitri, 5 kWh", [("L", 100, 200), ("KiloW-HR", 5, 5)]),
        ("lv", "5 metrus garš, 60 minūtes", [("M", 5, 5), ("MIN", 60, 60)]),
        ("fr", "entre 2 et 5 mètres, 1 500 N", [("M", 2, 5), ("N", 1500, 1500)]),
    ],
)
def test_quantities_have_a_unit_and_a_value_or_bounds(
    language: str, text: str, expected: list[tuple[str, float | None, float | None]]
) -> None:
    found = quantities.find(text, language, CUES)
    assert [(q.unit.removeprefix(quantities.UNIT), q.least, q.most) for q in found] == expected
    assert all(q.because == text[q.start : q.end] for q in found)


@pytest.mark.parametrize(
    "text",
    [
        "Industry 4.0 and 3D printing on a 5-axis mill, TRL 4-6",
        "EN 14511, ISO 9001:2015 and R290 since 1998",
        "a 4K camera on 5G, 24/7, for 38 people",
        "Ti-6Al-4V specimens",
        "10 T-shirts and 5 in a row",
    ],
)
def test_numbers_without_a_unit_are_no_quantities(text: str) -> None:
    assert quantities.find(text, "en", CUES) == []


def test_digits_of_quantities_are_not_left_over(understand: Understand) -> None:
    assert understand("welding at 50kN and 20 GHz", "en").not_understood == ()


def test_the_answer_shows_all_parts_with_codes_to_send_back(match: Any) -> None:
    text = "Fatigue testing at 50 kN in Czechia, within 200 km of Brno, no welding"
    answer = match(text=text, language="en")
    understood = answer["understood"]
    country, city = understood["places"]
    assert country["field"] == {"countries": ["CZ"]}
    assert city["field"] == {"location": {"lat": 49.1952, "lon": 16.608}}
    assert city["place"] == "https://sws.geonames.org/3078610/"
    assert understood["distance"]["field"] == {"maxDistanceKm": 200}
    assert [q["value"] for q in understood["quantities"]] == [50]
    assert [(x["kind"], x["notation"]) for x in understood["excluded"]] == [("capabilities", "welding")]
    assert all(part["used"] for part in (country, city, understood["distance"]))
    MatchAnswer.model_validate(answer, strict=True)
    judged = {c["criterion"] for c in answer["results"][0]["criteria"]}
    assert {"country", "distance"} <= judged
    sent = match(
        text="Fatigue testing",
        language="en",
        **country["field"],
        **city["field"],
        **understood["distance"]["field"],
        **understood["quantities"][0]["field"],
    )
    assert [r["facility"] for r in sent["results"]] == [r["facility"] for r in answer["results"]]


def test_what_the_need_gives_as_fields_wins_over_the_text(match: Any) -> None:
    text = "fatigue testing in Sweden, within 200 km of Brno"
    fields = {"region": "BE223", "maxDistanceKm": 90, "countries": ["CZ"]}
    answer = match(text=text, language="en", **fields)
    plain = match(text="fatigue testing", language="en", **fields)
    understood = answer["understood"]
    assert not any(part["used"] for part in (*understood["places"], understood["distance"]))
    assert [(r["facility"], r["score"]) for r in answer["results"]] == [
        (r["facility"], r["score"]) for r in plain["results"]
    ]


def test_only_puts_facilities_of_other_countries_out(match: Any) -> None:
    wish = match(text="microscopy in Sweden", language="en", limit=100)
    only = match(text="microscopy only in Sweden", language="en", limit=100)
    assert {r["country"] for r in only["results"]} == {"SE"}
    assert {r["country"] for r in wish["results"]} > {"SE"}


def test_a_distance_without_a_place_is_measured_from_the_firm(match: Any) -> None:
    near = match(text="fatigue testing within 150 km", language="en", region="CZ064")
    assert near["understood"]["distance"]["used"]
    alone = match(text="fatigue testing within 150 km", language="en")
    assert not alone["understood"]["distance"]["used"]
    assert all(c["criterion"] != "distance" for r in alone["results"] for c in r["criteria"])


def test_every_group_of_cues_has_all_languages() -> None:
    groups = json.loads((ONTOLOGY / "cues.json").read_text(encoding="utf-8"))
    assert all(set(by_language) == set(LANGUAGES) for by_language in groups.values())
    for group in (
        "without",
        "not",
        "unwanted",
        "boundary",
        "having",
        "unable",
        "only",
        "away",
        "range",
        "asking",
        "unwanted-after",
        "had-after",
    ):
        assert all(groups[group].values()), group


@settings(max_examples=60)
@given(text=st.text(alphabet=st.sampled_from("12,.- ×kNm°Cin BrnoGent no\n–"), max_size=60))
def test_no_text_breaks_the_reading_of_conditions(understand: Understand, text: str) -> None:
    for language in ("en", "cs"):
        found = understand(f"x {text}", language).conditions
        assert all(q.because in f"x {text}" for q in found.quantities)
