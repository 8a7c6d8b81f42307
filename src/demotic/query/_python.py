"""Queries written in Python: attribute objects whose operators build syntax-tree expressions.

    P = properties(product_type)
    (P.Price > 20) & P.Supplier.Name.startswith("A") & P.Orders.any(lambda o: o.Quantity >= 10)

Names may be written as Python likes them: ``P.unit_price`` finds ``UnitPrice``; ``P["Unit Price"]`` takes a name as it
is. Every function of `FUNCTIONS` is a method of its first argument, also under the names that Python's strings have.
Python's ``and``, ``or`` and ``not`` cannot be given another meaning, so conditions are joined with ``&``, ``|`` and
``~``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isinf, isnan
from typing import Any, Final, NoReturn, TypeAlias
from uuid import UUID

from demotic.errors import InvalidInput
from demotic.model import (
    BINARY,
    BOOLEAN,
    DATE,
    DATE_TIME_OFFSET,
    DECIMAL,
    DOUBLE,
    DURATION,
    GUID,
    INT64,
    STRING,
    TIME_OF_DAY,
    EntityType,
    NavigationProperty,
    PrimitiveType,
    Property,
    StructuredType,
)
from demotic.query._errors import choices
from demotic.query._functions import FUNCTIONS
from demotic.query._tree import (
    Call,
    CountStep,
    Expression,
    LambdaStep,
    ListExpression,
    Literal,
    LiteralKind,
    NameStep,
    OrderItem,
    Path,
    Step,
)

NOWHERE: Final = -1
"""The position of nodes that were read from no text."""

_DEPTH: Final[ContextVar[int]] = ContextVar("lambda_depth", default=0)
_ALIASES: Final = {
    "lower": "tolower",
    "upper": "toupper",
    "strip": "trim",
    "index": "indexof",
    "matches": "matchesPattern",
}
_LITERALS: Final[tuple[tuple[type, LiteralKind, PrimitiveType], ...]] = (
    # bool before int, datetime before date: the former are subclasses of the latter.
    (bool, LiteralKind.BOOLEAN, BOOLEAN),
    (int, LiteralKind.INTEGER, INT64),
    (Decimal, LiteralKind.DECIMAL, DECIMAL),
    (float, LiteralKind.DOUBLE, DOUBLE),
    (str, LiteralKind.STRING, STRING),
    (bytes, LiteralKind.BINARY, BINARY),
    (UUID, LiteralKind.GUID, GUID),
    (datetime, LiteralKind.DATE_TIME_OFFSET, DATE_TIME_OFFSET),
    (date, LiteralKind.DATE, DATE),
    (time, LiteralKind.TIME_OF_DAY, TIME_OF_DAY),
    (timedelta, LiteralKind.DURATION, DURATION),
)


def literal(value: object) -> Literal:
    """Return the literal for a native value. Raises `InvalidInput` for a value of no primitive type."""
    if value is None:
        return Literal(LiteralKind.NULL, "null", None, NOWHERE)
    for python, kind, primitive in _LITERALS:
        if isinstance(value, python):
            return Literal(_number_kind(value, kind), _text(value, primitive), value, NOWHERE)
    raise InvalidInput(
        f"{value!r} is no value of a primitive type", hint="give a number, text, date, UUID, bytes or None"
    )


def _number_kind(value: object, kind: LiteralKind) -> LiteralKind:
    """Numbers that their literal cannot hold are of the next wider kind."""
    if kind is LiteralKind.INTEGER and isinstance(value, int) and not -(2**63) <= value < 2**63:
        return LiteralKind.DECIMAL
    if isinstance(value, Decimal) and not value.is_finite():
        return LiteralKind.DOUBLE
    return kind


def _text(value: Any, primitive: PrimitiveType) -> str:
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, float) and not (isinf(value) or isnan(value)):
        return repr(value) if "e" in repr(value) else f"{value!r}e0"
    if isinstance(value, datetime) and value.utcoffset() is None:
        raise InvalidInput(f"{value} has no zone", hint="attach the zone that it was meant in")
    text = primitive.format(value)
    return f"{primitive.prefix}'{text}'" if primitive.prefix else text


def tree_of(value: object) -> Expression:
    """Return the syntax tree of an attribute object, or of a native value as a literal."""
    if isinstance(value, (Term, Properties)):
        return value.tree
    return literal(value)


class Term:
    """A value in a query: a property, or what operators and functions make of one."""

    __slots__ = ("tree",)
    __hash__ = None  # type: ignore[assignment]  # as == builds an expression

    def __init__(self, tree: Expression) -> None:
        self.tree = tree

    def _call(self, name: str, *others: object) -> Term:
        return Term(Call(name, (self.tree, *(tree_of(item) for item in others)), NOWHERE))

    def _flipped(self, name: str, other: object) -> Term:
        return Term(Call(name, (tree_of(other), self.tree), NOWHERE))

    def __eq__(self, other: object) -> Term:  # type: ignore[override]
        return self._call("eq", other)

    def __ne__(self, other: object) -> Term:  # type: ignore[override]
        return self._call("ne", other)

    def __lt__(self, other: object) -> Term:
        return self._call("lt", other)

    def __le__(self, other: object) -> Term:
        return self._call("le", other)

    def __gt__(self, other: object) -> Term:
        return self._call("gt", other)

    def __ge__(self, other: object) -> Term:
        return self._call("ge", other)

    def __add__(self, other: object) -> Term:
        return self._call("add", other)

    def __radd__(self, other: object) -> Term:
        return self._flipped("add", other)

    def __sub__(self, other: object) -> Term:
        return self._call("sub", other)

    def __rsub__(self, other: object) -> Term:
        return self._flipped("sub", other)

    def __mul__(self, other: object) -> Term:
        return self._call("mul", other)

    def __rmul__(self, other: object) -> Term:
        return self._flipped("mul", other)

    def __truediv__(self, other: object) -> Term:
        return self._call("divby", other)

    def __rtruediv__(self, other: object) -> Term:
        return self._flipped("divby", other)

    def __neg__(self) -> Term:
        return self._call("neg")

    def __and__(self, other: object) -> Term:
        return self._call("and", other)

    def __or__(self, other: object) -> Term:
        return self._call("or", other)

    def __invert__(self) -> Term:
        return self._call("not")

    def one_of(self, values: Iterable[object]) -> Term:
        """Return the condition that this equals one of ``values``."""
        items = ListExpression(tuple(tree_of(item) for item in values), NOWHERE)
        return Term(Call("in", (self.tree, items), NOWHERE))

    @property
    def desc(self) -> OrderItem:
        """This, as a descending order."""
        return OrderItem(self.tree, True, NOWHERE)

    def __getattr__(self, name: str) -> Callable[..., Term]:
        function = _ALIASES.get(name, name)
        if name.startswith("_") or function not in FUNCTIONS:
            raise AttributeError(f"a value in a query has no {name} ({choices(name, [*FUNCTIONS, *_ALIASES])})")
        return lambda *others: self._call(function, *others)

    def __bool__(self) -> NoReturn:
        raise TypeError(
            "a condition of a query has no truth of its own: join conditions with &, | and ~, not and, or, not"
        )


class Members:
    """The entities that a collection navigation leads to."""

    __slots__ = ("_navigation", "_steps")

    def __init__(self, steps: tuple[Step, ...], navigation: NavigationProperty) -> None:
        self._steps = steps
        self._navigation = navigation

    def any(self, condition: Callable[[Properties], Term] | None = None) -> Term:
        """Return whether any of them meets the condition; without one, whether there is any."""
        if condition is None:
            return self._path(LambdaStep("any", None, None, NOWHERE))
        return self._lambda("any", condition)

    def all(self, condition: Callable[[Properties], Term]) -> Term:
        """Return whether all of them meet the condition."""
        return self._lambda("all", condition)

    def count(self) -> Term:
        """Return their number."""
        return self._path(CountStep(NOWHERE))

    def _path(self, step: Step) -> Term:
        return Term(Path((*self._steps, step), NOWHERE))

    def _lambda(self, kind: str, condition: Callable[[Properties], Term]) -> Term:
        # Named by how deep it is, so that nested ones differ, and equal queries are equal trees.
        depth = _DEPTH.get() + 1
        name = f"x{depth}"
        token = _DEPTH.set(depth)
        try:
            inner = condition(Properties(self._navigation.target, (NameStep(name, NOWHERE),)))
        finally:
            _DEPTH.reset(token)
        return self._path(LambdaStep(kind, name, tree_of(inner), NOWHERE))


Attribute: TypeAlias = "Term | Properties | Members"


class Properties:
    """The properties of an entity or complex value, as attributes."""

    __slots__ = ("_steps", "_type")
    __hash__ = None  # type: ignore[assignment]  # as == builds an expression

    def __init__(self, type: StructuredType, steps: tuple[Step, ...] = ()) -> None:
        self._type = type
        self._steps = steps

    @property
    def tree(self) -> Expression:
        """The path to this."""
        return Path(self._steps, NOWHERE)

    def __getitem__(self, name: str) -> Any:
        known = self._known()
        if name not in known:
            raise KeyError(f"{self._type.qualified_name} has no property {name} ({choices(name, known)})")
        return self._attribute(known[name])

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        known = self._known()
        found = known.get(name) or self._folded(known, name)
        if found is None:
            raise AttributeError(f"{self._type.qualified_name} has no property {name} ({choices(name, known)})")
        return self._attribute(found)

    def _known(self) -> dict[str, Property | NavigationProperty]:
        return {**self._type.all_properties(), **self._type.all_navigation()}

    @staticmethod
    def _folded(known: dict[str, Property | NavigationProperty], name: str) -> Property | NavigationProperty | None:
        wanted = name.replace("_", "").lower()
        found = [item for other, item in known.items() if other.replace("_", "").lower() == wanted]
        if len(found) > 1:
            raise AttributeError(f"{name} may be {' or '.join(item.name for item in found)}")
        return found[0] if found else None

    def _attribute(self, item: Property | NavigationProperty) -> Attribute:
        steps = (*self._steps, NameStep(item.name, NOWHERE))
        if isinstance(item, NavigationProperty):
            return Members(steps, item) if item.collection else Properties(item.target, steps)
        if isinstance(item.type, StructuredType):
            return Properties(item.type, steps)
        return Term(Path(steps, NOWHERE))

    def __eq__(self, other: object) -> Term:  # type: ignore[override]
        return Term(Call("eq", (self.tree, tree_of(other)), NOWHERE))

    def __ne__(self, other: object) -> Term:  # type: ignore[override]
        return Term(Call("ne", (self.tree, tree_of(other)), NOWHERE))


def properties(type: EntityType) -> Properties:
    """Return the properties of an entity type as attributes, for writing queries."""
    return Properties(type)
