"""The bundled scripts of the pages: which files a page asks for, as Vite's manifest has it."""

import json
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup

from graph.resources import WEB

_AT: Final = "/static/built/"


class Scripts:
    """The bundles in ``web/static/built``. Without them, pages work as they do where scripts are off."""

    def __init__(self, manifest: Path = WEB / "static" / "built" / "manifest.json") -> None:
        self._entries: dict[str, Any] = (
            json.loads(manifest.read_text(encoding="utf-8")) if manifest.is_file() else {}
        )

    def tags(self, name: str) -> Markup:
        """The elements that load ``web/scripts/NAME.ts`` and what it needs at once.

        Raises ``KeyError`` for a name that no bundle has, where there are bundles.
        """
        if not self._entries:
            return Markup()
        seen: dict[str, None] = {}
        styles: dict[str, None] = {}
        self._gather(f"scripts/{name}.ts", seen, styles)
        entry, *parts = seen
        return Markup().join(
            [
                *(Markup('<link rel="stylesheet" href="{}">\n').format(_AT + one) for one in styles),
                *(Markup('<link rel="modulepreload" href="{}">\n').format(_AT + one) for one in parts),
                Markup('<script type="module" src="{}"></script>\n').format(_AT + entry),
            ]
        )

    def _gather(self, key: str, seen: dict[str, None], styles: dict[str, None]) -> None:
        entry = self._entries[key]
        if entry["file"] in seen:
            return
        seen[entry["file"]] = None
        for part in entry.get("imports", ()):
            self._gather(part, seen, styles)
        styles.update(dict.fromkeys(entry.get("css", ())))
