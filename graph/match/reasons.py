"""Reasons in words: one template for each kind of judgement in the nine languages.

The templates are data, ``ontology/reasons.json``: code -> language -> text with ``{placeholders}``.
"""

import json
from collections.abc import Mapping
from pathlib import Path


class Reasons:
    """Sentences that explain judgements."""

    def __init__(self, path: Path) -> None:
        self._templates: Mapping[str, Mapping[str, str]] = json.loads(path.read_text(encoding="utf-8"))

    def sentence(self, code: str, language: str, **values: str) -> str:
        """The sentence for a code in the language, in English where it is not translated."""
        texts = self._templates[code]
        return (texts.get(language) or texts["en"]).format_map(values)

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(self._templates)
