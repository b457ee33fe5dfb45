"""Gzip taken apart under limits: of size, and of members, for a member costs time even when it is empty."""

import zlib
from typing import Final

from graph.errors import Place, SyntaxProblem, TooLarge

MAGIC: Final = b"\x1f\x8b"
MAX_MEMBERS: Final = 10_000
"""Members of one file. Programs that pack in blocks write one for each 64 KiB."""
_GZIP: Final = 31
"""The window bits that make zlib read gzip (https://www.zlib.net/manual.html)."""
_PIECE: Final = 65_536


def unpack(data: bytes, limit: int) -> bytes:
    """Gunzip if the bytes are gzip.

    Raises ``TooLarge`` past ``limit`` bytes, packed or not, and ``SyntaxProblem`` for what is damaged.
    """
    if len(data) > limit:
        raise TooLarge(_too_large(limit))
    if not data.startswith(MAGIC):
        return data
    unpacked = bytearray()
    member, members = zlib.decompressobj(_GZIP), 1
    for start in range(0, len(data), _PIECE):
        rest = data[start : start + _PIECE]
        while rest:
            if member.eof:
                rest = rest.lstrip(b"\0")  # https://www.gnu.org/software/gzip/manual/gzip.html#Tapes
                if not rest:
                    break
                members += 1
                if members > MAX_MEMBERS:
                    raise _damaged(f"more than {MAX_MEMBERS:,} gzip members")
                member = zlib.decompressobj(_GZIP)
            try:
                unpacked += member.decompress(rest, limit + 1 - len(unpacked))
            except zlib.error as error:
                raise _damaged(str(error)) from error
            if len(unpacked) > limit:
                raise TooLarge(_too_large(limit))
            rest = member.unused_data if member.eof else member.unconsumed_tail
    if not member.eof:
        raise _damaged("it ends too early")
    return bytes(unpacked)


def _damaged(why: str) -> SyntaxProblem:
    place = Place(f"the gzip stream is damaged: {why}", "gzip", help="pack the file again")
    return SyntaxProblem(f"{place.message}. Pack the file again.", (place,))


def _too_large(limit: int) -> str:
    return f"more than {limit:,} bytes, the limit for one contribution; split it into several datasets"
