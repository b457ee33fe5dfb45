"""News of a run: the facilities that came in or changed since its revision, as a feed that a reader can follow.

The feed is Atom (RFC 4287). An entry has one id for as long as what it tells stays the same, so that a reader shows it
once; its time is that of the last change of a graph behind its verdicts.
"""

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from xml.etree import ElementTree as ET

from graph.iris import BASE
from graph.match.comparison import Answer

ATOM: Final = "http://www.w3.org/2005/Atom"
_XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_MOST_TITLE: Final = 100
"""Characters of a need's text in the title of its feed."""


@dataclass(frozen=True)
class Item:
    """A facility that came in or changed, with the reasons that hold now."""

    id: str
    facility: str
    label: str
    change: str
    rank: int
    updated: str
    reasons: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "reasons": list(self.reasons)}


@dataclass(frozen=True)
class News:
    """The items of a run, the newest first."""

    title: str
    language: str
    updated: str
    items: tuple[Item, ...]

    @classmethod
    def of(
        cls,
        comparison: Mapping[str, Any],
        after: Answer,
        title: str,
        times: Mapping[str, str],
        since: str,
    ) -> "News":
        """What a comparison of a run with its need today tells.

        ``times`` says of each graph when it last changed, ``since`` when the run's revision came to be. A facility
        counts as changed where a verdict differs or a criterion is judged anew: scores alone drift with what other
        facilities state.
        """
        results = {one["facility"]: (rank, one) for rank, one in enumerate(after["results"], 1)}
        changes = {one["facility"]: "came-in" for one in comparison["came_in"]}
        changes |= {one["facility"]: "changed" for one in comparison["changed"] if _turned(one["criteria"])}
        items = [
            _item(comparison["before"]["id"], *results[facility], change, times, since)
            for facility, change in changes.items()
        ]
        items.sort(key=lambda item: item.rank)
        items.sort(key=lambda item: item.updated, reverse=True)
        updated = max([since, *(item.updated for item in items)])
        language = comparison["after"]["language"]
        return cls(title[:_MOST_TITLE], language, updated, tuple(items))


def _turned(criteria: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a verdict differs: ``None`` stands for a criterion that one of the runs did not judge."""
    return any(
        (one["before"] or {}).get("verdict") != (one["after"] or {}).get("verdict") for one in criteria
    )


def _item(
    run: str, rank: int, result: Mapping[str, Any], change: str, times: Mapping[str, str], since: str
) -> Item:
    criteria = result["criteria"]
    told = [
        run,
        result["facility"],
        change,
        [[c["criterion"], c.get("part"), c["verdict"]] for c in criteria],
    ]
    graphs = {statement["graph"] for one in criteria for statement in one["evidence"]}
    return Item(
        uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(told)).urn,
        result["facility"],
        result["label"],
        change,
        rank,
        max([since, *(times[graph] for graph in graphs if graph in times)]),
        tuple(one["reason"] for one in criteria),
    )


def atom(news: News, run: str, address: str, pages: Mapping[str, str]) -> bytes:
    """The news of the run with this id as an Atom feed at an address; ``pages`` are the facilities' addresses."""
    ET.register_namespace("", ATOM)
    feed = ET.Element(f"{{{ATOM}}}feed", {_XML_LANG: news.language})
    _add(feed, "id", f"{BASE}match/runs/{run}/feed")
    _add(feed, "title", news.title)
    _add(feed, "updated", news.updated)
    _add(_add(feed, "author"), "name", "InfraShare")
    _add(feed, "link", rel="self", type="application/atom+xml", href=f"{address}/feed")
    _add(feed, "link", rel="alternate", type="text/html", href=f"{address}/compare")
    for item in news.items:
        _entry(feed, item, pages)
    written: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _entry(feed: ET.Element, item: Item, pages: Mapping[str, str]) -> None:
    entry = _add(feed, "entry")
    _add(entry, "id", item.id)
    _add(entry, "title", item.label)
    _add(entry, "updated", item.updated)
    _add(entry, "link", rel="alternate", href=pages[item.facility])
    _add(entry, "category", term=item.change)
    _add(entry, "summary", " ".join(item.reasons))


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    child.text = None if text is None else _writable(text)
    return child


def _writable(text: str) -> str:
    """The text without the control characters that XML 1.0 cannot hold."""
    return "".join(c for c in text if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff"))


def title_of(text: str | None, labels: Sequence[str]) -> str:
    """What a feed is called: the need's own words in one line, else the names of what it asks for."""
    words = " ".join((text or "").split())
    return words or ", ".join(labels)
