"""The network of regions as files of other programs: GraphML for Gephi, elements for Cytoscape, both by networkx.

What is not known has no attribute there: the forms have no word for it. Lists of capabilities become texts.
"""

import re
from typing import Any, Final

import networkx as nx

_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold."""
_PLAIN = (str, int, float)


def graph_of(answer: dict[str, Any]) -> nx.MultiDiGraph:
    """The nodes and links of an answer as networkx has them, with plain attributes only."""
    names = answer["capabilities"]
    graph = nx.MultiDiGraph()
    for node in answer["nodes"]:
        graph.add_node(node["id"], **_plain(node, "id"))
    for link in answer["links"]:
        texts = "; ".join(names[one["code"]]["label"] for one in link["capabilities"])
        told = {**_plain(link, "key", "source", "target"), "shared": texts}
        graph.add_edge(link["source"], link["target"], key=link["key"], **told)
    return graph


def graphml(answer: dict[str, Any]) -> str:
    """GraphML 1.0 (U. Brandes et al., Graph Drawing 2001), in UTF-8 when encoded."""
    lines = "\n".join(nx.generate_graphml(graph_of(answer)))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{lines}\n'


def cytoscape(answer: dict[str, Any]) -> dict[str, Any]:
    """The elements that Cytoscape and Cytoscape.js read; each node has its label as name, each link an id."""
    told: dict[str, Any] = nx.cytoscape_data(graph_of(answer), name="label")
    told["data"] = {"name": "InfraShare"}
    for edge in told["elements"]["edges"]:
        edge["data"]["id"] = edge["data"]["key"]
    return told


def _plain(part: dict[str, Any], *without: str) -> dict[str, Any]:
    return {
        name: _NOT_XML.sub("\ufffd", value) if isinstance(value, str) else value
        for name, value in part.items()
        if name not in without and isinstance(value, _PLAIN)
    }
