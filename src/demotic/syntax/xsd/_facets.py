"""The constraining facets: one line each says to which types it applies and what it demands (XSD 1.1 part 2, 4.3).

Facets have their names in XML Schema. `assertion` takes the place of `assertions` (4.3.13): a Python function of the
value instead of XPath expressions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal, TypedDict

from demotic.syntax.xsd.regex import Pattern
from demotic.syntax.xsd.values._space import equal

if TYPE_CHECKING:
    from demotic.syntax.xsd._type import Check, SimpleType, WhiteSpace

__all__ = ["BOUNDS", "FACETS", "LENGTHS", "Facet", "Facets"]


class Facets(TypedDict, total=False):
    """What a type is restricted by; bounds and enumerations are values, or texts that are read to values."""

    length: int
    minLength: int
    maxLength: int
    pattern: str | Pattern | Iterable[str | Pattern]
    enumeration: Iterable[Any]
    whiteSpace: WhiteSpace
    maxInclusive: Any
    maxExclusive: Any
    minInclusive: Any
    minExclusive: Any
    totalDigits: int
    fractionDigits: int
    explicitTimezone: Literal["required", "prohibited", "optional"]
    assertion: Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet that looks at values.

    `applies` tells whether a type has it, `check` makes the check from the type and what was asked for, and `narrows`
    whether that restricts what the base type already asks for.
    """

    applies: Callable[[SimpleType[Any]], bool]
    check: Callable[[SimpleType[Any], Any], Check]
    narrows: Callable[[Any, Any], bool] = lambda new, old: True


def _has_length(simple: SimpleType[Any]) -> bool:
    if simple.variety == "list":
        return True
    return simple.space is not None and (simple.space.length is not None or simple.space.name in ("QName", "NOTATION"))


def _has_order(simple: SimpleType[Any]) -> bool:
    return simple.space is not None and simple.space.compare is not None


def _has_digits(simple: SimpleType[Any]) -> bool:
    return simple.space is not None and simple.space.has_digits


def _has_timezone(simple: SimpleType[Any]) -> bool:
    return simple.space is not None and simple.space.has_timezone


def _is_enumerable(simple: SimpleType[Any]) -> bool:
    return simple.space is None or simple.space.name != "boolean"


def _length(words: str, good: Callable[[int, int], bool]) -> Callable[[SimpleType[Any], int], Check]:
    def make(simple: SimpleType[Any], wanted: int) -> Check:
        count = len if simple.variety == "list" else simple.space.length if simple.space else None
        unit = "items" if simple.variety == "list" else "octets" if "Binary" in _primitive(simple) else "characters"
        if count is None:  # 4.3.1.3: of QName and NOTATION every value has any length
            return lambda value: None
        return lambda value: None if good(count(value), wanted) else f"{words} {wanted} {unit} long, but {count(value)}"

    return make


def _bound(words: str, orders: tuple[int, ...]) -> Callable[[SimpleType[Any], Any], Check]:
    def make(simple: SimpleType[Any], bound: Any) -> Check:
        assert simple.space is not None
        compare = simple.space.compare
        assert compare is not None
        return lambda value: None if compare(value, bound) in orders else f"{words} {bound}"

    return make


def _enumeration(simple: SimpleType[Any], values: tuple[Any, ...]) -> Check:
    shown = ", ".join(map(str, values[:10])) + (", …" if len(values) > 10 else "")
    return lambda value: None if any(equal(value, one) for one in values) else f"one of {shown}"


def _total_digits(_: SimpleType[Any], most: int) -> Check:
    return lambda value: None if sum(_digits(value)) <= most else f"a number of at most {most} digits"


def _fraction_digits(_: SimpleType[Any], most: int) -> Check:
    return lambda value: None if _digits(value)[1] <= most else f"a number of at most {most} fraction digits"


def _digits(value: Decimal | int) -> tuple[int, int]:
    """Return how many digits a number has before and after the point; 0.05 has none before, 100 three."""
    _, digits, exponent = Decimal(value).as_tuple()
    significant = "".join(map(str, digits)).lstrip("0")
    assert isinstance(exponent, int)
    stripped = significant.rstrip("0") if exponent < 0 else significant
    fraction = max(0, -exponent - (len(significant) - len(stripped)))
    return max(0, len(significant) + exponent), fraction if stripped or exponent >= 0 else 0


def _explicit_timezone(_: SimpleType[Any], wanted: str) -> Check:
    words = {"required": "a value with a timezone", "prohibited": "a value without a timezone"}

    def check(value: Any) -> str | None:
        has = value.timezone is not None
        return words[wanted] if wanted != "optional" and has != (wanted == "required") else None

    return check


def _assertion(_: SimpleType[Any], holds: Callable[[Any], bool]) -> Check:
    words = f"what {getattr(holds, '__name__', 'the assertion')} asserts"
    return lambda value: None if holds(value) else words


def _primitive(simple: SimpleType[Any]) -> str:
    return simple.space.name if simple.space else ""


def _at_most(new: int, old: int) -> bool:
    return new <= old


def _at_least(new: int, old: int) -> bool:
    return new >= old


def _same(new: Any, old: Any) -> bool:
    return bool(new == old)


FACETS: Final[dict[str, Facet]] = {
    "length": Facet(_has_length, _length("exactly", lambda count, wanted: count == wanted), _same),
    "minLength": Facet(_has_length, _length("at least", lambda count, wanted: count >= wanted), _at_least),
    "maxLength": Facet(_has_length, _length("at most", lambda count, wanted: count <= wanted), _at_most),
    "minInclusive": Facet(_has_order, _bound("at least", (0, 1))),
    "minExclusive": Facet(_has_order, _bound("more than", (1,))),
    "maxInclusive": Facet(_has_order, _bound("at most", (0, -1))),
    "maxExclusive": Facet(_has_order, _bound("less than", (-1,))),
    "totalDigits": Facet(_has_digits, _total_digits, _at_most),
    "fractionDigits": Facet(_has_digits, _fraction_digits, _at_most),
    "explicitTimezone": Facet(_has_timezone, _explicit_timezone, lambda new, old: old in (new, "optional")),
    "enumeration": Facet(_is_enumerable, _enumeration),
    "assertion": Facet(lambda simple: True, _assertion),
}

BOUNDS: Final = ("minInclusive", "minExclusive", "maxInclusive", "maxExclusive")
LENGTHS: Final = ("length", "minLength", "maxLength", "totalDigits", "fractionDigits")
"""Facets whose values are counts, from 0."""
