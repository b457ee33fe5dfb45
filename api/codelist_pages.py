"""The page of a code list: its tree with branches to open, a search in all languages, and the names in all of them."""

from typing import Any, Final

from fastapi import Request

from api.negotiation import language
from graph.browse.tree import Entry, Tree, as_nodes, found_in, names_in_all, read_tree
from graph.errors import InputError, NotFound
from graph.iris import LANGUAGES
from graph.store.catalogue import QueryCatalogue
from graph.store.protocol import Reader

FILTERS: Final = {
    "capability": "capability",
    "nuts": "region",
    "service-kind": "service",
    "ket": "ket",
    "nace": "sector",
    "facility-kind": "kind",
}
"""The lists by which facilities can be listed, with the name of the filter."""

_SMALL: Final = 60
"""Entries of a list whose branches are all open."""
_LONGEST: Final = 100
"""Letters of a text that is looked for."""
_NAMES_A_PAGE: Final = 100


def tree_page(request: Request, scheme: str, reader: Reader, queries: QueryCatalogue) -> dict[str, Any]:
    """What the page shows. ``?q=`` looks for entries, ``?open=`` opens a branch, ``?names=1`` has the names in a table.

    Raises ``NotFound``.
    """
    lang = language(request)
    try:
        tree = read_tree(scheme, lang, reader, queries)
    except InputError as error:
        raise no_list(scheme) from error
    if not len(tree):
        raise no_list(scheme)
    context: dict[str, Any] = {
        "scheme": scheme,
        "total": len(tree),
        "filter": FILTERS.get(scheme),
        "q": "",
        "found": {},
        "opened": None,
        "names": None,
        "languages": sorted(LANGUAGES, key=lambda one: (one != lang, LANGUAGES.index(one))),
        "revision": reader.revision,
    }
    if "names" in request.query_params:
        return {**context, **_names(request, tree, reader, queries), "tree": []}
    text = request.query_params.get("q", "").strip()[:_LONGEST]
    if text:
        found = found_in(scheme, text, lang, reader, queries)
        shown = tree.matching(found)
        nodes = as_nodes(tree.roots, shown, shown)
        return {**context, "q": text, "found": found, "tree": nodes}
    opened = tree.find(request.query_params.get("open", ""))
    shown = tree.shown(opened)
    return {**context, "opened": opened, "tree": as_nodes(tree.roots, shown, _open(tree, opened, shown))}


def _open(tree: Tree, opened: Entry | None, shown: set[str]) -> set[str]:
    """The branches that are open: all of a small list, else those that lead to what is asked for."""
    if len(tree) <= _SMALL:
        return shown
    return set() if opened is None else {entry.iri for entry in (opened, *opened.path())}


def _names(request: Request, tree: Tree, reader: Reader, queries: QueryCatalogue) -> dict[str, Any]:
    """A part of the entries with their names in all languages."""
    entries = tree.all()
    asked = request.query_params["names"]
    pages = -(-len(entries) // _NAMES_A_PAGE)
    page = min(max(int(asked), 1), pages) if asked.isdecimal() and len(asked) < 6 else 1
    part = entries[(page - 1) * _NAMES_A_PAGE : page * _NAMES_A_PAGE]
    named = names_in_all(part, reader, queries)
    return {"names": [(entry, named.get(entry.iri, {})) for entry in part], "page": page, "pages": pages}


def no_list(name: str) -> NotFound:
    """The problem of a name that no code list has."""
    return NotFound(f"no code list is named {name!r}; /codelists lists them")
