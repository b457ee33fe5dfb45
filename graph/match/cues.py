"""Cues: the small words of each language that say how other words are meant: without, near, only, at most.

One group, ``ASKING``, tells nothing. They are data, ``ontology/cues.json``: group -> language -> words or phrases.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from graph.match.language import Token, folded_words

ASKING = "asking"
"""The words, as base forms, that any need may have, and that do not tell what is needed: want, seek, somebody, firm."""


class Cues:
    """Finds cues among the tokens of a text, without regard to case and diacritics."""

    def __init__(self, path: Path) -> None:
        groups: Mapping[str, Mapping[str, Sequence[str]]] = json.loads(path.read_text(encoding="utf-8"))
        self._phrases: dict[tuple[str, str], dict[str, list[tuple[str, ...]]]] = {}
        self._words: dict[tuple[str, str], frozenset[str]] = {}
        for group, by_language in groups.items():
            for language, phrases in by_language.items():
                by_first = self._phrases.setdefault((group, language), {})
                keys = {folded_words(phrase) for phrase in phrases}
                for key in sorted(keys, key=lambda key: (-len(key), key)):
                    by_first.setdefault(key[0], []).append(key)
                self._words[group, language] = frozenset(key[0] for key in keys if len(key) == 1)

    def at(self, group: str, language: str, tokens: Sequence[Token], position: int) -> int:
        """How many tokens from a position on are the longest cue of the group; 0 where there is none."""
        if not 0 <= position < len(tokens):
            return 0
        for phrase in self._phrases.get((group, language), {}).get(tokens[position].folded, ()):
            if tuple(token.folded for token in tokens[position : position + len(phrase)]) == phrase:
                return len(phrase)
        return 0

    def before(self, group: str, language: str, tokens: Sequence[Token], position: int) -> int:
        """How many tokens just before a position are the longest cue of the group; 0 where there is none."""
        for length in range(min(4, position), 0, -1):
            if self.at(group, language, tokens[:position], position - length) == length:
                return length
        return 0

    def within(self, group: str, language: str, tokens: Sequence[Token], positions: range) -> bool:
        """Whether a cue of the group stands at one of the positions."""
        return any(self.at(group, language, tokens, position) for position in positions)

    def words(self, group: str, language: str) -> frozenset[str]:
        """The single words of a group, folded."""
        return self._words.get((group, language), frozenset())

    def phrases(self, group: str, language: str) -> list[tuple[str, ...]]:
        """All phrases of a group, folded."""
        by_first = self._phrases.get((group, language), {})
        return [phrase for several in by_first.values() for phrase in several]
