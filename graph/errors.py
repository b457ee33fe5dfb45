# ruff: noqa: N818 - the names say what happened; that they are errors is said by the tree below
"""The errors of the knowledge graph.

``GraphError``
 ├─ ``InputError``         what was sent cannot be used: it names place, value and remedy
 │   ├─ ``SyntaxProblem``  RDF or SPARQL text that cannot be parsed, with lines and columns
 │   └─ ``TooLarge``       a limit on size was passed
 ├─ ``Refused``            understood and not allowed
 ├─ ``Unauthorised``       no token, or one that is not valid
 ├─ ``Conflict``           what it builds on has changed, or is being changed, meanwhile
 │   └─ ``PreconditionFailed``  the current version is not the one that it was made for
 ├─ ``LimitExceeded``      a limit of time, memory or result size was passed while working
 ├─ ``NotFound``           nothing has that name
 ├─ ``Busy``               too much waits already: try again later
 ├─ ``TooManyRequests``    this client has used its share: try again later
 └─ ``StoreError``         the ledger or the engine failed
     ├─ ``StorageFull``    there is no room left on the disk
     └─ ``StoreUnreachable``  the SPARQL server of a remote engine is down, or gave no answer that can be used
         └─ ``StoreTimeout``  it took too long
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """One thing that is wrong, with where it stands."""

    message: str
    code: str
    line: int | None = None
    column: int | None = None
    value: str | None = None
    help: str | None = None


class GraphError(Exception):
    """The root of all errors that the knowledge graph raises on purpose."""

    problem = "internal"

    def __init__(self, detail: str, places: tuple[Place, ...] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.places = places

    def __reduce__(self) -> tuple[type["GraphError"], tuple[str, tuple[Place, ...]]]:
        return type(self), (self.detail, self.places)


class InputError(GraphError):
    """What was sent cannot be used as it is."""

    problem = "invalid-input"


class SyntaxProblem(InputError):
    """RDF or SPARQL text that cannot be parsed."""

    problem = "syntax-error"


class TooLarge(InputError):
    """More bytes than the limit allows."""

    problem = "too-large"


class Unsupported(InputError):
    """A format that is not taken."""

    problem = "unsupported-media-type"


class Refused(GraphError):
    """Understood, and not allowed."""

    problem = "refused"


class Unauthorised(GraphError):
    """No token, or one that is unknown, expired or revoked."""

    problem = "unauthorised"


class Conflict(GraphError):
    """What the request builds on has changed, or is being changed, meanwhile."""

    problem = "conflict"


class PreconditionFailed(Conflict):
    """The current version is not the one that the request was made for."""

    problem = "precondition-failed"


class LimitExceeded(GraphError):
    """A limit on time, memory or result size ended the work."""

    problem = "limit-exceeded"


class NotFound(GraphError):
    """Nothing has that name."""

    problem = "not-found"


class Busy(GraphError):
    """Too many jobs wait already."""

    problem = "busy"


class TooManyRequests(GraphError):
    """A client has used its share; ``seconds`` says when it may try again."""

    problem = "too-many-requests"

    def __init__(self, detail: str, seconds: int) -> None:
        super().__init__(detail)
        self.seconds = max(1, seconds)


class StoreError(GraphError):
    """The ledger or the engine failed."""

    problem = "store-failed"


class StorageFull(StoreError):
    """There is no room left on the disk."""

    problem = "storage-full"


class StoreUnreachable(StoreError):
    """The SPARQL server of a remote engine is down, refuses, or gave no answer that can be used as a whole."""

    problem = "store-unreachable"


class StoreTimeout(StoreUnreachable):
    """The SPARQL server of a remote engine took too long, or ended the work for that reason."""

    problem = "store-timeout"
