"""The seam between a store and everything above it.

A store takes a resolved `Read` once per shape (`prepare`) and runs the plan it made any number of times, with values
for the parameters. Rows leave as whatever the caller's `Form` builds from them, so that one result path serves the
collection interface (native values) and every protocol (values as their encoder takes them) without a second pass over
the rows.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from enum import Enum
from random import random
from time import monotonic, sleep
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Protocol, Self, TypeAlias, TypeVar

from demotic.errors import DemoticError, Unsupported
from demotic.model import EntitySet, Model
from demotic.query import Query, Read
from demotic.store._errors import ChangedMeanwhile, ReadOnly

if TYPE_CHECKING:
    from demotic.store._transaction import Transaction
    from demotic.store.changes._writer import Writer
    from demotic.store.media import Readable, Stream

_T = TypeVar("_T")
MOST_TRIES: Final = 8
"""How often a transaction is run at most where the data asks for another run."""
_LATEST: Final = 5.0
"""The seconds after which no other run begins."""
_PAUSE: Final = 0.01
"""The seconds before the second run, at most; before each later one it is twice as long."""

Row: TypeAlias = Any
"""Whatever a form's row factory returns; opaque to the store."""

RowFactory: TypeAlias = Callable[..., Row]

Tell: TypeAlias = Callable[[Row, Mapping[tuple[str, ...], "str | None"]], Row]
"""From a row, and the texts of values that do not fit their types by the paths of their properties, to what is shown.

A text that cannot be told is ``None``. A `Form` that has a method ``misfits``, from the query of a level to such a
function (or ``None``), is told of these values, which are null otherwise.
"""


class Representation(Enum):
    """How the values given to row factories are represented, by the columns of the primitive type table."""

    NATIVE = "native"
    JSON = "json"
    JSON_EXACT = "json_exact"


class Form(Protocol):
    """How a caller wants its rows."""

    @property
    def representation(self) -> Representation:
        """How values are represented."""

    def row(self, query: Query) -> RowFactory:
        """Return the factory for one level (the query itself, or that of an expand inside it).

        It is called with positional arguments: the values of ``query.delivered`` in order, then for each item of
        ``query.expand`` its value (a row or ``None``, or a list of rows for a collection), followed by the number of
        related entities if that item's query has ``count``; then for each item of ``query.parts`` its value (that of a
        complex property is a mapping), followed by the number of values if it has ``count``.
        """


def tell_of(form: Form, query: Query) -> Tell | None:
    """Return what a form has told of values that do not fit, ``None`` if they are null and no more."""
    tells: Callable[[Query], Tell | None] | None = getattr(form, "misfits", None)
    return None if tells is None else tells(query)


class Plan(ABC):
    """A read compiled for one store and form. Immutable, shared by threads."""

    read: Read


class Result(ABC):
    """The outcome of one run: close it, or use it as a context manager, or exhaust ``batches``.

    The snapshot stays open until then, so all batches and expanded rows belong to one state of the data.
    """

    count: int | None
    """The number of entities that pass the filter, if the query asks for it; for Kind.COUNT always."""

    @abstractmethod
    def batches(self) -> Iterator[list[Row]]:
        """Yield the rows in lists of bounded size; never an empty list."""

    @property
    @abstractmethod
    def after(self) -> tuple[object, ...] | None:
        """Once the batches are exhausted: where the next page starts, or ``None`` when nothing was left out.

        These are the values that a query with `After` takes, native, ``None`` where null.
        """

    @abstractmethod
    def close(self) -> None:
        """Release the snapshot; harmless when called again."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Store(ABC):
    """Where entity sets live."""

    model: Model

    left_out: tuple[tuple[str, str], ...] = ()
    """What of the data is not published, each with the reason."""

    notes: tuple[tuple[str, str], ...] = ()
    """What the owner of the data should know of what is published, each with its place."""

    read_only: bool = False
    """Whether nothing of it can be changed."""

    transient: tuple[type[DemoticError], ...] = (ChangedMeanwhile,)
    """The errors of a transaction that may not come again when it is run again."""

    in_process: bool = False
    """Whether reading keeps this process busy (rather than waiting for another): threads then gain nothing."""

    @abstractmethod
    def prepare(self, read: Read, form: Form) -> Plan:
        """Compile a read. Raises Unsupported where this store cannot do exactly what is asked."""

    @abstractmethod
    def run(self, plan: Plan, values: Sequence[object], *, page: int | None = None) -> Result:
        """Run a plan in a snapshot of its own.

        ``values[n]`` is the native value for slot n. ``page`` bounds the rows of the top level: when more would follow,
        ``Result.after`` says where they start. For an addressed entity that is not there, the result has no rows.
        Raises InvalidInput for a value that its parameter cannot take, Unavailable when the store cannot answer.
        """

    def one(self, plan: Plan, values: Sequence[object]) -> Row | None:
        """Run a plan for an addressed entity and return its row, ``None`` if it is not there. Raises as `run` does."""
        with self.run(plan, values) as result:
            rows = next(result.batches(), None)
        return rows[0] if rows else None

    def snapshot(self) -> Store:
        """Return a view of this store whose runs all see one state of the data, until it is closed.

        Raises Unsupported where the store cannot keep a state over several statements.
        """
        raise Unsupported(f"{type(self).__name__} keeps no state over several statements")

    def begin(self, *, write: bool = False) -> Store:
        """Return a view for one transaction: a snapshot, which also has a writer where the store can be written to.

        ``write`` says that it will be written to: what is read in it then cannot be changed by others meanwhile, where
        a store can promise that. Raises `ReadOnly` if it is asked for and the store takes no changes.
        """
        if write:
            raise ReadOnly(f"{type(self).__name__} takes no changes")
        return self.snapshot()

    def takes_changes(self, entity_set: EntitySet) -> bool:
        """Whether entities of a set can be changed at all, as far as that is known beforehand."""
        return type(self).begin is not Store.begin

    def lacks(self, entity_set: EntitySet) -> Collection[str]:
        """Return the query options (``filter``, ``orderby``) that are not offered on a set."""
        return ()

    def media_streams(self, entity_set: EntitySet) -> Mapping[str, Stream]:
        """Return the streams of a set's entities that are kept, by name."""
        return {}

    def media(self, entity_set: EntitySet, key: tuple[object, ...], stream: Stream) -> Readable | None:
        """Open a stream of an entity for reading, in one state of the data; ``None`` if it holds nothing.

        Raises `NoSuchEntity`, and Unsupported for a stream that is not kept.
        """
        raise Unsupported(f"{entity_set.name} keeps no media", target=stream.name)

    def writer(self) -> Writer:
        """Return what changes the data of this view. Raises `ReadOnly` where nothing may."""
        raise ReadOnly("nothing can be changed here", hint="the store was opened for reading only")

    def commit(self) -> None:  # noqa: B027 - a view without a writer has nothing to commit
        """Make the changes of this view last; what was not committed when it is closed leaves nothing."""

    def transaction(self, *, write: bool = False) -> Transaction:
        """Return a transaction, for use as a context manager: ``with store.transaction() as tx: tx["Products"]``.

        It is committed when its block ends without an exception. For ``write`` see `begin`.
        """
        from demotic.store._transaction import Transaction  # which needs this module

        return Transaction(self.begin(write=write))

    def transact(self, work: Callable[[Transaction], _T]) -> _T:
        """Return what ``work`` makes of a transaction for changes, once they are committed.

        Where others were in the way (a deadlock, say), nothing of it is left, and it is run again in a new transaction:
        a few times, after short pauses. So ``work`` should do nothing but change data. Raises what it raises.
        """
        began = monotonic()
        for turn in range(1, MOST_TRIES):
            try:
                return self._transact(work)
            except self.transient:
                if monotonic() - began > _LATEST:
                    raise
            sleep(_PAUSE * 2 ** (turn - 1) * (0.5 + random() / 2))  # never two of them in step
        return self._transact(work)

    def _transact(self, work: Callable[[Transaction], _T]) -> _T:
        with self.transaction(write=True) as transaction:
            return work(transaction)

    @abstractmethod
    def close(self) -> None:
        """Release what the store holds; harmless when called again."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
