"""The answer to a need, written as JSON, as RDF or as a page."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from api.match_page import MatchPage
from api.negotiation import HTML, JSON, RDF, language
from api.pages import render
from api.state import service, typed
from graph.errors import InputError
from graph.match import run_graph
from graph.match.need import Need
from graph.store.formats import write_graph
from graph.store.protocol import State

KINDS: Final = (JSON, *RDF, HTML)
"""The formats of an answer, that for apps first."""


def matched(request: Request, need: Need, state: State) -> dict[str, Any]:
    """The answer on a state of the dataset. Raises ``InputError`` for codes that are none."""
    with codes_told():
        return service(request).matcher.match(need, state)


@contextmanager
def codes_told() -> Iterator[None]:
    """Tells of a code that cannot be a part of an IRI. Raises ``InputError``."""
    try:
        yield
    except ValueError as error:
        raise InputError(f"a code of the need is in no code list: {error}") from error


def in_asked_language(request: Request, need: Need) -> Need:
    """The need with the language that ``lang=`` asks for, where it gives none of its own."""
    if need.lang is None and request.query_params.get("lang"):
        return need.model_copy(update={"lang": language(request)})
    return need


def written(
    request: Request, kind: str, need: Need, answer: dict[str, Any], state: State, page: Mapping[str, Any]
) -> Response:
    """An answer in one of ``KINDS``; ``state`` is what it was made on, ``page`` what a page says of the moment."""
    if kind == HTML:
        parts = MatchPage(request, need, answer, state).whole()
        return render(request, "match.html", {"need": need, "answer": answer, "parts": parts, **page})
    if kind == JSON:
        return JSONResponse(answer)
    running = service(request)
    scheme = running.matcher.knowledge(state).scheme
    triples = run_graph.triples(answer, need, scheme, state, running.catalogue)
    return typed(write_graph(triples, kind), kind)
