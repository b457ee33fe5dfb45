"""The words of a need become concepts, in nine languages, with slips, compounds and lay words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.match.knowledge import Knowledge
from graph.match.language import Languages
from graph.match.linking import Linker, Understood
from graph.service import Service


@pytest.fixture(scope="session")
def languages(service: Service) -> Languages:
    return service.languages


@pytest.fixture(scope="session")
def linker(knowledge: Knowledge, languages: Languages) -> Linker:
    return Linker(knowledge.lexicon, languages, knowledge.conditions)


def notations(understood: Understood, knowledge: Knowledge) -> set[str]:
    return {knowledge.scheme.notations[link.concept] for link in understood.links}


@pytest.mark.parametrize(
    ("language", "text", "notation"),
    [
        ("en", "We need fatigue testing of a bracket", "fatigue-testing"),
        ("nl", "Wij zoeken vermoeiingsproeven voor een beugel", "fatigue-testing"),
        ("de", "Wir brauchen eine Ermüdungsprüfung", "fatigue-testing"),
        ("it", "Cerchiamo prove di fatica", "fatigue-testing"),
        ("sv", "Vi behöver utmattningsprovning", "fatigue-testing"),
        ("cs", "Hledáme únavové zkoušky", "fatigue-testing"),
        ("et", "Vajame väsimuskatseid", "fatigue-testing"),
        ("lv", "Mums vajag noguruma testus", "fatigue-testing"),
        ("fr", "Nous cherchons des essais de fatigue", "fatigue-testing"),
        ("nl", "We willen onderdelen 3D-printen", "additive-manufacturing"),
        ("sv", "Lasersvetsning av rör", "laser-welding"),
        ("de", "Prüfung im Windkanal", "wind-tunnel-testing"),
        ("en", "images with SEM of a fracture", "scanning-electron-microscopy"),
    ],
)
def test_words_of_each_language_lead_to_the_concept(
    linker: Linker, knowledge: Knowledge, language: str, text: str, notation: str
) -> None:
    assert notation in notations(linker.link(text, language), knowledge)


def test_every_preferred_label_is_understood_in_its_language(linker: Linker, knowledge: Knowledge) -> None:
    missed = [
        (language, label)
        for (concept, language), label in knowledge.lexicon.preferred.items()
        if "/codelist/capability/" in concept.value
        and concept not in {link.concept for link in linker.link(label, language).links}
    ]
    assert len(missed) <= 0.02 * len(knowledge.lexicon.preferred), missed[:40]


@pytest.mark.parametrize("text", ["fatgue testing of steel", "fatigue tseting of steel", "fatigeu test"])
def test_typing_slips_are_understood(linker: Linker, knowledge: Knowledge, text: str) -> None:
    assert "fatigue-testing" in notations(linker.link(text, "en"), knowledge)


def test_a_word_that_the_dictionary_knows_is_no_slip_of_another(linker: Linker, knowledge: Knowledge) -> None:
    assert "sensors" not in notations(linker.link("een groep senioren", "nl"), knowledge)


def test_a_stop_word_never_stands_for_a_concept(linker: Linker) -> None:
    assert linker.link("Who can do it, and when can they?", "en").links == ()


def test_half_of_a_label_and_a_stop_word_are_not_the_label(linker: Linker, knowledge: Knowledge) -> None:
    assert "durability-testing" not in notations(
        linker.link("Cerchiamo una prova di taglio laser", "it"), knowledge
    )


def test_a_machine_is_no_machining(linker: Linker, knowledge: Knowledge) -> None:
    assert "machining" in notations(linker.link("We want to machine steel", "en"), knowledge)
    for text in ("The machine stands still", "On two machines", "Our old machine"):
        assert "machining" not in notations(linker.link(text, "en"), knowledge)


def test_a_word_with_a_diacritic_is_no_english_word(linker: Linker, knowledge: Knowledge) -> None:
    assert "cloud-computing" in notations(linker.link("Vi söker hosting", "sv"), knowledge)
    assert "cloud-computing" not in notations(linker.link("Två veckor i höst", "sv"), knowledge)


def test_an_abbreviation_is_found_only_in_capitals(linker: Linker, knowledge: Knowledge) -> None:
    assert "augmented-reality" not in notations(linker.link("Lampan är trasig", "sv"), knowledge)


def test_the_longest_label_wins(linker: Linker, knowledge: Knowledge) -> None:
    assert notations(linker.link("laser welding", "en"), knowledge) == {"laser-welding"}


def test_a_problem_in_everyday_words_leads_to_a_capability(linker: Linker, knowledge: Knowledge) -> None:
    found = notations(linker.link("Welcher Ton stört die Kunden?", "de"), knowledge)
    assert "psychoacoustics" in found


def test_what_was_not_understood_is_said(linker: Linker) -> None:
    understood = linker.link("qwertz flumox brandelig", "en")
    assert understood.links == ()
    assert understood.not_understood == ("qwertz", "flumox", "brandelig")


def test_each_link_names_words_of_the_text(linker: Linker) -> None:
    text = "3D-printing of titanium parts and fatigue testing"
    for link in linker.link(text, "en").links:
        for word in link.because.replace(";", " ").split():
            assert word in text
        assert 0.5 <= link.confidence < 1


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("We willen titanium onderdelen 3D-printen en testen op vermoeiing", "nl"),
        ("Meie palkmajade aknaraamid hakkavad kõmmelduma", "et"),
        ("Vårt filter ska ta bort läkemedelsrester", "sv"),
        ("Izstrādājam mitruma sensoru bišu stropiem", "lv"),
        ("Vyvinuli jsme motor pro zahradní techniku", "cs"),
        ("Cerchiamo un impianto pilota ad alta pressione", "it"),
        ("Nous cherchons un laboratoire d'essais", "fr"),
        ("Wir suchen einen Prüfstand für Pumpen", "de"),
        ("We are looking for a wind tunnel", "en"),
        ("welding", "en"),
        ("laser", "en"),
        ("soudure", "fr"),
        ("saldatura", "it"),
        ("vermoeiing", "nl"),
        ("Schweißen", "de"),
        ("svetsning", "sv"),
        ("svařování", "cs"),
        ("keevitamine", "et"),
        ("metināšana", "lv"),
        ("Zugversuchsmaschine", "de"),
    ],
)
def test_the_language_is_detected(languages: Languages, text: str, language: str) -> None:
    assert languages.detect(text)[0] == language


@settings(max_examples=60)
@given(text=st.text(max_size=200))
def test_no_text_breaks_the_linker(linker: Linker, text: str) -> None:
    understood = linker.link(text, "de")
    assert all(0 < link.confidence < 1 for link in understood.links)
