"""Units of QUDT: what kind of quantity each one measures, and how to bring numbers in them to SI units.

They are data, ``ontology/units.json``. Factors and offsets follow the SI Brochure (BIPM, 9th edition, 2019): a number
in the unit, times its factor, plus its offset, is the number in the coherent SI unit.
"""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from graph.resources import ONTOLOGY

UNIT: Final = "http://qudt.org/vocab/unit/"
KIND: Final = "http://qudt.org/vocab/quantitykind/"


@cache
def units() -> Mapping[str, Mapping[str, Any]]:
    """All units that are known, by their QUDT name such as ``KiloN``."""
    data: Mapping[str, Mapping[str, Any]] = json.loads((ONTOLOGY / "units.json").read_text(encoding="utf-8"))
    return data["units"]


@cache
def by_symbol() -> Mapping[str, str]:
    """The QUDT names of units by their symbols: ``KiloN`` for ``kN``."""
    return {symbol: unit for unit, entry in units().items() for symbol in entry["symbols"]}


def kind(unit: str) -> str | None:
    """The QUDT quantity kind that a unit measures, such as ``Force``; ``None`` for a unit that is not known."""
    entry = units().get(unit)
    return None if entry is None else str(entry["kind"])


def in_si(number: float, unit: str) -> float:
    """A number in a known unit, in the coherent SI unit."""
    entry = units()[unit]
    return number * float(entry["factor"]) + float(entry.get("offset", 0.0))


def symbol(unit: str) -> str:
    """How a unit is written after a number; its QUDT name where it has no symbol."""
    symbols = units().get(unit, {}).get("symbols", ())
    return str(symbols[0]) if symbols else unit
