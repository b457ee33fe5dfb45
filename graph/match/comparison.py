"""Two runs side by side: which facilities came in, went out or moved, and which verdicts changed."""

from collections.abc import Mapping
from typing import Any

Answer = Mapping[str, Any]
"""The answer to a need, as the contract gives it."""

_JUDGED = ("verdict", "score", "reason")


def compare(before: Answer, after: Answer) -> dict[str, Any]:
    """What differs between the facilities shown in two answers.

    A facility that came in or went out did so among the results shown, the best ``limit`` of each run. One that is in
    both is in ``moved`` where its rank differs, and in ``changed`` where a criterion's verdict or score does.
    """
    old, new = _ranked(before), _ranked(after)
    both = [facility for facility in new if facility in old]
    changed = [
        (facility, criteria) for facility in both if (criteria := _criteria(old[facility], new[facility]))
    ]
    return {
        "before": {**before["run"], "total": before["total"]},
        "after": {**after["run"], "total": after["total"]},
        "came_in": [_told(new[facility]) for facility in new if facility not in old],
        "went_out": [_told(old[facility]) for facility in old if facility not in new],
        "moved": [
            _both(old[facility], new[facility])
            for facility in both
            if old[facility]["rank"] != new[facility]["rank"]
        ],
        "changed": [
            {**_both(old[facility], new[facility]), "criteria": criteria} for facility, criteria in changed
        ],
        "unchanged": len(both) - len(changed),
    }


def _ranked(answer: Answer) -> dict[str, dict[str, Any]]:
    """The results by facility, the best first, each with its rank."""
    return {one["facility"]: {**one, "rank": rank} for rank, one in enumerate(answer["results"], 1)}


def _told(result: Mapping[str, Any]) -> dict[str, Any]:
    return {key: result[key] for key in ("facility", "label", "rank", "score")}


def _both(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "facility": new["facility"],
        "label": new["label"],
        "rank": {"before": old["rank"], "after": new["rank"]},
        "score": {"before": old["score"], "after": new["score"]},
    }


def _criteria(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The criteria whose verdict or score differs; one that only one of the runs judged is ``None`` in the other."""
    before, after = _by_criterion(old), _by_criterion(new)
    told = []
    for key in dict.fromkeys([*after, *before]):
        was, now = before.get(key), after.get(key)
        if was is None or now is None or (was["verdict"], was["score"]) != (now["verdict"], now["score"]):
            criterion, part = key
            told.append(
                {
                    "criterion": criterion,
                    **({} if part is None else {"part": part}),
                    "before": was and {name: was[name] for name in _JUDGED},
                    "after": now and {name: now[name] for name in _JUDGED},
                }
            )
    return told


def _by_criterion(result: Mapping[str, Any]) -> dict[tuple[str, str | None], Mapping[str, Any]]:
    return {(one["criterion"], one.get("part")): one for one in result["criteria"]}
