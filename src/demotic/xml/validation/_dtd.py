"""Document type definitions as data, and how they are read: expat finds the declarations.

Names are as they are written, prefixes included: a DTD knows nothing of namespaces. The first declaration of an entity
or attribute is the one that counts.

Specification: XML 1.0 (fifth edition), sections 3.2, 3.3, 4.2 and 4.7.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, Literal, TypeAlias
from urllib.parse import urljoin
from xml.parsers import expat

from demotic.errors import LimitExceeded
from demotic.xml._errors import XmlSyntaxFault
from demotic.xml._names import QName
from demotic.xml.reading._doctype import Doctype, Resolver
from demotic.xml.reading._encoding import transcode
from demotic.xml.validation._particles import Choice, ContentModel, NameParticle, Occurrence, Particle, Sequence

__all__ = ["AttributeDefinition", "Dtd", "ElementType", "Entity", "ExternalId", "Notation", "read_dtd"]

ContentKind: TypeAlias = Literal["EMPTY", "ANY", "mixed", "elements"]
AttributeType: TypeAlias = Literal[
    "CDATA", "ID", "IDREF", "IDREFS", "ENTITY", "ENTITIES", "NMTOKEN", "NMTOKENS", "NOTATION", "enumeration"
]
Presence: TypeAlias = Literal["#IMPLIED", "#REQUIRED", "#FIXED", "default"]

_KINDS: Final[dict[int, ContentKind]] = {1: "EMPTY", 2: "ANY", 3: "mixed"}
_OCCURRENCES: Final[tuple[Occurrence, ...]] = ("", "?", "*", "+")
_NAME_PARTICLE, _CHOICE = 4, 5
_MOST_EXTERNAL: Final = 16


@dataclass(frozen=True, slots=True)
class ExternalId:
    """A public identifier, a system identifier, or both; `location` is the latter resolved, if there is a base."""

    public: str | None
    system: str | None
    base: str | None = None

    @property
    def location(self) -> str | None:
        """The address, or none without a system identifier."""
        return None if self.system is None else urljoin(self.base or "", self.system)


@dataclass(frozen=True, slots=True)
class Notation:
    """A notation: a format that is not XML."""

    name: str
    external: ExternalId


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity: its text, or where it is; one with a `notation` is not parsed."""

    name: str
    text: str | None
    external: ExternalId | None = None
    notation: str | None = None
    parameter: bool = False

    def __str__(self) -> str:
        return f"{'%' if self.parameter else '&'}{self.name};"


@dataclass(frozen=True, slots=True)
class AttributeDefinition:
    """One attribute of an element: `values` are those of an enumeration or the notations that may be named."""

    name: str
    type: AttributeType
    presence: Presence
    values: tuple[str, ...] = ()
    default: str | None = None


@dataclass(frozen=True, slots=True)
class ElementType:
    """An element: what may be in it, and the `particle` that says so for elements and mixed content."""

    name: str
    kind: ContentKind
    particle: Particle | None = None
    model: ContentModel | None = field(default=None, compare=False, repr=False)


@dataclass
class Dtd:
    """All that a document type declares. What is not declared is not in the mappings."""

    name: str
    elements: dict[str, ElementType] = field(default_factory=dict)
    attributes: dict[str, dict[str, AttributeDefinition]] = field(default_factory=dict)
    entities: dict[str, Entity] = field(default_factory=dict)
    parameter_entities: dict[str, Entity] = field(default_factory=dict)
    notations: dict[str, Notation] = field(default_factory=dict)
    repeated: list[str] = field(default_factory=list)

    def attributes_of(self, element: str) -> Mapping[str, AttributeDefinition]:
        """Return the attributes that are declared for an element."""
        return self.attributes.get(element, {})

    @cached_property
    def id_attributes(self) -> dict[QName, tuple[QName, ...]]:
        """The attributes that are IDs, by element, as far as their names have no prefix."""
        found = {
            element: tuple(QName("", name) for name, known in attributes.items() if known.type == "ID")
            for element, attributes in self.attributes.items()
        }
        return {QName("", element): names for element, names in found.items() if names}

    @property
    def ambiguous(self) -> list[ElementType]:
        """The elements whose content model is not deterministic, which is an error for compatibility with SGML only."""
        return [e for e in self.elements.values() if e.model is not None and not e.model.deterministic]


def read_dtd(doctype: Doctype, resolver: Resolver | None = None, base: str | None = None) -> Dtd:
    """Return what a document type declares: internally, and externally as far as `resolver` has it.

    Raises `XmlSyntaxFault` for declarations that are not well formed.
    """
    return _Reader(doctype, resolver, base).read()


class _Reader:
    """Expat's handlers for declarations."""

    def __init__(self, doctype: Doctype, resolver: Resolver | None, base: str | None) -> None:
        self.dtd = Dtd(doctype.name)
        self._text = f"{doctype}<{doctype.name}/>"
        self._resolver = resolver
        self._base = base
        self._fetched = 0
        self._parsers = [expat.ParserCreate("utf-8")]

    def read(self) -> Dtd:
        parser = self._parsers[0]
        parser.ElementDeclHandler = self._element
        parser.AttlistDeclHandler = self._attribute
        parser.EntityDeclHandler = self._entity
        parser.NotationDeclHandler = self._notation
        parser.ExternalEntityRefHandler = self._external
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_ALWAYS)
        try:
            parser.Parse(self._text.encode(), True)
        except expat.ExpatError as fault:
            problem = expat.ErrorString(fault.code)
            line, column = fault.lineno, fault.offset + 1
            raise XmlSyntaxFault(f"{problem} in a document type", self._text, 0, line=line, column=column) from None
        return self.dtd

    def _external(self, context: str | None, base: str | None, system: str | None, public: str | None) -> int:
        if self._resolver is None or (context and "\f" not in context and context in self.dtd.entities):
            return 1
        location = ExternalId(public, system, base or self._base).location
        data: Any = self._resolver(public, location)
        if data is None:
            return 1
        self._fetched += 1
        if self._fetched > _MOST_EXTERNAL:
            raise LimitExceeded(f"more than {_MOST_EXTERNAL} external entities", target="entities")
        source, encoding = transcode(data.encode(), "utf-8") if isinstance(data, str) else transcode(data)
        outer = self._parsers[-1]
        inner = outer.ExternalEntityParserCreate(context, encoding) if encoding else _created(outer, context)
        inner.SetBase(location or "")
        self._parsers.append(inner)
        inner.Parse(source, True)
        self._parsers.pop()
        return 1

    def _element(self, name: str, model: tuple[Any, ...]) -> None:
        if name in self.dtd.elements:
            self.dtd.repeated.append(name)
            return
        kind = _KINDS.get(model[0], "elements")
        particle: Particle | None = None
        if kind == "mixed":
            particle = Choice(tuple(NameParticle(inner[2]) for inner in model[3]), "*")
        elif kind == "elements":
            particle = _particle(model)
        self.dtd.elements[name] = ElementType(name, kind, particle, ContentModel(particle) if particle else None)

    def _attribute(self, element: str, name: str, type: str, default: str | None, required: bool) -> None:
        presence: Presence = "#REQUIRED" if required else "#IMPLIED"
        if default is not None:
            presence = "#FIXED" if required else "default"
        values = tuple(re.findall(r"[^\s()|]+", type[type.index("(") :])) if "(" in type else ()
        kind: Any = "enumeration" if type.startswith("(") else type.partition("(")[0]
        definition = AttributeDefinition(name, kind, presence, values, default)
        self.dtd.attributes.setdefault(element, {}).setdefault(name, definition)

    def _entity(
        self,
        name: str,
        is_parameter: bool,
        value: str | None,
        base: str | None,
        system: str | None,
        public: str | None,
        notation: str | None,
    ) -> None:
        external = None if value is not None else ExternalId(public, system, base or self._base)
        table = self.dtd.parameter_entities if is_parameter else self.dtd.entities
        table.setdefault(name, Entity(name, value, external, notation, bool(is_parameter)))

    def _notation(self, name: str, base: str | None, system: str | None, public: str | None) -> None:
        self.dtd.notations.setdefault(name, Notation(name, ExternalId(public, system, base or self._base)))


def _created(parser: Any, context: str | None) -> Any:
    return parser.ExternalEntityParserCreate(context)


def _particle(model: tuple[Any, ...]) -> Particle:
    kind, quantity, name, inner = model
    occurrence = _OCCURRENCES[quantity]
    if kind == _NAME_PARTICLE:
        return NameParticle(name, occurrence)
    items = tuple(_particle(item) for item in inner)
    return Choice(items, occurrence) if kind == _CHOICE else Sequence(items, occurrence)
