"""Equal results as one: the same rule, path and value, however many entities it was found at."""

from collections.abc import Iterable
from typing import Final

from graph.contribute.shacl import Result

MAX_PLACES: Final = 100
"""How many places of equal findings are listed; all are counted."""


def groups(found: Iterable[tuple[str, Result]]) -> list[tuple[str, list[Result]]]:
    """The results of each rule with the same path and value, in the order of the first of them."""
    alike: dict[tuple[object, ...], tuple[str, list[Result]]] = {}
    for code, result in found:
        # A rule without a path names the entity itself as the value: what is missing is the same for all of them.
        value = None if result.path is None and result.value == result.focus else result.value
        alike.setdefault((code, result.path, value), (code, []))[1].append(result)
    return list(alike.values())
