"""Conditional writes after RFC 9110, section 13: ``If-Match`` and ``If-None-Match`` against the current version.

The entity tag of a contribution begins with its version and goes on with what tells its representations apart, so a
tag that came with any representation can be sent back.
"""

import re

from fastapi import Request

from api.state import etag
from graph.contribute.accept import Precondition
from graph.errors import InputError, PreconditionFailed
from graph.store.ledger import Version

_TAG = re.compile(r'\s*(?:"v(?P<version>[0-9]{1,9})(?:-[^"]*)?"|(?P<any>\*))\s*')


def version_tag(request: Request, version: Version, *parts: str) -> str:
    """The entity tag of a representation of a version."""
    digest = etag(request, version.revision, version.sha256, *parts).rsplit("-", 1)[1]
    return f'"v{version.version}-{digest}'


def precondition(request: Request) -> Precondition | None:
    """What the request demands of the current version. Raises ``InputError`` for tags that are none of ours."""
    match = ",".join(request.headers.getlist("if-match"))
    none_match = ",".join(request.headers.getlist("if-none-match"))
    if not match and not none_match:
        return None
    wanted = _versions(match, "If-Match") if match else None
    unwanted = _versions(none_match, "If-None-Match") if none_match else None

    def check(last: Version | None) -> None:
        current = None if last is None or last.is_deletion else last.version
        state = f"the current version is {current}" if current else "there is no current version"
        if wanted is not None and not _fits(wanted, current):
            raise PreconditionFailed(
                f"{state}, not the one in If-Match: look at what changed, and send your file again with its ETag"
            )
        if unwanted is not None and _fits(unwanted, current):
            raise PreconditionFailed(f"{state}, which If-None-Match excludes")

    return check


def _fits(tags: set[int | None], current: int | None) -> bool:
    """Whether the current version is among the tags; ``None`` among them stands for any version."""
    return current is not None and (None in tags or current in tags)


def _versions(header: str, name: str) -> set[int | None]:
    tags: set[int | None] = set()
    for part in header.split(","):
        match = _TAG.fullmatch(part)
        if match is None:
            raise InputError(
                f"{name}: {part.strip()[:100]} is no entity tag of a contribution; send the ETag of a GET or PUT "
                'of it, such as "v3-5d41402abc4b2a76", or *'
            )
        tags.add(None if match["any"] else int(match["version"]))
    return tags
