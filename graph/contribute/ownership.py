"""Whether every entity that is described now has an owner."""

from graph.contribute.entities import described
from graph.contribute.provenance import SOFTWARE
from graph.contribute.reading.parse import from_ntriples
from graph.errors import NotFound, StoreError
from graph.store.ledger import Ledger
from graph.store.owners import Owners

_NAMED = 3


def unowned(ledger: Ledger) -> tuple[int, list[str]]:
    """How many entities the current contributions describe, and, in words, which of them nobody owns.

    Contents that cannot be read are left to who looks for those.
    """
    owners = Owners(ledger.database)
    entities = 0
    problems = []
    for version in ledger.current():
        if version.partner == SOFTWARE:
            continue
        try:
            own = described(from_ntriples(ledger.content(version.sha256)))
        except (StoreError, NotFound):
            continue
        entities += len(own)
        missing = sorted(own - owners.of(own).keys())
        if missing:
            more = f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
            problems.append(f"{version.graph}: nobody owns {', '.join(missing[:_NAMED])}{more}")
    return entities, problems
