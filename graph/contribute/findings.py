"""Results told to people: each with its place, the name of what it is about, words, and a suggestion."""

from collections.abc import Iterator, Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from graph.contribute.document import Document
from graph.contribute.grouping import MAX_PLACES
from graph.contribute.mending.mending import Mending
from graph.contribute.mending.suggestion import Mend, Suggestion, together
from graph.contribute.reading.position import Position
from graph.contribute.report import Finding, Spot
from graph.contribute.rules import Rule, Rules
from graph.contribute.shacl import Result

GRAPH_WIDE: Final = "graph"
"""The file of the rules for a contribution as a whole."""
NOT_OWN: Final = "contribution-entity-foreign"


class Findings:
    """Makes the findings of one contribution, in the reader's language."""

    def __init__(self, rules: Rules, document: Document, language: str, mending: Mending | None) -> None:
        self._rules = rules
        self._document = document
        self._language = language
        self._mending = mending

    def mend(self, code: str, result: Result) -> Mend | None:
        """The mend of a result, where one is certain."""
        return self._mending.of(code, result) if self._mending else None

    def of_one(self, code: str, result: Result) -> Finding:
        """The finding of one result alone."""
        return self._finding(code, [(result, self._suggestion(code, result))], 1)

    def of_equal(self, code: str, results: Sequence[Result]) -> Iterator[Finding]:
        """The findings of equal results: one, or one a suggestion where the same value is mended in several ways."""
        members: dict[str | None, list[tuple[Result, Suggestion | None]]] = {}
        for result in results[:MAX_PLACES]:
            suggestion = self._suggestion(code, result)
            text = suggestion.text if suggestion else None
            members.setdefault(text, []).append((result, suggestion))
        unlisted = max(0, len(results) - MAX_PLACES)
        for alike in members.values():
            yield self._finding(code, alike, len(alike) + unlisted)
            unlisted = 0

    def kept_out(self, code: str, triple: Triple) -> Finding:
        """The finding on a statement about what no partner describes: a term, a code, or an address of the service."""
        rule = self._rules[code]
        position = self._document.place(triple.subject, triple.predicate, triple.object)
        return Finding(
            code=rule.code,
            severity=rule.severity,
            message=rule.message(self._language),
            focusNode=str(triple.subject).strip("<>"),
            path=triple.predicate.value,
            value=triple.object.value if isinstance(triple.object, NamedNode | Literal) else None,
            line=position.line if position else None,
            column=position.column if position else None,
            help=f"/shapes#{rule.code}",
        )

    def not_own(self, subject: NamedNode, owner: str) -> Finding:
        """The finding on statements about an entity of another partner; the value names the owner."""
        rule = self._rules[NOT_OWN]
        position = self._document.place(subject, None, None)
        return Finding(
            code=rule.code,
            severity=rule.severity,
            message=rule.message(self._language),
            focusNode=subject.value,
            label=self._document.label(subject),
            value=owner,
            line=position.line if position else None,
            column=position.column if position else None,
            help=f"/shapes#{rule.code}",
        )

    def _suggestion(self, code: str, result: Result) -> Suggestion | None:
        mend = self.mend(code, result)
        return mend.suggestion(self._mending.words, self._language) if mend and self._mending else None

    def _finding(self, code: str, alike: Sequence[tuple[Result, Suggestion | None]], count: int) -> Finding:
        rule, result = self._rules[code], alike[0][0]
        if rule.file == GRAPH_WIDE:
            count = self._document.uses(result.value)
            first, spots = self._uses(result, count)
        else:
            first = self._spot(result.focus, result.path, result.value)
            spots = [self._spot(r.focus, r.path, r.value) for r, _ in alike] if count > 1 else []
        return self._told(rule, result, first, spots, count, [s for _, s in alike if s])

    def _told(
        self,
        rule: Rule,
        result: Result,
        first: Spot,
        spots: Sequence[Spot],
        count: int,
        suggestions: Sequence[Suggestion],
    ) -> Finding:
        return Finding(
            code=rule.code,
            severity=rule.severity,
            message=rule.message(self._language),
            engine_message=result.message,
            focusNode=first.focusNode,
            label=first.label,
            path=result.path.value if result.path else None,
            value=result.value.value if result.value else None,
            line=first.line,
            column=first.column,
            count=count,
            places=tuple(spots),
            suggestion=together(suggestions),
            help=f"/shapes#{rule.code}",
        )

    def _uses(self, result: Result, count: int) -> tuple[Spot, list[Spot]]:
        """The first mention of a term, and the places of all its uses where there are several."""
        mention = self._document.mentioned(result.value)
        if mention is None:
            first = self._spot(result.value, None, None)
        elif mention.subject == result.value:
            first = self._spot(mention.subject, None, None)
        else:
            first = self._spot(mention.subject, mention.predicate, mention.object)
        used = self._document.said.uses(result.value)[:MAX_PLACES] if count > 1 else []
        return first, [self._spot(t.subject, t.predicate, t.object) for t in used]

    def _spot(self, focus: object, path: object | None, value: object | None) -> Spot:
        position = self._located(focus, path, value)
        return Spot(
            line=position.line if position else None,
            column=position.column if position else None,
            focusNode=focus.value if isinstance(focus, NamedNode | Literal) else None,
            label=self._document.label(focus),
        )

    def _located(self, focus: object, path: object | None, value: object | None) -> Position | None:
        """Where a value stands: at the focus, or in a part of it where a rule names the last step of a path alone."""
        if isinstance(path, NamedNode) and value is not None:
            for statement in self._document.said.at(focus, (path,), value):
                return self._document.place(statement.subject, statement.predicate, statement.object)
        return self._document.place(focus, path, value)
