"""A model as Python source text: the inverse of `declare`.

What classes cannot say (operations, terms, several schemas, keys through paths) is refused, not left out.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Iterator
from typing import Final

from demotic.errors import Unsupported
from demotic.model._declare import PYTHON_TYPES, automatic_bindings
from demotic.model._python_text import (
    annotated,
    facet_markers,
    facets_text,
    one_or_more,
    python_name,
    python_type,
    sequence,
    type_constant,
    value_text,
)
from demotic.model._schema import (
    EntitySet,
    Model,
    Schema,
    Singleton,
)
from demotic.model._schema_children import (
    ComplexType,
    EntityType,
    EnumType,
    NavigationProperty,
    Property,
    SchemaType,
    StructuredType,
    TypeDefinition,
)
from demotic.model._types import INT32, PrimitiveType

_PYTHON_NAMES: Final = {kind: python for python, kind in PYTHON_TYPES.items()}
_HEADER: Final = '''"""The model {namespace}, as Python classes."""

from __future__ import annotations

import datetime
import decimal
import enum
import typing
import uuid

import demotic.model as m
'''
_TAKEN: Final = frozenset(("datetime", "decimal", "enum", "m", "model", "typing", "uuid", "annotations"))
_BUILTINS: Final = frozenset(("bool", "bytes", "float", "int", "list", "str", "dict"))


def write_python(model: Model) -> str:
    """Return the source of a module whose `model` is equal to this one.

    Raises `Unsupported` for a model that `declare` cannot make, saying what is in the way.
    """
    obstacle = next(_obstacles(model), None)
    if obstacle is not None:
        raise Unsupported(f"Python classes cannot say {obstacle}", hint="write CSDL instead")
    schema = next(iter(model.schemas.values()))
    return _Source(model, schema).text()


def _obstacles(model: Model) -> Iterator[str]:
    if len(model.schemas) != 1:
        yield f"a model of {len(model.schemas)} schemas"
        return
    schema = next(iter(model.schemas.values()))
    container = schema.container
    found = {
        "operations": schema.operations,
        "terms": schema.terms,
        "annotations apart from their target": schema.external_annotations,
        "containers beside the default one": schema.other_containers,
        "operation imports": container and container.imports,
        "a container that extends another": container and container.extends,
    }
    yield from (what for what, there in found.items() if there)
    if container is not None:
        for member in container.members().values():
            hidden = isinstance(member, EntitySet) and not member.in_service_document
            if member.other_bindings or hidden or (isinstance(member, Singleton) and member.nullable):
                yield f"more of {member.name} than its type, its bindings and its annotations"
    for kind in schema.types.values():
        yield from _obstacles_of(kind)


def _obstacles_of(kind: SchemaType) -> Iterator[str]:
    if isinstance(kind, EnumType) and kind.member_annotations:
        yield f"annotations of the members of {kind.name}"
    if isinstance(kind, EntityType) and kind.key_paths:
        yield f"the key of {kind.name}, which goes through other properties"
    if isinstance(kind, StructuredType):
        for way in kind.navigation.values():
            paths = way.constraint_paths or way.partner_path
            if paths or way.constraint_annotations or way.on_delete_annotations:
                yield f"the constraints of {kind.name}/{way.name}"


class _Source:
    """Writes one schema."""

    def __init__(self, model: Model, schema: Schema) -> None:
        self._model = model
        self._schema = schema
        taken = set(_TAKEN | _BUILTINS)
        self._classes: dict[SchemaType, str] = {}
        for kind in schema.types.values():
            self._classes[kind] = python_name(kind.name, taken)
            taken.add(self._classes[kind])

    def text(self) -> str:
        parts = [_HEADER.format(namespace=self._schema.namespace)]
        parts += [self._type(kind) for kind in _bases_first(self._schema.types.values())]
        return "\n\n".join(part.rstrip("\n") for part in (*parts, self._declare())) + "\n"

    def _type(self, kind: SchemaType) -> str:
        if isinstance(kind, EnumType):
            return self._enum(kind)
        if isinstance(kind, TypeDefinition):
            arguments = [repr(""), repr(kind.name), type_constant(kind.underlying), facets_text(kind.facets)]
            return f"{self._classes[kind]} = m.TypeDefinition({', '.join(arguments)}{annotated(kind.annotations)})\n"
        return self._structured(kind)

    def _enum(self, kind: EnumType) -> str:
        name, base = self._classes[kind], "enum.IntFlag" if kind.is_flags else "enum.IntEnum"
        decorator = self._enum_decorator(kind)
        # A name such as None can be a member, but not be written as an assignment.
        if any(keyword.iskeyword(member) for member in kind.members):
            made = f"{base}({name!r}, {kind.members!r}, module=__name__)"
            return f"{name} = {decorator}({made})\n" if decorator else f"{name} = {made}\n"
        members = "".join(f"    {member} = {value}\n" for member, value in kind.members.items())
        return f"{'@' if decorator else ''}{decorator}\nclass {name}({base}):\n{members or '    pass'}".lstrip("\n")

    def _enum_decorator(self, kind: EnumType) -> str:
        if kind.underlying is INT32 and not kind.annotations and not self._renamed(kind):
            return ""
        underlying = "" if kind.underlying is INT32 else f"underlying={type_constant(kind.underlying)}, "
        arguments = f"{self._name(kind)}{underlying}{sequence(kind.annotations)}"
        return f"m.enumeration({arguments.rstrip(', ')})"

    def _class(self, kind: SchemaType) -> str:
        name = self._classes.get(kind)
        if name is None:
            raise Unsupported(f"Python classes cannot say {kind.qualified_name}, which is not of this schema")
        return name

    def _renamed(self, kind: SchemaType) -> bool:
        return self._classes[kind] != kind.name

    def _name(self, kind: SchemaType) -> str:
        return f"name={kind.name!r}, " if self._renamed(kind) else ""

    def _structured(self, kind: ComplexType | EntityType) -> str:
        arguments = self._name(kind)
        if isinstance(kind, EntityType):
            arguments += self._entity_arguments(kind)
        arguments += "".join(
            f"{flag}=True, " for flag in ("abstract", "open", "has_stream") if getattr(kind, flag, False)
        )
        arguments += sequence(kind.annotations)
        decorator = "entity" if isinstance(kind, EntityType) else "complex_type"
        base = f"({self._class(kind.base)})" if isinstance(kind.base, (ComplexType, EntityType)) else ""
        lines = [self._property(item) for item in kind.properties.values()]
        lines += [self._navigation(item) for item in kind.navigation.values()]
        name = self._classes[kind]
        return f"@m.{decorator}({arguments.rstrip(', ')})\nclass {name}{base}:\n{''.join(lines) or '    pass'}"

    def _entity_arguments(self, kind: EntityType) -> str:
        container = self._schema.container
        result = f"key={one_or_more([item.name for item in kind.own_key])}, " if kind.own_key else ""
        for word, members in (
            ("set", {} if container is None else container.sets),
            ("singleton", {} if container is None else container.singletons),
        ):
            names = [name for name, member in members.items() if member.type is kind]
            result += f"{word}={one_or_more(names)}, " if names else ""
        return result

    def _property(self, item: Property) -> str:
        kind, markers = item.type, []
        if isinstance(kind, PrimitiveType):
            hint = python_type(kind.python)
            if _PYTHON_NAMES.get(kind) is not kind.python:
                markers.append(type_constant(kind))
        elif isinstance(kind, TypeDefinition):
            hint = python_type(kind.underlying.python)
            markers.append(self._class(kind))
        elif isinstance(kind, (EnumType, ComplexType)):
            hint = self._class(kind)
        else:
            raise Unsupported(f"Python classes cannot say {kind.qualified_name}", target=item.name)
        markers += facet_markers(item.facets)
        markers += [] if item.default is None else [f"m.Default({item.default!r})"]
        hint = f"{hint} | None" if item.nullable else hint
        return self._attribute(item, f"list[{hint}]" if item.collection else hint, markers)

    def _navigation(self, item: NavigationProperty) -> str:
        hint = self._class(item.target)
        hint = f"list[{hint}]" if item.collection else f"{hint} | None" if item.nullable else hint
        markers = [] if item.partner is None else [f"m.Partner({item.partner.name!r})"]
        markers += [f"m.On({own.name!r}, {theirs.name!r})" for own, theirs in item.constraints]
        markers += [] if item.on_delete is None else [f"m.OnDelete({item.on_delete!r})"]
        markers += ["m.Contained()"] if item.contains_target else []
        return self._attribute(item, hint, markers)

    def _attribute(self, item: Property | NavigationProperty, hint: str, markers: list[str]) -> str:
        name = python_name(item.name, set())
        if name.startswith("__"):
            name = f"x{name}"
        markers = markers if name == item.name else [f"m.Name({item.name!r})", *markers]
        markers = [*markers, *(value_text(note) for note in item.annotations)]
        return f"    {name}: " + (f"typing.Annotated[{hint}, {', '.join(markers)}]" if markers else hint) + "\n"

    def _declare(self) -> str:
        schema = self._schema
        arguments = [repr(schema.namespace), *(self._classes[kind] for kind in schema.types.values())]
        container = schema.container
        if container is None:
            arguments.append("container=None")
        elif container.name != "Container":
            arguments.append(f"container={container.name!r}")
        arguments += [] if schema.alias is None else [f"alias={schema.alias!r}"]
        arguments += [] if self._model.version == "4.01" else [f"version={self._model.version!r}"]
        bindings = self._stated_bindings()
        arguments += [f"bindings={bindings!r}"] if bindings else []
        if schema.annotations:
            arguments.append(sequence(schema.annotations).rstrip(", "))
        if container is not None and container.annotations:
            arguments.append(f"container_{sequence(container.annotations)}".rstrip(", "))
        members = {} if container is None else container.members()
        annotated = {name: member.annotations for name, member in members.items() if member.annotations}
        arguments += [f"set_annotations={value_text(annotated)}"] if annotated else []
        arguments += [f"references={value_text(self._model.references)}"] if self._model.references else []
        return "model = m.declare(\n" + "".join(f"    {argument},\n" for argument in arguments) + ")\n"

    def _stated_bindings(self) -> dict[str, dict[str, str]]:
        """Return the bindings of those sets that `declare` would bind otherwise."""
        container = self._schema.container
        if container is None:
            return {}
        homes: dict[EntityType, list[EntitySet]] = {}
        for item in container.sets.values():
            homes.setdefault(item.type, []).append(item)
        return {
            name: {path: target.name for path, target in member.bindings.items()}
            for name, member in container.members().items()
            if member.bindings != automatic_bindings(member.type, homes, self._schema.types.values())
        }


def _bases_first(kinds: Iterable[SchemaType]) -> list[SchemaType]:
    """Return the types so that every base class, and every type definition, stands before what uses it."""
    ordered: dict[SchemaType, None] = {}
    declared = list(kinds)
    for kind in declared:
        if isinstance(kind, (ComplexType, EntityType)):
            for above in kind.lineage():
                if isinstance(above, (ComplexType, EntityType)) and above in declared:
                    ordered.setdefault(above)
        ordered.setdefault(kind)
    return list(ordered)
