"""What matching keeps of one revision, so that needs on it share the work."""

from dataclasses import dataclass

from graph.match.candidates import FactReader
from graph.match.conditions import ConditionReader
from graph.match.gazetteer import Gazetteer
from graph.match.lexicon import Lexicon
from graph.match.practices import Practices
from graph.match.records import Records
from graph.match.scheme import Scheme
from graph.match.shown import Descriptions
from graph.match.support import SupportSchemes
from graph.match.typed_places import TypedPlaces
from graph.match.vocabulary import Vocabulary
from graph.match.weights import CriterionList


@dataclass(frozen=True)
class Knowledge:
    """What matching keeps of one revision: schemes, words, weights, and what it read of facilities."""

    revision: int
    scheme: Scheme
    lexicon: Lexicon
    gazetteer: Gazetteer
    facts: FactReader
    descriptions: Descriptions
    conditions: ConditionReader
    vocabulary: Vocabulary
    records: Records
    criteria: CriterionList
    support: SupportSchemes
    practices: Practices
    typed_places: TypedPlaces
