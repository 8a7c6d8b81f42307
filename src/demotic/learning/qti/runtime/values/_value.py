"""Values of variables: of one type, in one of four cardinalities. NULL is Python's None, whatever its type would be.

Specification: QTI 3.0 ASI information model, sections 2.5 (declarations) and 4 (base types); QTI 2.1 information model,
"Basic Data Types" and "Runtime". Containers that hold nothing and strings without characters are NULL there, so they
cannot be made here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

from demotic.learning.qti.model import LEAST_INTEGER, MOST_INTEGER, BaseType, Cardinality, File
from demotic.learning.qti.runtime._errors import ValueFault

__all__ = ["FALSE", "TRUE", "Optional", "Value", "boolean", "container", "number", "record", "single"]


class Value(NamedTuple):
    """A value that is not NULL. It never changes.

    `data` is, by `base_type`: bool, int, float, str (identifier, string, uri), a float of seconds (duration), a tuple
    of two identifiers (directedPair as given; pair in alphabetical order, since its order does not count), a tuple of
    two integers (point), `File`. Of a multiple or ordered container it is a tuple of these, of a record a dictionary of
    single values by their fields, and `base_type` is None.
    """

    cardinality: Cardinality
    base_type: BaseType | None
    data: Any

    @property
    def is_single(self) -> bool:
        """Whether it is one value and no container."""
        return self.cardinality is Cardinality.SINGLE

    @property
    def items(self) -> tuple[Any, ...]:
        """The single values inside: of a single value itself alone, of a record none."""
        if self.cardinality is Cardinality.SINGLE:
            return (self.data,)
        return () if self.cardinality is Cardinality.RECORD else self.data

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Value):
            return NotImplemented
        if self.cardinality is not other.cardinality or self.base_type is not other.base_type:
            return False
        if self.cardinality is Cardinality.MULTIPLE:
            return len(self.data) == len(other.data) and Counter(self.data) == Counter(other.data)
        return bool(self.data == other.data)

    def __ne__(self, other: object) -> bool:
        equal = self.__eq__(other)
        return equal if equal is NotImplemented else not equal

    def __hash__(self) -> int:
        if self.cardinality is Cardinality.MULTIPLE:
            return hash((self.cardinality, self.base_type, frozenset(Counter(self.data).items())))
        data = frozenset(self.data.items()) if self.cardinality is Cardinality.RECORD else self.data
        return hash((self.cardinality, self.base_type, data))


Optional: TypeAlias = Value | None
"""A value, or NULL."""

TRUE = Value(Cardinality.SINGLE, BaseType.BOOLEAN, True)
FALSE = Value(Cardinality.SINGLE, BaseType.BOOLEAN, False)


def boolean(data: bool) -> Value:
    """Return a boolean."""
    return TRUE if data else FALSE


def number(data: float) -> Optional:
    """Return an int as an integer and a float as a float.

    NULL for NaN and integers beyond 32 bits, which no type has.
    """
    if type(data) is int:
        if not LEAST_INTEGER <= data <= MOST_INTEGER:
            return None
        return Value(Cardinality.SINGLE, BaseType.INTEGER, data)
    return None if data != data else Value(Cardinality.SINGLE, BaseType.FLOAT, data)


def single(base_type: BaseType, data: Any) -> Optional:
    """Return a single value, checked; NULL for None and the empty string.

    Raises `ValueFault` if it is of another type.
    """
    data = None if data is None else native(base_type, data)
    return None if data is None or data == "" else Value(Cardinality.SINGLE, base_type, data)


def container(cardinality: Cardinality, base_type: BaseType, items: Iterable[Any]) -> Optional:
    """Return a multiple or ordered container, checked; what is None is left out. NULL if nothing is left."""
    kept = tuple([native(base_type, item) for item in items if item is not None])
    return Value(cardinality, base_type, kept) if kept else None


def record(fields: Mapping[str, Optional]) -> Optional:
    """Return a record of single values; fields that are NULL are left out. NULL if nothing is left."""
    kept = {name: value for name, value in fields.items() if value is not None}
    for name, value in kept.items():
        if not value.is_single:
            raise ValueFault(f"the field {name} of a record holds a container", target=name, hint="single values only")
    return Value(Cardinality.RECORD, None, kept) if kept else None


def native(base_type: BaseType, data: Any) -> Any:
    """Return `data` in the one Python form that its type has. Raises `ValueFault` if it is of another type."""
    kinds, meaning = _NATIVE[base_type]
    if type(data) in kinds:
        if base_type is BaseType.INTEGER and not LEAST_INTEGER <= data <= MOST_INTEGER:
            raise ValueFault(f"{data} is no integer of 32 bits", hint=f"{LEAST_INTEGER} to {MOST_INTEGER}")
        return data
    if type(data) in (tuple, list) and base_type in _PAIRS and len(data) == 2:
        part = int if base_type is BaseType.POINT else str
        if type(data[0]) is part and type(data[1]) is part:
            return tuple(sorted(data)) if base_type is BaseType.PAIR else tuple(data)
    raise ValueFault(f"{data!r} is no {base_type.value}", hint=meaning)


_PAIRS = (BaseType.PAIR, BaseType.DIRECTED_PAIR, BaseType.POINT)
_NATIVE: dict[BaseType, tuple[tuple[type, ...], str]] = {
    BaseType.BOOLEAN: ((bool,), "True or False"),
    BaseType.DIRECTED_PAIR: ((), "a tuple of two identifiers"),
    BaseType.DURATION: ((float,), "a float of seconds"),
    BaseType.FILE: ((File,), "a File"),
    BaseType.FLOAT: ((float,), "a float"),
    BaseType.IDENTIFIER: ((str,), "a str"),
    BaseType.INTEGER: ((int,), "an int"),
    BaseType.PAIR: ((), "a tuple of two identifiers"),
    BaseType.POINT: ((), "a tuple of two ints"),
    BaseType.STRING: ((str,), "a str"),
    BaseType.URI: ((str,), "a str"),
}
