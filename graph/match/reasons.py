"""Reasons in words: one template for each kind of judgement in the nine languages.

The templates are data, ``ontology/words/*.json``: code -> language -> text with ``{placeholders}``; each code stands in
one file.
"""

import json
from collections.abc import Mapping
from pathlib import Path


class Reasons:
    """Sentences that explain judgements."""

    def __init__(self, folder: Path) -> None:
        self._templates: dict[str, Mapping[str, str]] = {}
        for path in sorted(folder.glob("*.json")):
            self._templates.update(json.loads(path.read_text(encoding="utf-8")))

    def sentence(self, code: str, language: str, **values: str) -> str:
        """The sentence for a code in the language, in English where it is not translated."""
        texts = self._templates[code]
        return (texts.get(language) or texts["en"]).format_map(values)

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(self._templates)
