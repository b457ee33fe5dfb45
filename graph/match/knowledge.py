"""What matching keeps of one revision, so that needs on it share the work."""

from dataclasses import dataclass

from graph.match.candidates import FactReader
from graph.match.conditions import ConditionReader
from graph.match.lexicon import Lexicon
from graph.match.scheme import Scheme


@dataclass(frozen=True)
class Knowledge:
    """What matching keeps of one revision: the scheme, the lexicon, and facts that broad needs asked for."""

    revision: int
    scheme: Scheme
    lexicon: Lexicon
    facts: FactReader
    conditions: ConditionReader
