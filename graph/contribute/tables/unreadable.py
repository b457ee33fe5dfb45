"""What is said of a cell that cannot be read."""

from typing import Final

_SHOWN: Final = 80


class Unreadable(ValueError):  # noqa: N818 - says what the cell is
    """A cell that cannot be read: what is wrong, and what to write."""

    def __init__(self, code: str, value: str, message: str, help_: str) -> None:
        super().__init__(message)
        self.code, self.value, self.message, self.help = code, value, message, help_


def quoted(text: str) -> str:
    """A text in quotation marks, shortened where it is long."""
    return f'"{text if len(text) <= _SHOWN else text[:_SHOWN] + "…"}"'
