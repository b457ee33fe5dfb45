"""Synthetic facilities: the same bytes each time, conforming, and as many as asked for."""

import gzip
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from graph.contribute.checking import RELATIVE_BASE
from graph.contribute.choices import Draw, Ranked
from graph.contribute.reading.parse import read
from graph.contribute.reference import Reference
from graph.contribute.rules import Rules
from graph.contribute.synthetic import STATUS_NOTE, facilities, write
from graph.contribute.validate import validate
from graph.errors import InputError
from graph.geometry import Point
from graph.iris import GEO, INFRA, NUTS, RDF
from graph.resources import CODELISTS, SHAPES


def _triples(count: int, seed: int = 2026) -> tuple[Triple, ...]:
    data = "".join(facilities(count, seed)).encode()
    return read(data, "text/turtle", RELATIVE_BASE, 10**9).triples


def _subjects(triples: tuple[Triple, ...], kind: str) -> list[object]:
    return [t.subject for t in triples if t.predicate == RDF["type"] and t.object == INFRA[kind]]


def test_the_same_count_and_seed_give_the_same_text() -> None:
    assert list(facilities(30)) == list(facilities(30))


def test_another_seed_gives_other_facilities() -> None:
    assert list(facilities(5, seed=1))[1:] != list(facilities(5, seed=2))[1:]


def test_the_first_of_many_are_those_of_few() -> None:
    assert list(facilities(20))[1:8] == list(facilities(7))[1:]


def test_draws_repeat_on_every_machine() -> None:
    draw = Draw(2026)
    assert [draw.between(0, 999) for _ in range(8)] == [119, 502, 511, 860, 102, 223, 601, 556]
    ranked = Ranked("abcdefgh", Draw(2026))
    assert "".join(ranked.one() for _ in range(12)) == "fefheefcfceb"


def test_the_text_does_not_depend_on_the_order_of_sets() -> None:
    program = (
        "import hashlib; from graph.contribute.synthetic import facilities; "
        "print(hashlib.sha256(''.join(facilities(20)).encode()).hexdigest())"
    )
    hashes = {
        subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(hashes) == 1


@pytest.mark.parametrize("count", [0, 1, 12])
def test_there_are_as_many_facilities_as_asked_for(count: int) -> None:
    parts = list(facilities(count))
    assert len(parts) == count + 1
    text = "".join(parts)
    assert text.count("a infra:Facility ;") == count


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(InputError, match="-1 facilities"):
        list(facilities(-1))


def test_they_conform_to_the_shapes() -> None:
    parsed = read("".join(facilities(25)).encode(), "text/turtle", RELATIVE_BASE, 10**9)
    report = validate(parsed, Reference(), Rules(SHAPES))
    assert report.counts["violation"] == 0, report.as_text()
    assert report.names["facility"] == 25


def test_every_facility_says_that_it_is_synthetic() -> None:
    triples = _triples(10)
    note = Literal(STATUS_NOTE, language="en")
    marked = {t.subject for t in triples if t.predicate == INFRA["statusNote"] and t.object == note}
    assert marked == set(_subjects(triples, "Facility"))


def test_a_facility_has_about_42_triples_and_its_parts() -> None:
    triples = _triples(400)
    assert 40 <= len(triples) / 400 <= 46
    assert 400 <= len(_subjects(triples, "Service")) <= 1_600
    assert 0 < len(_subjects(triples, "Equipment")) <= 800
    assert 0.6 <= len(_subjects(triples, "AccessOffer")) / 400 <= 0.8
    of_facilities = set(_subjects(triples, "Facility"))
    stated = Counter(
        t.subject for t in triples if t.predicate == INFRA["capability"] and t.subject in of_facilities
    )
    assert len(stated) == 400
    assert set(stated.values()) <= set(range(2, 9))


def test_sites_lie_within_30_km_of_the_label_point_of_their_region() -> None:
    points: dict[str, Point | None] = {}
    nuts = (CODELISTS / "nuts.ttl").read_bytes()
    for triple in read(nuts, "text/turtle", RELATIVE_BASE, 10**9).triples:
        if triple.predicate != GEO["asWKT"]:
            continue
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, Literal):
            points[triple.subject.value.removesuffix("#point")] = Point.from_wkt(triple.object.value)
    regions, sites = [], []
    for triple in _triples(200):
        if isinstance(triple.object, Literal) and triple.predicate == GEO["asWKT"]:
            sites.append(Point.from_wkt(triple.object.value))
        elif triple.predicate == INFRA["inRegion"] and "/id/facility/" in str(triple.subject):
            regions.append(str(triple.object).strip("<>"))
    assert len(sites) == len(regions) == 200
    for region, site in zip(regions, sites, strict=True):
        label = points[region]
        assert region in NUTS
        assert site is not None
        assert label is not None
        assert site.distance_km(label) < 30.1


def test_a_packed_file_is_the_same_each_time_and_holds_the_same_text(tmp_path: Path) -> None:
    for name in ("a.ttl.gz", "b.ttl.gz", "c.ttl"):
        write(8, tmp_path / name)
    assert (tmp_path / "a.ttl.gz").read_bytes() == (tmp_path / "b.ttl.gz").read_bytes()
    assert gzip.decompress((tmp_path / "a.ttl.gz").read_bytes()) == (tmp_path / "c.ttl").read_bytes()
    assert (tmp_path / "c.ttl").read_text(encoding="utf-8") == "".join(facilities(8))
