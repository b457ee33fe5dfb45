"""Addresses for mail: ``mailto:`` with subject and body, after RFC 6068, from texts that anybody may have written."""

import re
from typing import Final
from urllib.parse import quote

from markupsafe import Markup

_ADDRESS: Final = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?"
)


def mailto(address: str, subject: str = "", body: str = "") -> str | None:
    """The address as a link; ``None`` for a text that is no single address.

    Subject and body may come from templates, where they are escaped for HTML: here they are encoded for addresses.
    """
    bare = address.strip().removeprefix("mailto:")
    if not _ADDRESS.fullmatch(bare):
        return None
    parts = {"subject": _plain(subject), "body": _plain(body).replace("\n", "\r\n")}
    query = "&".join(f"{name}={quote(text, safe='')}" for name, text in parts.items() if text)
    return f"mailto:{quote(bare, safe='@')}" + (f"?{query}" if query else "")


def _plain(text: str) -> str:
    return text.unescape() if isinstance(text, Markup) else text
