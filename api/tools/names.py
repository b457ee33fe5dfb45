"""Looking things up by name as tools: entities, and codes near a word."""

import re
from collections import defaultdict
from typing import Annotated, Final
from urllib.parse import quote

from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult
from pydantic import Field
from pyoxigraph import Literal, NamedNode, RdfFormat, parse
from rapidfuzz import fuzz, utils

from api.tools.forms import Code, Codes, Description
from api.tools.source import Language, Missing, Source, Told, result
from graph.browse.entity import PAGES, address
from graph.iris import BASE, DCT, ID, NACE, NUTS, SKOS
from graph.match.language import in_language

_NUTS_CODE: Final = re.compile(r"[A-Z]{2}[A-Z0-9]{0,3}")
_SLUG: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]*")
_N_TRIPLES: Final = "application/n-triples"
_NAMES: Final = (SKOS["prefLabel"], SKOS["altLabel"], SKOS["hiddenLabel"])
_NEAR_ENOUGH: Final = 60.0
"""Of 100, in the measure of ``fuzz.WRatio``; words that are less alike have little to do with each other."""


class Names:
    """Tools that find what a name stands for."""

    def __init__(self, source: Source) -> None:
        self._source = source

    async def describe_entity(
        self,
        entity: Annotated[
            str,
            Field(
                description="Its IRI, or the end of it: musp-piacenza, organisation/flanders-make, the NUTS code BE2."
            ),
        ],
        lang: Language = "en",
        after: Annotated[
            str, Field(description="The ``next`` of an answer, for the part of ``inverse`` that follows.")
        ] = "",
    ) -> Annotated[CallToolResult, Description]:
        """Tell all that is stated about a facility, organisation, region, practice, instrument or other entity.

        ``graphs`` names the contributions that state it, ``inverse`` what points to it, a part at a time. What is not
        there is not stated, which is not the same as no.
        """
        more = {"after": after} if after else {}
        path = _path(entity.strip())
        told = (
            await self._source.get(path, lang=lang, **more)
            if path
            else await self._named(entity.strip(), lang, more)
        )
        return result({"revision": told.revision, "entity": told.data})

    async def _named(self, slug: str, lang: str, more: dict[str, str]) -> Told:
        """The one entity that has this slug, of whatever kind."""
        if not _SLUG.fullmatch(slug):
            raise ToolError(
                f"entity {slug[:200]!r} is no IRI and no end of one; /facilities and other lists have them"
            )
        found: dict[str, Told] = {}
        near: list[str] = []
        for kind in PAGES:
            try:
                found[kind] = await self._source.get(f"/id/{kind}/{slug}", lang=lang, **more)
            except Missing as error:
                near += re.findall(r"did you mean (.*)\?", str(error))
        if not found:
            hint = f"; near names are {', '.join(near)}" if near else ""
            raise Missing(f"entity: nothing is named {slug!r}{hint}")
        if len(found) > 1:
            iris = ", ".join(f"{ID.base}{kind}/{slug}" for kind in found)
            raise ToolError(f"entity {slug!r} names several; give the IRI of one: {iris}")
        return next(iter(found.values()))

    async def find_codes(
        self,
        word: Annotated[
            str, Field(min_length=1, max_length=200, description="A word or phrase, in any language.")
        ],
        code_list: Annotated[
            str,
            Field(
                description="capability, service-kind, access-mode, nace (sectors), nuts (regions), ket, …"
            ),
        ] = "capability",
        limit: Annotated[int, Field(ge=1, le=50)] = 10,
        lang: Language = "en",
    ) -> Codes:
        """Find the codes of a code list whose names in any language are near a word; nearest first.

        Their notations are what needs and parameters of queries take.
        """
        try:
            told = await self._source.get(f"/codelists/{quote(code_list, safe='')}", _N_TRIPLES)
        except Missing as error:
            known = (await self._source.get("/codelists")).data["codelists"]
            raise Missing(
                f"code_list: no code list is named {code_list!r}; there are {', '.join(known)}"
            ) from error
        codes = _near(told.content, word, lang)
        return Codes(revision=told.revision, code_list=code_list, codes=codes[:limit])


def _path(entity: str) -> str:
    """The address of an entity; empty for a bare slug. Raises ``ToolError`` for an IRI that is not described here."""
    if "://" not in entity:
        kind, slash, _ = entity.partition("/")
        if _NUTS_CODE.fullmatch(entity):
            return f"/regions/{entity}"
        return f"/id/{quote(entity)}" if slash and kind in PAGES else ""
    if entity.startswith(NUTS.base):
        return f"/regions/{quote(entity.removeprefix(NUTS.base))}"
    if entity.startswith(NACE.base):
        return f"/codelists/nace/{quote(entity.removeprefix(NACE.base))}"
    path = address(entity)
    if path is None:
        raise ToolError(
            f"entity {entity[:200]!r} is not described here; IRIs begin with {ID.base} or {BASE}codelist/"
        )
    return quote(path)


def _near(content: bytes, word: str, lang: str) -> list[Code]:
    """The entries of a code list, as N-Triples, that have a name near the word."""
    said: dict[NamedNode, dict[NamedNode, list[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(list))
    for quad in parse(content, RdfFormat.N_TRIPLES):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
            said[quad.subject][quad.predicate].append(quad.object)
    found = []
    for concept, about in said.items():
        notations = about[SKOS["notation"]]
        names = [one.value for each in (*_NAMES, SKOS["notation"]) for one in about[each]]
        if not notations:
            continue
        because = max(names, key=lambda name: _likeness(word, name))
        nearness = _likeness(word, because)
        if nearness < _NEAR_ENOUGH:
            continue
        found.append(
            Code(
                iri=concept.value,
                notation=notations[0].value,
                label=_in(lang, about[SKOS["prefLabel"]]) or notations[0].value,
                because=because,
                nearness=round(nearness / 100, 3),
                definition=_in(lang, about[SKOS["definition"]]) or None,
                replaced_by=sorted(one.value for one in about[DCT["isReplacedBy"]]),
            )
        )
    return sorted(found, key=lambda code: (-code.nearness, code.iri))


def _likeness(word: str, name: str) -> float:
    return fuzz.WRatio(word, name, processor=utils.default_process)


def _in(lang: str, texts: list[NamedNode | Literal]) -> str:
    """The text in the language, in English, or in any."""
    return in_language({one.language or "": one.value for one in texts if isinstance(one, Literal)}, lang)
