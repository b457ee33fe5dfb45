"""The same mistakes have a line in whatever format a contribution comes."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from graph.contribute.report import Report
from graph.store.formats import GRAPH_FORMATS, write_graph

Check = Callable[..., Report]
TEN = Path(__file__).parent / "ten-mistakes.ttl"


@pytest.mark.parametrize("media_type", GRAPH_FORMATS)
def test_each_finding_has_the_line_of_its_value_or_entity(check: Check, media_type: str) -> None:
    triples = [
        quad.triple for quad in parse(TEN.read_bytes(), RdfFormat.TURTLE, base_iri="https://example.org/")
    ]
    data = write_graph(triples, media_type)
    lines = data.decode().split("\n")
    report = check(data, media_type)
    expected = check(TEN.read_bytes())
    assert {f.code for f in report.findings} == {f.code for f in expected.findings}
    for finding in report.findings:
        assert finding.line is not None, finding
        assert finding.column is not None
        found = lines[finding.line - 1][finding.column - 1 :]
        assert found.strip(), finding
        if finding.value == "Klimakammer":
            assert "Klimakammer" in found
