"""A run: a need on one revision of the dataset, and the id that holds both.

Nothing of a need is stored, so the id is the need itself: whoever has the id can read the need. Its form, version 1, is
the character ``1`` and, as base64url without padding (RFC 4648, section 5), the zlib stream (RFC 1950) of the JSON
``[revision, need]`` with the members in alphabetical order and without those that are at their defaults. Consent to be
counted is no part of it: it was given for one question, and a run that is had again is none.
"""

import base64
import binascii
import json
import re
import zlib
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from graph.errors import NotFound
from graph.match.need import Need

VERSION: Final = "1"
LONGEST: Final = 100_000
"""Characters of the longest id that is read."""
_MOST: Final = 1_000_000
"""Bytes of the JSON in an id; the zlib stream of a longer one is not read on."""
_ALPHABET: Final = re.compile(r"[A-Za-z0-9_-]+")
_REMEDY: Final = "take the whole run.id of an answer, or send the need to /match again"


class NoRun(NotFound):
    """An id that is none, is cut, or was made by another version."""

    problem = "no-run"


@dataclass(frozen=True)
class Run:
    """A need on a revision. Equal needs on equal revisions have equal ids."""

    need: Need
    revision: int

    @property
    def id(self) -> str:
        """The run as one word that can stand in an address."""
        members = self.need.model_dump(mode="json", exclude_defaults=True, exclude={"shareDemand"})
        text = json.dumps([self.revision, members], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        packed = zlib.compress(text.encode("utf-8", "surrogatepass"), 9)
        return VERSION + base64.urlsafe_b64encode(packed).decode("ascii").rstrip("=")

    @classmethod
    def of_id(cls, name: str) -> "Run":
        """The run of an id. Raises ``NoRun``."""
        if not name.startswith(VERSION):
            raise NoRun(f"no run has the id {_short(name)}: ids start with {VERSION}; {_REMEDY}")
        if len(name) > LONGEST:
            raise NoRun(
                f"the id has {len(name):,} characters, the longest that is read {LONGEST:,}; {_REMEDY}"
            )
        try:
            revision, members = _unpacked(name[len(VERSION) :])
        except (ValueError, zlib.error, RecursionError) as error:
            raise NoRun(f"the id {_short(name)} is cut or changed, and cannot be read; {_REMEDY}") from error
        try:
            return cls(Need.model_validate(members), revision)
        except ValidationError as error:
            fault = error.errors()[0]
            where = ".".join(str(part) for part in fault["loc"]) or "need"
            raise NoRun(
                f"the need in the id is not taken any more: {where}: {fault['msg']}; {_REMEDY}"
            ) from error


def _short(name: str) -> str:
    """Enough of an id to know it by; never so much that the need could be read."""
    return repr(name[:12] + "…" if len(name) > 12 else name)


def _unpacked(text: str) -> tuple[int, Any]:
    """Revision and need. Raises ``ValueError`` or ``zlib.error`` for what is none."""
    if not _ALPHABET.fullmatch(text):
        raise ValueError("not base64url")
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error
    unpacker = zlib.decompressobj()
    data = unpacker.decompress(packed, _MOST)
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError("no whole zlib stream")
    match json.loads(data):
        case [int(revision), dict(members)] if not isinstance(revision, bool) and revision >= 0:
            return revision, members
    raise ValueError("not a revision and a need")
