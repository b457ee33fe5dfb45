"""How much each part of a judgement counts: data, ``ontology/exchange.json``, with the reason for each."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from graph.resources import ONTOLOGY

WEIGHTS: Final = ONTOLOGY / "exchange.json"


@dataclass(frozen=True)
class Weight:
    """How much a part counts, 0 to 1, and why."""

    weight: float
    why: str


@dataclass(frozen=True)
class Weights:
    """The weights of the parts by which practices and partner regions are judged."""

    practice: Mapping[str, Weight]
    partner: Mapping[str, Weight]
    sure: float
    """The share of the weights, 0 to 1, that must be known for a score to be compared with others."""

    @classmethod
    def read(cls, path: Path = WEIGHTS) -> "Weights":
        """Read the weights of a file."""
        data = json.loads(path.read_text(encoding="utf-8"))
        return cls(_weights(data["practice"]), _weights(data["partner"]), data["sure"]["least"])


def _weights(parts: Mapping[str, Mapping[str, Any]]) -> dict[str, Weight]:
    return {part: Weight(one["weight"], one["why"]) for part, one in parts.items()}
