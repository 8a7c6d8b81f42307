"""Resource paths. OData ABNF Construction Rules 4.01, section 1."""

from __future__ import annotations

from dataclasses import dataclass

from demotic.query._tree._expressions import Alias, Expression, Literal


@dataclass(frozen=True, slots=True)
class KeyPredicate:
    """A key in parentheses: one unnamed value, or values by property name; neither for empty parentheses.

    The parameters of a function look the same.
    """

    positional: Literal | Alias | None
    named: tuple[tuple[str, Literal | Alias], ...]
    at: int


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment of a resource path: a name or a ``$`` word, with its key predicate if it has one.

    ``then`` is the key after the parameters of a function; ``filter`` the condition of ``$filter``, ``sets`` the names
    of ``$crossjoin``. After a collection, ``name`` may be any text: the key as a segment of its own.
    """

    name: str
    key: KeyPredicate | None
    at: int
    then: KeyPredicate | None = None
    filter: Expression | None = None
    sets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ResourcePath:
    """The segments of a resource path below the service root; none means the service document."""

    segments: tuple[Segment, ...]
