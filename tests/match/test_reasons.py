"""Every verdict has a sentence in nine languages that takes the same values."""

import json
import string

import pytest

from graph.iris import LANGUAGES
from graph.resources import ONTOLOGY

FILES = {
    path.name: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((ONTOLOGY / "words").glob("*.json"))
}
TEMPLATES = {code: texts for file in FILES.values() for code, texts in file.items()}


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("code", TEMPLATES)
def test_a_sentence_exists_in_each_language_with_the_same_placeholders(code: str) -> None:
    texts = TEMPLATES[code]
    assert set(texts) == set(LANGUAGES)
    assert len({frozenset(placeholders(text)) for text in texts.values()}) == 1


def test_a_code_is_in_one_file() -> None:
    assert len(TEMPLATES) == sum(len(file) for file in FILES.values())
