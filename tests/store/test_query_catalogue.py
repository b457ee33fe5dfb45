"""The query catalogue: headers are checked, values are bound and never pasted."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from graph.errors import InputError, NotFound
from graph.iris import XSD
from graph.store.catalogue import Query, QueryCatalogue, page, read_query
from graph.store.parameters import TYPES, typed

TEXT = """#+ title: A question
#+ title.nl: Een vraag
#+ description: What it asks,
#+ description: in two lines.
#+ param name: string - a name
#+ param place: (x decimal, y decimal) - a table
PREFIX e: <http://e/>

SELECT ?name ?x ?y WHERE {
  VALUES ?name { "an example" }
  VALUES (?x ?y) { (1.0 2.0) }
}
"""


@pytest.fixture
def query(tmp_path: Path) -> Query:
    return written(tmp_path, TEXT)


def written(folder: Path, text: str) -> Query:
    path = folder / "a.rq"
    path.write_text(text, encoding="utf-8")
    return read_query(path, "a")


def rows(text: str) -> list[list[object]]:
    solutions = Store().query(text)
    assert isinstance(solutions, QuerySolutions)
    return [[solution[i] for i in range(len(solutions.variables))] for solution in solutions]


class TestHeaders:
    def test_a_query_knows_its_title_description_parameters_and_examples(self, query: Query) -> None:
        assert (query.title(), query.title("nl"), query.title("et")) == (
            "A question",
            "Een vraag",
            "A question",
        )
        assert query.description == "What it asks, in two lines."
        assert [(p.name, p.type, p.is_table) for p in query.parameters] == [
            ("name", "string", False),
            ("place", "table", True),
        ]
        assert query.defaults == {"name": '"an example"', "place": "(1.0 2.0)"}
        assert query.form == "SELECT"

    @pytest.mark.parametrize(
        ("old", "new", "reason"),
        [
            ("#+ title: A question\n", "", "title, description"),
            ("#+ description: What it asks,\n#+ description: in two lines.\n", "", "title, description"),
            ("#+ title: A", "#+ titel: A", "unknown header 'titel'"),
            ("#+ title: A question", "#+ title", "a.rq:1: not a header line"),
            ("name: string - a name", "name: text a name", "write '#"),
            ("name: string", "name: strin", "unknown type 'strin'"),
            ('  VALUES ?name { "an example" }\n', "", "no VALUES block with example values for name"),
            ("SELECT", "SELEKT", "query form"),
        ],
    )
    def test_a_wrong_header_is_told_with_its_place(
        self, tmp_path: Path, old: str, new: str, reason: str
    ) -> None:
        with pytest.raises(InputError, match=reason):
            written(tmp_path, TEXT.replace(old, new))

    def test_audience_example_and_kinds_of_things(self, tmp_path: Path) -> None:
        header = "#+ audience: firm\n#+ example: name=other\n#+ param where: iri nuts - a region\n"
        query = written(
            tmp_path, header + TEXT.replace("  VALUES ?name", "  VALUES ?where { UNDEF }\n  VALUES ?name")
        )
        assert (query.audience, query.group, query.example) == ("firm", "firm", (("name", "other"),))
        assert (query.is_optional("where"), query.is_optional("name")) == (True, False)
        assert query.plain_defaults == {"where": (), "name": ("an example",), "place": ()}
        expected = query.bind(where=[NamedNode("http://data.europa.eu/nuts/code/BE2")])
        for text in ("BE2", "nuts:BE2", "http://data.europa.eu/nuts/code/BE2"):
            assert query.bind_strings({"where": [text]}) == expected
        assert query.bind_strings({"where": [""]}) == query.text

    @pytest.mark.parametrize(
        ("header", "reason"),
        [
            ("audience: nobody", "unknown header 'audience', or a value"),
            ("example: name", "write '#"),
            ("example: nom=x", "has no parameter 'nom'"),
        ],
    )
    def test_a_wrong_audience_or_example_is_told(self, tmp_path: Path, header: str, reason: str) -> None:
        with pytest.raises(InputError, match=reason):
            written(tmp_path, f"#+ {header}\n{TEXT}")

    @pytest.mark.parametrize(
        ("end", "ordered"),
        [
            ("}\nORDER BY ?name", True),
            ("} ORDER BY DESC(?x) ?name", True),
            ("}", False),
            ("}\nORDER BY ?name\nLIMIT 3", False),
            ("}\n# ORDER BY", False),
        ],
    )
    def test_a_query_with_an_order_of_its_own_can_be_paged(
        self, tmp_path: Path, end: str, ordered: bool
    ) -> None:
        query = written(tmp_path, TEXT.rstrip().removesuffix("}") + end + "\n")
        assert query.is_ordered is ordered
        if ordered:
            assert len(rows(page(query.bind(name=[Literal(x) for x in "abc"]), 2, 1))) == 2

    def test_names_follow_from_folders(self, tmp_path: Path) -> None:
        (tmp_path / "competency").mkdir()
        (tmp_path / "competency" / "q01.rq").write_text(TEXT)
        catalogue = QueryCatalogue(tmp_path)
        assert catalogue["competency-q01"].title() == "A question"
        assert len(catalogue) == len(catalogue.all()) == 1
        with pytest.raises(NotFound, match="no query is named 'x'"):
            catalogue["x"]


class TestBinding:
    def test_what_is_not_given_keeps_its_example(self, query: Query) -> None:
        [[name, x, y]] = rows(query.bind())
        assert name == Literal("an example")
        assert [str(term) for term in (x, y)] == [str(Literal(n, datatype=XSD["decimal"])) for n in "12"]

    def test_tables_and_unbound_values(self, query: Query) -> None:
        text = query.bind(name=[Literal("a"), Literal("b", language="nl")], place=[(Literal(1), None)])
        assert rows(text) == [
            [Literal("a"), Literal(1), None],
            [Literal("b", language="nl"), Literal(1), None],
        ]

    def test_no_values_give_no_rows(self, query: Query) -> None:
        assert rows(query.bind(name=[])) == []

    def test_an_unknown_parameter_is_told(self, query: Query) -> None:
        with pytest.raises(InputError, match="it has: name, place"):
            query.bind_strings({"nom": ["x"]})
        with pytest.raises(InputError, match="is a table"):
            query.bind_strings({"place": ["x"]})

    @given(st.text(), st.one_of(st.none(), st.sampled_from(["en", "nl-be"])))
    @settings(max_examples=300)
    def test_any_text_comes_back_as_the_same_value(self, value: str, language: str | None) -> None:
        query = QUERY
        literal = Literal(value, language=language) if language else Literal(value)
        assert rows(query.bind(name=[literal])) == [[literal, *EXAMPLE]]

    @given(
        st.lists(
            st.sampled_from(['"', "'", "\\", "}", "{", "?", "VALUES", "\n", "#", "<", ">", '"""', "\\u0022"])
        )
    )
    @settings(max_examples=200)
    def test_no_text_changes_the_query(self, parts: list[str]) -> None:
        value = "".join(parts)
        assert rows(QUERY.bind_strings({"name": [value]})) == [[Literal(value), *EXAMPLE]]

    @given(st.text())
    @settings(max_examples=300)
    def test_any_text_for_an_iri_is_bound_as_it_is_or_refused(self, value: str) -> None:
        try:
            node = typed(value, "iri")
        except InputError:
            return
        assert node == NamedNode(value)
        assert rows(QUERY.bind(name=[node])) == [[node, *EXAMPLE]]

    @pytest.mark.parametrize(
        "hostile",
        [
            "http://a> } # ",
            "http://a>",
            "http://a b",
            "http://a\n",
            "http://a{}",
            'http://a"',
            "http://a\\u003e",
            "a",
            "",
            "<http://a>",
        ],
    )
    def test_hostile_iris_are_refused(self, hostile: str) -> None:
        with pytest.raises(InputError, match="not of type iri"):
            typed(hostile, "iri")


class TestTypes:
    @pytest.mark.parametrize(
        ("kind", "text", "term"),
        [
            ("integer", "-7", Literal("-7", datatype=XSD["integer"])),
            ("integer", "007", Literal("7", datatype=XSD["integer"])),
            ("decimal", "1e2", Literal("100", datatype=XSD["decimal"])),
            ("decimal", "-0.50", Literal("-0.50", datatype=XSD["decimal"])),
            ("boolean", "true", Literal("true", datatype=XSD["boolean"])),
            ("date", "2026-02-28", Literal("2026-02-28", datatype=XSD["date"])),
            ("string", "", Literal("")),
            ("language", "nl", Literal("nl")),
            ("text", "a\nb", Literal("a\nb")),
        ],
    )
    def test_text_is_read_as_its_type(self, kind: str, text: str, term: Literal) -> None:
        assert typed(text, kind) == term

    @pytest.mark.parametrize(
        ("kind", "text"),
        [
            ("integer", "1.5"),
            ("integer", ""),
            ("integer", "9" * 5_000),
            ("decimal", "nan"),
            ("decimal", "-Infinity"),
            ("decimal", "1e999999999"),
            ("decimal", "1e-999999999"),
            ("decimal", "x"),
            ("boolean", "1"),
            ("boolean", "True"),
            ("date", "2026-02-30"),
            ("date", "26-2-3"),
            ("date", "٢٠٢٦-٠٢-٠٣"),
        ],
    )
    def test_what_is_not_of_the_type_is_refused_with_name_value_and_remedy(
        self, kind: str, text: str
    ) -> None:
        with pytest.raises(InputError, match=f"size='.*' is not of type {kind}: "):
            typed(text, kind, "size")

    @given(st.sampled_from(TYPES), st.text(max_size=40))
    @settings(max_examples=300)
    def test_any_text_is_read_or_refused(self, kind: str, text: str) -> None:
        try:
            term = typed(text, kind)
        except InputError:
            return
        assert len(str(term)) < 1_000
        assert rows(QUERY.bind(name=[term]))[0][0] is not None


def _query() -> Query:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        return written(Path(folder), TEXT)


QUERY = _query()
EXAMPLE = rows(QUERY.bind())[0][1:]
