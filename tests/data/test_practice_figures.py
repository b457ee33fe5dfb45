"""Figures of practices against the researched facts: each number is one that the facts state, as they state it."""

import re
from decimal import Decimal
from typing import Any, Final
from urllib.parse import unquote

import pytest
from facts import Facts, Record, Shipped, entity, urls
from pyoxigraph import Literal

from graph.iris import DCT, INFRA, SCHEMA

WORDS: Final = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "twelve": 12, "twenty": 20,
}  # fmt: skip
SCALES: Final = {"million": 10**6, "billion": 10**9, "m": 10**6}
NUMBER: Final = re.compile(
    r"(?<![\w.,])~?(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?:\s*(million|billion|(?-i:M))\b)?(?!\w)|\b("
    + "|".join(WORDS)
    + r")\b",
    re.IGNORECASE,
)
SPOKEN: Final = {
    "about": r"about|around|some|~",
    "at-least": r"at least|more than|over|just above|\d\+",
    "at-most": r"up to|at most|cap",
    "nearly": r"nearly|almost|close to",
}
"""The words by which the facts say how near a number is."""
BOUNDS: Final = tuple(INFRA[name] for name in ("figureValue", "lowerBound", "upperBound"))


def numbers(text: str) -> set[Decimal]:
    """The numbers of an English text, those in words and in millions too."""
    found = set()
    for written, scale, word in NUMBER.findall(text.replace("-", " - ")):
        if word:
            found.add(Decimal(WORDS[word.lower()]))
        else:
            found.add(Decimal(written.replace(",", "")) * SCALES.get(scale.lower(), 1))
    return found


def words_of(record: Record) -> str:
    """All that the facts say of a practice."""
    texts = [
        *(record[key] or "" for key in ("need_addressed", "how_it_works", "resources_needed", "staff")),
        *(record["evidence_of_success"] or []),
        record["difficulties_lessons"] or "",
        *(source["claim"] for source in record["sources"]),
    ]
    return "\n".join(texts)


def figures(record: Record, shipped: Shipped) -> list[Any]:
    return shipped.objects(entity("practice", record["id"]), INFRA["hasFigure"])


def values(figure: Any, shipped: Shipped) -> list[Decimal]:
    found = [value for bound in BOUNDS for value in shipped.objects(figure, bound)]
    return [Decimal(value.value) for value in found if isinstance(value, Literal)]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("EUR 18 million for 40 firms", {18_000_000, 40}),
        ("EUR 2,270,000 in all; ~600 people", {2_270_000, 600}),
        ("set-up EUR 120,000-150,000, seven firms", {120_000, 150_000, 7}),
        ("AT12 and 3D are no numbers", set()),
    ],
)
def test_numbers_are_read_from_words(text: str, read: set[int]) -> None:
    assert numbers(text) == {Decimal(number) for number in read}


def test_each_number_stands_in_the_facts_of_its_practice(facts: Facts, shipped: Shipped) -> None:
    invented = {}
    for record in facts.practices:
        known = numbers(words_of(record))
        for figure in figures(record, shipped):
            stated = values(figure, shipped)
            assert len(stated) in (1, 2), figure
            if not known.issuperset(stated):
                invented[figure.value] = stated
    assert invented == {}


def test_each_number_stands_in_its_own_sentence(facts: Facts, shipped: Shipped) -> None:
    for record in facts.practices:
        for figure in figures(record, shipped):
            (sentence,) = shipped.texts(figure, DCT["description"], language="en")
            assert numbers(sentence).issuperset(values(figure, shipped)), figure


def test_the_source_of_a_figure_is_one_of_its_practice(facts: Facts, shipped: Shipped) -> None:
    for record in facts.practices:
        node = entity("practice", record["id"])
        for figure in figures(record, shipped):
            (source,) = shipped.iris(figure, DCT["source"])
            assert source in shipped.iris(node, DCT["source"]), figure
            assert unquote(source) in urls(record), figure


def test_a_precision_is_one_that_the_sentence_words(facts: Facts, shipped: Shipped) -> None:
    unsaid = {}
    for record in facts.practices:
        for figure in figures(record, shipped):
            precision = shipped.notation(figure, INFRA["figurePrecision"])
            if precision is None:
                continue
            (sentence,) = shipped.texts(figure, DCT["description"])
            if not re.search(SPOKEN[precision], sentence, re.IGNORECASE):
                unsaid[figure.value] = sentence
    assert unsaid == {}


def test_a_sentence_that_begins_with_a_precision_has_it(facts: Facts, shipped: Shipped) -> None:
    """The number next to about, more than, up to or almost is never stated as if it were exact."""
    lost = {}
    for record in facts.practices:
        for figure in figures(record, shipped):
            (sentence,) = shipped.texts(figure, DCT["description"])
            for value in values(figure, shipped):
                if shipped.notation(figure, INFRA["figurePrecision"]) is None and vaguely(value, sentence):
                    lost[figure.value] = sentence
    assert lost == {}


def vaguely(value: Decimal, sentence: str) -> bool:
    """Whether every place of the number in a sentence stands behind a word of precision."""
    cue = re.compile(
        r"(?:about|around|some|at least|more than|over|up to|nearly|almost)(?: [A-Z]{3})?\s*$", re.I
    )
    places = [
        bool(cue.search(sentence[: place.start()]))
        for place in NUMBER.finditer(sentence)
        if value in numbers(place[0])
    ]
    return bool(places) and all(places)


def test_money_has_a_currency_and_nothing_else_has(facts: Facts, shipped: Shipped) -> None:
    money = {
        "budget", "investment", "public-funding", "private-funding", "grant-amount", "income", "fee",
        "equipment-value", "economic-impact",
    }  # fmt: skip
    for record in facts.practices:
        for figure in figures(record, shipped):
            kind = shipped.notation(figure, INFRA["figureKind"])
            assert bool(shipped.texts(figure, SCHEMA["currency"])) == (kind in money), figure


def test_a_practice_with_numbers_in_its_evidence_has_figures(facts: Facts, shipped: Shipped) -> None:
    without = {
        record["id"]
        for record in facts.practices
        if numbers(" ".join(record["evidence_of_success"] or [])) and not figures(record, shipped)
    }
    assert without == {"bdih"}, "its evidence is an award: one of two winners in 2020"


def test_targets_are_never_stated_as_results(facts: Facts, shipped: Shipped) -> None:
    for record in facts.practices:
        for figure in figures(record, shipped):
            (sentence,) = shipped.texts(figure, DCT["description"])
            if re.search(r"\b(planned targets|a plan|pledged|firm plans)\b", sentence, re.IGNORECASE):
                planned = shipped.notation(figure, INFRA["figureStatus"]) == "planned"
                assert planned or "16 companies" in sentence, figure
