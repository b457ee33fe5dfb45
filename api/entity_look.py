"""How an entity is looked at in one language: things with names and addresses, texts in the best language there is."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from pyoxigraph import Literal, NamedNode

from api.entity_values import thing
from graph.browse.around import Around
from graph.browse.entity import Entity, names_of
from graph.iris import CODELIST, ID, NACE, NUTS, SOSA
from graph.store.answers import Term

Shown = dict[str, Any]
_EQUIPMENT = ID["equipment/"].value


@dataclass
class Look:
    """An entity with its surroundings, as a reader of one language sees it."""

    entity: Entity
    around: Around
    language: str
    learned: set[str] = field(default_factory=set)

    def learn(self, nodes: Iterable[Term]) -> None:
        """Look up, all at once, the names of things that the entity itself does not mention."""
        wanted = {one.value for one in nodes if isinstance(one, NamedNode)} - self.learned
        wanted -= set(self.entity.names)
        if wanted:
            self.learned |= wanted
            names = {**self.entity.names, **names_of(wanted, self.around.reader, self.around.queries)}
            self.entity = replace(self.entity, names=names)

    def thing(self, node: NamedNode) -> Shown:
        """A thing with its name and where it leads to."""
        return thing(self.entity, node, self.language)

    def things(self, nodes: Iterable[Term]) -> list[Shown]:
        """Things in the order of their names."""
        shown = [self.thing(node) for node in dict.fromkeys(nodes) if isinstance(node, NamedNode)]
        return sorted(shown, key=lambda one: str(one["text"]).casefold())

    def placed(self, several: list[Shown]) -> list[Shown]:
        """The same things; equipment with the name of its facility, for many facilities have the like."""
        devices = [NamedNode(one["iri"]) for one in several if one.get("iri", "").startswith(_EQUIPMENT)]
        told = self.around.told(devices, [SOSA["isHostedBy"]]) if devices else {}
        self.learn(host for hosts in told.values() for host in hosts)
        hosts = {device: self.things(nodes)[0]["text"] for (device, _), nodes in told.items()}
        return [{**one, "at": hosts[one["iri"]]} if one.get("iri") in hosts else one for one in several]

    def of(self, *properties: NamedNode, part: NamedNode | None = None) -> list[Shown]:
        """The things that are values of properties of the entity, or of a part."""
        return self.things(one for prop in properties for one in self.entity.objects(prop, part))

    def texts(self, *properties: NamedNode, part: NamedNode | None = None) -> list[Shown]:
        """The texts of properties of the entity: in the reader's language, or in English, or in whatever there is."""
        return self.best(one for prop in properties for one in self.entity.objects(prop, part))

    def best(self, terms: Iterable[Term]) -> list[Shown]:
        """Of texts those in the reader's language, or in English, or all."""
        texts = [one for one in terms if isinstance(one, Literal)]
        for wanted in (self.language, "en"):
            chosen = [one for one in texts if (one.language or wanted) == wanted]
            if chosen:
                texts = chosen
                break
        return [{"text": one.value, "language": one.language} for one in texts]

    def value(self, *properties: NamedNode, part: NamedNode | None = None) -> str:
        """The first value of properties as it stands; empty where there is none."""
        found = (one.value for prop in properties for one in self.entity.objects(prop, part))
        return next(found, "")

    def codes(self, prop: NamedNode) -> list[str]:
        """The codes of the concepts that are values of a property."""
        return [code_of(one) for one in self.entity.objects(prop) if isinstance(one, NamedNode)]


def code_of(node: NamedNode) -> str:
    """The code of a concept: the end of its IRI."""
    for namespace in (NUTS, NACE, CODELIST):
        if node.value in namespace:
            return node.value.removeprefix(namespace.base).rpartition("/")[2]
    return node.value.rpartition("/")[2]
