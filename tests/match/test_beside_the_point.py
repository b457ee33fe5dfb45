"""Needs that no research infrastructure answers have no results, and nothing is said to be understood of them."""

from typing import Final

import pytest

from graph.match.need import Need
from graph.service import Service

BESIDE_THE_POINT: Final = [
    ("en", "We are looking for a wedding photographer for a Saturday in June."),
    ("en", "I want to learn to play the piano."),
    ("nl", "Onze boekhouder gaat met pensioen en wij zoeken een opvolger voor twee dagen per week."),
    ("de", "Wer kann unsere Firmenfeier organisieren und Musik machen?"),
    ("it", "Vorrei prenotare un tavolo per quattro persone sabato sera."),
    ("sv", "Vi söker en städfirma som kan komma två gånger i veckan till vårt kontor."),
    ("cs", "Chceme si pronajmout byt se zahradou blízko školy."),
    ("et", "Kes oskab soovitada head juuksurit?"),
    ("lv", "Vajag juristu, kas palīdz sastādīt darba līgumu."),
    ("fr", "Je cherche un appartement à louer près de la gare."),
]
NAMED_IN_A_WORD: Final = ["oscilloscope", "tribometer", "whey"]


@pytest.mark.parametrize(("language", "text"), BESIDE_THE_POINT)
def test_words_in_common_by_chance_find_nothing(service: Service, language: str, text: str) -> None:
    answer = service.matcher.match(Need(text=text, language=language), service.snapshot)
    assert answer["results"] == []
    assert answer["understood"]["capabilities"] == []
    assert answer["understood"]["vocabulary"] == []


@pytest.mark.parametrize("text", NAMED_IN_A_WORD)
def test_a_single_word_of_a_trade_is_enough(service: Service, text: str) -> None:
    answer = service.matcher.match(Need(text=text, language="en"), service.snapshot)
    spoken = [*answer["understood"]["capabilities"], *answer["understood"]["vocabulary"]]
    assert spoken[0]["confidence"] >= 0.9
    assert answer["results"][0]["score"] >= 0.5
