"""New types from types: by restriction, by list, by union (XSD 1.1 part 2, 4.1.2 and the constraints of 4.3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final, TypeVar

from demotic.errors import InvalidInput
from demotic.syntax.xsd._errors import DerivationFault
from demotic.syntax.xsd._facets import BOUNDS, FACETS, LENGTHS
from demotic.syntax.xsd._type import SimpleType
from demotic.syntax.xsd.regex import Pattern, compile_pattern

__all__ = ["list_of", "restricted", "union_of"]

T = TypeVar("T")

_WHITE_SPACE: Final = ("preserve", "replace", "collapse")
_TIMEZONE: Final = ("required", "prohibited", "optional")
# Facets that a type has only one of, and pairs whose values are in this order, the last two strictly.
_EXCLUSIVE: Final = (("minInclusive", "minExclusive"), ("maxInclusive", "maxExclusive"))
_ORDERED: Final = (
    ("minLength", "maxLength", False),
    ("fractionDigits", "totalDigits", False),
    ("minInclusive", "maxInclusive", False),
    ("minExclusive", "maxExclusive", False),
    ("minInclusive", "maxExclusive", True),
    ("minExclusive", "maxInclusive", True),
)


def restricted(base: SimpleType[T], name: str, facets: dict[str, Any]) -> SimpleType[T]:
    """Return `base` with further facets: `SimpleType.restrict`."""
    if base.is_special:
        raise DerivationFault(f"{base.name} is not restricted", hint="start from a type that it is the base of")
    given = {facet: _read(base, facet, value) for facet, value in facets.items()}
    _check_narrower(base, given)
    replaced = _replaced(given)
    effective = {facet: value for facet, value in base.facets.items() if facet not in replaced} | given
    _check_together(base, given, effective)
    kept = tuple(check for check in base.checks if check[0] not in replaced)
    checks = tuple((facet, FACETS[facet].check(base, value)) for facet, value in given.items() if facet in FACETS)
    return replace(
        base,
        name=name,
        base=base,
        facets=effective,
        white_space=effective.get("whiteSpace", base.white_space),
        patterns=(*base.patterns, given["pattern"]) if "pattern" in given else base.patterns,
        checks=kept + checks,
        meaning="",
    )


def _replaced(given: dict[str, Any]) -> set[str]:
    """Return the facets of the base type that these make superfluous, being narrower; assertions add up."""
    replaced = set(given) - {"assertion"}
    for one, other in _EXCLUSIVE:
        if one in given or other in given:
            replaced |= {one, other}
    return replaced


def list_of(item_type: SimpleType[T], name: str = "") -> SimpleType[tuple[T, ...]]:
    """Return the type of lists, divided by white space, of an atomic type or a union without lists."""
    if _has_list(item_type):
        raise DerivationFault(f"a list has no items of {item_type.name}, which are lists themselves")
    if item_type.is_special:
        raise DerivationFault(f"a list has no items of {item_type.name}, which is no type of its own")
    return SimpleType(name or f"list of {item_type.name}", None, "list", item_type=item_type)


def union_of(*members: SimpleType[Any], name: str = "") -> SimpleType[Any]:
    """Return the type of all literals of some types; the first that accepts a literal gives the value."""
    if not members:
        raise DerivationFault("a union has at least one member type")
    if any(member.is_special for member in members):
        raise DerivationFault("anySimpleType and anyAtomicType are no members of a union")
    words = name or " or ".join(member.name for member in members)
    return SimpleType(words, None, "union", member_types=members, white_space="preserve")


def _has_list(simple: SimpleType[Any]) -> bool:
    return simple.variety == "list" or any(map(_has_list, simple.member_types))


def _read(base: SimpleType[Any], facet: str, value: Any) -> Any:
    """Return what is asked of a facet in the form that its check wants."""
    if facet == "pattern":
        several = [value] if isinstance(value, str | Pattern) else value
        return tuple(one if isinstance(one, Pattern) else compile_pattern(one) for one in several)
    if facet == "whiteSpace":
        return _read_white_space(base, value)
    if facet not in FACETS:
        raise DerivationFault(f"{facet!r} is no facet", hint=f"one of {', '.join([*FACETS, 'pattern', 'whiteSpace'])}")
    if not FACETS[facet].applies(base):
        raise DerivationFault(f"{base.name} has no facet {facet}", target=facet)
    if facet in LENGTHS:
        return _read_count(facet, value)
    if facet == "explicitTimezone" and value not in _TIMEZONE:
        raise DerivationFault(f"explicitTimezone is {', '.join(_TIMEZONE)}, not {value!r}", target=facet)
    if facet == "assertion" and not callable(value):
        raise DerivationFault(f"assertion is a function of the value, not {value!r}", target=facet)
    if facet in BOUNDS:
        return _read_value(base, facet, value)
    if facet == "enumeration":
        return tuple(_read_value(base, facet, one) for one in _listed(value))
    return value


def _listed(value: Any) -> Iterable[Any]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise DerivationFault(f"enumeration takes several values, not {value!r}", target="enumeration")
    return value


def _read_white_space(base: SimpleType[Any], value: Any) -> str:
    if base.variety == "union" or value not in _WHITE_SPACE:
        raise DerivationFault(f"whiteSpace of {base.name} is not {value!r}", target="whiteSpace")
    if _WHITE_SPACE.index(value) < _WHITE_SPACE.index(base.white_space):
        raise DerivationFault(f"whiteSpace {value} does not restrict {base.white_space}", target="whiteSpace")
    return str(value)


def _read_count(facet: str, value: Any) -> int:
    least = 1 if facet == "totalDigits" else 0
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise DerivationFault(f"{facet} is a whole number from {least} on, not {value!r}", target=facet)
    return value


def _read_value(base: SimpleType[Any], facet: str, value: Any) -> Any:
    """Return a value of the base type: one given, or what a literal is read to."""
    # A text is a literal to a union too: its value may be of a member type that comes before that of texts.
    is_literal = base.variety == "union" and isinstance(value, str)
    try:
        read = (
            value
            if base.holds(value) and not is_literal
            else base.parse(value if isinstance(value, str) else base.format(value))
        )
    except InvalidInput as fault:
        # A bound may be the base's own exclusive one again (4.3.8.4), which is no value of the base.
        if facet in BOUNDS and base.facets.get(facet) == value:
            return value
        raise DerivationFault(f"{facet} {value!r} is no value of {base.name}: {fault.message}", target=facet) from None
    return read


def _check_narrower(base: SimpleType[Any], given: dict[str, Any]) -> None:
    for facet, value in given.items():
        old = base.facets.get(facet)
        if facet in FACETS and old is not None and not FACETS[facet].narrows(value, old):
            raise DerivationFault(f"{facet} {value} does not restrict {old} of {base.name}", target=facet)


def _check_together(base: SimpleType[Any], given: dict[str, Any], facets: dict[str, Any]) -> None:
    for one, other in _EXCLUSIVE:
        if one in given and other in given:
            raise DerivationFault(f"a type has either {one} or {other}", target=one)
    length = facets.get("length")
    if length is not None and not facets.get("minLength", 0) <= length <= facets.get("maxLength", length):
        raise DerivationFault(f"length {length} is outside minLength and maxLength", target="length")
    for low, high, strict in _ORDERED:
        if low in facets and high in facets and not _in_order(base, facets[low], facets[high], strict):
            raise DerivationFault(f"{low} {facets[low]} does not go with {high} {facets[high]}", target=low)


def _in_order(base: SimpleType[Any], low: Any, high: Any, strict: bool) -> bool:
    compare = base.space.compare if base.space else None
    order = compare(low, high) if compare else (low > high) - (low < high)
    return order == -1 or (order == 0 and not strict)
