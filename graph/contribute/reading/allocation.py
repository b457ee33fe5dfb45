"""Memory while a document is worked on: millions of small objects that live until the end."""

import gc
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_R = TypeVar("_R")


def without_collection(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Put off Python's search for reference cycles until the function returns.

    It would look at every term and triple again each time their number has grown by a quarter, and find none to free:
    a third of the time for a document of 10,000 facilities.
    """

    @wraps(function)
    def steadily(*arguments: _P.args, **named: _P.kwargs) -> _R:
        was_on = gc.isenabled()
        gc.disable()
        try:
            return function(*arguments, **named)
        finally:
            if was_on:
                gc.enable()

    return steadily
