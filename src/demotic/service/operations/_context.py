"""What an operation may ask for beside its arguments, by the types of its parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from demotic.model import Operation
from demotic.service.identity import Identity
from demotic.store import Collection, Transaction


@dataclass(frozen=True, slots=True)
class Context:
    """One call: the transaction that it runs in, who is asking, and the operation.

    >>> def restock(context: Context, product: Product, by: int) -> None:   # doctest: +SKIP
    ...     context["Products"].update(product.key, {"Stock": product["Stock"] + by})
    """

    transaction: Transaction
    identity: Identity
    operation: Operation

    def __getitem__(self, name: str) -> Collection:
        """Return the collection of an entity set, as who is asking may see it. Raises `NoSuchSet`."""
        return self.transaction[name]


PASSED: Final = (Context, Transaction, Identity)
"""The types of parameters that no caller gives."""


def passed(kind: type, context: Context) -> object:
    """Return what a parameter of one of these types is given."""
    found = {Context: context, Transaction: context.transaction, Identity: context.identity}
    return found[kind]
