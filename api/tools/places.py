"""Regions as tools: the profile of one, several beside each other, and what one can learn from others."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

from pydantic import Field

from api.tools.forms import (
    Compared,
    ComparedFigure,
    Gap,
    RegionAnswer,
    RegionComparison,
    RegionFigure,
    RegionFigures,
    RegionLessons,
    RegionPartner,
    RegionPractice,
)
from api.tools.source import Language, Source

Code = Annotated[str, Field(description="NUTS code of a country or region, such as BE2.")]
Limit = Annotated[int, Field(ge=1, le=50, description="How many to show of each list.")]
_QUOTIENT: Final = "capability-quotient"


class Places:
    """Tools about regions."""

    def __init__(self, source: Source) -> None:
        self._source = source

    async def region_profile(self, region: Code, limit: Limit = 10, lang: Language = "en") -> RegionAnswer:
        """Tell what is described in a region: figures, strengths, priorities and gaps, instruments, practices, changes.

        Each figure names its query, which run_query can ask, and its coverage: where ``safe`` is false too little is
        known to compare it. Cite the revision.
        """
        path = f"/regions/{region.strip().upper()}/profile"
        told = await self._source.get(path, lang=lang)
        data = told.data
        return RegionAnswer(
            revision=told.revision,
            address=path,
            region=data["region"]["concept"],
            label=data["region"]["label"],
            note=data["note"],
            facts={name: data["region"][name] for name in ("population", "area", "gerd", "notes")},
            priorities=_labels(data["priorities"], limit),
            strengths=[one["reason"] for one in data["strengths"][:limit]],
            gaps=[_gap(one) for one in data["gaps"]["items"][:limit]],
            gaps_note=data["gaps"]["note"],
            figures=[
                _figures(one, limit)
                for one in data["indicators"]
                if one["figures"] and one["indicator"] != _QUOTIENT
            ],
            unknown=[one["title"] for one in data["indicators"] if not one["figures"]],
            policy_instruments=_labels(data["policy_instruments"]["items"], limit),
            practices=_labels(data["practices"]["items"], limit),
            changes=[f"{one['text']} {one['reason']}" for one in data["changes"][:limit]],
        )

    async def compare_regions(
        self,
        regions: Annotated[
            list[str], Field(min_length=2, max_length=8, description="NUTS codes, such as BE2 and NL41.")
        ],
        limit: Limit = 15,
        lang: Language = "en",
    ) -> RegionComparison:
        """Tell what two to eight regions have in common, what only one of them has, and their figures side by side.

        A region of which nothing is described is under ``left_out``: it neither has it nor lacks it.
        """
        told = await self._source.get("/regions/compare", region=[one.strip() for one in regions], lang=lang)
        data = told.data
        names = {one["notation"]: one["label"] for one in data["regions"]}
        return RegionComparison(
            revision=told.revision,
            regions=names,
            figures=[
                ComparedFigure(
                    title=one["title"],
                    unit=one["unit"],
                    values={each["region"]: each["value"] for each in one["values"]},
                    unsafe=[
                        each["region"]
                        for each in one["values"]
                        if each["value"] is not None and not each["safe"]
                    ],
                )
                for one in data["figures"]
            ],
            compared=[
                Compared(
                    title=one.get("title", "capabilities"),
                    common=_labels(one["common"], limit),
                    specific={each["region"]: _labels(each["items"], limit) for each in one["specific"]},
                    left_out=one["left_out"],
                )
                for one in (data["capabilities"], *data["facets"])
            ],
        )

    async def region_exchange(self, region: Code, limit: Limit = 5, lang: Language = "en") -> RegionLessons:
        """Tell which good practices of others are worth adopting in a region, and which regions are worth a visit.

        Scores come with their reasons; failures and difficulties are told as they are. What is not stated is unknown.
        """
        path = f"/regions/{region.strip().upper()}/exchange"
        told = await self._source.get(path, limit=limit, lang=lang)
        data = told.data
        return RegionLessons(
            revision=told.revision,
            address=path,
            region=data["region"]["concept"],
            label=data["region"]["label"],
            lacks=_labels(data["lacks"]["capabilities"], limit),
            notes=data["lacks"]["notes"],
            practices=[
                RegionPractice(
                    id=one["id"],
                    label=one["label"],
                    score=one["score"],
                    safe=one["safe"],
                    warning=one["warning"],
                    regions=_labels(one["regions"], limit),
                    reasons=[part["reason"] for part in one["parts"]],
                    difficulties=[text["text"] for text in one["difficulties"]],
                )
                for one in data["practices"]
            ],
            partners=[
                RegionPartner(
                    id=one["concept"],
                    label=one["label"],
                    score=one["score"],
                    safe=one["safe"],
                    reasons=[part["reason"] for part in one["parts"]],
                    facilities=_labels(one["facilities"], limit),
                )
                for one in data["partners"]
            ],
        )


def _labels(items: Sequence[Mapping[str, Any]], limit: int) -> list[str]:
    return [str(one["label"]) for one in items[:limit]]


def _gap(gap: Mapping[str, Any]) -> Gap:
    nearest = gap["facilities"][0] if gap["facilities"] else None
    return Gap(
        capability=gap["label"],
        reason=gap["reason"],
        nearest=nearest["label"] if nearest else None,
        nearest_id=nearest["id"] if nearest else None,
        distance_km=nearest["distance_km"] if nearest else None,
    )


def _figures(indicator: Mapping[str, Any], limit: int) -> RegionFigures:
    return RegionFigures(
        title=indicator["title"],
        unit=indicator["unit"],
        query=indicator["query"],
        known=indicator["coverage"]["known"],
        of=indicator["coverage"]["of"],
        safe=indicator["coverage"]["safe"],
        figures=[
            RegionFigure(item=one["item"]["label"] if one["item"] else None, value=one["value"])
            for one in indicator["figures"][:limit]
        ],
        more=max(0, len(indicator["figures"]) - limit),
    )
