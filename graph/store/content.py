"""The name of a content: the hash of its canonical form."""

import hashlib


def content_hash(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
