"""Annotations and their values in CSDL JSON.

OData CSDL JSON 4.01, section 14. A member's name says its target, term and qualifier, as in
`Name@Core.Description#Tablet`; annotations of annotations go on in the same way.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from typing import Final
from uuid import UUID

import msgspec

from demotic import syntax
from demotic.errors import SyntaxFault
from demotic.model._annotations import Annotation, AnnotationValue, Dynamic, EnumValue, PathValue, Record
from demotic.model._errors import InvalidMetadataDocument
from demotic.model._schema import Model
from demotic.model._types import PrimitiveType
from demotic.model.csdl._names import OPERATOR_NAMES, Names, split_collection

JSON_SCHEMA: Final = "Org.OData.JSON.V1.Schema"
"""The term whose value is a JSON schema: text in XML, but itself in JSON."""

_LISTED: Final = frozenset(("Apply", *OPERATOR_NAMES))

# datetime before date, as it is a subclass.
_CONSTANTS: Final[tuple[tuple[type, Callable[..., object]], ...]] = (
    (str, lambda value: value),
    (int, lambda value: value),
    (float, lambda value: value if isfinite(value) else syntax.format_double(value)),
    (Decimal, lambda value: value if value.is_finite() else syntax.format_decimal(value)),
    (bytes, syntax.format_binary),
    (datetime, syntax.format_datetime_offset),
    (date, syntax.format_date),
    (time, syntax.format_time_of_day),
    (timedelta, syntax.format_duration),
    (UUID, syntax.format_guid),
)


def parsed(primitive: PrimitiveType, text: str) -> object:
    """Return a value in its lexical form as JSON has it, or the text itself if it has no such value."""
    try:
        value = primitive.parse(text)
    except SyntaxFault:
        return text
    return value if primitive.json is None or isinstance(value, str) else primitive.json(value)


def _inline(value: AnnotationValue) -> object:
    if not isinstance(value, str):
        return value
    try:
        return msgspec.json.decode(value)
    except msgspec.DecodeError:
        raise InvalidMetadataDocument(f"the value of {JSON_SCHEMA} is no JSON: {value[:40]!r}") from None


class JsonAnnotations:
    """Writes annotations with the aliases of one document and the control information of its version."""

    def __init__(self, model: Model, names: Names) -> None:
        self._names = names
        self._type = "@odata.type" if model.version == "4.0" else "@type"
        self._uris = {include.namespace: item.uri for item in model.references for include in item.includes}

    def members(self, annotations: list[Annotation], target: str = "") -> dict[str, object]:
        """Return the members that annotate what holds them, or its member called `target`."""
        result: dict[str, object] = {}
        for item in annotations:
            qualifier = "" if item.qualifier is None else f"#{item.qualifier}"
            name = f"{target}@{self._names.shorten(item.term)}{qualifier}"
            result[name] = _inline(item.value) if item.term == JSON_SCHEMA else self.value(item.value)
            result |= self.members(item.annotations, name)
        return result

    def value(self, value: AnnotationValue, *, inside: bool = False) -> object:
        """Return an annotation's value. `inside` a collection or an operation no declared type says which enumeration
        a member is of, so it says so itself (section 14.3.6)."""
        if value is None:
            return None
        for kind, convert in _CONSTANTS:
            if isinstance(value, kind):
                return convert(value)
        if isinstance(value, EnumValue):
            return self._enum(value, inside)
        if isinstance(value, PathValue):
            return self._path(value)
        if isinstance(value, (list, tuple)):
            return [self.value(item, inside=True) for item in value]
        if isinstance(value, Record):
            return self._record(value)
        if isinstance(value, Dynamic):
            return self._dynamic(value)
        raise InvalidMetadataDocument(f"{value!r} is no annotation value", hint="see demotic.model.Annotation")

    def _enum(self, value: EnumValue, inside: bool) -> object:
        parts = [member.rpartition("/") for member in value.members.split()]
        text = ",".join(name for _, _, name in parts)
        return {"$Cast": text, "$Type": self._names.shorten(parts[0][0])} if inside and parts else text

    def _path(self, value: PathValue) -> object:
        path = self._names.shorten(value.path)
        return {f"${value.kind}": path} if value.kind in ("Path", "LabeledElementReference") else path

    def _record(self, value: Record) -> object:
        result: dict[str, object] = {}
        if value.type is not None:
            # A type of another document is named by that document's address (JSON Format 4.01, section 4.6.3).
            uri = self._uris.get(value.type.rpartition(".")[0], "")
            result[self._type] = f"{uri}#{self._names.shorten(value.type)}"
        for name, item in value.values.items():
            result[name] = self.value(item)
            result |= self.members(value.value_annotations.get(name, []), name)
        return result | self.members(value.annotations)

    def _dynamic(self, value: Dynamic) -> object:
        operands = [self.value(item, inside=True) for item in value.operands]
        listed = value.kind in _LISTED
        content = operands if listed else operands[0] if operands else None
        return {
            f"${value.kind}": content,
            **self._attributes(value),
            **self.members(value.annotations),
        }

    def _attributes(self, value: Dynamic) -> dict[str, object]:
        result: dict[str, object] = {}
        for name, text in value.attributes.items():
            if name == "Type":
                kind, collection = split_collection(self._names.shorten(text))
                result |= {"$Collection": True} if collection else {}
                result |= {"$Type": kind} if kind != "Edm.String" else {}
            elif name == "Function":
                result["$Function"] = self._names.shorten(text)
            elif name == "Unicode":
                result |= {"$Unicode": False} if text == "false" else {}
            else:
                result[f"${name}"] = int(text) if text.isdecimal() and name != "SRID" else text
        return result
