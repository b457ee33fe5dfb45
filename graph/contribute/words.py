"""What a report says beside the rules' own messages: one template for each thing in the nine languages.

The templates are data, ``ontology/report.json``: code -> language -> text with ``{placeholders}``.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from graph.resources import ONTOLOGY


class Words:
    """Sentences of reports and suggestions."""

    def __init__(self, path: Path = ONTOLOGY / "report.json") -> None:
        self._templates: Mapping[str, Mapping[str, str]] = json.loads(path.read_text(encoding="utf-8"))

    def sentence(self, code: str, language: str, **values: object) -> str:
        """The sentence for a code in the language, in English where it is not translated."""
        texts = self._templates[code]
        return (texts.get(language) or texts["en"]).format_map(values)

    def __contains__(self, code: object) -> bool:
        return code in self._templates

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(self._templates)
