"""Parts of a need: the capabilities it asks for, how much each matters, and the capabilities that answer it."""

from collections.abc import Mapping
from typing import Final

from pyoxigraph import NamedNode

from graph.match.criteria import ESSENTIAL, Part
from graph.match.emphasis import FACTOR, Importance
from graph.match.linking import Understood, capabilities
from graph.match.need import Need
from graph.match.scheme import CAPABILITY, Scheme

_MATERIAL: Final = 0.4
"""What a material weighs beside what is to be done with it."""


def parts(need: Need, understood: Understood, scheme: Scheme) -> tuple[Part, ...]:
    """The parts of a need, those that it gives by code first. They share the weight of capability.

    One that another part implies is left out; where it is essential it stays as a condition without weight. What the
    need gives by code wins over what its text calls essential or nice to have.
    """
    confidence: dict[NamedNode, float] = {}
    stress: dict[NamedNode, Importance] = {}
    essential: set[NamedNode] = set()
    for member in ("capabilities", ESSENTIAL, "niceToHave"):
        for code in getattr(need, member):
            concept = scheme.resolve(code, CAPABILITY, "capability")
            confidence[concept] = 1.0
            stress[concept] = Importance.NICE_TO_HAVE if member == "niceToHave" else Importance.WISHED
            if member == ESSENTIAL:
                essential.add(concept)
    for link in capabilities(understood):
        concept = scheme.replaced.get(link.concept, link.concept)
        confidence.setdefault(concept, link.confidence)
        stress.setdefault(concept, link.importance)
    asked = set(scheme.without_implied(confidence))
    kept = [concept for concept in confidence if concept in asked or concept in essential]
    shares = _shares({c: confidence[c] * FACTOR[stress[c]] if c in asked else 0.0 for c in kept}, scheme)
    return tuple(
        Part(
            str(number),
            concept,
            shares[concept],
            {grade.capability: grade for grade in scheme.graded(concept)},
            concept in essential,
            confidence[concept],
        )
        for number, concept in enumerate(kept, 1)
    )


def _shares(importance: Mapping[NamedNode, float], scheme: Scheme) -> dict[NamedNode, float]:
    """Importance times information content, as shares of 1; materials count less."""
    contents = {
        concept: value * scheme.content(concept) * (_MATERIAL if scheme.is_material(concept) else 1.0)
        for concept, value in importance.items()
    }
    whole = sum(contents.values()) or 1.0
    return {concept: content / whole for concept, content in contents.items()}
