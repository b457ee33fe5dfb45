"""Weights: how much each criterion counts. They are data, the code list ``criterion``; a need may give others."""

from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import Literal

from graph.errors import InputError
from graph.match.criteria import CONTENT, Weights
from graph.store.catalogue import QueryCatalogue
from graph.store.protocol import Reader


@dataclass(frozen=True)
class CriterionList:
    """The criteria of matching with their weights and names in the nine languages."""

    weights: Weights
    labels: Mapping[tuple[str, str], str]

    @classmethod
    def read(cls, reader: Reader, queries: QueryCatalogue) -> "CriterionList":
        """Read the code list by a catalogued query."""
        weights: dict[str, float] = {}
        labels: dict[tuple[str, str], str] = {}
        for criterion, weight, label in reader.select(queries["match-criterion"].text).rows:
            if isinstance(criterion, Literal) and isinstance(weight, Literal) and isinstance(label, Literal):
                weights[criterion.value] = float(weight.value)
                labels[criterion.value, label.language or "en"] = label.value
        return cls(weights, labels)

    def label(self, criterion: str, language: str) -> str:
        """What a criterion is called in a language."""
        return self.labels.get((criterion, language)) or self.labels.get((criterion, "en"), criterion)

    def with_given(self, given: Mapping[str, float]) -> Weights:
        """The weights with those that a need gives.

        Raises ``InputError`` for a criterion that there is not, or where nothing is left to find facilities by.
        """
        for name in given:
            if name not in self.weights:
                known = ", ".join(sorted(self.weights))
                raise InputError(f"weights: {name!r} is no criterion; use one of {known}")
        weights = {**self.weights, **given}
        if not any(weights[name] for name in CONTENT):
            raise InputError(f"weights: one of {', '.join(CONTENT)} must be above 0, or nothing can be found")
        return weights
