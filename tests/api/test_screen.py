"""What the public SPARQL endpoint refuses before any parser sees it, and what it lets pass."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import GraphError, InputError, Refused, SyntaxProblem, TooLarge
from graph.store.screen import screen

EVIL = "<http://evil.example/>"
CALL = "{ ?a ?b ?c }"


def screened(query: str) -> str:
    return screen(query, 100_000, 100).form


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT * {{ SERVICE {EVIL} {CALL} }}",
        f"SELECT * {{ service {EVIL} {CALL} }}",
        f"SELECT * {{ SeRvIcE SILENT {EVIL} {CALL} }}",
        f"SELECT * {{ SERVICE{EVIL}{CALL} }}",
        f"SELECT * {{ SERVICE\t\n{EVIL} {CALL} }}",
        f"SELECT * {{ SERVICE#why not\n{EVIL} {CALL} }}",
        f"SELECT * {{ #\rSERVICE {EVIL} {CALL}\n}}",
        f"SELECT * {{ # comment ends here\nSERVICE {EVIL} {CALL} }}",
        f"SELECT * {{ SERVICE?x{CALL} VALUES ?x {{ {EVIL} }} }}",
        f"SELECT * {{ SERVICESILENT{EVIL}{CALL} }}",
        f"PREFIX x: {EVIL} SELECT * {{ SERVICE x:y {CALL} }}",
        f"PREFIX x: {EVIL} SELECT * {{ SERVICEx:y{CALL} }}",
        f"PREFIX : {EVIL} SELECT * {{ SERVICE:y{CALL} }}",
        f"PREFIX : {EVIL} SELECT * {{ SERVICESILENT:y{CALL} }}",
        f"SELECT * {{ ?s ?p 1e5SERVICE{EVIL}{CALL} }}",
        f"SELECT * {{ ?s ?p 15SERVICE{EVIL}{CALL} }}",
        f"SELECT * {{ ?s ?p trueSERVICE{EVIL}{CALL} }}",
        f'SELECT * {{ ?s ?p "x"SERVICE{EVIL}{CALL} }}',
        f'SELECT * {{ ?s ?p "x"@enSERVICE{EVIL}{CALL} }}',
        f"PREFIX : {EVIL} SELECT * {{ ?s ?p 1e5SERVICE:y{CALL} }}",
        f"SELECT * {{ ?s ?p ?o.SERVICE{EVIL}{CALL} }}",
        f"SELECT * {{ ?s ?p _:b. SERVICE{EVIL}{CALL} }}",
        f"PREFIX e: <http://a:> SELECT * {{ ?s ?p e:SERVICE{EVIL}{CALL} }}",
        f"PREFIX e: <http://a:> SELECT * {{ ?s ?p e:SERVICESILENT{EVIL}{CALL} }}",
        f"PREFIX e: <http://a:> SELECT * {{ ?s ?p e:SERVICE SILENT {EVIL}{CALL} }}",
        f"SELECT * {{ ?s ?p ?o FILTER(?s<?o)SERVICE#>\n{EVIL}{CALL} }}",
        f"PREFIX : {EVIL} SELECT * {{ ?s ?p ?o FILTER(?s<?o)SERVICE:x#>\n{CALL} }}",
        f"SELECT * {{ ?s ?p ?o FILTER(?s<?o)SERVICESILENT#>\n{EVIL}{CALL} }}",
        f"PREFIX e: <http://a/> SELECT * {{ ?s ?p e:a\\#b SERVICE{EVIL}{CALL}\n}}",
        f"PREFIX e: <http://a/> SELECT * {{ ?s ?p e:a\\'b SERVICE{EVIL}{CALL} ?x ?y e:a\\'b }}",
        f"PREFIX e: <http://a/> SELECT * {{ ?s ?p e:a·\\#b SERVICE{EVIL}{CALL}\n}}",
        f"SELECT * {{ ?s ?p <http://a#\\u0041> . SERVICE{EVIL}{CALL}\n}}",
        f"SELECT * {{ ?s ?p <http://a'\\u0041> . SERVICE{EVIL}{CALL} ?x ?y <http://b'> }}",
        f"SELECT * {{ ?s ?p 'a\\'' . SERVICE{EVIL}{CALL} }}",
        f'SELECT * {{ ?s ?p """a"b\\"""" . SERVICE{EVIL}{CALL} }}',
        f"SELECT * {{ {{ SELECT * {{ OPTIONAL {{ SERVICE{EVIL}{CALL} }} }} }} }}",
        f"ASK {{ FILTER EXISTS {{ SERVICE{EVIL}{CALL} }} }}",
        f"CONSTRUCT {{ ?a ?b ?c }} WHERE {{ SERVICE{EVIL}{CALL} }}",
        f"DESCRIBE ?a {{ SERVICE{EVIL}{CALL} }}",
    ],
)
def test_a_call_to_another_service_is_refused_in_any_spelling(query: str) -> None:
    with pytest.raises(Refused) as caught:
        screened(query)
    assert "SERVICE is not allowed" in caught.value.detail
    assert caught.value.places[0].line


@pytest.mark.parametrize(
    "query",
    [
        f'SELECT * {{ ?s ?p ?o FILTER(?s<?o#>"""\n)SERVICE{EVIL}{CALL}\n#"""\n}}',
        f"SELECT * {{ ?s ?p ?o FILTER(1<?o#>'''\n)SERVICE{EVIL}{CALL}\n#'''\n}}",
        f"SELECT * {{ ?s ?p ?o FILTER((?s)<?o#>'''\n)SERVICE{EVIL}{CALL}\n#'''\n}}",
    ],
)
def test_a_text_that_hides_a_call_in_one_of_two_readings_is_refused(query: str) -> None:
    with pytest.raises(InputError, match="two ways"):
        screened(query)


@pytest.mark.parametrize(
    "query",
    [
        "INSERT DATA { <a:a> <a:b> <a:c> }",
        "insert data{<a:a><a:b><a:c>}",
        "INSERTDATA{<a:a><a:b><a:c>}",
        "# harmless\nDELETE WHERE { ?s ?p ?o }",
        "PREFIX x: <http://x/> BASE <http://b/> DELETE { ?s ?p ?o } INSERT { ?s ?p ?o } WHERE { ?s ?p ?o }",
        f"LOAD {EVIL}",
        f"LoAd{EVIL}",
        f"LOAD#\n{EVIL}",
        f"LOADSILENT{EVIL}",
        "CLEAR ALL",
        "DROP GRAPH <http://g/>",
        "CREATE GRAPH <http://g/>",
        "ADD <a:a> TO <a:b>",
        "MOVE <a:a> TO <a:b>",
        "COPY <a:a> TO <a:b>",
        "WITH <a:a> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "PREFIX select: <http://x/> CLEAR DEFAULT",
    ],
)
def test_an_update_is_refused(query: str) -> None:
    with pytest.raises(Refused, match="is an update"):
        screened(query)


@pytest.mark.parametrize(
    "query",
    [
        'SELECT * { ?s ?p "SERVICE <http://x/> { ?a ?b ?c }" }',
        "SELECT * { ?s ?p 'LOAD <http://x/>' }",
        'SELECT * { ?s ?p """SERVICE\n<http://x/> { "quoted" } """ }',
        "SELECT * { ?s ?p '''it's a SERVICE <x:y> {''' }",
        "SELECT * { ?s ?p ?o } # SERVICE <http://x/> { ?a ?b ?c }",
        "# LOAD and INSERT and SERVICE\nSELECT * { ?s ?p ?o }",
        "SELECT * { <http://x/SERVICE> <http://x/load#SERVICE> <http://x/(a)/DELETE> }",
        "SELECT * { ?s <http://x/service#a> ?o FILTER(?o = <http://x/service#b>) }",
        "SELECT ?service ?load $insert { ?service ?load $insert }",
        "PREFIX service: <http://x/> SELECT * { ?s a service:Service ; service:load service:delete }",
        "PREFIX load: <http://x/> SELECT * { load:insert a load:SERVICE }",
        "PREFIX e: <http://x/> SELECT * { ?s e:service ?o . { ?o a e:Load } }",
        "PREFIX e: <http://x/> SELECT * { ?s e:hasService ?o OPTIONAL { ?o a e:Service } }",
        "PREFIX e: <http://x/> SELECT * { GRAPH e:services { ?s ?p ?o } }",
        "PREFIX e: <http://x/> SELECT * FROM e:services { ?s ?p ?o }",
        "PREFIX e: <http://x/> CONSTRUCT { ?s e:service ?o } WHERE { ?s e:service ?o }",
        "PREFIX e: <http://x/> SELECT * { VALUES ?k { e:Service e:Load } ?s a ?k }",
        "SELECT * { _:service ?p ?o }",
        'SELECT * { ?s ?p "x"@en-SE }',
        "SELECT * { ?s ?p ?o FILTER(?o < 5 && ?o > 3) } # <",
        "SELECT * { ?s ?p ?o FILTER(?o<5) FILTER(?o>3) }",
        'SELECT * { VALUES (?a ?b) { (<http://x/#a> <http://x/#b>) }\n?s ?p """two\nlines""" }',
        'SELECT * { ?s <http://x/#p> """two\nlines""" }',
        'ASK { FILTER(?o = <http://x/#a>) ?s ?p """two\nlines""" }',
    ],
)
def test_the_same_words_pass_where_they_are_no_keywords(query: str) -> None:
    assert screened(query) in {"SELECT", "ASK", "CONSTRUCT"}


@pytest.mark.parametrize(
    ("query", "form", "has_dataset"),
    [
        ("SELECT * { ?s ?p ?o }", "SELECT", False),
        ("select*{?s?p?o}", "SELECT", False),
        ("PREFIX ask: <http://x/> CONSTRUCT WHERE { ?s ?p ?o }", "CONSTRUCT", False),
        ("DESCRIBE <http://x/>", "DESCRIBE", False),
        ("ASK { { SELECT ?s { ?s ?p ?o } } }", "ASK", False),
        ("SELECT * FROM <http://g/> { ?s ?p ?o }", "SELECT", True),
        ("SELECT (COUNT(*) AS ?n) FROM NAMED <http://g/> WHERE { ?s ?p ?o }", "SELECT", True),
        ("SELECT * { ?s ?from ?o . ?s <http://from/> 'FROM' }", "SELECT", False),
        ("PREFIX from: <http://x/> SELECT * { ?s from:from ?o }", "SELECT", False),
    ],
)
def test_the_form_and_the_dataset_are_known(query: str, form: str, has_dataset: bool) -> None:
    found = screen(query, 100_000, 100)
    assert (found.form, found.has_dataset, found.text) == (form, has_dataset, query)


@pytest.mark.parametrize(
    "query", ["", "   ", "# only a comment", "hello", "'SELECT'", "PREFIX x: <http://x/>"]
)
def test_a_text_without_a_query_is_a_syntax_problem(query: str) -> None:
    with pytest.raises(SyntaxProblem):
        screened(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { FILTER" + "(" * 5000 + "1" + ")" * 5000 + " }",
        "SELECT * " + "{" * 5000 + "}" * 5000,
        "SELECT * { ?s ?p " + "[ ?p " * 5000 + "1" + "]" * 5000 + " }",
        "SELECT * { FILTER(" + "!" * 5000 + "true) }",
        "SELECT * { FILTER(" + "- " * 5000 + "1 = 1) }",
        "SELECT * { ?s " + "^" * 5000 + "<a:b> ?o }",
        "SELECT * { ?s ?p ?o FILTER(?s<" + "(" * 5000 + "#>\n1) }",
    ],
)
def test_deep_nesting_is_refused(query: str) -> None:
    with pytest.raises(InputError, match="nest more than 100 deep"):
        screened(query)


def test_a_long_query_is_too_large() -> None:
    with pytest.raises(TooLarge):
        screened("SELECT * { ?s ?p '" + "é" * 50_000 + "' }")


@pytest.mark.parametrize(
    "filler",
    ["1", "a", "'", '"', "<", "\\", '"""', "(<#>", "x:", "(?a<#>\n", "((", ")#<service", "?a<)service"],
)
def test_the_screen_takes_linear_time(filler: str) -> None:
    query = "SELECT * { " + filler * (90_000 // len(filler))
    with contextlib.suppress(GraphError):  # refused or not: it comes to an end
        screen(query, 100_000, 1_000_000)


_PIECE = st.sampled_from(
    [
        "SELECT * {",
        "SERVICE",
        "<http://x/#y>",
        "<",
        ">",
        "?a",
        "x:y",
        '"',
        "'",
        '"""',
        "#",
        "\n",
        "\\",
        "(",
        ")",
        "}",
        " ",
        "1e5",
        "LOAD",
        "@en",
    ]
)


@given(st.one_of(st.text(), st.lists(_PIECE).map("".join)))
def test_any_text_is_screened_or_refused(query: str) -> None:
    with contextlib.suppress(GraphError):
        assert screen(query, 10_000, 50).form in {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}
