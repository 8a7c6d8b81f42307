"""Which facets a type has, and between which bounds.

OData CSDL XML 4.01, section 7.2.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from demotic.model._schema_children import Facets
from demotic.model._types import PrimitiveType

MOST_FRACTION_DIGITS: Final = 12

_APPLICABLE: Final[Mapping[str, frozenset[str]]] = {
    "max_length": frozenset(("Binary", "Stream", "String")),
    "precision": frozenset(("DateTimeOffset", "Decimal", "Duration", "TimeOfDay")),
    "scale": frozenset(("Decimal",)),
}


def broken_facets(facets: Facets, primitive: PrimitiveType | None) -> Iterator[str]:
    """Say what is wrong with the facets of something of this type; `None` stands for a complex type."""
    name = "" if primitive is None else primitive.name
    for facet, types in _APPLICABLE.items():
        if getattr(facets, facet) is not None and name not in types:
            yield f"{facet} says nothing about {'a structured type' if primitive is None else f'Edm.{name}'}"
    if facets.srid is not None and not name.startswith("Geo"):
        yield "srid belongs to geographic and geometric types"
    if facets.max_length is not None and facets.max_length < 1 and facets.max_length != -1:
        yield f"a max_length of {facets.max_length} is less than 1"
    yield from _broken_decimal(facets) if name == "Decimal" else _broken_fraction(facets)


def _broken_decimal(facets: Facets) -> Iterator[str]:
    scale, precision = facets.scale, facets.precision
    if precision is not None and precision < 1:
        yield f"a precision of {precision} is less than 1"
    if isinstance(scale, str) and scale not in ("variable", "floating"):
        yield f"a scale of {scale!r} is neither a number nor 'variable' nor 'floating'"
    if isinstance(scale, int) and scale < 0:
        yield f"a scale of {scale} is less than 0"
    if isinstance(scale, int) and precision is not None and scale > precision:
        yield f"a scale of {scale} is more than the precision of {precision}"


def _broken_fraction(facets: Facets) -> Iterator[str]:
    if facets.precision is not None and not 0 <= facets.precision <= MOST_FRACTION_DIGITS:
        yield f"a precision of {facets.precision} is outside 0 to {MOST_FRACTION_DIGITS}"
