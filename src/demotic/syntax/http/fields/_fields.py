"""The fields of a message, a header section or a trailer section (RFC 9110, sections 5.1 to 5.3 and 5.5).

A collection does not change, so that threads may share one: what changes a field returns another collection.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, TypeVar, overload

from demotic.errors import InvalidInput, SyntaxFault
from demotic.syntax.http.fields._type import FieldType
from demotic.syntax.http.grammar._words import check_token

__all__ = ["Fields"]

_VALUE: Final = re.compile(r"[\t \x21-\x7e\x80-\xff]*")
_OWN_SEPARATOR: Final = {"cookie": "; "}
_UNFOLDED: Final = {"set-cookie"}

Value = TypeVar("Value")


class Fields:
    """Names with values, in order; names are compared in any case, and a name may have several values.

    >>> fields = Fields({"Content-Type": "text/html", "Vary": "Accept"}).add("vary", "Cookie")
    >>> fields.get("VARY")
    'Accept, Cookie'

    Equal collections have the same values, in the same order, for each name: the order of different names says nothing
    (section 5.3). Raises `InvalidInput` for a name that is no token, and for a value with control characters or
    characters beyond Latin-1; blanks around a value are no part of it.
    """

    __slots__ = ("_by_name", "_items")

    def __init__(self, items: Mapping[str, str] | Iterable[tuple[str, str]] = ()) -> None:
        pairs = items.items() if isinstance(items, Mapping) else items
        self._items = tuple((_checked_name(name), _checked_value(name, value)) for name, value in pairs)
        values: dict[str, list[str]] = {}
        for name, value in self._items:
            values.setdefault(name.lower(), []).append(value)
        self._by_name = {name: tuple(found) for name, found in values.items()}

    @overload
    def get(self, name: str) -> str | None: ...

    @overload
    def get(self, name: str, default: str) -> str: ...

    def get(self, name: str, default: str | None = None) -> str | None:
        """Return a field's value, several joined by commas (`Cookie`: by semicolons), or `default`.

        Raises `InvalidInput` for several of `Set-Cookie`, the one field that cannot be joined: use `get_all`.
        """
        key = name.lower()
        values = self._by_name.get(key)
        if values is None:
            return default
        if len(values) > 1 and key in _UNFOLDED:
            raise InvalidInput(f"several {name} fields cannot be joined", target=name, hint="use get_all")
        return _OWN_SEPARATOR.get(key, ", ").join(values)

    def get_all(self, name: str) -> tuple[str, ...]:
        """Return the values of each field of that name as they came, none if it is missing."""
        return self._by_name.get(name.lower(), ())

    def value(self, field: FieldType[Value]) -> Value:
        """Return a field's typed value, what the type says for a missing one. Raises `SyntaxFault` naming the field."""
        try:
            return field.read(self.get_all(field.name))
        except SyntaxFault as fault:
            raise SyntaxFault(fault.expected, fault.text, fault.position, target=field.name, hint=fault.hint) from fault

    def names(self) -> list[str]:
        """Return the names there are, in lower case, sorted."""
        return sorted(self._by_name)

    def set(self, name: str, *values: str | None) -> Fields:
        """Return these with just `values` for a name, where it first stood; `None` or nothing removes it."""
        key, given = name.lower(), [(name, value) for value in values if value is not None]
        at = next((at for at, (known, _) in enumerate(self._items) if known.lower() == key), len(self._items))
        others = [[item for item in part if item[0].lower() != key] for part in (self._items[:at], self._items[at:])]
        return Fields([*others[0], *given, *others[1]])

    def add(self, name: str, value: str) -> Fields:
        """Return these with one more field at the end."""
        return Fields([*self._items, (name, value)])

    def append(self, name: str, value: str) -> Fields:
        """Return these with `value` joined to that of the name, or added if there is none."""
        present = self.get(name)
        if present is None:
            return self.add(name, value)
        separator = _OWN_SEPARATOR.get(name.lower(), ", ")
        return self.set(name, f"{present}{separator}{value}" if present else value)

    def put(self, field: FieldType[Any], value: Any) -> Fields:
        """Return these with a typed value, or a text that is checked, for a field; `None` and empty ones remove it.

        Raises `SyntaxFault` for a text that the field cannot have.
        """
        return self.set(field.name, *field.write(value))

    def remove(self, *names: str) -> Fields:
        """Return these without the fields of these names."""
        gone = {name.lower() for name in names}
        return Fields([item for item in self._items if item[0].lower() not in gone])

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._by_name

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __eq__(self, other: object) -> bool:
        return self._by_name == other._by_name if isinstance(other, Fields) else NotImplemented

    def __hash__(self) -> int:
        return hash(frozenset(self._by_name.items()))

    def __repr__(self) -> str:
        return f"Fields({list(self._items)!r})"


def _checked_name(name: str) -> str:
    return check_token(name, "a field name")


def _checked_value(name: str, value: str) -> str:
    found = _VALUE.match(value)
    end = found.end() if found else 0
    if end != len(value):
        raise SyntaxFault("a character that a field value may hold", value, end, target=name)
    return value.strip(" \t")
