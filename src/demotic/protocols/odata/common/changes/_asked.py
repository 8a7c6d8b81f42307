"""A change that is asked for, and what was done, in any version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from demotic.errors import NotFound
from demotic.protocols.odata.common.changes._dialect import Dialect
from demotic.protocols.odata.common.changes._place import Place, References, origin_of, place_of
from demotic.query import BoundRequest, Read
from demotic.service import Media, Origin, Transaction, Unit
from demotic.syntax.http import Request


@dataclass(frozen=True, slots=True)
class Asked:
    """A change that is asked for: where, with what, and the transaction that it is made in."""

    request: Request
    bound: BoundRequest
    transaction: Transaction
    references: References
    dialect: Dialect
    most: int
    identifier: str | None = None
    media: Media | None = None
    """The content that the request brings for a stream."""

    @property
    def read(self) -> Read:
        """The resolved path."""
        assert self.bound.read is not None
        return self.bound.read

    @property
    def unit(self) -> Unit:
        """What makes the changes."""
        return self.transaction.unit

    def place(self) -> Place:
        """Return the entity that is addressed. Raises NotFound."""
        found = place_of(self.transaction.view, self.read, self.bound.values)
        if found is None:
            raise NotFound("the path leads to no entity", target=self.read.source.set.name)
        return found

    def origin(self) -> Origin | None:
        """Return the navigation property that is addressed, and whose it is."""
        return origin_of(self.transaction.view, self.read, self.bound.values)

    def json(self) -> dict[str, Any]:
        """Return the body."""
        return self.dialect.body(self.request, self.most)


@dataclass(frozen=True, slots=True)
class Done:
    """What was done: to the entity with which key (``None``: nothing to show), and whether it is new."""

    key: tuple[object, ...] | None = None
    created: bool = False
    shown: str = ""
    """The ``$expand`` that shows what was inserted below it."""
    media_tag: str | None = None
    """The entity tag of a stream that was changed."""
