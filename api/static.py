"""The files that pages load: held in memory, tagged by content, kept for ever where their address names the content."""

import hashlib
import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import NotModifiedResponse, PathLike, StaticFiles
from starlette.types import Scope

from graph.resources import WEB

FOLDER: Final = WEB / "static"
_AT: Final = "/static/"
_HASHED: Final = f"built{os.sep}assets{os.sep}"
"""Where Vite puts files whose names have a hash of what they hold."""
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_FOR_A_WHILE: Final = "public, max-age=300"
_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}


@dataclass(frozen=True)
class _File:
    content: bytes
    digest: str
    state: tuple[int, int]


class Static(StaticFiles):
    """``web/static``. A page names a file by ``asset("style.css")``, whose address changes with the file."""

    def __init__(self, folder: Path = FOLDER) -> None:
        super().__init__(directory=folder)
        self._folder = folder
        self._files: dict[str, _File] = {}
        self._lock = threading.Lock()

    def asset(self, name: str) -> str:
        """The address of a file that may be kept for ever. Raises ``FileNotFoundError``."""
        path = self._folder / name
        return f"{_AT}{name}?v={self._read(str(path.resolve()), path.stat()).digest}"

    def file_response(
        self, full_path: PathLike, stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """The file, or that it has not changed. What its address names by its content never changes."""
        path = Path(full_path)
        file = self._read(str(path), stat_result)
        version = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("v", [""])[0]
        is_lasting = version == file.digest or _HASHED in str(path)
        headers = {
            "Content-Type": _TYPES.get(path.suffix, "application/octet-stream"),
            "Cache-Control": _FOR_EVER if is_lasting else _FOR_A_WHILE,
            "ETag": f'"{file.digest}"',
        }
        if self.is_not_modified(Headers(headers), Headers(scope=scope)):
            return NotModifiedResponse(Headers(headers))
        return Response(file.content, status_code=status_code, headers=headers)

    def _read(self, path: str, state: os.stat_result) -> _File:
        now = (state.st_mtime_ns, state.st_size)
        with self._lock:
            kept = self._files.get(path)
            if kept is None or kept.state != now:
                content = Path(path).read_bytes()
                kept = _File(content, hashlib.sha256(content).hexdigest()[:16], now)
                self._files[path] = kept
        return kept
