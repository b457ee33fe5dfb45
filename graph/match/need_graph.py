"""A need as RDF, one ``infra:Need``: read from what was sent, and written beside an answer.

What is read was parsed and checked by the rules before; here each statement finds its member of a need, and one that
has none is refused rather than left out.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Triple

from graph.errors import InputError
from graph.geometry import Point
from graph.iris import CODELIST, DCT, GENID, GEO, INFRA, NUTS, RDF, XSD, compact
from graph.match import service_languages, units
from graph.match.criteria import REQUIREMENT
from graph.match.need import Need
from graph.match.scheme import ACCESS, CAPABILITY, REGION, SCHEMES, SECTOR, SERVICE, Scheme

_CRITERION: Final = CODELIST.base + "criterion/"
_SIZE: Final = CODELIST.base + "company-size/"
_CODES: Final = {
    "capability": ("capabilities", CAPABILITY),
    "serviceKind": ("services", SERVICE),
    "sector": ("sectors", SECTOR),
    "accessMode": ("accessModes", ACCESS),
    "essential": ("essential", CAPABILITY),
    "niceToHave": ("niceToHave", CAPABILITY),
}
"""Properties whose values are codes, with the member of a need and the code list."""
_NUMBERS: Final[dict[str, tuple[str, type[int | float]]]] = {
    "maxDistanceKm": ("maxDistanceKm", float),
    "staffCount": ("staff", int),
    "resultLimit": ("limit", int),
}
"""Properties whose values are numbers, with the member of a need and what number it is."""
_MEMBER_OF: Final = {criterion: member for member, criterion in REQUIREMENT.items()}


def need_of(triples: Iterable[Triple]) -> Need:
    """The need that triples describe.

    Raises ``InputError`` where they describe none or several, or say what matching has no use for; pydantic's
    ``ValidationError`` where the members do not make a need.
    """
    return Need.model_validate(_Reader(triples).members())


class _Reader:
    def __init__(self, triples: Iterable[Triple]) -> None:
        self._about: dict[NamedNode, list[Triple]] = defaultdict(list)
        for triple in triples:
            if isinstance(triple.subject, NamedNode):
                self._about[triple.subject].append(triple)

    def members(self) -> dict[str, Any]:
        """The members of the one need; what is not read by then belongs to none."""
        nodes = [s for s, said in self._about.items() if any(_is_type(t, INFRA["Need"]) for t in said)]
        if len(nodes) != 1:
            raise InputError(f"{len(nodes) or 'no'} infra:Need in what was sent; send exactly one")
        found: dict[str, Any] = defaultdict(list)
        trl: dict[str, int] = {}
        turnover: dict[str, Any] = {}
        for triple in self._about.pop(nodes[0]):
            self._read(triple, found, trl, turnover)
        if trl:
            found["trl"] = trl
        if turnover:
            if "value" not in turnover:
                raise InputError(
                    "infra:turnoverCurrency without infra:annualTurnover; add it, or leave both out"
                )
            found["turnover"] = turnover
        if self._about:
            others = ", ".join(sorted(_short(node) for node in self._about)[:3])
            raise InputError(f"what is said of {others} is no part of the need; send the need alone")
        return dict(found)

    def _read(
        self, triple: Triple, found: dict[str, Any], trl: dict[str, int], turnover: dict[str, Any]
    ) -> None:
        predicate, value = triple.predicate, triple.object
        name = predicate.value.removeprefix(INFRA.base)
        text = value.value if isinstance(value, NamedNode | Literal) else str(value)
        if predicate == RDF["type"]:
            return
        if predicate == DCT["description"]:
            _once(found, "text", text, "dct:description")
            if isinstance(value, Literal) and value.language:
                found["language"] = value.language.split("-")[0].lower()
        elif predicate == DCT["language"]:
            code = service_languages.code_of(value) if isinstance(value, NamedNode) else None
            if code is None:
                raise InputError(
                    f"dct:language {text[:100]!r} is no language that is known; use one such as "
                    "<http://publications.europa.eu/resource/authority/language/NLD>"
                )
            found["languages"].append(code)
        elif name in _CODES:
            found[_CODES[name][0]].append(text)
        elif name in _NUMBERS:
            _once(found, _NUMBERS[name][0], _number(text, name), f"infra:{name}")
        elif name == "notMeant":
            found["excluded"].append(text)
        elif name == "inRegion":
            _once(found, "region", text, "infra:inRegion")
        elif name == "companySize":
            _once(found, "companySize", text.removeprefix(_SIZE), "infra:companySize")
        elif name == "wantedCountry":
            found["countries"].append(text.removeprefix(NUTS.base))
        elif name == "answerLanguage":
            _once(found, "lang", text, "infra:answerLanguage")
        elif name in {"trlNow", "trlTarget"}:
            trl[name.removeprefix("trl").lower()] = int(_number(text, name))
        elif name == "annualTurnover":
            turnover["value"] = _number(text, name)
        elif name == "turnoverCurrency":
            turnover["currency"] = text
        elif name == "requiredCriterion":
            found["required"].append(_required(text))
        elif name == "hasCriterionWeight" and isinstance(value, NamedNode):
            found.setdefault("weights", {}).update(self._weight(value))
        elif name == "range" and isinstance(value, NamedNode):
            found["quantities"].append(self._quantity(value))
        elif name == "hasSite" and isinstance(value, NamedNode):
            _once(found, "location", self._location(value), "infra:hasSite")
        else:
            raise InputError(
                f"matching has no use for {compact(predicate.value)} in a need, and leaves nothing out silently; "
                "remove it"
            )

    def _weight(self, node: NamedNode) -> dict[str, float]:
        said = self._about.pop(node, [])
        criteria = [t.object for t in said if t.predicate == INFRA["ofCriterion"]]
        weights = [t.object for t in said if t.predicate == INFRA["weight"]]
        match criteria, weights:
            case [NamedNode(value=criterion)], [Literal(value=weight)]:
                return {criterion.removeprefix(_CRITERION): float(_number(weight, "weight"))}
        raise InputError(
            "infra:hasCriterionWeight: give one infra:ofCriterion and one infra:weight, such as "
            f"[ infra:ofCriterion <{_CRITERION}distance> ; infra:weight 0.2 ]"
        )

    def _quantity(self, node: NamedNode) -> dict[str, Any]:
        """Kind, unit and bounds of a range, which the rules have found to be there once each."""
        said = {t.predicate: t.object for t in self._about.pop(node, [])}

        def text(name: str) -> str | None:
            value = said.get(INFRA[name])
            return value.value if isinstance(value, NamedNode | Literal) else None

        bounds = {"min": text("lowerBound"), "max": text("upperBound")}
        return {
            "unit": text("unitCode") or "",
            "kind": text("quantityKind"),
            **{end: float(_number(number, "range")) for end, number in bounds.items() if number is not None},
        }

    def _location(self, site: NamedNode) -> dict[str, float]:
        """Where the site is, by its point."""
        said = self._about.pop(site, [])
        geometries = [t.object for t in said if t.predicate == GEO["hasGeometry"]]
        points = [
            t.object
            for geometry in geometries
            if isinstance(geometry, NamedNode)
            for t in self._about.pop(geometry, [])
            if t.predicate == GEO["asWKT"]
        ]
        match points:
            case [Literal(value=text)] if (point := Point.from_wkt(text)) is not None:
                return {"lat": point.lat, "lon": point.lon}
        raise InputError(
            "infra:hasSite: give one point, such as [ geo:hasGeometry [ geo:asWKT "
            '"POINT (5.30 51.20)"^^geo:wktLiteral ] ], longitude first'
        )


def _is_type(triple: Triple, kind: NamedNode) -> bool:
    return triple.predicate == RDF["type"] and triple.object == kind


def _once(found: dict[str, Any], member: str, value: Any, name: str) -> None:
    if member in found:
        raise InputError(
            f"{name} stands there more than once; a need has one: keep one and remove the others"
        )
    found[member] = value


def _number(text: str, name: str) -> float:
    _, kind = _NUMBERS.get(name, (name, float))
    try:
        return kind(text)
    except ValueError as error:
        raise InputError(
            f"infra:{name} {text[:40]!r} is no number; write it without quotation marks"
        ) from error


def _required(text: str) -> str:
    criterion = text.removeprefix(_CRITERION)
    if criterion not in _MEMBER_OF:
        known = ", ".join(sorted(_MEMBER_OF))
        raise InputError(
            f"infra:requiredCriterion {criterion[:100]!r} cannot be required; use one of {known}"
        )
    return _MEMBER_OF[criterion]


def _short(node: NamedNode) -> str:
    return "a node without name" if node.value in GENID else f"<{node.value[:200]}>"


def triples_of(need: Need, node: NamedNode, scheme: Scheme, language: str) -> Iterator[Triple]:
    """A need under an IRI; ``language`` is that of its text where it gives none. ``need_of`` reads the same need.

    Raises ``InputError`` for codes that are in no code list.
    """

    def said(name: str, value: NamedNode | Literal) -> Triple:
        return Triple(node, INFRA[name], value)

    yield Triple(node, RDF["type"], INFRA["Need"])
    if need.text and need.text.strip():
        yield Triple(node, DCT["description"], Literal(need.text, language=need.language or language))
    for name, (member, which) in _CODES.items():
        for code in getattr(need, member):
            yield said(name, scheme.resolve(code, which, member))
    for code in need.excluded:
        yield said("notMeant", scheme.resolve_any(code, SCHEMES, "excluded code"))
    for code in need.languages:
        yield Triple(node, DCT["language"], service_languages.language(code))
    for code in need.countries:
        yield said("wantedCountry", scheme.resolve(code.upper(), REGION, "country"))
    for member in need.required:
        yield said("requiredCriterion", CODELIST[f"criterion/{REQUIREMENT[member]}"])
    if need.region is not None:
        yield said("inRegion", scheme.resolve(need.region, REGION, "region"))
    if need.companySize is not None:
        yield said("companySize", CODELIST[f"company-size/{need.companySize}"])
    if need.lang is not None:
        yield said("answerLanguage", Literal(need.lang))
    yield from _numbers(need, node)
    yield from _parts(need, node)


def _decimal(number: float) -> Literal:
    return Literal(format(Decimal(str(number)), "f"), datatype=XSD["decimal"])


def _numbers(need: Need, node: NamedNode) -> Iterator[Triple]:
    trl = need.trl
    counts = {
        "staffCount": need.staff,
        "resultLimit": need.limit,
        "trlNow": trl.now if trl else None,
        "trlTarget": trl.target if trl else None,
    }
    for name, number in counts.items():
        if number is not None:
            yield Triple(node, INFRA[name], Literal(str(number), datatype=XSD["integer"]))
    if need.maxDistanceKm is not None:
        yield Triple(node, INFRA["maxDistanceKm"], _decimal(need.maxDistanceKm))
    if need.turnover is not None:
        yield Triple(node, INFRA["annualTurnover"], _decimal(need.turnover.value))
        yield Triple(node, INFRA["turnoverCurrency"], Literal(need.turnover.currency))


def _parts(need: Need, node: NamedNode) -> Iterator[Triple]:
    """What takes nodes of its own: weights, quantities, and where the firm is."""
    for criterion, weight in need.weights.items():
        part = NamedNode(f"{node.value}-weight-{criterion}")
        yield Triple(node, INFRA["hasCriterionWeight"], part)
        yield Triple(part, RDF["type"], INFRA["CriterionWeight"])
        yield Triple(part, INFRA["ofCriterion"], CODELIST[f"criterion/{criterion}"])
        yield Triple(part, INFRA["weight"], _decimal(weight))
    for number, one in enumerate(need.quantities, 1):
        part = NamedNode(f"{node.value}-range-{number}")
        yield Triple(node, INFRA["range"], part)
        kind = one.kind or units.kind(one.unit)
        yield Triple(part, INFRA["quantityKind"], NamedNode(f"{units.KIND}{kind}"))
        yield Triple(part, INFRA["unitCode"], Literal(one.unit))
        for name, bound in (("lowerBound", one.min), ("upperBound", one.max)):
            if bound is not None:
                yield Triple(part, INFRA[name], _decimal(bound))
    if need.location is not None:
        site, geometry = NamedNode(f"{node.value}-site"), NamedNode(f"{node.value}-point")
        point = Point(need.location.lon, need.location.lat)
        yield Triple(node, INFRA["hasSite"], site)
        yield Triple(site, GEO["hasGeometry"], geometry)
        yield Triple(geometry, GEO["asWKT"], Literal(_wkt(point), datatype=GEO["wktLiteral"]))


def _wkt(point: Point) -> str:
    return f"POINT ({Decimal(str(point.lon)):f} {Decimal(str(point.lat)):f})"
