"""Matching as a tool."""

from typing import Annotated

from mcp.types import CallToolResult

from api.match_schemas import MatchAnswer, WhyNotAnswer
from api.tools.source import Source, result
from api.why_not import WhyNot
from graph.match.need import Need


class Needs:
    """Tools about a firm's need."""

    def __init__(self, source: Source) -> None:
        self._source = source

    async def match_need(self, need: Need) -> Annotated[CallToolResult, MatchAnswer]:
        """Find the laboratories, pilot lines and test beds that fit a firm's need, best first.

        Give the need in its own words as ``text``, in any of nine languages, or as codes (find_codes finds them); one
        of ``text`` and ``capabilities`` is required. ``required`` names the members that are hard conditions;
        ``limit`` (10 by default) bounds the results, of which ``total`` says how many there are; ``lang`` is the
        language of the reasons.

        Each result says, criterion by criterion, met, not-met or unknown, with the reason, and as ``evidence`` the
        statements behind it with the graph that states each. Unknown means that the fact is not stated: never tell it
        as no. What the text was understood as is in ``understood``; no results, or ones of a low score, mean that
        nothing in the graph is good enough, and ``relaxations`` says what would help.
        """
        return result((await self._source.post("/match", need)).data)

    async def why_not(self, need: Need, facility: str) -> Annotated[CallToolResult, WhyNotAnswer]:
        """Say why one facility is no result of a need, or not a better one, and what would have to change.

        Give the need as for match_need, and the facility's IRI or the end of it, such as ``holst-centre``. ``because``
        answers in one sentence; ``rank`` is its place where it is a result; ``failed`` names the hard conditions it
        does not meet. ``changes`` are of three kinds: ``need`` (what to send instead), ``record`` (it may do so, but
        its record does not say: advise to ask) and ``facility`` (it would have to do something else).
        """
        return result((await self._source.post("/match/why-not", WhyNot(need=need, facility=facility))).data)
