"""Annotation values of CSDL JSON as the model has them: what a text means is decided by the type of its term.

OData CSDL JSON 4.01, section 14. Where a term or its type is not known, a text is a text and a number a number.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from demotic.model._annotations import Annotation, AnnotationValue, Dynamic, EnumValue, PathValue, Record
from demotic.model._errors import InvalidMetadataDocument
from demotic.model.csdl import elements as xml
from demotic.model.csdl._json_annotations import JSON_SCHEMA
from demotic.model.csdl._json_typed import native
from demotic.model.csdl._names import OPERATOR_NAMES, PATH_NAMES, Names, split_collection

_PATH_TYPES: Final[Mapping[str, str]] = {
    **{f"Edm.{name}": name for name in PATH_NAMES},
    "Edm.AnyPropertyPath": "PropertyPath",
}
_OPERATIONS: Final = (*OPERATOR_NAMES, "Not", "Neg", "UrlRef", "Apply", "Cast", "IsOf", "LabeledElement", "Null")
_ATTRIBUTES: Final = {
    **{f"${name}": name for name in ("Function", "Name", "MaxLength", "Precision", "Scale", "SRID")},
}
_WELL_KNOWN: Final = {"Org.OData.Core.V1.OptimisticConcurrency": "Collection(Edm.PropertyPath)"}
"""Terms that we write ourselves, and so must read though nobody gives their vocabulary."""
_TYPE_WORDS: Final = ("@type", "@odata.type")


class TypeIndex:
    """The types of terms and of the properties of records, by name, as the documents declare them."""

    def __init__(self) -> None:
        self._terms: dict[str, str] = {}
        self._kinds: dict[str, tuple[xml.ComplexType | xml.EntityType, Names]] = {}
        self._enums: set[str] = set()
        self._definitions: dict[str, str] = {}

    def add(self, schema: xml.Schema, names: Names) -> None:
        """Enter what a schema declares."""
        for term in schema.terms:
            self._terms[f"{schema.Namespace}.{term.Name}"] = names.resolve(term.Type)
        for item in schema.types:
            name = f"{schema.Namespace}.{getattr(item, 'Name', '')}"
            if isinstance(item, (xml.ComplexType, xml.EntityType)):
                self._kinds[name] = item, names
            elif isinstance(item, xml.EnumType):
                self._enums.add(name)
            elif isinstance(item, xml.TypeDefinition):
                self._definitions[name] = item.UnderlyingType

    def of_term(self, term: str) -> str | None:
        """Return the type reference of a term."""
        return self._terms.get(term) or _WELL_KNOWN.get(term)

    def of_property(self, kind: str | None, name: str) -> str | None:
        """Return the type reference of a property of a type, perhaps inherited."""
        seen: set[str] = set()
        while kind is not None and kind in self._kinds and kind not in seen:
            seen.add(kind)
            element, names = self._kinds[kind]
            for item in element.properties:
                if item.Name == name:
                    return names.resolve(item.Type)
            kind = None if element.BaseType is None else names.resolve(element.BaseType)
        return None

    def is_enum(self, name: str | None) -> bool:
        """Whether a name is that of an enumeration."""
        return name in self._enums

    def underlying(self, name: str | None) -> str | None:
        """Return the name itself, or of a type definition the type below it."""
        return None if name is None else self._definitions.get(name, name)


class JsonValues:
    """Converts the values of one document."""

    def __init__(self, names: Names, types: TypeIndex) -> None:
        self._names = names
        self._types = types

    def of_term(self, term: str, value: object) -> AnnotationValue:
        """Return the value of an annotation with a term."""
        if term == JSON_SCHEMA:
            return value if isinstance(value, str) else _json_text(value)
        return self._value(value, self._types.of_term(term), term)

    def _value(self, value: object, reference: str | None, path: str) -> AnnotationValue:
        kind, _ = split_collection(reference) if reference is not None else (None, False)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, list):
            return [self._value(item, kind, f"{path}/{number}") for number, item in enumerate(value)]
        if isinstance(value, dict):
            return self._object(value, kind, path)
        return self._constant(value, kind, path)

    def _constant(self, value: object, kind: str | None, path: str) -> AnnotationValue:
        if isinstance(value, str) and kind is not None and kind in _PATH_TYPES:
            return PathValue(self._names.resolve(value), _PATH_TYPES[kind])
        if isinstance(value, str) and self._types.is_enum(kind):
            return EnumValue(" ".join(f"{kind}/{member.strip()}" for member in value.split(",")))
        known = self._types.underlying(kind)
        return native(known, value, path) if known is not None and known.startswith("Edm.") else value

    def _object(self, value: dict[str, object], kind: str | None, path: str) -> AnnotationValue:
        for name in ("Path", "LabeledElementReference"):
            found = value.get(f"${name}")
            if isinstance(found, str):
                return PathValue(self._names.resolve(found), name)
        for name in _OPERATIONS:
            if f"${name}" in value:
                return self._operation(name, value, kind, path)
        return self._record(value, kind, path)

    def _operation(self, name: str, value: dict[str, object], kind: str | None, path: str) -> AnnotationValue:
        content = value[f"${name}"]
        stated = value.get("$Type", "Edm.String" if name in ("Cast", "IsOf") else None)
        target = None if stated is None else self._names.resolve(str(stated))
        if name == "Cast" and self._types.is_enum(target) and isinstance(content, str):
            return self._constant(content, target, path)
        operands = content if isinstance(content, list) and name in (*OPERATOR_NAMES, "Apply") else [content]
        wanted = kind if name in ("If", "LabeledElement") else "Edm.String" if name == "UrlRef" else None
        attributes = {
            own: _text(value[word], self._names if own == "Function" else None)
            for word, own in _ATTRIBUTES.items()
            if word in value
        }
        if target is not None:
            attributes["Type"] = f"Collection({target})" if value.get("$Collection") else target
        if value.get("$Unicode") is False:
            attributes["Unicode"] = "false"
        annotations, _ = self._annotations(value, path)
        found = [] if name == "Null" else [self._value(item, wanted, path) for item in operands]
        return Dynamic(name, found, attributes, annotations) if name != "Null" or annotations else None

    def _record(self, value: dict[str, object], kind: str | None, path: str) -> Record:
        stated = next((str(value[word]) for word in _TYPE_WORDS if word in value), None)
        name = None if stated is None else self._names.resolve(stated.rpartition("#")[2])
        annotations, nested = self._annotations(value, path)
        words = [member for member in value if member.startswith("$")]
        if words:
            raise InvalidMetadataDocument(f"{words[0]} is no expression", target=path)
        values = {
            member: self._value(item, self._types.of_property(name or kind, member), f"{path}/{member}")
            for member, item in value.items()
            if "@" not in member
        }
        return Record(values, name, annotations, nested)

    def _annotations(
        self, value: Mapping[str, object], path: str
    ) -> tuple[list[Annotation], dict[str, list[Annotation]]]:
        """Return the annotations of an object itself, and those of its members by name."""
        by_target: dict[str, dict[str, object]] = {}
        for member, item in value.items():
            target, at, rest = member.partition("@")
            if at and member not in _TYPE_WORDS:
                by_target.setdefault(target, {})[rest] = item
        own = self.annotations(by_target.pop("", {}))
        return own, {target: self.annotations(found) for target, found in by_target.items()}

    def annotations(self, found: Mapping[str, object]) -> list[Annotation]:
        """Return annotations by ``Term#Qualifier``, each with those of ``Term#Qualifier@Nested``."""
        result = []
        for name, value in found.items():
            if "@" not in name:
                term, _, qualifier = name.partition("#")
                resolved = self._names.resolve(term)
                nested = {n.removeprefix(f"{name}@"): v for n, v in found.items() if n.startswith(f"{name}@")}
                item = self.of_term(resolved, value)
                result.append(Annotation(resolved, item, qualifier or None, self.annotations(nested)))
        return result


def _text(value: object, names: Names | None) -> str:
    text = str(value)
    return text if names is None else names.resolve(text)


def _json_text(value: object) -> str:
    return msgspec.json.Encoder(decimal_format="number").encode(value).decode()
