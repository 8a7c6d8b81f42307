"""The syntax tree: what a resource path or query option says, before any name is looked up.

Nodes are frozen dataclasses without behaviour. ``at`` is the 0-based position of the node in the text it was read from
(an option's percent-decoded value, or the percent-decoded path), for error messages and for telling which literal a
parameter came from. OData ABNF Construction Rules 4.01; OData URL Conventions 4.01, sections 4 and 5.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias


class LiteralKind(Enum):
    """The lexical class of a literal; several classes may fit one type, and the binder decides."""

    NULL = "null"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DOUBLE = "double"
    STRING = "string"
    DATE = "date"
    DATE_TIME_OFFSET = "dateTimeOffset"
    TIME_OF_DAY = "timeOfDay"
    DURATION = "duration"
    GUID = "guid"
    BINARY = "binary"
    ENUM = "enum"


@dataclass(frozen=True, slots=True)
class Literal:
    """A literal: its class, its raw text as written, and its native value.

    The value of an ENUM is a pair: the qualified name of the type, and a tuple of the members as written (names or
    numbers).
    """

    kind: LiteralKind
    text: str
    value: object
    at: int


@dataclass(frozen=True, slots=True)
class Alias:
    """A parameter alias, ``@name`` (``name`` is without the at sign)."""

    name: str
    at: int


@dataclass(frozen=True, slots=True)
class NameStep:
    """A step of a path: a property, navigation property, lambda variable or qualified type name."""

    name: str
    at: int


@dataclass(frozen=True, slots=True)
class CountStep:
    """The step ``/$count``."""

    at: int


@dataclass(frozen=True, slots=True)
class LambdaStep:
    """``/any(x:...)`` or ``/all(x:...)``; ``any()`` has neither variable nor predicate."""

    kind: str
    variable: str | None
    predicate: Expression | None
    at: int


Step: TypeAlias = NameStep | CountStep | LambdaStep


@dataclass(frozen=True, slots=True)
class Path:
    """A path from the entity at hand, or from a lambda variable or ``$it`` in its first step."""

    steps: tuple[Step, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or function applied, its name in lower case; operators carry their keyword (``neg`` for unary ``-``).

    ``at`` is the place of the operator or of the function's name.
    """

    name: str
    arguments: tuple[Expression, ...]
    at: int


@dataclass(frozen=True, slots=True)
class ListExpression:
    """The parenthesised list on the right of ``in``."""

    items: tuple[Expression, ...]
    at: int


Expression: TypeAlias = Literal | Alias | Path | Call | ListExpression


@dataclass(frozen=True, slots=True)
class OrderItem:
    """One item of ``$orderby``."""

    expression: Expression
    descending: bool
    at: int


@dataclass(frozen=True, slots=True)
class SelectItem:
    """One item of ``$select``: a path of names; ``("*",)`` selects all structural properties."""

    path: tuple[str, ...]
    at: int


@dataclass(frozen=True, slots=True)
class ExpandItem:
    """One item of ``$expand``: a path of names (``("*",)`` for all) and the options in its parentheses."""

    path: tuple[str, ...]
    options: Options
    at: int


@dataclass(frozen=True, slots=True)
class Integer:
    """A non-negative integer given to ``$top`` or ``$skip``."""

    value: int
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Options:
    """The system query options of a request, or of one expanded item; ``None`` or empty means not given.

    ``aliases`` are the parameter aliases by name, without the at sign. ``custom`` are the options that are no system
    query options, decoded and in order; OData has no opinion about them.
    """

    filter: Expression | None = None
    orderby: tuple[OrderItem, ...] = ()
    select: tuple[SelectItem, ...] = ()
    expand: tuple[ExpandItem, ...] = ()
    top: Integer | None = None
    skip: Integer | None = None
    count: bool = False
    skiptoken: str | None = None
    format: str | None = None
    aliases: dict[str, Expression] = field(default_factory=dict, hash=False)
    custom: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class KeyPredicate:
    """A key in parentheses: one unnamed value, or values by property name; neither for empty parentheses.

    The parameters of a function look the same.
    """

    positional: Literal | Alias | None
    named: tuple[tuple[str, Literal | Alias], ...]
    at: int


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment of a resource path: a name or a ``$`` word, with its key predicate if it has one."""

    name: str
    key: KeyPredicate | None
    at: int


@dataclass(frozen=True, slots=True)
class ResourcePath:
    """The segments of a resource path below the service root; none means the service document."""

    segments: tuple[Segment, ...]
