"""What a field is: its name as it is written, and how its text becomes a value and a value its text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from demotic.errors import SyntaxFault

__all__ = ["FieldType"]

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class FieldType(Generic[Value]):
    """A typed field: `fields.value(ALLOW)` reads it, `fields.put(ALLOW, value)` writes it.

    ``parse`` takes the text of the field, several joined by commas if it ``is_list``; of any other the values must all
    be the same. ``absent`` is the value of a field that is missing.
    """

    name: str
    parse: Callable[[str], Value]
    absent: Value
    format: Callable[[Any], str] = str
    is_list: bool = False

    def read(self, values: Sequence[str]) -> Value:
        """Return the value of a field that came so often. Raises `SyntaxFault`."""
        if not values:
            return self.absent
        if self.is_list:
            return self.parse(", ".join(values))
        if len(set(values)) > 1:
            text = ", ".join(values)
            raise SyntaxFault("one value, not several that differ", text, len(values[0]), target=self.name)
        return self.parse(values[0])

    def write(self, value: Any) -> tuple[str, ...]:
        """Return the text of a value, or a text after checking it; nothing for `None` and for what is missing."""
        if value is None or value == self.absent:
            return ()
        if isinstance(value, str):
            self.parse(value)
            return (value,)
        return (self.format(value),)
