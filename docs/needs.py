"""Fill in the answers of ``docs/needs.md``: after each need what the service makes of it (``make docs``)."""

import json
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from graph.match.need import Need
from graph.resources import ROOT
from graph.service import Service, running
from graph.settings import Settings

PAGE: Final = ROOT / "docs" / "needs.md"
_ANSWERED: Final = re.compile(
    r"(```json\n(?P<need>.*?)```\n\n<!-- answer -->\n).*?(<!-- end of answer -->)", re.DOTALL
)
_SHOWN: Final = 3
_KINDS: Final = ("capabilities", "materials", "services", "sectors", "accessModes")


def filled(page: str, service: Service) -> str:
    """The page with the answer to each of its needs."""

    def answer(found: re.Match[str]) -> str:
        need = Need.model_validate(json.loads(found["need"]))
        told = service.matcher.match(need, service.snapshot)
        return found[1] + "\n".join(["", *_written(told), ""]) + "\n" + found[3]

    return _ANSWERED.sub(answer, page)


def _written(answer: Mapping[str, Any]) -> Iterator[str]:
    yield "| understood as | from | |"
    yield "|---|---|---|"
    for row in _understood(answer["understood"]):
        yield "| " + " | ".join(row) + " |"
    yield ""
    results = answer["results"][:_SHOWN]
    if results:
        yield f"{answer['total']} facilities; the first:"
        yield ""
        yield "| facility | where | met | not met | unknown |"
        yield "|---|---|---|---|---|"
        for result in results:
            yield f"| {result['label']} | {_where(result)} | {_verdicts(result['criteria'])} |"
        yield ""
        yield f"Why {results[0]['label']}:"
        yield ""
        for criterion in results[0]["criteria"]:
            yield f"- {criterion['verdict'].replace('-', ' ')}: {criterion['reason']}"
        yield ""
    else:
        yield "No facility."
        yield ""
    yield from _more(answer, results)


def _understood(understood: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for kind in _KINDS:
        for link in understood[kind]:
            stress = "" if link["importance"] == "wished" else f", {link['importance']}"
            yield link["label"], f"“{link['because']}”", f"`{link['notation']}`{stress}"
    for place in understood["places"]:
        about = "to search in" if place["role"] == "search-in" else "to measure from"
        yield place["label"], f"“{place['because']}”", about + (", only" if place["required"] else "")
    if distance := understood["distance"]:
        yield f"at most {distance['km']:g} km", f"“{distance['because']}”", ""
    for quantity in understood["quantities"]:
        yield quantity["quantity_kind"].rsplit("/", 1)[-1], f"“{quantity['because']}”", "quantity"
    for link in understood["excluded"]:
        yield link["label"], f"“{link['because']}”", "not wished"
    for phrase in understood["refused"]:
        yield "", f"“{phrase}”", "not wished"
    for spoken in understood["vocabulary"][:1]:
        yield spoken["label"], f"“{spoken['because']}”", "spoken of"


def _where(result: Mapping[str, Any]) -> str:
    place = ", ".join(part for part in (result["city"], result["country"]) if part)
    return place if result["distance_km"] is None else f"{place}; {result['distance_km']:.0f} km"


def _verdicts(criteria: Sequence[Mapping[str, Any]]) -> str:
    """The names of the criteria by verdict; one that is judged several times has its number."""
    cells = []
    for verdict in ("met", "not-met", "unknown"):
        names = [criterion["criterion"] for criterion in criteria if criterion["verdict"] == verdict]
        counted = dict.fromkeys(names)
        cells.append(
            ", ".join(name if names.count(name) == 1 else f"{name} × {names.count(name)}" for name in counted)
        )
    return " | ".join(cells)


def _more(answer: Mapping[str, Any], results: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if answer["bundle"]:
        of = "; ".join(
            f"`{one['facility'].rsplit('/', 1)[-1]}` for {', '.join(one['covers'])}"
            for one in answer["bundle"]
        )
        yield f"Together: {of}."
        yield ""
    for relaxation in answer["relaxations"]:
        yield f"What would help: {relaxation['text']}"
        yield ""
    for scheme in results[0]["support"] if results else ():
        asked = [condition["question"] for condition in scheme["conditions"] if "question" in condition]
        yield f"Support: {scheme['label']}, {scheme['verdict']}" + (f". {asked[0]}" if asked else ".")
        yield ""
    told = [practice for result in results for practice in result["practices"]] + answer["practices"][:2]
    for practice in {one["practice"]: one for one in reversed(told)}.values():
        yield f"Practice: {practice['label']}. {practice['reason']}"
        yield ""


def main() -> None:
    """Write the page anew."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Settings(data_dir=Path(folder) / "var", warm_up=False)) as service,
    ):
        PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), service), encoding="utf-8")
    print(f"wrote {PAGE.name}")


if __name__ == "__main__":
    main()
