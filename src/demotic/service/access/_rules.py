"""Access rules as they are stated: who may read, insert, update and delete what, and which properties are hidden.

A set that has rules offers what they grant and nothing else. Grants add up: an entity may be read if any of the grants
that apply to who is asking lets it. A condition is an OData expression about the entity in which ``$user`` stands for
who is asking: ``$user/name``, ``$user/roles``, and claims by their names. A grant whose condition speaks of a claim
that somebody does not have is not for them. What is stated here is text; `AccessControl` reads it against a model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from demotic.errors import InvalidInput

OPERATIONS: Final = ("read", "insert", "update", "delete")


class RulesFault(InvalidInput):
    """Access rules cannot be held as they are stated."""

    code = "RulesFault"


@dataclass(frozen=True, slots=True)
class Grant:
    """Lets somebody do something: with the entities for which ``where`` is true, ``None`` for all.

    ``roles`` are those of which somebody must have one, empty for anybody; ``known`` keeps the anonymous out.
    """

    where: str | None = None
    roles: frozenset[str] = frozenset()
    known: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "roles", frozenset(self.roles))


@dataclass(frozen=True, slots=True)
class Hide:
    """Properties that are not there, but for those who have one of the roles in ``unless``."""

    properties: tuple[str, ...]
    unless: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        object.__setattr__(self, "properties", tuple(self.properties))
        object.__setattr__(self, "unless", frozenset(self.unless))


@dataclass(frozen=True, slots=True)
class SetRules:
    """The rules of one entity set. An operation without a grant is denied to everybody.

    Who may change something must be able to read it: other grants do not count without one to read.
    """

    read: tuple[Grant, ...] = ()
    insert: tuple[Grant, ...] = ()
    update: tuple[Grant, ...] = ()
    delete: tuple[Grant, ...] = ()
    hide: tuple[Hide, ...] = ()

    def __post_init__(self) -> None:
        for name in (*OPERATIONS, "hide"):
            object.__setattr__(self, name, tuple(getattr(self, name)))

    def grants(self, operation: str) -> tuple[Grant, ...]:
        """Return the grants of an operation."""
        found: tuple[Grant, ...] = getattr(self, operation)
        return found


@dataclass(frozen=True, slots=True)
class AccessRules:
    """The rules of a service, by the names of its sets.

    ``others_open`` says whether sets without rules are open to all who get in, or closed. ``claims`` gives the types of
    claims that are not one text each: ``{"tenant": "Edm.Int32", "regions": "Collection(Edm.String)"}``. ``calls`` says
    who may call which operation, by qualified name or that of an import; nobody may call others. Its grants have no
    conditions.

    >>> AccessRules({"Orders": SetRules(read=[Grant("Owner eq $user/name")])})   # doctest: +SKIP
    """

    sets: Mapping[str, SetRules]
    others_open: bool = True
    claims: Mapping[str, str] = field(default_factory=dict)
    calls: Mapping[str, tuple[Grant, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "calls", {name: tuple(grants) for name, grants in self.calls.items()})
