"""Annotations between elements and model objects, both ways.

OData CSDL XML 4.01, sections 14.2 to 14.4.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from demotic.model import _annotations as model
from demotic.model._annotations import AnnotationValue
from demotic.model._errors import InvalidMetadataDocument
from demotic.model.csdl import elements as xml
from demotic.model.csdl._faults import Faults, fault
from demotic.model.csdl._names import PATH_NAMES, Names

_ATTRIBUTES: Final = ("Function", "Name", "Type", "MaxLength", "Precision", "Scale", "Unicode", "SRID")
_QUALIFIED_ATTRIBUTES: Final = ("Function", "Type")
_QUALIFIED_PATHS: Final = frozenset(PATH_NAMES)

# bool before int and datetime before date, as each is a subclass of the other.
_CONSTANTS: Final[tuple[tuple[type, str], ...]] = (
    (bool, "Bool"),
    (int, "Int"),
    (float, "Float"),
    (str, "String"),
    (bytes, "Binary"),
    (Decimal, "Decimal"),
    (datetime, "DateTimeOffset"),
    (date, "Date"),
    (time, "TimeOfDay"),
    (timedelta, "Duration"),
    (UUID, "Guid"),
)


class AnnotationReader:
    """From elements to model objects.

    `defaults` gives the default value of terms, for annotations without a value; `convert` the value of a term that was
    said in JSON.
    """

    def __init__(
        self,
        names: Names,
        defaults: Mapping[str, AnnotationValue],
        faults: Faults,
        convert: Callable[[str, object], AnnotationValue] | None,
    ) -> None:
        self._names = names
        self._defaults = defaults
        self._faults = faults
        self._convert = convert

    def annotations(self, elements: list[xml.Annotation], qualifier: str | None = None) -> list[model.Annotation]:
        """Read annotations; `qualifier` is that of all of them, as an Annotations element may have it."""
        found: list[model.Annotation] = []
        for element in elements:
            with self._faults.passed_over():
                found.append(self._annotation(element, qualifier))
        return found

    def _annotation(self, element: xml.Annotation, qualifier: str | None) -> model.Annotation:
        term = self._names.resolve(element.Term)
        nested = self.annotations(element.annotations)
        if self._convert is not None:
            value = self._convert(term, xml.json_of(element))
        else:
            value = self._value(element, element.expressions, self._defaults.get(term, True), term)
        return model.Annotation(term, value, element.Qualifier or qualifier, nested)

    def _value(
        self, holder: xml.ValueHolder, expressions: list[xml.Expression], default: AnnotationValue, scope: str
    ) -> AnnotationValue:
        """Return the one value of an element that says it in an attribute, in a child, or not at all."""
        stated = [name for name in xml.VALUE_ATTRIBUTES if getattr(holder, name) is not None]
        if len(stated) + len(expressions) > 1:
            found = ", ".join((*stated, *(type(e).__name__ for e in expressions)))
            raise fault(InvalidMetadataDocument, holder, scope, f"one value is expected, found {found}")
        if stated:
            return self._simple(stated[0], getattr(holder, stated[0]))
        return self._expression(expressions[0]) if expressions else default

    def _simple(self, name: str, value: object) -> AnnotationValue:
        if name == "EnumMember":
            return model.EnumValue(self._names.resolve(" ".join(str(value).split())))
        if name in _QUALIFIED_PATHS:
            return model.PathValue(self._names.resolve(str(value).strip()), name)
        return model.Dynamic(name, [value]) if name == "UrlRef" else value

    def _expression(self, element: xml.Expression) -> AnnotationValue:
        name = type(element).__name__
        if isinstance(element, xml.Record):
            return self._record(element)
        if not isinstance(element, xml.Operator):
            return self._simple(name, element.__dict__.get("value", ""))
        operands = [self._expression(item) for item in element.expressions]
        if name == "Collection":
            return operands
        annotations = self.annotations(element.annotations)
        if name == "Null" and not annotations:
            return None
        if isinstance(element, xml.LabeledElement):
            operands = [self._value(element, element.expressions, None, element.Name)]
        return model.Dynamic(name, operands, self._attributes(element), annotations)

    def _attributes(self, element: xml.Operator) -> dict[str, str]:
        found = {}
        for name in _ATTRIBUTES:
            field = getattr(type(element), name, None)
            value = element.__dict__.get(name)
            if field is not None and value is not None:
                text = str(field.type.format(value))
                found[name] = self._names.resolve(text) if name in _QUALIFIED_ATTRIBUTES else text
        return found

    def _record(self, element: xml.Record) -> model.Record:
        values: dict[str, AnnotationValue] = {}
        nested: dict[str, list[model.Annotation]] = {}
        for item in element.values:
            if item.Property in values:
                problem = "a second value for it in one record"
                raise fault(InvalidMetadataDocument, item, item.Property, problem)
            values[item.Property] = self._value(item, item.expressions, True, item.Property)
            if item.annotations:
                nested[item.Property] = self.annotations(item.annotations)
        kind = None if element.Type is None else self._names.resolve(element.Type)
        return model.Record(values, kind, self.annotations(element.annotations), nested)


class AnnotationWriter:
    """From model objects to elements."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def annotations(self, items: list[model.Annotation]) -> list[xml.Annotation]:
        """Return the elements that `AnnotationReader.annotations` reads back."""
        return [self._annotation(item) for item in items]

    def _annotation(self, item: model.Annotation) -> xml.Annotation:
        element = xml.Annotation(
            Term=self._names.shorten(item.term),
            Qualifier=item.qualifier,
            annotations=self.annotations(item.annotations),
        )
        self._hold(element, element.expressions, item.value)
        return element

    def _hold(self, holder: xml.ValueHolder, expressions: list[xml.Expression], value: AnnotationValue) -> None:
        """Say the value in an attribute where that is possible."""
        simple = self._simple(value)
        if simple is not None and simple[0] != "LabeledElementReference":
            setattr(holder, simple[0], simple[1])
        elif isinstance(value, model.Dynamic) and value.kind == "UrlRef" and _is_plain_url(value):
            holder.UrlRef = str(value.operands[0])
        else:
            expressions.append(self._expression(value))

    def _simple(self, value: AnnotationValue) -> tuple[str, object] | None:
        """Return the name and the content of a constant or a path, or None for other values."""
        if isinstance(value, model.EnumValue):
            return "EnumMember", self._names.shorten(value.members)
        if isinstance(value, model.PathValue):
            return value.kind, self._names.shorten(value.path)
        for kind, name in _CONSTANTS:
            if isinstance(value, kind):
                return name, value
        return None

    def _expression(self, value: AnnotationValue) -> xml.Expression:
        simple = self._simple(value)
        if simple is not None:
            return xml.EXPRESSIONS[simple[0]](value=simple[1])
        if value is None:
            return xml.EXPRESSIONS["Null"]()
        if isinstance(value, (list, tuple)):
            return xml.EXPRESSIONS["Collection"](expressions=[self._expression(item) for item in value])
        if isinstance(value, model.Record):
            return self._record(value)
        if isinstance(value, model.Dynamic):
            return self._dynamic(value)
        raise InvalidMetadataDocument(f"{value!r} is no annotation value", hint="see demotic.model.Annotation")

    def _dynamic(self, value: model.Dynamic) -> xml.Expression:
        cls = xml.EXPRESSIONS[value.kind]
        attributes: dict[str, object] = {}
        for name, text in value.attributes.items():
            field = getattr(cls, name)
            attributes[name] = field.type.parse(self._names.shorten(text) if name in _QUALIFIED_ATTRIBUTES else text)
        return cls(
            **attributes,
            expressions=[self._expression(item) for item in value.operands],
            annotations=self.annotations(value.annotations),
        )

    def _record(self, value: model.Record) -> xml.Record:
        element = xml.Record(annotations=self.annotations(value.annotations))
        if value.type is not None:
            element.Type = self._names.shorten(value.type)
        for name, item in value.values.items():
            holder = xml.PropertyValue(
                Property=name, annotations=self.annotations(value.value_annotations.get(name, []))
            )
            self._hold(holder, holder.expressions, item)
            element.values.append(holder)
        return element


def _is_plain_url(value: model.Dynamic) -> bool:
    return len(value.operands) == 1 and isinstance(value.operands[0], str) and not value.annotations
