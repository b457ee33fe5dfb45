"""Two runs side by side, and the news that come of them."""

from typing import Any
from xml.etree import ElementTree as ET

from graph.match.comparison import compare
from graph.match.news import ATOM, News, atom

GRAPH = "https://w3id.org/infrashare/graph/example-institute/facilities"
RUN = {"id": "1abc", "revision": 3, "query": "/queries/match-candidates", "language": "en"}


def result(name: str, score: float, **verdicts: tuple[str, float]) -> dict[str, Any]:
    return {
        "facility": f"https://w3id.org/infrashare/id/facility/{name}",
        "label": name.title(),
        "score": score,
        "criteria": [
            {
                "criterion": criterion,
                "verdict": verdict,
                "score": value,
                "reason": f"{criterion} is {verdict}.",
                "evidence": [{"s": "x:s", "p": "x:p", "o": "o", "graph": GRAPH}],
            }
            for criterion, (verdict, value) in verdicts.items()
        ],
    }


def answer(*results: dict[str, Any], revision: int = 3) -> dict[str, Any]:
    return {"run": {**RUN, "revision": revision}, "total": len(results), "results": list(results)}


BEFORE = answer(
    result("first", 0.9, capability=("met", 1.0), service=("unknown", 0.5)),
    result("second", 0.8, capability=("met", 1.0)),
    result("third", 0.7, capability=("met", 0.9)),
)
AFTER = answer(
    result("new", 0.95, capability=("met", 1.0)),
    result("first", 0.9, capability=("met", 1.0), service=("met", 1.0), distance=("met", 0.7)),
    result("third", 0.71, capability=("met", 0.91)),
    revision=5,
)


def names(items: list[dict[str, Any]]) -> list[str]:
    return [one["label"] for one in items]


def test_it_tells_who_came_in_went_out_and_moved() -> None:
    told = compare(BEFORE, AFTER)
    assert names(told["came_in"]) == ["New"]
    assert names(told["went_out"]) == ["Second"]
    assert [(one["label"], one["rank"]) for one in told["moved"]] == [("First", {"before": 1, "after": 2})]
    assert (told["before"]["revision"], told["after"]["revision"]) == (3, 5)


def test_it_tells_the_criteria_whose_verdict_or_score_changed() -> None:
    first, third = compare(BEFORE, AFTER)["changed"]
    assert {one["criterion"]: (one["before"], one["after"]) for one in first["criteria"]} == {
        "service": (
            {"verdict": "unknown", "score": 0.5, "reason": "service is unknown."},
            {"verdict": "met", "score": 1.0, "reason": "service is met."},
        ),
        "distance": (None, {"verdict": "met", "score": 0.7, "reason": "distance is met."}),
    }
    assert [one["criterion"] for one in third["criteria"]] == ["capability"]
    assert third["score"] == {"before": 0.7, "after": 0.71}


def test_equal_answers_differ_in_nothing() -> None:
    told = compare(BEFORE, BEFORE)
    assert told["unchanged"] == 3
    assert not any(told[kind] for kind in ("came_in", "went_out", "moved", "changed"))


def test_parts_of_a_need_are_told_apart() -> None:
    def parted(verdict: str) -> dict[str, Any]:
        one = result("lab", 0.5, capability=("met", 1.0))
        (known,) = one["criteria"]
        other = {**known, "part": "milling", "verdict": verdict}
        one["criteria"] = [{**known, "part": "welding"}, other]
        return answer(one)

    (changed,) = compare(parted("met"), parted("not-met"))["changed"]
    assert [(one["criterion"], one["part"]) for one in changed["criteria"]] == [("capability", "milling")]


SINCE = "2026-11-20T10:00:00+00:00"
LATER = "2026-11-25T10:00:00+00:00"


def news(after: dict[str, Any], times: dict[str, str] | None = None) -> News:
    return News.of(compare(BEFORE, after), after, "welding", times or {GRAPH: LATER}, SINCE)


def test_news_are_who_came_in_and_whose_verdicts_changed_but_not_scores_that_drift() -> None:
    items = news(AFTER).items
    assert [(item.label, item.change, item.rank) for item in items] == [
        ("New", "came-in", 1),
        ("First", "changed", 2),
    ]
    assert {item.updated for item in items} == {LATER}
    assert items[0].reasons == ("capability is met.",)


def test_an_item_keeps_its_id_until_it_tells_something_else() -> None:
    once, again = news(AFTER), news({**AFTER, "run": {**RUN, "revision": 6}})
    assert [item.id for item in once.items] == [item.id for item in again.items]
    other = answer(result("new", 0.9, capability=("unknown", 0.5)), *AFTER["results"][1:], revision=6)
    assert news(other).items[0].id != once.items[0].id
    assert news(other).items[1].id == once.items[1].id


def test_without_news_the_feed_has_the_time_of_the_run() -> None:
    quiet = news(BEFORE)
    assert (quiet.items, quiet.updated) == ((), SINCE)


def test_the_feed_has_what_atom_asks_for() -> None:
    told = news(AFTER)
    pages = {item.facility: "http://x.example/" + item.label for item in told.items}
    feed = ET.fromstring(atom(told, "1abc", "http://x.example/match/runs/1abc", pages))
    ns = {"a": ATOM}
    assert feed.tag == f"{{{ATOM}}}feed"
    for name in ("id", "title", "updated", "author/a:name"):
        assert feed.findtext(f"a:{name}", namespaces=ns), name
    assert feed.findtext("a:updated", namespaces=ns) == LATER
    links = {link.get("rel"): link.get("href") for link in feed.findall("a:link", ns)}
    assert links["self"] == "http://x.example/match/runs/1abc/feed"
    entries = feed.findall("a:entry", ns)
    assert [entry.findtext("a:title", namespaces=ns) for entry in entries] == ["New", "First"]
    for entry in entries:
        for name in ("id", "title", "updated", "summary"):
            assert entry.findtext(f"a:{name}", namespaces=ns), name
        assert entry.find("a:link[@rel='alternate']", ns) is not None


def test_characters_that_xml_cannot_hold_do_not_break_the_feed() -> None:
    told = News("we\x00ld\x0bing & <so> on", "en", SINCE, ())
    feed = ET.fromstring(atom(told, "1abc", "http://x.example", {}))
    assert feed.findtext(f"{{{ATOM}}}title") == "welding & <so> on"
