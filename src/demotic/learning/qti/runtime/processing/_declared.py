"""Variables as they are declared, prepared for running: types, defaults, correct responses, mappings, lookup tables.

Specification: QTI 3.0 ASI information model, section 2.5. What the specification leaves open is in docs/qti-rulings.md.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from demotic.learning.qti.model import (
    AreaMapping,
    BaseType,
    Cardinality,
    Declaration,
    InterpolationTable,
    LookupTable,
    Mapping,
    MatchTable,
    OutcomeDeclaration,
    ResponseDeclaration,
    TemplateDeclaration,
    Values,
    Version,
)
from demotic.learning.qti.runtime._errors import ProcessingError, ValueFault
from demotic.learning.qti.runtime.expressions import fault
from demotic.learning.qti.runtime.values import (
    LEAST_INTEGER,
    MOST_INTEGER,
    Optional,
    Value,
    number,
    parse_element,
    record,
)
from demotic.xml.html.values import Area

__all__ = ["Declared", "typed", "values_of"]

_NUMERIC = (BaseType.INTEGER, BaseType.FLOAT)


def values_of(declaration: Declaration, given: Values | None) -> Optional:
    """Return the value that a default or a correct response gives, NULL without one. Raises `ProcessingError`."""
    if given is None:
        return None
    if declaration.cardinality is Cardinality.RECORD:
        fields = {}
        for each in given.values:
            if each.field_identifier is None or each.base_type is None:
                raise fault(each, "a field of a record has a field-identifier and a base-type")
            fields[each.field_identifier] = _parsed(each, each.base_type, each.text)
        return record(fields)
    base_type = declaration.base_type
    if base_type is None:
        raise fault(declaration, f"the variable {declaration.identifier} has no base-type")
    items = [item.data for each in given.values if (item := _parsed(each, base_type, each.text)) is not None]
    if declaration.cardinality is Cardinality.SINGLE:
        if len(items) > 1:
            raise fault(given, f"{len(items)} values for the single variable {declaration.identifier}")
        return Value(Cardinality.SINGLE, base_type, items[0]) if items else None
    return Value(declaration.cardinality, base_type, tuple(items)) if items else None


def _parsed(node: Any, base_type: BaseType, text: str) -> Optional:
    try:
        return parse_element(base_type, text)
    except ValueFault as error:
        raise fault(node, error.message, error.hint) from None


class Declared:
    """A variable: what it may hold, what it begins with, and what is made of it."""

    __slots__ = (
        "_map",
        "_points",
        "_table",
        "base_type",
        "cardinality",
        "correct",
        "default",
        "initial",
        "kind",
        "name",
        "node",
    )

    def __init__(self, node: Declaration, version: Version, *, stage: tuple[float, float] | None = None) -> None:
        self.node = node
        self.name = node.identifier
        self.cardinality = node.cardinality
        self.base_type = node.base_type
        self.kind = _kind(node)
        self.default = values_of(node, node.default_value)
        self.initial = self.default
        if self.kind == "outcome" and self.default is None and self.cardinality is Cardinality.SINGLE:
            # A numeric outcome without a default begins at 0, all others at NULL.
            self.initial = {BaseType.INTEGER: number(0), BaseType.FLOAT: number(0.0)}.get(self.base_type)  # type: ignore[arg-type]
        self.correct = values_of(node, node.correct_response) if isinstance(node, ResponseDeclaration) else None
        self._map: Callable[[Optional], float] | None = None
        self._points: Callable[[Optional], float] | None = None
        self._table: Callable[[Optional], Optional] | None = None
        if isinstance(node, ResponseDeclaration):
            if node.mapping is not None:
                self._map = _mapping(node, node.mapping, version)
            if node.area_mapping is not None:
                self._points = _area_mapping(node.area_mapping, stage)
        elif isinstance(node, OutcomeDeclaration) and node.lookup_table is not None:
            self._table = _lookup(node, node.lookup_table)

    def map(self, value: Optional) -> float:
        """Return the number that the mapping gives for a value."""
        if self._map is None:
            raise fault(self.node, f"the variable {self.name} has no mapping")
        return self._map(value)

    def map_points(self, value: Optional) -> float:
        """Return the number that the area mapping gives for a point or a container of points."""
        if self._points is None:
            raise fault(self.node, f"the variable {self.name} has no area mapping")
        return self._points(value)

    def look_up(self, value: Optional) -> Optional:
        """Return the value that the lookup table has for a number."""
        if self._table is None:
            raise fault(self.node, f"the variable {self.name} has no lookup table")
        return self._table(value)


def _kind(node: Declaration) -> str:
    if isinstance(node, ResponseDeclaration):
        return "response"
    if isinstance(node, OutcomeDeclaration):
        return "outcome"
    return "template" if isinstance(node, TemplateDeclaration) else "context"


def typed(declared: Declared, value: Optional) -> Optional:
    """Return a value as a variable may hold it. Raises `ProcessingError` if it is of another type.

    A number is converted where nothing is lost by it (1 is 1.0, and 1.0 is 1): documents of the field rely on it.
    """
    if value is None:
        return None
    if value.cardinality is declared.cardinality:
        if value.base_type is declared.base_type or value.cardinality is Cardinality.RECORD:
            return value
        converted = _converted(value, declared.base_type)
        if converted is not None:
            return converted
    given = "a record" if value.base_type is None else f"{value.cardinality.value} {value.base_type.value}"
    wanted = f"{declared.cardinality.value} {declared.base_type.value if declared.base_type else ''}".strip()
    raise ProcessingError(
        f"{declared.name} is {wanted}, the value {given}", target=declared.name, hint="make them one type"
    )


def _converted(value: Value, base_type: BaseType | None) -> Optional:
    if value.base_type is BaseType.INTEGER and base_type is BaseType.FLOAT:
        return Value(value.cardinality, base_type, _each(value, float))
    if value.base_type is not BaseType.FLOAT or base_type is not BaseType.INTEGER:
        return None
    whole = all(item.is_integer() and LEAST_INTEGER <= item <= MOST_INTEGER for item in value.items)
    return Value(value.cardinality, base_type, _each(value, int)) if whole else None


def _each(value: Value, convert: Callable[[Any], Any]) -> Any:
    return convert(value.data) if value.is_single else tuple(map(convert, value.data))


def _bounded(mapping: Mapping | AreaMapping, total: float) -> float:
    if mapping.lower_bound is not None:
        total = max(total, mapping.lower_bound)
    return total if mapping.upper_bound is None else min(total, mapping.upper_bound)


def _mapping(declaration: ResponseDeclaration, mapping: Mapping, version: Version) -> Callable[[Optional], float]:
    base_type = declaration.base_type
    default = mapping.default_value
    exact: dict[Any, float] = {}
    folded: dict[
        str, float
    ] = {}  # keys whose case does not count; among them, one written as the response is goes first
    for entry in mapping.entries:
        sensitive = entry.attributes.get("case_sensitive", type(entry).case_sensitive.default_in(version))
        if base_type is BaseType.STRING and not sensitive:
            folded.setdefault(entry.map_key.casefold(), entry.mapped_value)
            exact.setdefault(entry.map_key, entry.mapped_value)
        elif base_type is not None and not (base_type is BaseType.STRING and entry.map_key == ""):
            key = _parsed(entry, base_type, entry.map_key)
            exact.setdefault(None if key is None else key.data, entry.mapped_value)
        else:
            exact.setdefault(entry.map_key or None, entry.mapped_value)
    empty = folded.get("", exact.get(None))

    def one(data: Any) -> float:
        found = exact.get(data)
        if found is None and folded:
            found = folded.get(data.casefold())
        return default if found is None else found

    def map_value(value: Optional) -> float:
        if value is None:
            single = declaration.cardinality is Cardinality.SINGLE
            return _bounded(mapping, 0.0 if not single else default if empty is None else empty)
        if value.cardinality is Cardinality.RECORD:
            raise fault(mapping, "records cannot be mapped")
        if value.is_single:
            return _bounded(mapping, one(value.data))
        distinct = dict.fromkeys(value.data)  # a value that is there twice counts once
        return _bounded(mapping, float(sum(one(data) for data in distinct)))

    return map_value


def _area_mapping(mapping: AreaMapping, stage: tuple[float, float] | None) -> Callable[[Optional], float]:
    areas = [(Area(entry.shape.value, entry.coords), entry.mapped_value) for entry in mapping.entries]
    width, height = stage or (None, None)

    def map_points(value: Optional) -> float:
        if value is None:
            return _bounded(mapping, 0.0)
        if value.base_type is not BaseType.POINT:
            raise fault(mapping, "only points can be mapped by areas")
        left = list(areas)
        total = 0.0
        for x, y in value.items:
            hit = next((each for each in left if each[0].contains(x, y, width=width, height=height)), None)
            if hit is not None:
                total += hit[1]
                left.remove(hit)  # each area counts once
            elif not any(area.contains(x, y, width=width, height=height) for area, _ in areas):
                total += mapping.default_value
        return _bounded(mapping, total)

    return map_points


def _lookup(declaration: OutcomeDeclaration, table: LookupTable) -> Callable[[Optional], Optional]:
    base_type = declaration.base_type
    if base_type is None or declaration.cardinality is not Cardinality.SINGLE:
        raise fault(table, f"a lookup table is for single variables, and {declaration.identifier} is none")

    def target(text: str | None) -> Optional:
        return None if text is None else _parsed(table, base_type, text)

    default = target(table.default_value)
    if isinstance(table, MatchTable):
        matched = {entry.source_value: target(entry.target_value) for entry in reversed(table.entries)}

        def match(value: Optional) -> Optional:
            if value is not None and value.base_type is not BaseType.INTEGER:
                raise fault(table, "a match table looks up integers")
            return default if value is None else matched.get(value.data, default)

        return match
    assert isinstance(table, InterpolationTable)
    rows = [(entry.source_value, entry.include_boundary, target(entry.target_value)) for entry in table.entries]

    def interpolate(value: Optional) -> Optional:
        if value is not None and (value.base_type not in _NUMERIC or not value.is_single):
            raise fault(table, "an interpolation table looks up numbers")
        if value is None:
            return default
        return next(
            (found for source, included, found in rows if value.data > source or (included and value.data == source)),
            default,
        )

    return interpolate
