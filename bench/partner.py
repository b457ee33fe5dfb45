"""A partner who sends contributions, remembers what was acknowledged, and looks whether it is there."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

import httpx
from pyoxigraph import Quad, RdfFormat, Triple, parse

from graph.contribute.synthetic import facilities
from graph.iris import contribution_graph
from graph.store.answers import as_stored
from graph.store.content import content_hash

KINDS: Final = ("new", "changed", "deleted", "rolled back")
LARGE: Final = 500
"""Facilities of a large contribution: over 20,000 triples, which the engine writes as files of their own."""

GROUP = 5
"""Facilities that share an operator: only whole groups refer to nothing outside of them."""
_POOL = 500
_NTRIPLES = "application/n-triples"
_ALL = "CONSTRUCT WHERE { ?s ?p ?o }"
_CURRENT = """PREFIX pav: <http://purl.org/pav/>
SELECT ?graph ?version WHERE { ?graph pav:hasCurrentVersion ?version }"""
_PROVENANCE = "https://w3id.org/infrashare/graph/provenance"


@dataclass(frozen=True)
class Change:
    """A request that changes a contribution."""

    kind: str
    dataset: str
    body: bytes = b""
    restores: int = 0
    key: str = ""


@dataclass
class Partner:
    """What one partner has sent. ``pending`` is what got no answer: it is there as a whole, or not at all."""

    name: str
    token: str
    rng: random.Random
    acknowledged: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """The receipts of each dataset's versions, the oldest first."""
    pending: Change | None = None
    plan: list[str] = field(default_factory=list)
    """The kinds of the next changes, the last one first; when all are done, chance decides."""
    _sent: int = 0

    def next_change(self, *, large: bool = False) -> Change:
        """The next thing to do: planned or by chance, with and without an ``Idempotency-Key``.

        Where there is nothing to change, to delete or to go back to, it is something new.
        """
        self._sent += 1
        key = f"{self.name}-{self._sent}" if self._sent % 2 else ""
        live = [name for name, receipts in self.acknowledged.items() if receipts[-1]["change"] != "deleted"]
        older = [name for name, receipts in self.acknowledged.items() if len(receipts) > 1]
        kind = self.plan.pop() if self.plan else self.rng.choice(KINDS)
        kind = "new" if large or not live else kind
        if kind == "rolled back" and older:
            dataset = self.rng.choice(older)
            versions = [r["version"] for r in self.acknowledged[dataset] if r["change"] != "deleted"]
            return Change(kind, dataset, restores=self.rng.choice(versions), key=key)
        kind = "new" if kind == "rolled back" else kind
        if kind == "deleted":
            return Change(kind, self.rng.choice(live), key=key)
        dataset = self.rng.choice(live) if kind == "changed" else f"{self.name}-set-{self._sent}"
        count = LARGE // GROUP if large else self.rng.randint(1, 3)
        body = turtle(dataset, self.rng.sample(range(_POOL // GROUP), count))
        return Change(kind, dataset, body, key=key)

    def send(self, client: httpx.Client, change: Change) -> httpx.Response:
        """Send it, and take note of the receipt. Raises ``httpx.TransportError`` where there is no answer."""
        self.pending = change
        path = f"/contributions/{self.name}/{change.dataset}"
        headers = {"Idempotency-Key": change.key} if change.key else {}
        if change.kind == "deleted":
            answer = client.delete(path, headers=headers)
        elif change.kind == "rolled back":
            answer = client.post(f"{path}/rollback", json={"version": change.restores}, headers=headers)
        else:
            answer = client.put(path, content=change.body, headers={**headers, "Content-Type": "text/turtle"})
        self.pending = None
        if answer.is_success:
            self._note(change.dataset, answer.json())
        return answer

    def _note(self, dataset: str, receipt: dict[str, Any]) -> None:
        known = self.acknowledged.setdefault(dataset, [])
        if not known or receipt["version"] > known[-1]["version"]:
            known.append(receipt)

    def repeat(self, client: httpx.Client) -> list[str]:
        """Send what got no answer again, twice; say where that did not give one and the same version.

        A deletion without a key that was done already is answered by 404: then the history has to show it.
        """
        change = self.pending
        if change is None:
            return []
        number = len(self.acknowledged.get(change.dataset, ()))
        answers = [self.send(client, change), self.send(client, change)]
        versions = self._versions(client, change.dataset)
        if change.kind == "deleted" and not change.key:
            deleted = bool(versions) and versions[-1]["change"] == "deleted"
            if answers[1].status_code != 404 or not deleted:
                return [f"{change.dataset}: deleted again with {[a.status_code for a in answers]}"]
            self._note(change.dataset, {**versions[-1], "triples": None})
            return []
        if not all(answer.is_success for answer in answers):
            return [f"{change.kind} {change.dataset}: {[a.text[:200] for a in answers]}"]
        first, again = (answer.json() for answer in answers)
        same = ("version", "revision", "sha256") if not change.key else tuple(first)
        wrong = [name for name in same if first[name] != again[name]]
        if change.key and "Idempotency-Replayed" not in answers[1].headers:
            wrong.append("Idempotency-Replayed")
        if len(versions) > number + 1:
            wrong.append(f"{len(versions) - number} versions instead of one")
        return [f"{change.kind} {change.dataset}: repeated, other in {', '.join(wrong)}"] if wrong else []

    def _versions(self, client: httpx.Client, dataset: str) -> list[dict[str, Any]]:
        """The history that the service shows, the oldest first."""
        answer = client.get(f"/contributions/{self.name}/{dataset}/versions", headers={"Accept": "*/*"})
        return list(reversed(answer.json()["versions"])) if answer.is_success else []

    def missing(self, client: httpx.Client) -> list[str]:
        """The acknowledged versions that are not there as they were acknowledged."""
        lost = []
        for dataset, receipts in self.acknowledged.items():
            shown = {version["version"]: version for version in self._versions(client, dataset)}
            for receipt in receipts:
                version = shown.get(receipt["version"])
                facts = ("sha256", "revision", "change")
                if version is None or any(version[name] != receipt[name] for name in facts):
                    lost.append(f"{dataset} version {receipt['version']}: shown is {version}")
                elif (
                    receipt["change"] != "deleted"
                    and self._hash(client, dataset, receipt["version"]) != (receipt["sha256"])
                ):
                    lost.append(f"{dataset} version {receipt['version']}: its RDF has another hash")
        return lost

    def _rdf(self, client: httpx.Client, dataset: str, version: int) -> bytes:
        return client.get(f"/contributions/{self.name}/{dataset}/versions/{version}.nt").content

    def _hash(self, client: httpx.Client, dataset: str, version: int) -> str:
        return content_hash(b"".join(sorted(self._rdf(client, dataset, version).splitlines(keepends=True))))

    def halves(self, client: httpx.Client) -> list[str]:
        """What readers see in part: each graph has to be exactly one version, the last, and to be told so."""
        wrong = []
        told = self._current(client)
        datasets = {*self.acknowledged, *([self.pending.dataset] if self.pending else ())}
        for dataset in sorted(datasets):
            graph = contribution_graph(self.name, dataset).value
            versions = self._versions(client, dataset)
            numbers = [version["version"] for version in versions]
            if numbers != list(range(1, len(numbers) + 1)):
                wrong.append(f"{dataset}: its versions are {numbers}")
            live = bool(versions) and versions[-1]["change"] != "deleted"
            expected = _triples(self._rdf(client, dataset, numbers[-1])) if live else set()
            if self._shown(client, graph) != as_stored(expected):
                wrong.append(f"{dataset}: readers see something else than version {numbers[-1:]}")
            if told.get(graph, []) != ([f"{graph}/{numbers[-1]}"] if live else []):
                wrong.append(f"{dataset}: told as current are {told.get(graph, [])}, last is {numbers[-1:]}")
        return wrong

    def _shown(self, client: httpx.Client, graph: str) -> set[Triple]:
        answer = client.post(
            "/sparql",
            data={"query": _ALL, "default-graph-uri": graph},
            headers={"Accept": _NTRIPLES},
        )
        return _triples(answer.raise_for_status().content)

    def _current(self, client: httpx.Client) -> dict[str, list[str]]:
        """The current versions of each graph that the provenance graph tells."""
        answer = client.post("/sparql", data={"query": _CURRENT, "default-graph-uri": _PROVENANCE})
        told: dict[str, list[str]] = {}
        for row in answer.raise_for_status().json()["results"]["bindings"]:
            told.setdefault(row["graph"]["value"], []).append(row["version"]["value"])
        return told


def _triples(data: bytes) -> set[Triple]:
    quads: Sequence[Quad] = list(parse(data, RdfFormat.N_TRIPLES))
    return {quad.triple for quad in quads}


@cache
def _facilities() -> tuple[str, ...]:
    return tuple(facilities(_POOL))


def turtle(dataset: str, groups: Sequence[int]) -> bytes:
    """Synthetic facilities, five in each group, under the name of a dataset that no other partner has."""
    prefixes, *each = _facilities()
    chosen = (text for group in groups for text in each[group * GROUP : (group + 1) * GROUP])
    return "".join([prefixes, *chosen]).replace("synthetic-", f"{dataset}-").encode()
