"""A report in SHACL's own vocabulary (https://www.w3.org/TR/shacl/#validation-report)."""

from collections.abc import Iterator, Mapping
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from graph.contribute.report import Finding, Report, Spot
from graph.contribute.rules import Rules
from graph.iris import INFRA, RDF, SH, SHAPES, XSD

_SEVERITIES: Final = {"violation": SH["Violation"], "warning": SH["Warning"], "info": SH["Info"]}
_COMPONENTS: Final = {
    SH[parameter]: SH[f"{parameter[0].upper()}{parameter[1:]}ConstraintComponent"]
    for parameter in (
        *("minCount", "maxCount", "class", "datatype", "nodeKind", "in", "pattern", "node", "or", "not"),
        *("hasValue", "uniqueLang", "languageIn", "qualifiedMinCount", "lessThanOrEquals"),
        *("minInclusive", "maxInclusive", "property"),
    )
} | {SH["sparql"]: SH["SPARQLConstraintComponent"]}
"""The components of the constraints that the rules use, by their parameter."""


def validation_report(report: Report, rules: Rules) -> Iterator[Triple]:
    """The report as a ``sh:ValidationReport``: one result for each listed place of a finding."""
    whole = BlankNode("report")
    components = _components(rules)
    yield Triple(whole, RDF["type"], SH["ValidationReport"])
    conforms = "false" if sum(report.counts.values()) else "true"
    yield Triple(whole, SH["conforms"], Literal(conforms, datatype=XSD["boolean"]))
    number = 0
    for finding in report.findings:
        for spot in finding.places or (Spot(focusNode=finding.focusNode),):
            result = BlankNode(f"r{number}")
            number += 1
            yield Triple(whole, SH["result"], result)
            yield from _result(result, finding, spot, rules, components)


def _result(
    result: BlankNode, finding: Finding, spot: Spot, rules: Rules, components: Mapping[NamedNode, NamedNode]
) -> Iterator[Triple]:
    shape = SHAPES[finding.code]
    focus = _term(spot.focusNode) if spot.focusNode else INFRA["Contribution"]
    yield Triple(result, RDF["type"], SH["ValidationResult"])
    yield Triple(result, SH["resultSeverity"], _SEVERITIES[finding.severity])
    yield Triple(result, SH["sourceShape"], shape)
    yield Triple(
        result, SH["sourceConstraintComponent"], components.get(shape, SH["NodeConstraintComponent"])
    )
    yield Triple(result, SH["focusNode"], focus)
    if finding.path:
        yield Triple(result, SH["resultPath"], NamedNode(finding.path))
    if finding.value is not None:
        yield Triple(result, SH["value"], _term(finding.value))
    messages = rules[finding.code].messages if finding.code in rules else {"en": finding.message}
    for language, message in messages.items():
        yield Triple(result, SH["resultMessage"], Literal(message, language=language))


def _components(rules: Rules) -> dict[NamedNode, NamedNode]:
    """The component of each rule's constraint; of the first one where a rule has several."""
    found: dict[NamedNode, NamedNode] = {}
    for triple in rules.triples:
        component = _COMPONENTS.get(triple.predicate)
        if component is not None and isinstance(triple.subject, NamedNode):
            found.setdefault(triple.subject, component)
    return found


def _term(text: str) -> NamedNode | Literal:
    if text.startswith(("http://", "https://")):
        try:
            return NamedNode(text)
        except ValueError:
            return Literal(text)
    return Literal(text)
