"""What a primitive datatype is: how its literals are read and written, and how its values compare.

One `ValueSpace` per primitive type of XML Schema 1.1 part 2, and for the few derived ones with values of their own
(integer). Everything else that a type does (white space, facets, lists, unions) is the same for all, and stands above.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, Generic, TypeVar

__all__ = ["NO_CONTEXT", "Context", "ValueSpace", "equal", "number_order"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Context:
    """What some literals mean depends on the document that they stand in.

    `namespaces` are the prefixes in scope and their namespace names, the default namespace under `""`; `entities` and
    `notations` the unparsed entities and notations that are declared, or `None` if that is not to be checked.
    """

    namespaces: Mapping[str, str] = field(default_factory=dict)
    entities: Collection[str] | None = None
    notations: Collection[object] | None = None


NO_CONTEXT: Final = Context()


@dataclass(frozen=True, slots=True)
class ValueSpace(Generic[T]):
    """A primitive type: `parse` raises `SyntaxFault`, `format` writes the canonical form of a value that it `holds`.

    `adopt` turns other Python values into one that it holds, and raises `TypeError` or `ValueError` where it cannot.
    `compare` gives -1, 0, 1, or `None` for values without an order; a type without any order has none. `length` counts
    what the length facets count, and the traits say which facets apply.
    """

    name: str
    parse: Callable[[str, Context], T]
    format: Callable[[T], str]
    holds: Callable[[object], bool]
    adopt: Callable[[Any], T] | None = None
    compare: Callable[[Any, Any], int | None] | None = None
    length: Callable[[Any], int] | None = None
    has_digits: bool = False
    has_timezone: bool = False


def equal(left: Any, right: Any) -> bool:
    """Whether two values are equal or identical (2.2.1 and 2.2.2): only within one value space, and NaN is itself."""
    if isinstance(left, tuple) and isinstance(right, tuple) and type(left) is type(right):
        return len(left) == len(right) and all(map(equal, left, right))
    if _space(left) is not _space(right):
        return False
    return bool(left == right or (left != left and right != right))


def _space(value: object) -> type:
    return Decimal if type(value) is int else type(value)


def number_order(left: Any, right: Any) -> int | None:
    """Compare numbers; NaN is incomparable, also with itself (3.3.4)."""
    return -1 if left < right else 1 if left > right else 0 if left == right else None
