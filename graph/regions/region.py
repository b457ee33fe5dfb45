"""Which regions there are: any of NUTS can be asked for; those that partners describe are compared by default."""

from collections.abc import Iterable, Sequence

from pyoxigraph import NamedNode
from rapidfuzz import fuzz, process, utils

from graph.errors import NotFound
from graph.iris import NUTS
from graph.match.scheme import REGION
from graph.match.view import View, node_of

_NEAR = 3
_LEAST = 60


def described(view: View) -> list[NamedNode]:
    """The regions that partners describe, by code."""
    return [node_of(row, "entity")[0] for row in view.rows("browse-regions")]


def region_of(code: str, view: View) -> NamedNode:
    """The region with a NUTS code or IRI. Raises ``NotFound`` with codes and names that are near."""
    regions = view.scheme.in_scheme.get(REGION, frozenset())
    bare = code.strip().removeprefix(NUTS.base)
    node = NUTS[bare.upper()] if bare.isalnum() and bare.isascii() else None
    if node in regions:
        return node
    near = "; ".join(f"{_code(one)} {view.name(one)}" for one in _near(bare, regions, view))
    hint = f"; did you mean {near}" if near else ""
    raise NotFound(f"no region of NUTS has the code {bare[:100]!r}{hint}; /codelists/nuts lists all")


def regions_of(codes: Iterable[str], view: View) -> list[NamedNode]:
    """The regions with these codes, each once, in the order given."""
    return list(dict.fromkeys(region_of(code, view) for code in codes))


def _near(text: str, regions: Iterable[NamedNode], view: View) -> Sequence[NamedNode]:
    """Regions whose code or name is like a text: first those that partners describe."""
    if not text:
        return []
    own = described(view)
    ordered = [*own, *sorted(set(regions) - set(own), key=lambda node: node.value)]
    view.learn(ordered)
    names = {node: view.name(node) for node in ordered}
    codes = {node: _code(node) for node in ordered}
    found = [
        *process.extract(text.upper(), codes, scorer=fuzz.ratio, limit=_NEAR, score_cutoff=_LEAST),
        *process.extract(
            text,
            names,
            scorer=fuzz.WRatio,
            processor=utils.default_process,
            limit=_NEAR,
            score_cutoff=_LEAST + 20,
        ),
    ]
    best = sorted(found, key=lambda one: -one[1])
    return list(dict.fromkeys(node for _, _, node in best))[:_NEAR]


def _code(region: NamedNode) -> str:
    return region.value.removeprefix(NUTS.base)
