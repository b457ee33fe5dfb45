"""What the pages of a match show: the answer in the order of a reader, with the addresses of what can be changed."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from fastapi import Request
from pyoxigraph import Literal, NamedNode

from api.need_address import parameters_of
from api.need_changes import Changes, pinned
from api.need_chips import Chips
from api.state import service
from graph.browse.entity import address
from graph.geometry import Point
from graph.iris import ID, NUTS
from graph.match.label_points import label_point
from graph.match.need import Need
from graph.match.scheme import CAPABILITY, REGION
from graph.match.view import View
from graph.store.protocol import State

_FACILITY: Final = ID["facility/"].value
_FIELDS: Final = ("companySize", "staff", "turnover", "region", "sectors", "services")
"""Members of a need that answer the questions of support schemes, in the order in which they are asked."""
_GROUPS: Final = ("met", "not-met", "unknown")


class MatchPage:
    """The parts of a page about a need and its answer, on one state of the dataset."""

    def __init__(self, request: Request, need: Need, answer: Mapping[str, Any], state: State) -> None:
        running = service(request)
        self._queries = running.catalogue
        self._state = state
        self._known = running.matcher.knowledge(state)
        self._view: View = running.view(state, answer["run"]["language"])
        self._answer = answer
        self._need = need
        self._labels: dict[str, str] = {
            one["notation"]: one["label"]
            for kind in ("capabilities", "materials")
            for one in answer["understood"][kind]
        }
        speaks = "lang" in request.query_params or (
            not request.url.path.startswith(("/match.", "/match/why")) and (request.url.path != "/match")
        )
        self._changes = Changes(pinned(need, answer["understood"]), speaks)
        self._as_is = Changes(need, speaks)
        self._chips = Chips.of(need, answer["understood"], self._known, self._view, speaks)

    def asked(self) -> dict[str, Any]:
        """The need: its address, its chips, and the fields of a form that changes it."""
        chips, need = self._chips, self._need
        spoken = need if self._as_is.speaks else need.model_copy(update={"lang": None})
        return {
            "query": self._as_is.query,
            "parameters": list(parameters_of(spoken)),
            "wished": chips.wished(),
            "conditions": chips.conditions(),
            "firm": chips.firm(),
            "unwished": chips.unwished(),
            "spoken": chips.spoken(),
            "form": form_of(need, self._place_names()),
        }

    def whole(self) -> dict[str, Any]:
        """Everything on the page of an answer."""
        answer = self._answer
        regions = [one["region"] for one in answer["results"] if one["region"]]
        self._view.learn([NUTS[code] for region in regions for code in (region, region[:2])])
        results = [self.result(one, rank) for rank, one in enumerate(answer["results"], 1)]
        names = {one["facility"]: one["label"] for one in results}
        own = self._own_place()
        return {
            "asked": self.asked(),
            "results": results,
            "map": self._map(results),
            "own": None if own is None else _geometry(own),
            "coverage": [{**one, "label": self._part(one["part"])} for one in answer["coverage"]],
            "bundle": [
                {
                    "facility": one["facility"],
                    "label": names.get(one["facility"]) or self._view.name(NamedNode(one["facility"])),
                    "covers": [self._part(part) for part in one["covers"]],
                }
                for one in answer["bundle"]
            ],
            "relaxations": [{**one, "query": self.changed(one["change"])} for one in answer["relaxations"]],
            "fields": self._open_fields(),
            "more": self._as_is.to(limit=min(answer["total"], 200)),
        }

    def result(self, result: Mapping[str, Any], rank: int | None = None) -> dict[str, Any]:
        """A facility with its criteria by verdict, each named as the reader calls it."""
        criteria = [{**one, "label": self._criterion(one)} for one in result["criteria"]]
        return {
            **result,
            "rank": rank,
            "slug": result["facility"].removeprefix(_FACILITY),
            "place": self._place_of(result),
            "groups": {
                verdict: [
                    one for one in criteria if one["verdict"] == verdict and one["weight"] + one["score"] > 0
                ]
                for verdict in _GROUPS
            },
        }

    def changed(self, change: Mapping[str, Sequence[Any]]) -> str | None:
        """The query of the need after a change of members, each from what to what."""
        return self._changes.to(**{member: after for member, (_, after) in change.items()})

    def _criterion(self, one: Mapping[str, Any]) -> str:
        if one.get("part"):
            return self._part(str(one["part"]))
        return self._known.criteria.label(one["criterion"], self._view.language)

    def _part(self, code: str) -> str:
        """What a capability of the need is called."""
        if code not in self._labels:
            concept = self._known.scheme.resolve(code, CAPABILITY, "capability")
            self._labels[code] = self._known.lexicon.label(concept, self._view.language)
        return self._labels[code]

    def _place_of(self, result: Mapping[str, Any]) -> dict[str, Any]:
        """Town, region and country of a facility, in words."""
        region, country = result["region"], result["country"]
        if region is None:
            return {"city": result["city"], "region": None, "iri": None, "country": country}
        return {
            "city": result["city"],
            "region": self._view.name(NUTS[region]),
            "iri": NUTS[region].value,
            "country": self._view.name(NUTS[region[:2]]),
        }

    def _place_names(self) -> dict[str, str]:
        """The names of the firm's city and region, as a field takes them."""
        need, names = self._need, {}
        if need.region is not None:
            node = self._known.scheme.resolve(need.region, REGION, "region")
            names["region"] = f"{self._view.name(node)} ({self._known.scheme.notation(node)})"
        if need.location is not None:
            city = self._known.typed_places.city_at(need.location.lat, need.location.lon)
            names["location"] = f"{city.name} ({city.country})" if city else ""
        return names

    def _open_fields(self) -> list[str]:
        """The members of a need that would answer open questions of support schemes."""
        schemes = self._answer["results"][0]["support"] if self._answer["results"] else []
        asked = {c.get("field") for one in schemes for c in one["conditions"] if c["verdict"] == "unknown"}
        return [name for name in _FIELDS if name in asked]

    def _map(self, results: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """The results as features of GeoJSON, as far as it is known where they are."""
        points = self._points([NamedNode(one["facility"]) for one in results])
        return [
            {
                "type": "Feature",
                "geometry": _geometry(points[one["facility"]]),
                "properties": {
                    "label": one["label"],
                    "url": address(one["facility"]) or "",
                    "rank": one["rank"],
                    "note": one["place"]["city"] or "",
                },
            }
            for one in results
            if one["facility"] in points
        ]

    def _points(self, facilities: Sequence[NamedNode]) -> dict[str, Point]:
        if not facilities:
            return {}
        found: dict[str, Point] = {}
        for row in self._state.select(self._queries["browse-summary"].bind(entity=facilities)).dicts():
            entity, wkt = row.get("entity"), row.get("point")
            point = Point.from_wkt(wkt.value) if isinstance(wkt, Literal) else None
            if isinstance(entity, NamedNode) and point is not None:
                found.setdefault(entity.value, point)
        return found

    def _own_place(self) -> Point | None:
        """Where the firm is, as far as it said."""
        need = self._need
        if need.location is not None:
            return Point(need.location.lon, need.location.lat)
        if need.region is not None:
            node = self._known.scheme.resolve(need.region, REGION, "region")
            return label_point(node, self._state, self._queries)
        for one in self._answer["understood"]["places"]:
            if one["used"] and one["role"] == "measure-from":
                return Point(one["location"]["lon"], one["location"]["lat"])
        return None


def form_of(need: Need | None, names: Mapping[str, str]) -> dict[str, Any]:
    """The values of the fields of the form for a need."""
    trl = need.trl if need else None
    return {
        "text": (need.text if need else None) or "",
        "place": names.get("location") or names.get("region", ""),
        "region": names.get("region", "") if "location" in names else None,
        "km": f"{need.maxDistanceKm:g}" if need and need.maxDistanceKm else "",
        "trl_now": trl.now if trl else None,
        "trl_target": trl.target if trl else None,
        "size": need.companySize if need else None,
    }


def _geometry(point: Point) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [round(point.lon, 5), round(point.lat, 5)]}
