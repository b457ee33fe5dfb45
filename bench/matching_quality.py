"""How good the matching is: judged needs, beside BM25 over the same records."""

import argparse
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median
from typing import Any

from pyoxigraph import Literal, NamedNode
from rank_bm25 import BM25Okapi

from bench.graphs import temporary_service
from bench.metrics import good, ndcg, recall, reciprocal_rank
from bench.table import heading, say, show
from graph.iris import DCT, INFRA, RDF, SOSA
from graph.match.need import Need
from graph.resources import ROOT
from graph.service import Service
from graph.store.engine import Snapshot

NEEDS = ROOT.parent / "shared" / "matching" / "dev.json"
_LIMIT = 177
_WORD = re.compile(r"\w+")
_MEASURES = ("nDCG@10", "recall@10", "MRR")


@dataclass(frozen=True)
class Judged:
    """A need with the grades of the facilities that are relevant to it."""

    id: str
    language: str
    need: Need
    grades: Mapping[str, float]


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


def read_needs(path: Path) -> list[Judged]:
    """The judged needs of a file."""
    return [
        Judged(
            entry["id"],
            entry["language"],
            Need.model_validate(
                {name: entry[name] for name in ("text", "language", "region")} | {"limit": _LIMIT}
            ),
            entry["relevant"],
        )
        for entry in json.loads(path.read_text(encoding="utf-8"))
    ]


def records(snapshot: Snapshot) -> dict[str, str]:
    """Title, description, keywords, and titles of equipment and services of each facility, by its id."""
    store = snapshot.store

    def values(subject: Any, predicate: NamedNode) -> Iterable[Any]:
        return (quad.object for quad in store.quads_for_pattern(subject, predicate, None, None))

    texts: dict[str, str] = {}
    for quad in store.quads_for_pattern(None, RDF["type"], INFRA["Facility"], None):
        facility = quad.subject
        hosted = (q.subject for q in store.quads_for_pattern(None, SOSA["isHostedBy"], facility, None))
        parts = [*values(facility, INFRA["providesService"]), *hosted]
        found = [*values(facility, DCT["title"]), *values(facility, DCT["description"])]
        found += values(facility, INFRA["keyword"])
        found += [title for part in parts for title in values(part, DCT["title"])]
        texts[_id(facility)] = "\n".join(sorted(text.value for text in found if isinstance(text, Literal)))
    return dict(sorted(texts.items()))


def _id(facility: Any) -> str:
    return str(facility.value).rsplit("/", 1)[-1]


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


class Bm25:
    """The plain baseline: BM25 (S. Robertson et al., TREC-3, 1994) over the records' text."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._ids = list(texts)
        self._index = BM25Okapi([_words(text) for text in texts.values()])

    def rank(self, need: Need) -> Ranked:
        scores = [float(score) for score in self._index.get_scores(_words(need.text or ""))]
        order = sorted(range(len(scores)), key=lambda place: (-scores[place], self._ids[place]))
        return Ranked(tuple(self._ids[place] for place in order if scores[place] > 0), max(scores))


def match(service: Service, need: Need) -> Ranked:
    """The ranking that the service gives."""
    results = service.matcher.match(need, service.snapshot)["results"]
    facilities = tuple(result["facility"].rsplit("/", 1)[-1] for result in results)
    return Ranked(facilities, results[0]["score"] if results else 0.0)


def _means(rows: Sequence[Sequence[float]]) -> list[float]:
    return [mean(column) for column in zip(*rows, strict=True)]


def main(arguments: Sequence[str] = ()) -> None:
    """Measure and print. Without the file of judged needs there is nothing to measure, which is said."""
    parser = argparse.ArgumentParser(prog="python -m bench matching_quality", description=__doc__)
    parser.add_argument("needs", nargs="?", type=Path, default=NEEDS, help="judged needs as JSON")
    parser.add_argument("--each", action="store_true", help="print the measures of each need too")
    options = parser.parse_args(arguments)
    heading("Quality of matching on judged needs")
    if not options.needs.is_file():
        say(f"There is no file {options.needs}, so nothing is measured; give the path of judged needs.")
        return
    judged = read_needs(options.needs)
    with temporary_service() as service:
        texts = records(service.snapshot)
        baseline = Bm25(texts)
        ranked = {one.id: (match(service, one.need), baseline.rank(one.need)) for one in judged}
    met = [one for one in judged if good(one.grades)]
    unmet = [one for one in judged if not good(one.grades)]
    by_language: dict[str, list[list[float]]] = defaultdict(list)
    for one in met:
        row = [value for ranking in ranked[one.id] for value in ranking.measures(one.grades)]
        by_language[one.language].append(row)
        by_language["all"].append(row)
    unknown = sorted({item for one in judged for item in one.grades} - set(texts))
    show(
        f"Means over the {len(met)} needs that something meets (grade 2 or more), {len(texts)} facilities",
        ("language", "needs", *_MEASURES, *(f"BM25 {name}" for name in _MEASURES), "nDCG ratio"),
        [
            (language, len(rows), *means, f"{means[0] / means[3]:.2f} x" if means[3] else None)
            for language, rows in sorted(by_language.items(), key=lambda item: (item[0] == "all", item[0]))
            for means in [_means(rows)]
        ],
        [f"{len(unknown)} judged facilities are not in the graph: {', '.join(unknown[:5])}"]
        if unknown
        else [],
    )
    _show_tops(met, unmet, ranked)
    if options.each:
        show(
            "Each need",
            ("need", "language", *_MEASURES, "BM25 nDCG@10", "results", "top score"),
            [
                (
                    one.id,
                    one.language,
                    *ours.measures(one.grades),
                    theirs.measures(one.grades)[0],
                    len(ours.facilities),
                    ours.top,
                )
                for one in met
                for ours, theirs in [ranked[one.id]]
            ],
        )


def _show_tops(
    met: Sequence[Judged], unmet: Sequence[Judged], ranked: Mapping[str, tuple[Ranked, Ranked]]
) -> None:
    """The needs that nothing meets: a good engine returns nothing for them, or low scores."""
    tops = sorted(ranked[one.id][0].top for one in met)
    below = (
        f"{sum(top < min(tops) for top in (ranked[o.id][0].top for o in unmet))} of {len(unmet)}"
        if tops
        else "–"
    )
    show(
        f"{len(unmet)} needs that nothing meets",
        ("need", "language", "results", "top score", "BM25 top score"),
        [
            (one.id, one.language, len(ours.facilities), ours.top, theirs.top)
            for one in unmet
            for ours, theirs in [ranked[one.id]]
        ],
        [
            f"Top scores of the needs that something meets: lowest {tops[0]:.3f}, median {median(tops):.3f}, "
            f"highest {tops[-1]:.3f}; unmet needs below the lowest: {below}."
        ]
        if tops
        else [],
    )
