"""Judged needs: what firms ask for, with the facilities that readers found relevant, graded 0 to 3."""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean

from bench.metrics import good, ndcg, recall, reciprocal_rank
from graph.iris import LANGUAGES
from graph.match.need import Need

MEASURES = ("nDCG@10", "recall@10", "MRR")
_RESAMPLES = 2_000


@dataclass(frozen=True)
class Judged:
    """A need with the grades of the facilities that are relevant to it."""

    id: str
    language: str
    topic: str
    need: Need
    grades: Mapping[str, float]

    @property
    def is_met(self) -> bool:
        """Whether a facility of the graph is a good option (grade 2 or more)."""
        return bool(good(self.grades))


@dataclass(frozen=True)
class Ranked:
    """A ranking of facilities for a need, with the score of the first."""

    facilities: tuple[str, ...]
    top: float

    def measures(self, grades: Mapping[str, float]) -> tuple[float, ...]:
        """nDCG@10, recall@10 and reciprocal rank."""
        return (
            ndcg(self.facilities, grades),
            recall(self.facilities, grades),
            reciprocal_rank(self.facilities, grades),
        )


def read_needs(path: Path, limit: int) -> list[Judged]:
    """The judged needs of a file, to be answered with up to ``limit`` facilities."""
    return [
        Judged(
            entry["id"],
            entry["language"],
            entry.get("topic", "none given"),
            Need.model_validate(
                {name: entry[name] for name in ("text", "language", "region")} | {"limit": limit}
            ),
            entry["relevant"],
        )
        for entry in json.loads(path.read_text(encoding="utf-8"))
    ]


def translated(needs: Sequence[Judged], path: Path) -> list[Judged]:
    """The needs that a file has in all other languages too, in each of the nine: English ones first, in one order.

    The file holds ``{id: {language: text}}``. Where a language differs on the same needs, it is not the needs that do.
    """
    texts = json.loads(path.read_text(encoding="utf-8"))
    return [_in(language, one, texts[one.id]) for language in LANGUAGES for one in needs if one.id in texts]


def _in(language: str, one: Judged, texts: Mapping[str, str]) -> Judged:
    if language == one.language:
        return one
    need = one.need.model_copy(update={"text": texts[language], "language": language})
    return replace(one, language=language, need=need)


def means(rows: Sequence[Sequence[float]]) -> list[float]:
    """The mean of each measure."""
    return [mean(column) for column in zip(*rows, strict=True)]


def interval(values: Sequence[float]) -> tuple[float, float]:
    """The 95 % confidence interval of a mean, by the percentile bootstrap with a fixed seed.

    B. Efron and R. Tibshirani, An Introduction to the Bootstrap (1993), chapter 13.
    """
    chance = random.Random(0)
    resampled = sorted(mean(chance.choices(values, k=len(values))) for _ in range(_RESAMPLES))
    return resampled[int(0.025 * _RESAMPLES)], resampled[int(0.975 * _RESAMPLES) - 1]
