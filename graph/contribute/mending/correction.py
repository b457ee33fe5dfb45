"""The corrected file: a contribution with all mends made that are certain, checked again.

Mending one thing can bring others to light (behind a wrong namespace nothing was checked), so it goes on for a few
rounds. What a partner wrote in Turtle or N-Triples is edited in its place; other formats are written anew.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, NamedNode, Triple

from graph.contribute.mending.editing import Uneditable, edited
from graph.contribute.mending.suggestion import Mend
from graph.contribute.reading.blank_nodes import skolemise
from graph.contribute.reading.parse import Parsed, read
from graph.contribute.report import Finding, Report
from graph.contribute.validate import Examined
from graph.errors import GraphError
from graph.iris import GENID
from graph.store.formats import write_graph

MAX_ROUNDS: Final = 8
_TURTLE: Final = {"text/turtle", "application/x-turtle", "text/plain"}
_N_TRIPLES: Final = "application/n-triples"


@dataclass(frozen=True)
class Corrected:
    """A corrected contribution: its bytes, what was mended in it, and what a check finds in it now.

    The lines of what was mended are those of the file as it was when it was found: in the file that was sent, but for
    what came to light behind other mistakes.
    """

    data: bytes
    media_type: str
    report: Report
    mended: tuple[Finding, ...]


def correct(
    parsed: Parsed, examine: Callable[[Parsed], Examined], limit: int, only: Collection[str] = ()
) -> Corrected:
    """Make the mends that are certain until none is left; with keys of suggestions in ``only``, those and no others.

    A round that would make a conforming contribution one that does not conform is taken back: a warning mended is
    not worth a violation. ``limit`` is the size in bytes that the corrected file may have.
    """
    examined = examine(parsed)
    mended: list[Finding] = []
    data = parsed.text.encode()
    for _ in range(1 if only else MAX_ROUNDS):
        chosen = _without_clashes(_asked(examined, only) if only else examined.mends)
        if not chosen:
            break
        corrected = _made(parsed, [mend for _, mend in chosen], limit)
        if set(corrected.triples) == set(parsed.triples):
            break
        then = examine(corrected)
        if examined.report.conforms and not then.report.conforms:
            break
        mended.extend(finding for finding, _ in chosen)
        parsed, examined, data = corrected, then, corrected.text.encode()
    return Corrected(data, parsed.media_type, examined.report, tuple(mended))


def _asked(examined: Examined, keys: Collection[str]) -> list[tuple[Finding, Mend]]:
    """The mends behind the suggestions with the keys; that of equal findings stands for the mends of all of them."""
    asked = [
        finding
        for finding in examined.report.findings
        if finding.suggestion is not None and finding.suggestion.key in keys
    ]
    return [
        (finding, mend)
        for finding, mend in examined.mends
        if finding.suggestion is not None
        and any(
            one.code == finding.code
            and one.suggestion is not None
            and one.suggestion.covers(finding.suggestion)
            for one in asked
        )
    ]


def _without_clashes(mends: Sequence[tuple[Finding, Mend]]) -> list[tuple[Finding, Mend]]:
    """The mends that touch no statement that an earlier one touches. The others come up again in the next round."""
    touched: set[Triple] = set()
    chosen = []
    for finding, mend in mends:
        statements = {*mend.add, *mend.remove}
        if not statements & touched:
            touched |= statements
            chosen.append((finding, mend))
    return chosen


def _made(parsed: Parsed, mends: Sequence[Mend], limit: int) -> Parsed:
    """The document with mends made: in its own text where the outcome is what was meant, else written anew."""
    removed = {triple for mend in mends for triple in mend.remove}
    added = [triple for mend in mends for triple in mend.add]
    meant = [triple for triple in parsed.triples if triple not in removed] + added
    if parsed.media_type in _TURTLE or parsed.media_type == _N_TRIPLES:
        try:
            text = edited(parsed.text, parsed.base_iri, mends, lines_only=parsed.media_type == _N_TRIPLES)
            again = read(text.encode(), parsed.media_type, parsed.base_iri, limit)
        except (Uneditable, GraphError):
            pass
        else:
            if says_the_same(again.triples, meant):
                return again
    form = "text/turtle" if parsed.media_type in _TURTLE else parsed.media_type
    written = write_graph(_with_blank_nodes(meant), form)
    return read(written, parsed.media_type, parsed.base_iri, limit)


def says_the_same(triples: Sequence[Triple], others: Sequence[Triple]) -> bool:
    """Whether the triples say the same: unnamed nodes are named by what they say, so they are named anew first."""
    return _canonical(triples) == _canonical(others)


def _canonical(triples: Sequence[Triple]) -> set[Triple]:
    return set(skolemise(list(dict.fromkeys(_with_blank_nodes(triples)))))


def _with_blank_nodes(triples: Sequence[Triple]) -> list[Triple]:
    nodes: dict[str, BlankNode] = {}

    def term(node: object) -> object:
        if isinstance(node, NamedNode) and node.value in GENID:
            return nodes.setdefault(node.value, BlankNode())
        return node

    return [Triple(term(t.subject), t.predicate, term(t.object)) for t in triples]  # type: ignore[arg-type]
