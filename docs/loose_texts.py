"""Texts of a template that no catalogue can translate: those outside of ``_("…")``.

The template is walked with all its branches, its expressions replaced by what they may say of themselves, and the
page that comes out is read as HTML: letters in text or in an attribute that people see or hear are loose.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from jinja2 import Environment, nodes

_GETTEXT: Final = {"_", "gettext", "ngettext", "pgettext", "npgettext"}
_NO_TEXT: Final = {"code", "pre", "script", "style", "kbd", "samp", "q"}
_SEEN: Final = {"alt", "title", "aria-label", "placeholder", "label", "aria-description"}
_NAMES: Final = re.compile(
    r"\b(InfraShare|SPARQL|JSON(-LD)?|Turtle|N-(Triples|Quads)|RDF(/XML)?|TriG|CSV|TSV|XML|HTML|SVG|PNG|PDF|GeoJSON|"
    r"GraphML|Cytoscape|VoID|DCAT(-AP)?|OpenAPI|Atom|NUTS|NACE|EuroSciVoc|SHACL|SKOS|PROV|IRI|ETag|SHA-256|Excel|"
    r"DBpedia|Wikidata|km|GET|POST|PUT|SELECT|ASK|CONSTRUCT|DESCRIBE|Feature(Collection)?|Point|BibTeX|dump|English|Nederlands|Deutsch|Italiano|Svenska|Eesti|"
    r"Fran\w+ais|\w+e\u0161tina|Latvie\u0161u|application/\S+|text/\S+|https?://\S+|[a-z]+\.[a-z.]+)\b|"
    r"/[\w/#.-]+"
)
"""Names that are the same in every language, and addresses."""
_ATTRIBUTE: Final = re.compile(r"""([\w-]+)=(["'])(.*?)\2""")
"""An attribute in a text: one that a template writes into the tag of another."""
_LETTERS: Final = re.compile(r"[^\W\d_]{2,}")
_SENTENCE: Final = re.compile(r"[^\W\d_]{2,} [^\W\d_]+|\A[A-Z][a-z]{2,}\Z")
"""What looks like words of people among the values that a template sets."""


def loose_texts(path: Path, environment: Environment) -> list[str]:
    """The texts of a template that are not given to gettext."""
    tree = environment.parse(path.read_text(encoding="utf-8"))
    reader = _Reader()
    reader.feed("".join(_page(tree)))
    reader.close()
    return [*reader.found, *_kept(tree)]


class _Reader(HTMLParser):
    """Gathers the letters that people see or hear."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _NO_TEXT:
            self._silent.append(tag)
        shown = dict(attrs)
        button = shown.get("type") in {"submit", "button"}
        for name, value in shown.items():
            text = value or ""
            handed = name.startswith("data-") and _SENTENCE.search(_NAMES.sub("", text))
            if handed or name in _SEEN or (button and name == "value"):
                self._look(text)

    def handle_endtag(self, tag: str) -> None:
        if self._silent and self._silent[-1] == tag:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._look(_ATTRIBUTE.sub(lambda found: found[3] if found[1] in _SEEN else "", data))

    def _look(self, text: str) -> None:
        if _LETTERS.search(_NAMES.sub("", text)):
            self.found.append(" ".join(text.split()))


def _page(node: nodes.Node) -> Iterator[str]:
    """What a template may write: all branches one after the other."""
    if isinstance(node, nodes.Output):
        for part in node.nodes:
            yield part.data if isinstance(part, nodes.TemplateData) else "".join(_said(part))
        return
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.Stmt):
            yield from _page(child)


def _said(node: nodes.Node) -> Iterator[str]:
    """The texts that an expression may say of itself."""
    if isinstance(node, nodes.Const):
        yield node.value if isinstance(node.value, str) else ""
    elif isinstance(node, nodes.CondExpr):
        for branch in (node.expr1, node.expr2):
            if branch is not None:
                yield from _said(branch)
    elif isinstance(node, nodes.Or | nodes.And | nodes.Add):
        yield from _said(node.left)
        yield from _said(node.right)
    elif isinstance(node, nodes.Concat):
        for part in node.nodes:
            yield from _said(part)


def _kept(tree: nodes.Node) -> Iterator[str]:
    """Words among the values that a template sets, loops over or hands on."""
    given: set[int] = set()
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in _GETTEXT:
            given.update(id(const) for const in call.find_all(nodes.Const))
    given.update(id(pair.key) for pair in tree.find_all(nodes.Pair))
    for const in tree.find_all(nodes.Const):
        if isinstance(const.value, str) and id(const) not in given:
            text = const.value.strip()
            if "<" not in text and '="' not in text and _SENTENCE.search(_NAMES.sub("", text)):
                yield text
