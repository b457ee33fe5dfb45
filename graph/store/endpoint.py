"""A SPARQL server asked over HTTP: whole answers or errors, never a part of an answer.

https://www.w3.org/TR/sparql11-protocol/ over SPARQLWrapper, https://www.w3.org/TR/sparql11-http-rdf-update/ over
httpx. SPARQLWrapper gives back what a server sends, whatever it is: content type, length, and what servers say in
headers of a result that they cut are looked at here.
"""

import ast
import time
import urllib.error
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from typing import Final, Self
from urllib.parse import urlsplit

import httpx
from pyoxigraph import NamedNode, Triple
from SPARQLWrapper import DIGEST, JSON, POST, TURTLE, SPARQLExceptions, SPARQLWrapper

from graph.errors import StoreTimeout, StoreUnreachable
from graph.settings import MIB, Settings
from graph.store.answers import Table
from graph.store.received import SERVERS_OWN, Answer, Rejected, Scope, read_graph, read_table

_RESULTS: Final = "application/sparql-results+json"
_TURTLE: Final = "text/turtle"
_GRAPH_FORMS: Final = frozenset({"CONSTRUCT", "DESCRIBE"})
_CHUNK: Final = 256 * 1024
_LARGEST: Final = 1024 * MIB
"""Bytes of an answer to ourselves; public answers have a limit of their own."""
_SLOW: Final = frozenset({408, 504})
_CLOSED: Final = frozenset({401, 403})
_SHOWN: Final = 300
"""Characters of a server's own words that are passed on."""


@dataclass(frozen=True)
class Address:
    """Where a SPARQL server is asked, changed and loaded, and as whom."""

    query: str
    update: str
    graphs: str | None = None
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    digest: bool = False
    timeout: float = 30.0

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The address that the settings give; there is one."""
        query = settings.store or ""
        return cls(
            query,
            settings.store_update or query,
            settings.store_graphs,
            settings.store_user,
            settings.store_password.get_secret_value() if settings.store_password else None,
            settings.store_auth == "digest",
            settings.store_timeout,
        )


class Endpoint:
    """One SPARQL server. Safe to use from many threads: each request is one of its own."""

    def __init__(self, address: Address) -> None:
        self.address = address

    @property
    def name(self) -> str:
        """The address for people."""
        return self._name(self.address.query)

    def select(self, query: str, scope: Scope = SERVERS_OWN) -> Table:
        """The whole answer of a SELECT query. Raises ``StoreUnreachable``, ``StoreTimeout``."""
        return read_table(self.fetch(query, "SELECT", scope), self.name)

    def construct(self, query: str, scope: Scope = SERVERS_OWN) -> list[Triple]:
        """The whole answer of a CONSTRUCT query; raises what ``select`` raises."""
        return read_graph(self.fetch(query, "CONSTRUCT", scope), self.name)

    def fetch(
        self,
        query: str,
        form: str,
        scope: Scope = SERVERS_OWN,
        *,
        timeout: float | None = None,
        largest: int = _LARGEST,
    ) -> Answer:
        """What the server answers, checked but not read: results in JSON, or for CONSTRUCT and DESCRIBE Turtle.

        Raises ``Rejected`` where the server does not take the query, ``StoreTimeout`` and ``StoreUnreachable``.
        """
        is_graph = form in _GRAPH_FORMS
        wrapper = self._wrapper(query, form)
        wrapper.addCustomHttpHeader("Accept", _TURTLE if is_graph else _RESULTS)
        for name, iris in (("default-graph-uri", scope.default), ("named-graph-uri", scope.named)):
            for iri in iris:
                wrapper.addParameter(name, iri)
        wanted = {_TURTLE, "application/n-triples"} if is_graph else {_RESULTS, "application/json"}
        patience = min(timeout or self.address.timeout, self.address.timeout)
        return self._sent(wrapper, self.address.query, patience, largest, wanted)

    def update(self, text: str) -> None:
        """Have the server do an update; that it says so is no proof, so who needs one looks at what came of it.

        Raises ``Rejected``, ``StoreTimeout`` and ``StoreUnreachable``; what the server does then is not known.
        """
        wrapper = self._wrapper(text, "INSERT")
        self._sent(wrapper, self.address.update, self.address.timeout, MIB, None)

    def load(self, graph: NamedNode, content: bytes, *, more: bool = False) -> None:
        """Send N-Triples to the Graph Store endpoint, in the place of a graph or, with ``more``, as more of it.

        Raises what ``update`` raises.
        """
        address = self.address
        where = address.graphs or ""
        auth: httpx.Auth | None = None
        if address.user and address.password:
            kind = httpx.DigestAuth if address.digest else httpx.BasicAuth
            auth = kind(address.user, address.password)
        try:
            answer = httpx.request(
                "POST" if more else "PUT",
                where,
                params={"graph": graph.value},
                content=content,
                headers={"Content-Type": _TURTLE},  # which N-Triples are too, and more servers know it
                auth=auth,
                timeout=address.timeout,
            )
        except httpx.TimeoutException as error:
            raise _slow(self._name(where), address.timeout) from error
        except httpx.HTTPError as error:
            raise _down(self._name(where), error) from error
        if not answer.is_success:
            raise _refusal(self._name(where), answer.status_code, answer.text)

    def _wrapper(self, text: str, form: str) -> SPARQLWrapper:
        address = self.address
        wrapper = SPARQLWrapper(address.query, updateEndpoint=address.update)
        wrapper.setMethod(POST)
        wrapper.setOnlyConneg(True)
        wrapper.setReturnFormat(TURTLE if form in _GRAPH_FORMS else JSON)
        wrapper.setCredentials(address.user, address.password)
        if address.digest:
            wrapper.setHTTPAuth(DIGEST)
        # Set here: the library looks for the form with patterns, which for long texts take long and can be misled.
        wrapper.queryString, wrapper.queryType = text, form
        return wrapper

    def _sent(
        self, wrapper: SPARQLWrapper, where: str, patience: float, largest: int, wanted: set[str] | None
    ) -> Answer:
        name = self._name(where)
        wrapper.timeout = patience  # type: ignore[assignment]  # the setter cuts 0.5 to 0, which is for ever
        end = time.monotonic() + patience
        try:
            response: HTTPResponse = wrapper.query().response
        except SPARQLExceptions.SPARQLWrapperException as error:
            raise _refusal(name, _STATUS.get(type(error), 400), _words(error)) from error
        except urllib.error.HTTPError as error:
            with error:
                raise _refusal(name, error.code, error.read(_SHOWN).decode("utf-8", "replace")) from error
        except (OSError, HTTPException) as error:
            raise self._failed(name, error, patience) from error
        with response:
            try:
                content = _read(response, name, end, patience, largest)
            except (OSError, HTTPException) as error:
                raise self._failed(name, error, patience) from error
            return _looked_at(response, content, name, patience, wanted)

    @staticmethod
    def _failed(name: str, error: Exception, patience: float) -> StoreUnreachable:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        if isinstance(reason, TimeoutError):
            return _slow(name, patience)
        return _down(name, reason if isinstance(reason, Exception) else error)

    @staticmethod
    def _name(address: str) -> str:
        """The address as it may be told: without a user name and password that stand in it."""
        parts = urlsplit(address)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


_STATUS: Final = {
    SPARQLExceptions.Unauthorized: 401,
    SPARQLExceptions.EndPointNotFound: 404,
    SPARQLExceptions.URITooLong: 414,
    SPARQLExceptions.EndPointInternalError: 500,
}


def _words(error: Exception) -> str:
    """What the server said: the library tells the bytes behind words of its own."""
    told = str(error).partition("Response:\n")[2] or str(error)
    try:
        said = ast.literal_eval(told)
    except (ValueError, SyntaxError):
        return told
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)


def _read(response: HTTPResponse, name: str, end: float, patience: float, largest: int) -> bytes:
    """All bytes, in time: a timeout of a socket is for one silence, and many short ones make a long wait."""
    expected = response.length
    parts: list[bytes] = []
    size = 0
    while part := response.read1(_CHUNK):
        parts.append(part)
        size += len(part)
        if size > largest:
            raise StoreUnreachable(f"{name} answered more than {largest:,} bytes; ask for less")
        if time.monotonic() > end:
            raise _slow(name, patience)
    if expected is not None and size != expected:
        raise StoreUnreachable(
            f"{name} gave half an answer: {size:,} of {expected:,} bytes came; try again in a few seconds"
        )
    return b"".join(parts)


def _looked_at(
    response: HTTPResponse, content: bytes, name: str, patience: float, wanted: set[str] | None
) -> Answer:
    """The answer, where nothing in its headers speaks against it."""
    state = response.headers.get("X-SQL-State")
    if state:
        told = f"{state} {response.headers.get('X-SQL-Message', '')}"[:_SHOWN]
        if "TAT" in state or "T00" in state or "timeout" in told.lower():
            raise StoreTimeout(f"{name} ended the work before the answer was complete: {told}")
        raise StoreUnreachable(f"{name} says that its answer is not complete: {told}")
    if wanted is None:
        return Answer(content)
    kind = response.headers.get_content_type()
    if kind not in wanted:
        begin = " ".join(content[:80].decode("utf-8", "replace").split())
        raise StoreUnreachable(
            f"{name} answered {kind} in the place of {' or '.join(sorted(wanted))} ({begin!r}); see that this is the "
            "address of a SPARQL endpoint"
        )
    is_framed = response.headers.get("Content-Length") or response.headers.get("Transfer-Encoding")
    if _TURTLE in wanted and not is_framed:
        raise StoreUnreachable(f"{name} does not say how long its answer is, so that it may be a part of it")
    most = response.headers.get("X-SPARQL-MaxRows", "")
    return Answer(content, int(most) if most.isdigit() else None)


def _slow(name: str, patience: float) -> StoreTimeout:
    return StoreTimeout(
        f"{name} did not answer within {patience:g} seconds; it may still be at work. Try again later, or ask for less"
    )


def _down(name: str, error: Exception) -> StoreUnreachable:
    return StoreUnreachable(
        f"{name} cannot be reached ({str(error) or type(error).__name__}); see that the SPARQL server runs and that "
        "INFRASHARE_STORE names its address"
    )


def _refusal(name: str, status: int, words: str) -> StoreUnreachable:
    told = " ".join(words.split())[:_SHOWN]
    if status in _CLOSED:
        return StoreUnreachable(
            f"{name} does not let this service in ({status}); see INFRASHARE_STORE_USER, INFRASHARE_STORE_PASSWORD "
            "and INFRASHARE_STORE_AUTH"
        )
    if status in _SLOW or "timeout" in told.lower() or "timed out" in told.lower():
        return StoreTimeout(f"{name} ended the work before there was an answer: {status} {told}")
    if status in {400, 413, 414, 422, 500}:
        return Rejected(f"{name} does not take the request: {status} {told}")
    return StoreUnreachable(f"{name} failed: {status} {told}")
