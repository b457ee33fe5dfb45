"""Numbers as people write them, read where they can be one number only."""

import re
from decimal import Decimal
from typing import Final

from graph.contribute.tables.metadata import Column
from graph.contribute.tables.unreadable import Unreadable, quoted

_NUMBER: Final = re.compile(r"[+-]?(\d+)(?:([.,])(\d+))?", re.ASCII)


def number(column: Column, text: str) -> str:
    """A number as XSD writes it. A comma or dot is taken where it can only be the decimal sign.

    ``1,234`` and ``1.234`` could be a thousand and more: they are taken only where the column's bounds leave one.
    """
    bare = text.replace("−", "-").replace("\u00a0", "").replace("\u202f", "")
    whole = column.datatype.base == "integer"
    kind = "a whole number" if whole else "a number"
    match = _NUMBER.fullmatch(bare)
    if not match:
        help_ = "write digits only, without unit or spaces" + ("" if whole else ", such as 12.5")
        raise Unreadable("cell-number", text, f"{quoted(text)} is not {kind}", help_)
    digits, mark, rest = match.groups()
    if not mark:
        candidates = [bare]
    else:
        candidates = [] if whole else [bare.replace(",", ".")]
        if len(rest) == 3 and len(digits) <= 3 and not digits.startswith("0"):
            candidates.append(bare.replace(mark, ""))
    fitting = [candidate for candidate in candidates if _within(column, candidate)]
    if len(fitting) == 1 and not (whole and mark):
        return fitting[0].removeprefix("+")
    if len(fitting) > 1:
        message = f"{quoted(text)} can be read as {fitting[0]} and as {fitting[1]}"
        help_ = f"write {fitting[0]}0 or {fitting[1]}"
    elif whole and mark:
        message, help_ = f"{quoted(text)} is not a whole number", "write digits only"
    else:
        low, high = column.datatype.minimum, column.datatype.maximum
        message = f"{quoted(text)} is out of range"
        help_ = (
            f"write a number from {low} to {high}" if high is not None else f"write a number of {low} or more"
        )
    raise Unreadable("cell-number", text, message, help_)


def _within(column: Column, text: str) -> bool:
    low, high = column.datatype.minimum, column.datatype.maximum
    value = Decimal(text)
    return (low is None or value >= low) and (high is None or value <= high)
