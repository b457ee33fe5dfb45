"""SPARQL updates by name: each ``queries/store/*.ru`` is one, with places for terms and triples.

Terms are written by the library that reads them, so that no text is pasted into an update.
"""

from collections.abc import Iterable
from pathlib import Path
from string import Template

from pyoxigraph import Literal, NamedNode, Triple

from graph.store.formats import ntriples


class Updates:
    """The updates of a folder."""

    def __init__(self, folder: Path) -> None:
        self._texts = {path.stem: _text(path) for path in sorted(folder.glob("*.ru"))}

    def bound(self, name: str, triples: Iterable[Triple] | None = None, **terms: NamedNode | Literal) -> str:
        """The text of an update with its terms, and its triples where it has a place for them."""
        written = {place: str(term) for place, term in terms.items()}
        if triples is not None:
            written["triples"] = ntriples(triples).decode()
        return self._texts[name].substitute(written)


def _text(path: Path) -> Template:
    lines = path.read_text(encoding="utf-8").splitlines()
    return Template("\n".join(line for line in lines if not line.startswith("#+")).strip() + "\n")
