"""The sitemap: all pages about entities, and when each last changed (https://www.sitemaps.org/protocol.html)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote
from xml.sax.saxutils import escape

from pyoxigraph import NamedNode

from graph.browse.entity import address
from graph.store.catalogue import QueryCatalogue
from graph.store.ledger import Version
from graph.store.protocol import Reader

MOST: Final = 50_000
"""The addresses that a sitemap may hold; where there are more, there is an index of several."""
_NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_PAGES: Final = (
    "/",
    "/facilities",
    "/equipment",
    "/services",
    "/organisations",
    "/policy-instruments",
    "/practices",
    "/action-plans",
    "/events",
    "/projects",
    "/regions",
    "/codelists",
    "/ontology",
    "/shapes",
    "/queries",
    "/catalog",
)
"""Pages that are not about one entity; they change with the dataset."""


@dataclass(frozen=True)
class Entry:
    """A page by its path, and when what it shows last changed."""

    path: str
    changed: str


def entries(
    reader: Reader, queries: QueryCatalogue, versions: Sequence[Version], changed: str
) -> list[Entry]:
    """All pages; an entity changed when a graph that describes it did."""
    times = {version.graph: version.accepted_at for version in versions}
    found: dict[str, str] = dict.fromkeys(_PAGES, changed)
    for entity, graph in reader.select(queries["publish-pages"].text).rows:
        path = address(entity.value) if isinstance(entity, NamedNode) else None
        if path is not None and isinstance(graph, NamedNode) and graph.value in times:
            found[path] = max(found.get(path, ""), times[graph.value])
    return [Entry(path, time) for path, time in found.items()]


def parts(pages: Sequence[Entry]) -> list[Sequence[Entry]]:
    """The pages in as many sitemaps as they need."""
    return [pages[start : start + MOST] for start in range(0, len(pages), MOST)]


def urlset(pages: Sequence[Entry], site: str) -> str:
    """A sitemap; ``site`` is the address of the service, with a slash at its end."""
    return _document("urlset", (_entry("url", site + quote(page.path[1:]), page.changed) for page in pages))


def index(sitemaps: Sequence[Sequence[Entry]], site: str) -> str:
    """The index of several sitemaps."""
    return _document(
        "sitemapindex",
        (
            _entry("sitemap", f"{site}sitemap-{number}.xml", max(page.changed for page in pages))
            for number, pages in enumerate(sitemaps, 1)
        ),
    )


def _document(name: str, children: Iterator[str]) -> str:
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{name} xmlns="{_NAMESPACE}">\n'
    return f"{head}{''.join(children)}</{name}>\n"


def _entry(name: str, address: str, changed: str) -> str:
    time = f"<lastmod>{escape(changed)}</lastmod>" if changed else ""
    return f"<{name}><loc>{escape(address)}</loc>{time}</{name}>\n"
