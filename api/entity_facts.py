"""All statements on an entity, grouped for people, each with the contribution that it stands in and how old it is."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad

from api.entity_values import part, value
from graph.browse.entity import Entity
from graph.browse.stated import Stated
from graph.browse.terms import inverse, term
from graph.iris import DCT, INFRA, compact

OLD: Final = 24
"""Months after which a fact should be checked again before one builds on it."""

GROUPS: Final[Mapping[str, Sequence[str]]] = {
    "about": [
        "dct:title",
        "skos:prefLabel",
        "rdf:type",
        "infra:facilityKind",
        "org:classification",
        "infra:policyInstrumentKind",
        "infra:practiceTheme",
        "dct:description",
        "skos:definition",
        "skos:altLabel",
        "skos:hiddenLabel",
        "infra:answersProblem",
        "skos:notation",
        "skos:broader",
        "skos:related",
        "skos:inScheme",
        "skos:topConceptOf",
        "skos:closeMatch",
        "skos:broadMatch",
        "infra:keyword",
        "infra:topic",
        "infra:roleNote",
        "dct:identifier",
        "adms:identifier",
        "infra:nutsLevel",
    ],
    "ability": [
        "infra:capability",
        "infra:priorityCapability",
        "infra:range",
        "infra:keyEnablingTechnology",
        "infra:sector",
        "infra:trlMin",
        "infra:trlMax",
        "infra:providesService",
        "infra:serviceKind",
        "schema:manufacturer",
        "schema:model",
        "infra:equipmentStatus",
    ],
    "access": ["infra:offersAccess", "infra:openToSmes", "dct:language"],
    "place": [
        "infra:inRegion",
        "infra:hasSite",
        "schema:location",
        "sosa:isHostedBy",
        "infra:visitedFacility",
        "infra:visitedSiteNote",
    ],
    "people": [
        "infra:operatedBy",
        "infra:operatingPartner",
        "infra:practiceOwner",
        "infra:planOwner",
        "cv:hasCompetentAuthority",
        "infra:authorityNote",
        "schema:organizer",
        "infra:hostNote",
        "schema:attendee",
        "infra:participantNote",
        "schema:member",
        "foaf:homepage",
        "foaf:page",
        "schema:email",
        "schema:telephone",
        "infra:hasStakeholder",
    ],
    "money": [
        "infra:fundsNote",
        "infra:beneficiaryNote",
        "infra:fundingRate",
        "infra:minimumGrantEur",
        "infra:maximumGrantEur",
        "infra:budgetNote",
        "cv:holdsRequirement",
        "infra:programmeNote",
    ],
    "story": [
        "infra:needAddressed",
        "infra:howItWorks",
        "infra:resourcesNeeded",
        "infra:staffNote",
        "infra:evidenceOfSuccess",
        "infra:hasFigure",
        "infra:difficulty",
        "infra:transferPotential",
        "infra:progressNote",
    ],
    "dates": ["schema:startDate", "schema:endDate", "infra:dateNote", "infra:openedNote", "dct:issued"],
    "certainty": ["infra:confidence", "infra:statusNote", "infra:membershipNote", "dct:modified"],
}
"""The groups in their order, each with its properties in theirs; whatever else is stated comes last."""

_PLACE: Final = {name: (group, rank) for group, names in GROUPS.items() for rank, name in enumerate(names)}
_APART: Final = {DCT["source"], INFRA["sourcedClaim"]}
"""What is told with the sources."""


def months(day: str, today: date) -> int | None:
    """The whole months from a day, a month or a year to today; ``None`` for what is no date."""
    try:
        year, month = int(day[:4]), int(day[5:7] or 1)
    except ValueError:
        return None
    return (today.year - year) * 12 + today.month - month


class Facts:
    """The statements on one entity, told in one language."""

    def __init__(
        self,
        entity: Entity,
        stated: Mapping[str, Stated],
        language: str,
        today: date,
        apart: Sequence[NamedNode] = (),
    ) -> None:
        self.entity = entity
        self.stated = stated
        self.language = language
        self.today = today
        self.apart = {*_APART, *apart}
        self.graphs = list(dict.fromkeys(quad.graph_name.value for quad in entity.quads))  # type: ignore[union-attr]
        held = dict.fromkeys(self.graphs, 0)
        for quad in entity.quads:
            held[quad.graph_name.value] += 1  # type: ignore[union-attr]
        self.graphs.sort(key=lambda graph: (-held[graph], graph))

    def origins(self) -> list[dict[str, Any]]:
        """The contributions that hold statements, numbered, those that hold most first."""
        origins = []
        for number, graph in enumerate(self.graphs, 1):
            known = self.stated.get(graph)
            origins.append(
                {
                    "number": number,
                    "graph": graph,
                    "name": graph.rsplit("/graph/", 1)[-1],
                    "stated": known,
                    **self._age(self._day(graph)),
                    "record": self._modified(graph),
                }
            )
        return origins

    def groups(self) -> list[dict[str, Any]]:
        """All statements in groups: label, values, the numbers of their contributions, day and age of each."""
        by_property: dict[NamedNode, list[Quad]] = {}
        for quad in self.entity.quads:
            if quad.subject == self.entity.iri and quad.predicate not in self.apart:
                by_property.setdefault(quad.predicate, []).append(quad)
        groups: dict[str, list[tuple[int, str, dict[str, Any]]]] = {key: [] for key in (*GROUPS, "other")}
        for prop, quads in by_property.items():
            group, rank = _PLACE.get(compact(prop.value), ("other", 0))
            label = term(prop.value, self.entity.names, self.language)
            groups[group].append((rank, label, self._fact(prop, label, quads)))
        for prop, subjects in self._attached().items():
            label = inverse(prop.value, self.entity.names, self.language)
            values = [part(self.entity, subject, self.language) for subject in subjects]
            quads = [quad for quad in self.entity.quads if quad.subject in subjects]
            groups["other"].append((1, label, {**self._fact(prop, label, quads), "values": values}))
        return [
            {"key": key, "facts": [fact for _, _, fact in sorted(facts, key=lambda one: one[:2])]}
            for key, facts in groups.items()
            if facts
        ]

    def sources(self) -> list[dict[str, Any]]:
        """The sources that the entry names, each with what it is said to state."""
        found: dict[str, list[dict[str, Any]]] = {}
        for source in self.entity.objects(DCT["source"]):
            found.setdefault(source.value, [])
        for node in self.entity.objects(INFRA["sourcedClaim"]):
            if not isinstance(node, NamedNode):
                continue
            claims = [
                {"text": text.value, "language": text.language}
                for text in self.entity.objects(INFRA["claim"], node)
                if isinstance(text, Literal)
            ]
            for source in self.entity.objects(DCT["source"], node):
                found.setdefault(source.value, []).extend(claims)
        shown = [{"iri": iri, "claims": claims} for iri, claims in found.items()]
        return sorted(shown, key=lambda one: not one["claims"])

    def _fact(self, prop: NamedNode, label: str, quads: Sequence[Quad]) -> dict[str, Any]:
        graphs = {quad.graph_name.value for quad in quads}  # type: ignore[union-attr]
        shown: list[dict[str, Any]] = []
        for quad in quads:
            if quad.subject == self.entity.iri and isinstance(quad.object, NamedNode | Literal):
                one = value(self.entity, prop, quad.object, self.entity.iri, self.language)
                if one not in shown:
                    shown.append(one)
        shown.sort(key=lambda one: (one.get("language") or self.language) != self.language)
        return {
            "property": prop.value,
            "label": label,
            "values": shown,
            "from": [number for number, graph in enumerate(self.graphs, 1) if graph in graphs],
            **self._age(max((self._day(graph) for graph in graphs), default="")),
        }

    def _attached(self) -> dict[NamedNode, list[NamedNode]]:
        """Parts that point to the entity and that it does not name itself, by the property that they do it by."""
        named = {quad.object for quad in self.entity.quads if quad.subject == self.entity.iri}
        found: dict[NamedNode, list[NamedNode]] = {}
        for quad in self.entity.quads:
            if (
                quad.object == self.entity.iri
                and quad.subject not in named
                and quad.subject != self.entity.iri
            ):
                several = found.setdefault(quad.predicate, [])
                if isinstance(quad.subject, NamedNode) and quad.subject not in several:
                    several.append(quad.subject)
        return found

    def _modified(self, graph: str) -> str:
        """The day of the last change that the record itself states in a contribution; empty where it states none."""
        days = [
            quad.object.value
            for quad in self.entity.quads
            if quad.subject == self.entity.iri
            and quad.predicate == DCT["modified"]
            and quad.graph_name.value == graph  # type: ignore[union-attr]
            and isinstance(quad.object, Literal)
        ]
        return max(days, default="")

    def _day(self, graph: str) -> str:
        known = self.stated.get(graph)
        return self._modified(graph) or (known.accepted[:10] if known else "")

    def _age(self, day: str) -> dict[str, Any]:
        age = months(day, self.today) if day else None
        return {"day": day, "months": age, "is_old": age is not None and age > OLD}
