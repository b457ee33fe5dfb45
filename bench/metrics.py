"""Measures of a ranking against graded judgements.

``grades`` gives the judged items that are relevant at all, from 0 to 3; items without a grade count as 0.
"""

import math
from collections.abc import Iterable, Mapping, Sequence

Grades = Mapping[str, float]


def discounted_gain(grades: Iterable[float], depth: int) -> float:
    """Discounted cumulative gain: gain ``2^grade - 1``, discount ``log2(rank + 1)``.

    C. Burges et al., "Learning to Rank using Gradient Descent" (ICML 2005).
    """
    gains = (2**grade - 1 for grade in grades)
    return sum(gain / math.log2(rank + 1) for rank, gain in zip(range(1, depth + 1), gains, strict=False))


def ndcg(ranking: Sequence[str], grades: Grades, depth: int = 10) -> float:
    """Discounted gain of the first ``depth`` items as a share of the best there is; 0 without grades."""
    best = discounted_gain(sorted(grades.values(), reverse=True), depth)
    return discounted_gain((grades.get(item, 0.0) for item in ranking), depth) / best if best else 0.0


def recall(ranking: Sequence[str], grades: Grades, depth: int = 10, least: float = 2.0) -> float:
    """The share of the items at ``least`` or better among the first ``depth``; 0 where there are none."""
    wanted = good(grades, least)
    return len(wanted & set(ranking[:depth])) / len(wanted) if wanted else 0.0


def reciprocal_rank(ranking: Sequence[str], grades: Grades, least: float = 2.0) -> float:
    """One over the rank of the first item at ``least`` or better; 0 where none is in the ranking."""
    wanted = good(grades, least)
    return next((1 / rank for rank, item in enumerate(ranking, 1) if item in wanted), 0.0)


def good(grades: Grades, least: float = 2.0) -> frozenset[str]:
    """The items at ``least`` or better."""
    return frozenset(item for item, grade in grades.items() if grade >= least)
