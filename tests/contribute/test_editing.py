"""Edits of Turtle in its place: whatever is exchanged, added or taken out, the text says afterwards what was meant."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from graph.contribute.checking import RELATIVE_BASE
from graph.contribute.mending.correction import says_the_same
from graph.contribute.mending.editing import edited
from graph.contribute.mending.suggestion import Mend
from graph.contribute.reading.parse import Parsed, read
from graph.iris import CODELIST, DCT, GENID, XSD
from graph.resources import DATA
from graph.settings import MIB

FIXTURES = sorted((Path(__file__).parents[1] / "shapes").rglob("*.ttl"))[::40]
SHIPPED = [DATA / "vidzeme-planning-region", DATA / "tartu-city"]
FILES = [*FIXTURES, *(path for folder in SHIPPED for path in sorted(folder.glob("*.ttl")))]


def mends(parsed: Parsed, draw: random.Random) -> Iterator[Mend]:
    """Some of each kind: a value exchanged for a text or a code, a statement taken out, one added."""
    named = [t for t in dict.fromkeys(parsed.triples) if not str(t.object).startswith(f"<{GENID.base}")]
    for triple in draw.sample(named, min(len(named), draw.choice([1, 3, 10]))):
        text = Literal(f'a "new" text\nof two lines, {draw.random()}')
        code = CODELIST[f"capability/x{draw.randint(0, 9)}"]
        added = Triple(triple.subject, DCT["identifier"], Literal("5", datatype=XSD["integer"]))  # type: ignore[arg-type]
        yield draw.choice(
            [
                Mend("value", add=(exchanged(triple, text),), remove=(triple,)),
                Mend("code", add=(exchanged(triple, code),), remove=(triple,)),
                Mend("empty", remove=(triple,)),
                Mend("identifier", add=(added,)),
            ]
        )


def exchanged(triple: Triple, value: Literal | NamedNode) -> Triple:
    return Triple(triple.subject, triple.predicate, value)  # type: ignore[arg-type]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_text_says_afterwards_what_was_meant(path: Path) -> None:
    parsed = read(path.read_bytes(), "text/turtle", RELATIVE_BASE, 10 * MIB)
    for seed in range(3):
        made = list(mends(parsed, random.Random(seed)))
        removed = {triple for mend in made for triple in mend.remove}
        kept = [triple for triple in parsed.triples if triple not in removed]
        meant = kept + [triple for mend in made for triple in mend.add]
        if not meant:
            continue
        text = edited(parsed.text, RELATIVE_BASE, made, lines_only=False)
        again = read(text.encode(), "text/turtle", RELATIVE_BASE, 10 * MIB)
        assert says_the_same(again.triples, meant), text
        comments = [line for line in parsed.text.splitlines() if line.startswith("#")]
        assert [line for line in text.splitlines() if line.startswith("#")] == comments
