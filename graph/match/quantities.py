"""Quantities: numbers with units in a text become QUDT quantities, with the words they came from.

The words for units in the nine languages are data, ``ontology/unit-words.json``.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from graph.match.cues import Cues
from graph.match.language import fold, folded_words
from graph.match.units import KIND, UNIT, by_symbol, units
from graph.resources import ONTOLOGY

_SPACES = " \u00a0\u2009\u202f"
_NUMBER = re.compile(rf"\d{{1,3}}(?:[{_SPACES}]\d{{3}})+(?![\d])(?:[.,]\d+)?|\d+(?:[.,'’]\d+)*")
_CODE = re.compile(r"(?:\w|[^\W\d_]-|\d[.,_])$")
"""What stands before digits that belong to a word or a code, such as Ti-6Al-4V."""
_SIGN = re.compile(rf"(?:^|(?<=[\s(:,;=…/]))([-−–+±~≈]|[<>≤≥])[{_SPACES}]?$")
_DASH = re.compile(rf"[{_SPACES}]*(?:[-–—−]|\.\.\.?|…|÷)[{_SPACES}]*[+]?")
_TIMES = re.compile(rf"[{_SPACES}]*[x×*·][{_SPACES}]*")
_POINT_GROUPS = frozenset({"nl", "de", "it"})
"""Languages that part thousands by a point; English parts them by a comma, the others by a space."""
_APART = frozenset({"K", "T", "s", "N", "J", '"'})
"""Symbols that stand for a unit only after a space: 4K is a picture format."""


@dataclass(frozen=True)
class Quantity:
    """A value or a range in a QUDT unit, with the words it came from, their place in the text and confidence."""

    unit: str
    kind: str
    least: float | None
    most: float | None
    because: str
    start: int
    end: int
    confidence: float

    @property
    def value(self) -> float | None:
        """The one value, where it is no range and no bound."""
        return self.least if self.least == self.most else None


@dataclass(frozen=True)
class _Number:
    value: float
    start: int
    end: int
    bound: str


def find(text: str, language: str, cues: Cues) -> list[Quantity]:
    """The quantities of a text in order; numbers without a unit are none."""
    if not any(character.isdigit() for character in text):
        return []
    found: list[Quantity] = []
    numbers = list(_numbers(text, language, cues))
    index = 0
    while index < len(numbers):
        taken, quantities = _from(numbers[index:], text, language, cues)
        found += quantities
        index += taken
    return found


def _from(numbers: Sequence[_Number], text: str, language: str, cues: Cues) -> tuple[int, list[Quantity]]:
    """The quantities that begin with the first number, and how many numbers they take."""
    first = numbers[0]
    unit = _unit(text, first.end, language)
    end = unit[1] if unit else first.end
    if len(numbers) > 1:
        second = numbers[1]
        between = text[end : second.start]
        other = _unit(text, second.end, language)
        if other and (unit is None or unit[0] == other[0]) and _is_range(between, language, cues):
            low, high = sorted((first.value, _unsigned(second, text, end)))
            start = first.start
            return 2, [_quantity(other[0], other[2], low, high, text[start : other[1]], start, other[1])]
        if _TIMES.fullmatch(between):
            chain = _product(numbers, text, language)
            if chain:
                return len(chain), chain
    if unit is None:
        return 1, []
    least: float | None = first.value
    most: float | None = first.value
    start = first.start
    if first.bound in {"<", "≤"}:
        least = None
    elif first.bound in {">", "≥"}:
        most = None
    else:
        words = folded_words(text[max(0, start - 40) : start])
        if _ends(words, cues.phrases("at-most", language)):
            least = None
        elif _ends(words, cues.phrases("at-least", language)):
            most = None
    return 1, [_quantity(unit[0], unit[2], least, most, text[start : unit[1]], start, unit[1])]


def _product(numbers: Sequence[_Number], text: str, language: str) -> list[Quantity]:
    """Sizes such as 200 × 300 mm: each number has its own unit or that of the next which has one."""
    parts: list[tuple[_Number, tuple[str, int, float] | None]] = []
    for number in numbers:
        if parts:
            last, last_unit = parts[-1]
            if not _TIMES.fullmatch(text[(last_unit[1] if last_unit else last.end) : number.start]):
                break
        parts.append((number, _unit(text, number.end, language)))
    quantities: list[Quantity] = []
    unit: tuple[str, int, float] | None = None
    for number, own in reversed(parts):
        unit = own or unit
        if unit is None:
            return []
        end = own[1] if own else number.end
        because = text[number.start : end]
        quantities.append(_quantity(unit[0], unit[2], number.value, number.value, because, number.start, end))
    return quantities[::-1]


def _unsigned(number: _Number, text: str, end: int) -> float:
    """A number after a dash that joins a range has no sign of its own, unless there are two: -40 - -20."""
    dashes = sum(text[end : number.end].count(dash) for dash in "-−–—")
    words = any(character.isalpha() or character in "…." for character in text[end : number.start])
    return abs(number.value) if number.value < 0 and dashes < 2 and not words else number.value


def _is_range(between: str, language: str, cues: Cues) -> bool:
    if _DASH.fullmatch(between) or (not between.strip() and between):
        return bool(between.strip())
    words = folded_words(between)
    return words in cues.phrases("range", language) or (
        words[-1:] in [(word,) for word in cues.words("minus", language)]
        and words[:-1] in cues.phrases("range", language)
    )


def _quantity(
    unit: str, confidence: float, least: float | None, most: float | None, because: str, start: int, end: int
) -> Quantity:
    scale, _, unit = unit.rpartition(" ")  # a Swedish mil is 10 km
    if scale:
        least = None if least is None else least * float(scale)
        most = None if most is None else most * float(scale)
    kind = str(units()[unit]["kind"])
    return Quantity(UNIT + unit, KIND + kind, least, most, because.strip(), start, end, confidence)


def _ends(words: tuple[str, ...], phrases: Sequence[tuple[str, ...]]) -> bool:
    return any(words[-len(phrase) :] == phrase for phrase in phrases)


def _numbers(text: str, language: str, cues: Cues) -> Iterator[_Number]:
    """The numbers of a text with their signs; digits inside a word or a code are none."""
    minus = cues.words("minus", language)
    for match in _NUMBER.finditer(text):
        start = match.start()
        if _CODE.search(text[:start]):
            continue
        value = _value(match[0], language)
        if value is None:
            continue
        bound = ""
        sign = _SIGN.search(text[:start])
        if sign:
            bound = sign[1]
            start = sign.start(1)
        else:
            word = re.search(r"([^\W\d_]+)\s$", text[:start])
            if word and fold(word[1]) in minus:
                bound, start = "-", word.start(1)
        yield _Number(-value if bound in set("-−–") else value, start, match.end(), bound)


def _value(written: str, language: str) -> float | None:
    """The number that digits with points, commas and spaces stand for in a language."""
    digits = re.sub(rf"[{_SPACES}'’]", "", written)
    marks = [character for character in digits if character in ".,"]
    if len(set(marks)) == 2:
        decimal = marks[-1]
        if marks.count(decimal) > 1:
            return None
        digits = digits.replace("," if decimal == "." else ".", "").replace(decimal, ".")
    elif len(marks) > 1:
        digits = digits.replace(marks[0], "")
    elif marks:
        whole, _, rest = digits.partition(marks[0])
        groups = "," if language == "en" else "." if language in _POINT_GROUPS else ""
        is_group = marks[0] == groups and len(rest) == 3 and whole not in {"", "0"} and len(whole) <= 3
        digits = whole + rest if is_group else f"{whole}.{rest}"
    try:
        return float(digits)
    except ValueError:
        return None


def _unit(text: str, position: int, language: str) -> tuple[str, int, float] | None:
    """The unit that stands right after a number, where it ends, and how surely it is one."""
    gap = re.compile(rf"[{_SPACES}]?-?").match(text, position)
    after = gap.end() if gap else position
    symbol = _symbols().match(text, after)
    if symbol:
        written = symbol[0]
        tail = text[symbol.end() : symbol.end() + 2]
        single = len(written) == 1 and written.isalpha()
        joined = len(tail) == 2 and tail[0] == "-" and tail[1].isalpha()
        if not (single and joined) and not (written in _APART and after == position):
            return by_symbol()[written], symbol.end(), 0.85 if single else 0.95
    word = _words(language)[0].match(text, after)
    if word:
        return _words(language)[1][fold(word[0])], word.end(), 0.9
    return None


@cache
def _symbols() -> re.Pattern[str]:
    longest = sorted(by_symbol(), key=len, reverse=True)
    return re.compile("(?:" + "|".join(re.escape(symbol) for symbol in longest) + r")(?![^\W_]|/\w)")


@lru_cache(maxsize=16)
def _words(language: str) -> tuple[re.Pattern[str], dict[str, str]]:
    """The words for units in a language, folded, with a pattern that finds them."""
    data = json.loads((ONTOLOGY / "unit-words.json").read_text(encoding="utf-8"))
    words: dict[str, str] = data[language]
    longest = sorted(words, key=len, reverse=True)
    parts = [r"[\s\u00a0]".join(_any_form(part) for part in word.split()) for word in longest]
    return re.compile("(?:" + "|".join(parts) + r")(?![^\W_])", re.IGNORECASE), words


def _any_form(word: str) -> str:
    """A pattern for a folded word that takes its letters with diacritics too."""
    return "".join(_FORMS.get(letter, re.escape(letter)) for letter in word)


_FORMS = {
    "a": "[aáàâäãåā]", "c": "[cčç]", "e": "[eéèêëěē]", "g": "[gģ]", "i": "[iíìîïī]", "k": "[kķ]", "l": "[lļ]",
    "n": "[nňņñ]", "o": "[oóòôöõō]", "r": "[rř]", "s": "[sš]", "t": "[tť]", "u": "[uúùûüůū]", "y": "[yý]", "z": "[zž]",
}  # fmt: skip
