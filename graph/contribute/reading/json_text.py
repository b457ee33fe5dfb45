"""JSON that knows where it stands: the values of a text that is known to be JSON, with their offsets.

Grammar: https://www.rfc-editor.org/rfc/rfc8259.
"""

import json
import re
from dataclasses import dataclass
from typing import Any, Final

_TOKEN: Final = re.compile(
    r"""[\s:,]*+ (?: (?P<string>"[^"\\]*+(?:\\.[^"\\]*+)*+") | (?P<open>[\[{]) | (?P<close>[\]}])
      | (?P<number>-?[0-9][-+.0-9eE]*+) | (?P<word>-?[A-Za-z]++) )""",
    re.VERBOSE | re.DOTALL,
)
_WORDS: Final = {"true": True, "false": False}


class Number(str):
    """A number as it is written."""

    __slots__ = ()


@dataclass(slots=True)
class Json:
    """A value with the offset of its first character."""

    at: int
    value: "str | Number | bool | list[Json] | Members | None"


@dataclass(slots=True)
class Member:
    """A key of an object with its offset, and its value."""

    key: str
    at: int
    value: Json


class Members(list[Member]):
    """The members of an object as they stand; a key may come twice."""

    def get(self, key: str) -> Json | None:
        """The last value of a key, which is the one that counts."""
        return next((member.value for member in reversed(self) if member.key == key), None)


def scan(text: str) -> Json:
    """The value of a text that ``json.loads`` takes, in one pass and without recursion."""
    whole: list[Json] = []
    opened: list[list[Json] | Members] = [whole]
    key: tuple[str, int] | None = None
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        if kind == "close":
            opened.pop()
            continue
        at, written, container = match.start(kind), match[kind], opened[-1]
        if kind == "string" and isinstance(container, Members) and key is None:
            key = _string(written), at
            continue
        value = Json(at, None)
        if kind == "open":
            value.value = Members() if written == "{" else []
        elif kind == "string":
            value.value = _string(written)
        elif kind == "number":
            value.value = Number(written)
        else:
            value.value = _WORDS.get(written)
        if isinstance(container, Members):
            name, key_at = key or ("", at)
            container.append(Member(name, key_at, value))
            key = None
        else:
            container.append(value)
        if isinstance(value.value, list):
            opened.append(value.value)
    return whole[0]


def _string(token: str) -> str:
    if "\\" not in token:
        return token[1:-1]
    text: str = json.loads(token)
    return text


def plain(node: Json) -> Any:
    """The value without its places, as ``json.loads`` gives it but for numbers, which stay as they are written."""
    value = node.value
    if isinstance(value, Members):
        return {member.key: plain(member.value) for member in value}
    if isinstance(value, list):
        return [plain(item) for item in value if isinstance(item, Json)]
    return value
