"""A service: entity sets over a store, and the limits under which they are offered.

Knows no protocol and no transport. Limits that concern the question asked (depth, size) are the binder's; those of the
answer (page) are given to the store with each run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from demotic.errors import InvalidInput
from demotic.model import EntitySet, Model, Operation
from demotic.query import QueryLimits, Read
from demotic.service.operations import Offer, Operations, Outcome, call, not_offered, offer_on
from demotic.store import Form, Plan, ReadOnly, Result, Row, Store, Transaction
from demotic.store.media import Readable, Stream

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of the answers, and of the questions (``query``).

    ``page_size`` is the most entities in one response of a collection, ``None`` for no limit; what is left out is
    reached by a next link. ``url_length`` is the most characters of a request target, ``body_length`` the most bytes of
    a request's body, ``batch_requests`` the most requests in one batch. ``media_length`` is the most bytes of a stream
    that is sent to be kept; it is taken in pieces, so that it may be larger than what fits into memory.
    """

    page_size: int | None = 5000
    url_length: int = 16_384
    body_length: int = 32 * 1024 * 1024
    batch_requests: int = 1000
    media_length: int = 64 * 1024 * 1024
    query: QueryLimits = field(default_factory=QueryLimits)

    def __post_init__(self) -> None:
        if self.page_size is not None and self.page_size < 1:
            raise InvalidInput(f"page_size is {self.page_size}", hint="give at least 1, or None for no limit")
        if self.media_length < 0:
            raise InvalidInput(f"media_length is {self.media_length}", hint="give the most bytes of a stream")


@dataclass(frozen=True, slots=True)
class Service:
    """What is published: the ``store`` and its model, under ``limits``; ``title`` is for people.

    A ``read_only`` service offers no changes, whatever the store could do. ``offered`` names the operations that are
    offered on some of the sets: read, insert, update, delete; all others offer all. ``key_as_segment`` takes keys as
    segments of paths besides those in parentheses (``Products/1``). ``operations`` are those that can be called;
    ``offer`` is what becomes of them on the store's model, and made of them where it is not given.

    Raises DeclarationError or OperationsFault for operations that do not fit the model.
    """

    store: Store
    title: str = "Demotic"
    limits: Limits = field(default_factory=Limits)
    read_only: bool = False
    offered: Mapping[str, frozenset[str]] = field(default_factory=dict)
    key_as_segment: bool = False
    operations: Operations | None = None
    offer: Offer | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if getattr(self.store, "model", None) is None:
            raise InvalidInput(f"{self.store!r} is no store", hint="open_store() and MemoryStore() make one")
        if self.operations is not None and self.offer is None:
            object.__setattr__(self, "offer", offer_on(self.operations, self.store.model))

    @property
    def model(self) -> Model:
        """The model that the service speaks of: that of the store, with the operations."""
        return self.store.model if self.offer is None else self.offer.model

    def offers(self, entity_set: EntitySet, operation: str) -> bool:
        """Whether an operation (read, insert, update, delete) is offered on a set, as far as is known beforehand."""
        offered = self.offered.get(entity_set.name)
        if offered is not None and operation not in offered:
            return False
        return operation == "read" or not (self.read_only or not self.store.takes_changes(entity_set))

    def prepare(self, read: Read, form: Form) -> Plan:
        """Compile a read: see `demotic.store.Store.prepare`."""
        return self.store.prepare(read, form)

    def one(self, plan: Plan, values: Sequence[object]) -> Row | None:
        """Run a plan for an addressed entity and return its row: see `demotic.store.Store.one`."""
        return self.store.one(plan, values)

    def run(self, plan: Plan, values: Sequence[object], *, page: int | None = None) -> Result:
        """Run a plan in a snapshot of its own: see `demotic.store.Store.run`."""
        return self.store.run(plan, values, page=page)

    def media_streams(self, entity_set: EntitySet) -> Mapping[str, Stream]:
        """Return the streams of a set's entities that are kept: see `demotic.store.Store.media_streams`."""
        return self.store.media_streams(entity_set)

    def media(self, entity_set: EntitySet, key: tuple[object, ...], stream: Stream) -> Readable | None:
        """Open a stream of an entity for reading: see `demotic.store.Store.media`."""
        return self.store.media(entity_set, key, stream)

    def calls(self, operation: Operation) -> bool:
        """Whether an operation can be called at all by who is asking, as far as is known beforehand."""
        if self.offer is None or (self.read_only and operation.kind == "Action"):
            return False
        return self.offer.allows(operation)

    def ensure_offered(self, operation: Operation) -> None:
        """Raise Forbidden, `ReadOnly` or OperationNotOffered for an operation that cannot be called."""
        if self.offer is None:
            raise not_offered(operation)
        if operation.kind == "Action" and self.read_only:
            raise ReadOnly("this service is read-only")
        self.offer.implementation(operation)

    def call(
        self,
        operation: Operation,
        arguments: Mapping[str, object],
        transaction: Transaction,
        *,
        home: EntitySet | None = None,
    ) -> Outcome:
        """Call an operation in a transaction: see `demotic.service.operations.call`."""
        self.ensure_offered(operation)
        assert self.offer is not None
        return call(self.offer, operation, arguments, transaction, home=home)

    def reading(self) -> Transaction:
        """Return a transaction that only reads, in one state of the data."""
        return Transaction(self.store.snapshot())

    def transact(self, work: Callable[[Transaction], _T]) -> _T:
        """Return what ``work`` makes of a transaction for changes: see `demotic.store.Store.transact`.

        Raises `ReadOnly`, or Unavailable if the store cannot start one now.
        """
        if self.read_only:
            raise ReadOnly("this service is read-only")
        return self.store.transact(work)
