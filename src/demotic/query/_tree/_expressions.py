"""Expressions, and the paths within them. OData ABNF Construction Rules 4.01, sections 4, 5 and 7."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias


class LiteralKind(Enum):
    """The lexical class of a literal; several classes may fit one type, and the binder decides.

    DATE_TIME and TIME are those of OData 2, a date and time without a zone and a duration from midnight.
    """

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
    GEOGRAPHY = "geography"
    GEOMETRY = "geometry"
    DATE_TIME = "datetime"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Literal:
    """A literal: its class, its raw text as written, and its native value.

    The value of an ENUM is a pair: the qualified name of the type, and a tuple of the members as written (names or
    numbers). That of GEOGRAPHY and GEOMETRY is a GeoJSON object. A date or time that the grammar allows, but no native
    value holds (years beyond 9999, leap seconds, fractions below a microsecond), has none.
    A ``former`` literal is one of OData 2, where numbers stand for the members of enumerations.
    """

    kind: LiteralKind
    text: str
    value: object
    at: int
    former: bool = False

    def __hash__(self) -> int:
        return hash((self.kind, self.text))


@dataclass(frozen=True, slots=True)
class Alias:
    """A parameter alias, ``@name`` (``name`` is without the at sign)."""

    name: str
    at: int


@dataclass(frozen=True, slots=True)
class TypeName:
    """The name of a type, as ``cast`` and ``isof`` take it; with ``collection`` that of a collection of it."""

    name: str
    collection: bool
    at: int


@dataclass(frozen=True, slots=True)
class Arguments:
    """What stands in parentheses after a name in a path: a key, or the parameters of a function.

    One unnamed value, or values by name; neither for empty parentheses.
    """

    positional: tuple[Expression, ...]
    named: tuple[tuple[str, Expression], ...]
    at: int


@dataclass(frozen=True, slots=True)
class NameStep:
    """A step of a path: a property, navigation property, lambda variable, qualified type name or ``$`` variable."""

    name: str
    at: int


@dataclass(frozen=True, slots=True)
class CallStep:
    """A name with parentheses in a path: a navigation property with a key, or a function, perhaps with a key after."""

    name: str
    arguments: tuple[Arguments, ...]
    at: int


@dataclass(frozen=True, slots=True)
class AnnotationStep:
    """``@Term`` or ``@Term#Qualifier``."""

    term: str
    qualifier: str | None
    at: int


@dataclass(frozen=True, slots=True)
class CountStep:
    """The step ``/$count``, perhaps with ``$filter`` and ``$search`` in parentheses."""

    at: int
    filter: Expression | None = None
    search: Search | None = None


@dataclass(frozen=True, slots=True)
class FilterStep:
    """The step ``/$filter(...)``, perhaps with a key after it."""

    predicate: Expression
    key: tuple[Arguments, ...]
    at: int


@dataclass(frozen=True, slots=True)
class LambdaStep:
    """``/any(x:...)`` or ``/all(x:...)``; ``any()`` has neither variable nor predicate."""

    kind: str
    variable: str | None
    predicate: Expression | None
    at: int


@dataclass(frozen=True, slots=True)
class AggregateStep:
    """The step ``/aggregate(...)`` (Data Aggregation 4.0, section 3)."""

    aggregate: Aggregate
    at: int


Step: TypeAlias = NameStep | CallStep | AnnotationStep | CountStep | FilterStep | LambdaStep | AggregateStep | Alias
"""An `Alias` is a step only where a path begins."""


@dataclass(frozen=True, slots=True)
class Path:
    """A path from the entity at hand, or from what its first step names: a lambda variable, ``$it``, ``$this``,
    ``$these``, ``$root`` or a parameter alias.
    """

    steps: tuple[Step, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or function applied, its name in lower case; operators carry their keyword (``neg`` for unary ``-``).

    ``at`` is the place of the operator or of the function's name. The arguments of ``case`` are conditions and values
    by turns; ``cast`` and ``isof`` have a `TypeName` last.
    """

    name: str
    arguments: tuple[Expression, ...]
    at: int


@dataclass(frozen=True, slots=True)
class ListExpression:
    """The parenthesised list on the right of ``in``."""

    items: tuple[Expression, ...]
    at: int


@dataclass(frozen=True, slots=True)
class JsonArray:
    """An array in JSON; its strings are literals whose text has double quotes."""

    items: tuple[Expression, ...]
    at: int


@dataclass(frozen=True, slots=True)
class JsonObject:
    """An object in JSON: its members by name, in order."""

    members: tuple[tuple[str, Expression], ...]
    at: int


Expression: TypeAlias = Literal | Alias | Path | Call | ListExpression | TypeName | JsonArray | JsonObject


@dataclass(frozen=True, slots=True)
class SearchTerm:
    """A word or, in double quotes, a phrase to search for."""

    text: str
    phrase: bool
    at: int


@dataclass(frozen=True, slots=True)
class SearchOperation:
    """``AND``, ``OR`` or ``NOT`` of search expressions."""

    name: str
    operands: tuple[Search, ...]
    at: int


Search: TypeAlias = SearchTerm | SearchOperation


@dataclass(frozen=True, slots=True)
class AggregateFrom:
    """``from A,B with method``: what is aggregated, and how, before (Data Aggregation 4.0, section 3.2.1.5)."""

    properties: tuple[Path, ...]
    method: str | None
    at: int


@dataclass(frozen=True, slots=True)
class Aggregate:
    """``expression with method from ... as alias``.

    Without a method the expression is a count, or the path of a custom aggregate.
    """

    expression: Expression
    method: str | None
    origins: tuple[AggregateFrom, ...]
    alias: str | None
    at: int
