"""How much room a text takes, when the font that it will be seen in is not known: rather more than less."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

_ADVANCES: Final = {
    0.29: "'ijl",
    0.33: " ,.·IJ",
    0.37: "-/:;\\|f",
    0.42: "()[]t!r",
    0.53: '"*_`–°sz',
    0.62: "?cLFPkvxyTYao",
    0.64: "eESbdghnpqu$0123456789{}€",
    0.70: "KAVBRXZC",
    0.80: "UHNDG&OQ",
    0.88: "#+<=>^~×→Mw±÷",
    1.00: "%mW@…",
    1.10: "ÆæŒœ¼½¾ЖШЩЮ",
}
"""Advance widths in em of DejaVu Sans, rounded up: one of the widest fonts that screens show text in."""
_ADVANCE: Final = {letter: width for width, letters in _ADVANCES.items() for letter in letters}
_CAPITAL, _OTHER, _WIDE = 0.90, 0.80, 1.10
_BOLD: Final = 1.15
_UNWRITABLE: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LINE: Final = 1.3
"""The height of a line in sizes of the font."""


@dataclass(frozen=True)
class Lines:
    """A text in lines; where they do not hold all of it, the last ends with an ellipsis."""

    lines: tuple[str, ...]
    text: str
    width: float
    whole: bool = True


def written(text: str) -> str:
    """A text on one line; U+FFFD stands for what XML cannot hold."""
    return " ".join(_UNWRITABLE.sub("\ufffd", text).split())


def width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a text can be, in units of the picture."""
    return sum(map(_advance, text)) * size * (_BOLD if bold else 1)


def wrapped(text: str, room: float, size: float, *, most: int = 4, bold: bool = False) -> Lines:
    """A text in lines of at most this width: broken between words, and within a word that has no room on a line."""
    text = written(text)
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if width(longer, size, bold=bold) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        *full, line = _pieces(word, room, size, bold=bold)
        lines += full
        if len(lines) > most:
            break
    lines.append(line)
    whole = len(lines) <= most
    if not whole:
        lines = lines[:most]
        last = lines[-1]
        while last and width(f"{last}…", size, bold=bold) > room:
            last = last[:-1]
        lines[-1] = f"{last.rstrip()}…"
    return Lines(tuple(lines), text, max(width(one, size, bold=bold) for one in lines), whole)


def _pieces(word: str, room: float, size: float, *, bold: bool) -> list[str]:
    """A word in pieces that each have room; it breaks after a hyphen or slash where there is one."""
    pieces = [""]
    taken = 0.0
    factor = size * (_BOLD if bold else 1)
    for letter in word:
        step = _advance(letter) * factor
        if pieces[-1] and taken + step > room and step:
            cut = max(map(pieces[-1].rfind, "-–/")) + 1
            rest = pieces[-1][cut:] if cut > 2 else ""
            pieces[-1] = pieces[-1][: len(pieces[-1]) - len(rest)]
            pieces.append(rest)
            taken = width(rest, factor)
        pieces[-1] += letter
        taken += step
    return pieces


def _advance(letter: str) -> float:
    known = _ADVANCE.get(letter)
    if known is not None:
        return known
    plain = unicodedata.normalize("NFD", letter)[0]
    if plain in _ADVANCE:
        return _ADVANCE[plain]
    if unicodedata.combining(letter) or unicodedata.category(letter) in {"Cf", "Mn", "Me"}:
        return 0.0
    if unicodedata.east_asian_width(letter) in {"W", "F"} or unicodedata.category(letter) == "So":
        return _WIDE
    return _CAPITAL if letter.isupper() else _OTHER
