"""Answers that are kept as long as the dataset does not change, so that a page is made once for many readers."""

import threading
from collections import OrderedDict

from fastapi.responses import Response

_LARGEST_SHARE = 16


class KeptAnswers:
    """The answers used last, by entity tag, within a number of bytes. Safe to use from many threads."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._bytes = 0
        self._answers: OrderedDict[str, Response] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, tag: str) -> Response | None:
        """A copy of the answer with this tag, if it is kept."""
        with self._lock:
            kept = self._answers.get(tag)
            if kept is not None:
                self._answers.move_to_end(tag)
        return None if kept is None else _copy(kept)

    def put(self, tag: str, answer: Response) -> None:
        """Keep a copy of the answer; those not used for longest go."""
        size = len(answer.body)
        if size * _LARGEST_SHARE > self._most:
            return
        with self._lock:
            if tag in self._answers:
                return
            self._answers[tag] = _copy(answer)
            self._bytes += size
            while self._bytes > self._most:
                _, gone = self._answers.popitem(last=False)
                self._bytes -= len(gone.body)


def _copy(answer: Response) -> Response:
    copy = Response(answer.body, status_code=answer.status_code)
    copy.raw_headers = list(answer.raw_headers)
    return copy
