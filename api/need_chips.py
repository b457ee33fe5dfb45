"""What was understood of a need, as chips: each names its words and can be corrected, removed or made essential."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from babel import Locale
from pyoxigraph import NamedNode

from api.need_changes import Changes, pinned, without
from graph.iris import NUTS
from graph.match.knowledge import Knowledge
from graph.match.need import Need
from graph.match.scheme import ACCESS, CAPABILITY, REGION, SECTOR, SERVICE
from graph.match.units import symbol
from graph.match.view import View

_EACH: Final = (
    ("services", SERVICE, "service"),
    ("sectors", SECTOR, "sector"),
    ("accessModes", ACCESS, "access"),
)
_SURE: Final = 0.85
"""Understanding that is less sure says so."""


@dataclass(frozen=True)
class Chip:
    """One thing that a need asks for, with what can be done about it: queries of addresses, where there are such."""

    kind: str
    label: str
    iri: str | None = None
    because: str | None = None
    confidence: float | None = None
    """How sure it is, where that is worth saying."""
    importance: str = "wished"
    """``essential`` is a hard condition, ``important`` and ``nice-to-have`` what the text says, else ``wished``."""
    counts: bool = True
    is_one_of: bool = False
    """Whether one of several of its kind is enough."""
    remove: str | None = None
    essential: str | None = None
    wished: str | None = None
    """Makes it a condition no longer."""
    add: str | None = None


@dataclass(frozen=True)
class Chips:
    """The chips of a need and its understanding."""

    need: Need
    understood: Mapping[str, Any]
    known: Knowledge
    view: View
    changes: Changes

    @classmethod
    def of(
        cls, need: Need, understood: Mapping[str, Any], known: Knowledge, view: View, speaks: bool
    ) -> "Chips":
        """For a need and what an answer says was understood of it."""
        fixed = pinned(need, understood)
        return cls(fixed, understood, known, view, Changes(fixed, speaks))

    def wished(self) -> list[Chip]:
        """What is looked for, capabilities first."""
        each = (self._each(*one) for one in _EACH)
        return [*self._capabilities(), *(chip for several in each for chip in several)]

    def conditions(self) -> list[Chip]:
        """Where, how far, and the other conditions."""
        return [*self._countries(), *self._places(), *self._distance(), *self._quantities(), *self._others()]

    def firm(self) -> list[Chip]:
        """What the firm says of itself: it is for support schemes."""
        need, to = self.need, self.changes.to
        chips = []
        if need.companySize:
            chips.append(Chip("size", need.companySize, remove=to(companySize=None)))
        if need.staff is not None:
            chips.append(Chip("staff", str(need.staff), remove=to(staff=None)))
        if need.turnover is not None:
            sales = f"{need.turnover.value:,.0f} {need.turnover.currency}"
            chips.append(Chip("turnover", sales, remove=to(turnover=None)))
        return chips

    def unwished(self) -> list[Chip]:
        """What is not wished, by the text or by who corrected it."""
        members = {"capabilities": CAPABILITY, "services": SERVICE, "sectors": SECTOR, "accessModes": ACCESS}
        chips = []
        for one in self.understood["excluded"]:
            code, member = one["notation"], one["kind"]
            mine = [c for c in self.need.excluded if self._is(c, members[member], one["concept"])]
            back = (
                self.changes.to(excluded=[c for c in self.need.excluded if c not in mine])
                if mine
                else self.changes.to(**{member: [*getattr(self.need, member), code]})
            )
            chips.append(self._heard("unwished", one, add=back))
        return chips

    def spoken(self) -> list[Chip]:
        """Capabilities whose vocabulary the text speaks without naming them; they can be asked for."""
        asked = {chip.iri for chip in self._capabilities()}
        return [
            self._heard(
                "capability",
                one,
                add=self.changes.to(capabilities=[*self.need.capabilities, one["notation"]]),
            )
            for one in self.understood["vocabulary"]
            if one["concept"] not in asked
        ]

    def _heard(self, kind: str, one: Mapping[str, Any], **more: Any) -> Chip:
        unsure = one["confidence"] if one["confidence"] < _SURE else None
        return Chip(kind, one["label"], one["concept"], one["because"], unsure, **more)

    def _is(self, code: str, scheme: NamedNode, concept: str) -> bool:
        if code == concept:
            return True
        return self.known.scheme.by_notation.get((scheme, code.strip().casefold())) == NamedNode(concept)

    def _concept(self, code: str, scheme: NamedNode, what: str) -> NamedNode:
        return self.known.scheme.resolve(code, scheme, what)

    def _label(self, concept: NamedNode) -> str:
        return self.known.lexicon.label(concept, self.view.language)

    def _capabilities(self) -> Iterator[Chip]:
        need, to, scheme = self.need, self.changes.to, self.known.scheme
        heard = {
            one["concept"]: one for one in (*self.understood["capabilities"], *self.understood["materials"])
        }
        given: dict[str, set[str]] = {}
        for member in ("capabilities", "essential", "niceToHave"):
            for code in getattr(need, member):
                concept = self._concept(code, CAPABILITY, "capability").value
                given.setdefault(concept, set()).add(member)
        for concept in dict.fromkeys([*given, *heard]):
            node, one = NamedNode(concept), heard.get(concept)
            code = scheme.notation(node)
            rest = {
                member: [c for c in getattr(need, member) if not self._is(c, CAPABILITY, concept)]
                for member in ("capabilities", "essential", "niceToHave")
            }
            members = given.get(concept, set())
            importance = (
                "essential"
                if "essential" in members
                else "nice-to-have"
                if "niceToHave" in members
                else {"essential": "important"}.get(one["importance"], one["importance"])
                if one is not None and not members
                else "wished"
            )
            gone = to(**rest, excluded=[*need.excluded, code]) if one else to(**rest)
            asked = (
                rest
                if one and importance == "essential"
                else {**rest, "capabilities": [*rest["capabilities"], code]}
            )
            kind = "material" if scheme.is_material(node) else "capability"
            acts: dict[str, Any] = {
                "importance": importance,
                "remove": gone,
                "essential": None
                if importance == "essential"
                else to(**{**rest, "essential": [*rest["essential"], code]}),
                "wished": to(**asked) if importance in {"essential", "nice-to-have"} else None,
            }
            yield self._heard(kind, one, **acts) if one else Chip(kind, self._label(node), concept, **acts)

    def _each(self, member: str, scheme: NamedNode, kind: str) -> Iterator[Chip]:
        """Services, sectors and modes of access: as a condition, one of several is enough."""
        need = self.need
        heard = {one["concept"]: one for one in self.understood[member]}
        given = [self._concept(code, scheme, kind).value for code in getattr(need, member)]
        all_codes = [self.known.scheme.notation(NamedNode(c)) for c in dict.fromkeys([*given, *heard])]
        is_hard = member in need.required
        for concept in dict.fromkeys([*given, *heard]):
            one, code = heard.get(concept), self.known.scheme.notation(NamedNode(concept))
            left = [c for c in getattr(need, member) if not self._is(c, scheme, concept)]
            excluded = [*need.excluded, code] if one else need.excluded
            acts: dict[str, Any] = {
                "importance": "essential" if is_hard else "wished",
                "is_one_of": len(all_codes) > 1,
                "remove": self.changes.to(**{member: left, "excluded": excluded}),
                "essential": None if is_hard else self.changes.requiring(member, **{member: all_codes}),
                "wished": self.changes.not_requiring(member) if is_hard else None,
            }
            label = self._label(NamedNode(concept))
            yield self._heard(kind, one, **acts) if one else Chip(kind, label, concept, **acts)

    def _countries(self) -> Iterator[Chip]:
        need = self.need
        is_hard = "countries" in need.required
        heard = [p for p in self.understood["places"] if p["role"] == "search-in"]
        words = {p["code"]: p for p in heard}
        used = [p["code"] for p in heard if p["used"]]
        given = [
            self.known.scheme.notation(self._concept(code, REGION, "country")) for code in need.countries
        ]
        codes = list(dict.fromkeys(given or used))
        acts: dict[str, Any] = {
            "importance": "essential" if is_hard else "wished",
            "is_one_of": len(codes) > 1,
        }
        for code in codes:
            one = words.get(code)
            others = without(codes, code)
            removed = self.changes.to(countries=others) if others or given else None
            if one is not None and not others:  # the text would name it again
                removed = self.changes.cut(one["because"], countries=[])
            yield Chip(
                "country",
                self.view.name(NUTS[code]),
                NUTS[code].value,
                one["because"] if one else None,
                one["confidence"] if one and one["confidence"] < _SURE else None,
                remove=removed,
                essential=None if is_hard else self.changes.requiring("countries", countries=codes),
                wished=self.changes.not_requiring("countries", countries=codes) if is_hard else None,
                **acts,
            )
        for code, one in words.items():
            if code not in codes:
                yield self._unused("country", one, remove=self.changes.cut(one["because"]))

    def _places(self) -> Iterator[Chip]:
        need = self.need
        here = need.location.model_dump() if need.location is not None else None
        named = {
            p["because"] for p in self.understood["places"] if p["field"].get("location") == here and here
        }
        if need.location is not None:
            city = self.known.typed_places.city_at(need.location.lat, need.location.lon)
            label = city.name if city else f"{need.location.lat:.4f}, {need.location.lon:.4f}"
            words = next(iter(named), None)
            removed = self.changes.cut(words, location=None) if words else self.changes.to(location=None)
            yield Chip("place", label, because=words, remove=removed)
        if need.region is not None:
            node = self._concept(need.region, REGION, "region")
            kind = "place" if need.location is None else "region"
            yield Chip(kind, self.view.name(node), node.value, remove=self.changes.to(region=None))
        for one in self.understood["places"]:
            if one["role"] == "measure-from" and one["because"] not in named:
                cut = self.changes.cut(one["because"])
                if not one["used"]:
                    yield self._unused("place", one, remove=cut)
                    continue
                iri = None if one["kind"] == "city" else one["place"]
                unsure = one["confidence"] if one["confidence"] < _SURE else None
                yield Chip("place", one["label"], iri, one["because"], unsure, remove=cut)

    def _unused(self, kind: str, one: Mapping[str, Any], remove: str | None) -> Chip:
        return Chip(kind, one["label"], because=one["because"], counts=False, remove=remove)

    def _measured(self) -> dict[str, Any]:
        """The place to measure from that the text names, as members of a need."""
        if self.need.location is not None or self.need.region is not None:
            return {}
        places = [p for p in self.understood["places"] if p["role"] == "measure-from" and p["used"]]
        return dict(places[0]["field"]) if places else {}

    def _distance(self) -> Iterator[Chip]:
        need, heard = self.need, self.understood["distance"]
        is_hard = "maxDistanceKm" in need.required
        acts: dict[str, Any] = {"importance": "essential" if is_hard else "wished"}
        if is_hard:
            acts["wished"] = self.changes.not_requiring("maxDistanceKm")
        if need.maxDistanceKm is not None:
            if not is_hard:
                acts["essential"] = self.changes.requiring("maxDistanceKm")
            removed = self.changes.cut(heard["because"], maxDistanceKm=None) if heard else None
            removed = removed or self.changes.to(maxDistanceKm=None)
            yield Chip("distance", f"{need.maxDistanceKm:g}", remove=removed, **acts)
        elif heard is not None:
            fixed = self._measured()
            if heard["used"]:
                acts["essential"] = self.changes.requiring(
                    "maxDistanceKm", maxDistanceKm=heard["km"], **fixed
                )
            yield Chip(
                "distance",
                f"{heard['km']:g}",
                because=heard["because"],
                counts=heard["used"],
                remove=self.changes.cut(heard["because"], **fixed),
                **acts,
            )

    def _quantities(self) -> Iterator[Chip]:
        need = self.need
        is_hard = "quantities" in need.required
        given = [one.model_dump(exclude_none=True) for one in need.quantities]
        heard = [one for one in self.understood["quantities"] if one["used"]]
        fields = given or [dict(one["field"]["quantities"][0]) for one in heard]
        because = [None] * len(given) or [one["because"] for one in heard]
        acts: dict[str, Any] = {
            "importance": "essential" if is_hard else "wished",
            "essential": None if is_hard else self.changes.requiring("quantities", quantities=fields),
            "wished": self.changes.not_requiring("quantities") if is_hard else None,
        }
        for number, (field, words) in enumerate(zip(fields, because, strict=True)):
            others = fields[:number] + fields[number + 1 :]
            removed = self.changes.to(quantities=others) if given or others else self.changes.cut(words or "")
            yield Chip("quantity", _range(field), because=words, remove=removed, **acts)
        for one in self.understood["quantities"]:
            if not one["used"] and not given:
                yield Chip("quantity", one["because"], counts=False, remove=self.changes.cut(one["because"]))

    def _others(self) -> Iterator[Chip]:
        need = self.need
        names = Locale.parse(self.view.language).languages
        is_hard = "languages" in need.required
        for code in need.languages:
            yield Chip(
                "language",
                names.get(code.lower(), code),
                importance="essential" if is_hard else "wished",
                is_one_of=len(need.languages) > 1,
                remove=self.changes.to(languages=without(need.languages, code)),
                essential=None if is_hard else self.changes.requiring("languages"),
                wished=self.changes.not_requiring("languages") if is_hard else None,
            )
        if need.trl is not None:
            is_hard = "trl" in need.required
            levels = dict.fromkeys(level for level in (need.trl.now, need.trl.target) if level)
            yield Chip(
                "trl",
                " → ".join(str(level) for level in levels),
                importance="essential" if is_hard else "wished",
                remove=self.changes.to(trl=None),
                essential=None if is_hard else self.changes.requiring("trl"),
                wished=self.changes.not_requiring("trl") if is_hard else None,
            )


def _range(field: Mapping[str, Any]) -> str:
    """A quantity as one reads it."""
    unit, least, most = symbol(field["unit"]), field.get("min"), field.get("max")
    if least is None or most is None:
        return f"≥ {least:g} {unit}" if most is None else f"≤ {most:g} {unit}"
    return f"{least:g} {unit}" if least == most else f"{least:g} – {most:g} {unit}"
