"""How good the matching is: judged needs, beside plain baselines over the same records."""

import argparse
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import mean, median

from bench.baselines import Bm25, Embeddings, records
from bench.graphs import temporary_service
from bench.judged import MEASURES, Judged, Ranked, interval, means, read_needs, translated
from bench.table import heading, say, show
from graph.iris import INFRA
from graph.match.need import Need
from graph.resources import ROOT
from graph.service import Service

OWN = ROOT / "tests" / "match" / "judged.json"
BY_FACILITY = ROOT / "tests" / "match" / "facility_needs.json"
REGIONAL = ROOT / "tests" / "match" / "regional_needs.json"
"""Written without sight of the records and graded over all of them by two readers: many are met by nothing."""
TRANSLATED = ROOT / "tests" / "match" / "translated_needs.json"
"""The needs of ``BY_FACILITY`` and ``FURTHER`` in the languages that they were not written in."""
FURTHER = ROOT.parent / "shared" / "matching" / "dev.json"
_LIMIT = 177
_SHOWN = 10

Rank = Callable[[Need], Ranked]


def match(service: Service, need: Need) -> Ranked:
    """The ranking that the service gives."""
    results = service.matcher.match(need, service.snapshot)["results"]
    facilities = tuple(result["facility"].rsplit("/", 1)[-1] for result in results)
    return Ranked(facilities, results[0]["score"] if results else 0.0)


def without(service: Service, criterion: str) -> Rank:
    """The ranking where one criterion weighs nothing."""
    return lambda need: match(service, need.model_copy(update={"weights": {criterion: 0.0}}))


def main(arguments: Sequence[str] = ()) -> None:
    """Measure and print. Without files of judged needs there is nothing to measure, which is said."""
    parser = argparse.ArgumentParser(prog="python -m bench matching_quality", description=__doc__)
    parser.add_argument(
        "needs",
        nargs="*",
        type=Path,
        default=[OWN, BY_FACILITY, REGIONAL, FURTHER],
        help="judged needs as JSON",
    )
    parser.add_argument("--each", action="store_true", help="print the measures of each need too")
    options = parser.parse_args(arguments)
    heading("Quality of matching on judged needs")
    with temporary_service() as service:
        texts = records(service.snapshot)
        baselines: list[Bm25 | Embeddings] = [Bm25(texts)]
        if Embeddings.is_installed():
            baselines.append(Embeddings(texts))
        else:
            say("Sentence embeddings are left out; `uv run --group embeddings` installs them (3 GB).")
        for path in options.needs:
            if not path.is_file():
                say(f"There is no file {path}, so it is not measured; give paths of judged needs.")
                continue
            judged = read_needs(path, _LIMIT)
            say(f"{path.name}: {len(judged)} needs")
            ranks: dict[str, Rank] = {"InfraShare": lambda need: match(service, need)}
            ranks |= {one.name: one.rank for one in baselines}
            ranked = {name: {one.id: rank(one.need) for one in judged} for name, rank in ranks.items()}
            _show_engines(judged, ranked)
            _show_groups(judged, ranked["InfraShare"], "language", lambda one: one.language)
            _show_groups(judged, ranked["InfraShare"], "topic", lambda one: one.topic)
            _show_translated(service, judged)
            _show_unmet(judged, ranked)
            _show_ablation(service, judged, ranked["InfraShare"])
            _show_regions(service, judged, ranked["InfraShare"])
            if options.each:
                _show_each(judged, ranked["InfraShare"])


def _measured(judged: Sequence[Judged], ranked: Mapping[str, Ranked]) -> list[tuple[float, ...]]:
    return [ranked[one.id].measures(one.grades) for one in judged if one.is_met]


def _show_engines(judged: Sequence[Judged], ranked: Mapping[str, Mapping[str, Ranked]]) -> None:
    rows = []
    for name, rankings in ranked.items():
        measured = _measured(judged, rankings)
        halves = [means(measured[start::2])[0] for start in (0, 1)]
        rows.append((name, *means(measured), _interval([row[0] for row in measured]), *halves))
    show(
        f"{sum(one.is_met for one in judged)} needs that something meets (grade 2 or more)",
        ("engine", *MEASURES, "nDCG@10, 95 %", "nDCG@10, one half", "the other half"),
        rows,
        ["The halves are every other need: what was tried on one is seen on the other."],
    )


def _show_groups(
    judged: Sequence[Judged], ranked: Mapping[str, Ranked], kind: str, of: Callable[[Judged], str]
) -> None:
    """The measures by language or by topic."""
    groups: dict[str, list[tuple[float, ...]]] = defaultdict(list)
    for one in judged:
        if one.is_met:
            groups[of(one)].append(ranked[one.id].measures(one.grades))
    show(
        f"By {kind}",
        (kind, "needs", *MEASURES, "nDCG@10, 95 %"),
        [
            (name, len(measured), *means(measured), _interval([row[0] for row in measured]))
            for name, measured in sorted(groups.items())
        ],
    )


def _interval(values: Sequence[float], sign: str = "") -> str:
    """The 95 % confidence interval of a mean as it is shown; ``+`` shows the sign of positive numbers too."""
    low, high = (format(bound, f"{sign}.3f") for bound in interval(values))
    return f"{low} to {high}"


def gains(service: Service, needs: Sequence[Judged]) -> dict[str, list[float]]:
    """nDCG@10 of each need that something meets, by language, in the order of the needs."""
    by_language: dict[str, list[float]] = defaultdict(list)
    for one in needs:
        if one.is_met:
            by_language[one.language].append(match(service, one.need).measures(one.grades)[0])
    return by_language


def _show_translated(service: Service, judged: Sequence[Judged]) -> None:
    """The same needs in nine languages, beside English."""
    found = gains(service, translated(judged, TRANSLATED))
    rows = []
    for language, values in found.items():
        apart = [value - beside for value, beside in zip(values, found["en"], strict=True)]
        shown = (mean(apart), _interval(apart, "+")) if language != "en" else (None, None)
        rows.append((language, len(values), mean(values), *shown))
    if not rows:
        return
    show(
        "The same needs in nine languages",
        ("language", "needs", "nDCG@10", "beside English", "95 %"),
        rows,
        [
            "Translated by writers who had seen neither code lists nor answers.",
            "The interval is that of the paired difference.",
        ],
    )


def told_apart(met: Sequence[float], unmet: Sequence[float]) -> float:
    """The chance that a need that is met has the higher top score than one that is not (area under the ROC curve)."""
    return mean(float(above > below) + 0.5 * float(above == below) for above in met for below in unmet)


def _show_unmet(judged: Sequence[Judged], ranked: Mapping[str, Mapping[str, Ranked]]) -> None:
    """Needs that nothing meets: a good engine returns nothing for them, or lower scores."""
    unmet = [one for one in judged if not one.is_met]
    if not unmet:
        return
    rows = []
    for name, rankings in ranked.items():
        above = [rankings[one.id].top for one in judged if one.is_met]
        below = [rankings[one.id].top for one in unmet]
        rows.append((name, median(above), median(below), f"{told_apart(above, below):.2f}"))
    show(
        f"{len(unmet)} needs that nothing meets",
        ("engine", "top score, met", "top score, unmet", "met above unmet"),
        rows,
        ["The last column is the chance that a met need has the higher top score."],
    )


def _show_ablation(service: Service, judged: Sequence[Judged], whole: Mapping[str, Ranked]) -> None:
    """What each criterion adds: the loss where it weighs nothing."""
    all_in = means(_measured(judged, whole))
    rows: list[tuple[object, ...]] = [("nothing", *all_in, None)]
    for criterion in sorted(service.matcher.knowledge(service.snapshot).criteria.weights):
        rank = without(service, criterion)
        left = means(_measured(judged, {one.id: rank(one.need) for one in judged}))
        if left != all_in:
            rows.append((criterion, *left, f"{all_in[0] - left[0]:+.3f}"))
    show(
        "Ablation: one criterion left out",
        ("left out", *MEASURES, "adds to nDCG@10"),
        rows,
        ["Criteria that these needs do not ask for change nothing and are not listed."],
    )


def _show_regions(service: Service, judged: Sequence[Judged], ranked: Mapping[str, Ranked]) -> None:
    """Whether the results come from where the facilities are, or some regions are put at a disadvantage."""
    store = service.snapshot.store
    country = {
        str(quad.subject).rsplit("/", 1)[-1].rstrip(">"): str(quad.object).rsplit("/", 1)[-1][:2]
        for quad in store.quads_for_pattern(None, INFRA["inRegion"], None, None)
        if "/id/facility/" in str(quad.subject)
    }
    supply = Counter(country.values())
    shown = Counter(
        country[item] for one in judged for item in ranked[one.id].facilities[:_SHOWN] if item in country
    )
    relevant = Counter(
        country[item]
        for one in judged
        for item, grade in one.grades.items()
        if grade >= 1 and item in country
    )
    asked = Counter((one.need.region or "")[:2] for one in judged)
    show(
        f"Share of the first {_SHOWN} results by country, beside needs, supply and what is relevant (grade 1 or more)",
        ("country", "needs from there", "facilities", "relevant", "results"),
        [
            (
                code,
                *(
                    f"{100 * counts[code] / (sum(counts.values()) or 1):.0f} %"
                    for counts in (asked, supply, relevant, shown)
                ),
            )
            for code in sorted(supply)
        ],
    )


def _show_each(judged: Sequence[Judged], ranked: Mapping[str, Ranked]) -> None:
    show(
        "Each need",
        ("need", "language", *MEASURES, "results", "top score"),
        [
            (
                one.id,
                one.language,
                *ranked[one.id].measures(one.grades),
                len(ranked[one.id].facilities),
                ranked[one.id].top,
            )
            for one in judged
        ],
    )
