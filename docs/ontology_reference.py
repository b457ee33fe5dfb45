"""Write the reference of the ontology for people, made by pyLODE (https://github.com/RDFLib/pyLODE).

It is written when the ontology changes and served as it is: pyLODE takes seconds, and a service needs nothing of it.
Its style goes into a file of its own, for pages here may not have any inside.
"""

import logging
import re
from pathlib import Path

from rdflib import RDFS, Graph, Literal

from graph.resources import ONTOLOGY, WEB

PAGE = WEB / "reference" / "ontology.html"
STYLE = WEB / "static" / "ontology-reference.css"
_STYLE = re.compile(r"\s*<style[^>]*>(.*?)</style>", re.DOTALL)
_SCRIPT = re.compile(r"\s*<script[^>]*>.*?</script>", re.DOTALL)
_ICON = re.compile(r"\s*<link href=\"data:[^>]*>")
_LINK = '\n    <link rel="stylesheet" href="/static/ontology-reference.css">\n  </head>'
_BACK = '<body>\n    <p><a href="/ontology">The ontology in InfraShare, in nine languages and as data</a></p>'


def render() -> tuple[str, str]:
    """The page and its style."""
    logging.disable()
    try:
        from pylode import OntPub  # imported here: it reads twenty vocabularies

        html = str(OntPub(ontology=_english()).make_html())
    finally:
        logging.disable(logging.NOTSET)
    style = _STYLE.search(html)
    if style is None:
        raise ValueError("pyLODE wrote a page without a style")
    html = _ICON.sub("", _SCRIPT.sub("", _STYLE.sub("", html))).replace("<html>", '<html lang="en">', 1)
    html = html.replace("\n  </head>", _LINK, 1).replace("<body>", _BACK, 1)
    return _stripped(html), _stripped(style[1])


def _english() -> Graph:
    """The ontology and its alignments with English names only: pyLODE writes those of all languages as one word."""
    graph = Graph()
    for path in sorted(ONTOLOGY.glob("*.ttl")):
        graph.parse(path)
    for triple in list(graph.triples((None, RDFS.label, None))):
        if isinstance(triple[2], Literal) and triple[2].language not in {None, "en"}:
            graph.remove(triple)
    return graph


def _stripped(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines()) + "\n"


def write(page: Path = PAGE, style: Path = STYLE) -> None:
    """Write the page and its style."""
    html, css = render()
    page.parent.mkdir(exist_ok=True)
    page.write_text(html, encoding="utf-8")
    style.write_text(css, encoding="utf-8")
