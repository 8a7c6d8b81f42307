"""A datatype: the simple type definition of XSD 1.1 part 2, section 4.1.

Reading goes: white space, patterns, then by variety: the value space's own parser, each item of a list, the first
member of a union that accepts; then the facets that look at values. Writing goes back the same way, and writes nothing
that would not be read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Generic, Literal, TypeAlias, TypeVar

from demotic.errors import InvalidInput, SyntaxFault
from demotic.syntax.xsd._errors import DatatypeError, LiteralFault
from demotic.syntax.xsd.regex import Pattern
from demotic.syntax.xsd.values._space import NO_CONTEXT, Context, ValueSpace

if TYPE_CHECKING:
    from typing import Unpack

    from demotic.syntax.xsd._facets import Facets

__all__ = ["Check", "SimpleType", "Variety", "WhiteSpace"]

T = TypeVar("T")

WhiteSpace: TypeAlias = Literal["preserve", "replace", "collapse"]
"""What becomes of white space in a literal, before anything else (4.3.6)."""

Variety: TypeAlias = Literal["atomic", "list", "union"]

Check: TypeAlias = Callable[[Any], str | None]
"""A facet that looks at values: returns what it expects of a value that it refuses."""

_blanks: Final = re.compile("[ \t\r\n]+")
_replace: Final = str.maketrans("\t\r\n", "   ")


@dataclass(frozen=True, eq=False, slots=True, repr=False)
class SimpleType(Generic[T]):
    """A datatype, built in or derived: `parse` reads a literal to a value, `format` writes its canonical literal.

    `facets` are all that hold, by their names in XML Schema, those of the base type included. `is_special` are
    `anySimpleType` and `anyAtomicType`, which nobody derives from (4.1.6).
    """

    name: str
    base: SimpleType[Any] | None
    variety: Variety = "atomic"
    space: ValueSpace[Any] | None = None
    item_type: SimpleType[Any] | None = None
    member_types: tuple[SimpleType[Any], ...] = ()
    white_space: WhiteSpace = "collapse"
    facets: Mapping[str, Any] = field(default_factory=dict)
    patterns: tuple[tuple[Pattern, ...], ...] = ()
    checks: tuple[tuple[str, Check], ...] = ()
    meaning: str = ""
    is_special: bool = False

    def __post_init__(self) -> None:
        if not self.meaning:
            object.__setattr__(self, "meaning", f"a literal of type {self.name}")

    def __repr__(self) -> str:
        return f"<SimpleType {self.name}>"

    def normalize(self, text: str) -> str:
        """Return a literal with its white space replaced or collapsed, as the type wants it."""
        if self.white_space == "collapse":
            return _blanks.sub(" ", text).strip(" ")
        return text.translate(_replace) if self.white_space == "replace" else text

    def parse(self, text: str, context: Context = NO_CONTEXT) -> T:
        """Return the value of a literal.

        A `context` tells what names mean, for types that need it. Raises `LiteralFault` for a text that is no literal
        of the type, with the place or the facet.
        """
        literal = self.normalize(text)
        if self.variety == "union":
            member, value = self._active(text, context)
            literal = member.normalize(text)
        elif self.item_type is not None:
            value = tuple(self.item_type.parse(item, context) for item in literal.split(" ")) if literal else ()
        else:
            value = self._atom(literal, context)
        broken = self._broken_pattern(literal) or self._broken_facet(value)
        if broken is not None:
            facet, expected, message = broken
            rule = f"cvc-{facet}-valid"
            raise LiteralFault(expected, literal, target=self.name, rule=rule, message=message)
        result: T = value
        return result

    def is_valid(self, text: str, context: Context = NO_CONTEXT) -> bool:
        """Return whether a text is a literal of the type."""
        try:
            self.parse(text, context)
        except InvalidInput:
            return False
        return True

    def format(self, value: T) -> str:
        """Return the canonical literal of a value; of a list, of its items; in a union, by the first type that has it.

        Other Python values that mean the same are taken (an `int` for a double, a `list` for a list). Raises
        `DatatypeError` for a value that the type does not have.
        """
        if self.variety == "union":
            literal = self._format_member(value)
        elif self.item_type is not None:
            literal = self._format_list(self.item_type, value)
        else:
            value = self._adopted(value)
            literal = self._format_atom(value)
        checked: Any = tuple(value) if self.variety == "list" else value  # type: ignore[arg-type]
        broken = self._broken_facet(checked) or self._broken_pattern(literal)
        if broken is not None:
            facet, _, message = broken
            raise DatatypeError(message, target=self.name, rule=f"cvc-{facet}-valid")
        return literal

    def holds(self, value: object) -> bool:
        """Return whether a value is one of the type's."""
        if self.variety == "union":
            has = any(member.holds(value) for member in self.member_types)
        elif self.item_type is not None:
            has = isinstance(value, tuple) and all(map(self.item_type.holds, value))
        else:
            has = self.space is not None and self.space.holds(value)
        return has and all(check(value) is None for _, check in self.checks)

    def restrict(self, name: str, **facets: Unpack[Facets]) -> SimpleType[T]:
        """Return the type derived by restriction, with these facets (4.3): a text stands for the value it is read to.

        >>> from demotic.syntax import xsd
        >>> grade = xsd.integer.restrict("grade", minInclusive=1, maxInclusive=6)
        >>> grade.parse(" 4 "), grade.is_valid("7")
        (4, False)

        Raises `DerivationFault` for a facet that the type does not have, that is no restriction, or contradicts
        another.
        """
        from demotic.syntax.xsd._derive import restricted

        return restricted(self, name, dict(facets))

    def _atom(self, literal: str, context: Context) -> Any:
        assert self.space is not None
        try:
            return self.space.parse(literal, context)
        except SyntaxFault as fault:
            raise LiteralFault(fault.expected, fault.text, fault.position, target=self.name, hint=fault.hint) from None

    def _active(self, text: str, context: Context) -> tuple[SimpleType[Any], Any]:
        """Return the first member type that accepts a text, and the value (4.1.4, clause 2.3)."""
        faults = []
        for member in self.member_types:
            try:
                return member, member.parse(text, context)
            except LiteralFault as fault:
                faults.append(fault)
        furthest = max(faults, key=lambda fault: fault.position)
        reasons = "; ".join(f"{fault.target}: {fault.message}" for fault in faults)
        message = f"{_shown(text)} is of no member type of {self.name} ({reasons})"
        raise LiteralFault(furthest.expected, furthest.text, furthest.position, target=self.name, message=message)

    def _adopted(self, value: Any) -> Any:
        assert self.space is not None
        if self.space.holds(value):
            return value
        if self.space.adopt is not None:
            try:
                return self.space.adopt(value)
            except (TypeError, ValueError):
                pass
        raise DatatypeError(f"{value!r} is no value of {self.name}", target=self.name)

    def _format_atom(self, value: Any) -> str:
        assert self.space is not None
        try:
            return self.space.format(value)
        except ValueError as fault:  # more digits than Python writes
            raise DatatypeError(f"a value of {self.name} cannot be written: {fault}", target=self.name) from None
        except InvalidInput as fault:
            raise DatatypeError(fault.message, target=self.name, hint=fault.hint) from None

    def _format_list(self, item_type: SimpleType[Any], value: Any) -> str:
        if isinstance(value, str) or not isinstance(value, list | tuple):
            raise DatatypeError(f"{value!r} is no list or tuple, as {self.name} wants", target=self.name)
        items = [item_type.format(item) for item in value]
        for item in items:
            if not item or _blanks.search(item):
                raise DatatypeError(f"{item!r} cannot stand in a list, which blanks divide", target=self.name)
        return " ".join(items)

    def _format_member(self, value: Any) -> str:
        for member in self.member_types:
            if member.holds(value):
                return member.format(value)
        raise DatatypeError(f"{value!r} is of no member type of {self.name}", target=self.name)

    def _broken_pattern(self, literal: str) -> tuple[str, str, str] | None:
        """Return the facet, what it expects, and a message, for a literal that patterns refuse."""
        for step in self.patterns:
            if not any(pattern.matches(literal) for pattern in step):
                wanted = " or ".join(repr(pattern.source) for pattern in step)
                return "pattern", f"a text that matches {wanted}", f"{_shown(literal)} does not match {wanted}"
        return None

    def _broken_facet(self, value: Any) -> tuple[str, str, str] | None:
        """Return the same for a value that another facet refuses."""
        for facet, check in self.checks:
            expected = check(value)
            if expected is not None:
                return facet, f"a value that is {expected}", f"{_shown(value)} is not {expected}"
        return None


def _shown(value: Any) -> str:
    text = repr(value) if isinstance(value, str | bytes | tuple) else str(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
