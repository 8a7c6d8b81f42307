"""A transaction: the collections of a store in one state of its data, and the changes made to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Self

from demotic.model import EntityContainer, EntitySet, Model
from demotic.query import NOWHERE, Read, ResourcePath, Segment, choices
from demotic.store._collection import Collection
from demotic.store._entity import ENTITIES
from demotic.store._errors import NoSuchSet, TransactionClosed
from demotic.store._interface import Result, Store
from demotic.store.changes import Unit


class Transaction(Mapping[str, Collection]):
    """Collections by the names of their entity sets, all of one state; a context manager.

    ``view`` is a store whose runs see that state (`Store.begin`); it is closed with the transaction. Changes are seen
    within the transaction at once, by others once it is committed: when its block ends without an exception.
    """

    def __init__(self, view: Store) -> None:
        self._view = view
        self._open = True
        self._unit: Unit | None = None

    @property
    def view(self) -> Store:
        """The state that the transaction sees, as a store."""
        return self._view

    @property
    def unit(self) -> Unit:
        """The changes of this transaction. Raises `ReadOnly` where nothing may be changed, `TransactionClosed`."""
        self._check_open()
        if self._unit is None:
            self._unit = Unit(self._view, self._view.writer())
        return self._unit

    @property
    def model(self) -> Model:
        """The model of the store."""
        return self._view.model

    def run(self, read: Read, values: Sequence[object], page: int | None = None) -> Result:
        """Run a read in this transaction's state. Raises `TransactionClosed` after its end."""
        self._check_open()
        return self._view.run(self._view.prepare(read, ENTITIES), values, page=page)

    def _check_open(self) -> None:
        if not self._open:
            raise TransactionClosed(
                "the transaction has ended", hint="use its collections within `with store.transaction() as tx:`"
            )

    @property
    def _sets(self) -> dict[str, EntitySet]:
        return (self.model.container or EntityContainer("")).sets

    def entity_set(self, name: str) -> EntitySet:
        """Return the entity set of that name. Raises `NoSuchSet`, which is a KeyError."""
        found = self._sets.get(name)
        if found is None:
            shown = str(name)  # a program may ask for anything
            raise NoSuchSet(f"there is no entity set {shown}", target=shown, hint=choices(shown, self._sets))
        return found

    def __getitem__(self, name: str) -> Collection:
        """Return the collection of an entity set. Raises `NoSuchSet`, which is a KeyError."""
        found = self.entity_set(name)
        return Collection(self, ResourcePath((Segment(name, None, NOWHERE),)), found.type, home=found)

    def __iter__(self) -> Iterator[str]:
        return iter(self._sets)

    def __len__(self) -> int:
        return len(self._sets)

    def commit(self) -> None:
        """Make the changes last, and end the transaction. Raises `ChangedMeanwhile`, leaving nothing of them."""
        self._check_open()
        try:
            if self._unit is not None:
                self._view.commit()
        finally:
            self.close()

    def close(self) -> None:
        """End the transaction, leaving nothing of changes that were not committed; harmless when called again."""
        self._open = False
        self._view.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None and self._open:
            self.commit()
        self.close()
