"""``$select``: which properties come, and of which of them a part. OData URL Conventions 4.01, section 5.1.4.

A part is named by a path (``Address/City``) or by options in parentheses (``Address($select=City)``, ``Tags($top=3)``).
All that items say of one property is taken together; options may be given for it once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from demotic.errors import InvalidInput
from demotic.model import STREAM, EntityType, EnumType, PrimitiveType, Property, StructuredType
from demotic.query._bind_context import Context, Scope
from demotic.query._bind_places import cast_type, found_type, operations, place_of, words
from demotic.query._errors import UnknownName, choices
from demotic.query._resolved import Beyond, Computed, Order, Parameter, Part, Shape, Variable
from demotic.query._resolved import Expression as Resolved
from demotic.query._shapes import default_properties, shaped
from demotic.query._tree import Options, SelectItem


@dataclass(frozen=True, slots=True)
class Nested:
    """The options given for one property, bound; ``scope`` is what names mean in its own ``$select``."""

    scope: Scope
    filter: Resolved | None = None
    order: tuple[Order, ...] = ()
    top: Parameter | None = None
    skip: Parameter | None = None
    count: bool = False


class BindNested(Protocol):
    """How options nested in ``$select`` are bound."""

    def __call__(self, context: Context, options: Options, variable: Variable, *, many: bool) -> Nested:
        """Bind those for a property whose value, or each of whose values, ``variable`` stands for."""

    def computed(self, scope: Scope, names: tuple[str, ...] | None) -> tuple[Computed, ...]:
        """Return the computed properties to deliver."""


@dataclass(frozen=True, slots=True)
class Selected:
    """The properties to deliver whole and in part, in the type's order, and what was asked for, in the words used."""

    properties: tuple[Property, ...]
    parts: tuple[Part, ...] = ()
    names: tuple[str, ...] | None = None
    shapes: tuple[Shape, ...] = ()


@dataclass(slots=True)
class _Wanted:
    """What all items together want of a property: all of it, or these of its own; and with which options."""

    property: Property
    whole: bool = False
    nested: Nested | None = None
    names: tuple[str, ...] | None = None
    inner: dict[str, _Wanted] = field(default_factory=dict)


def selected(
    context: Context,
    items: tuple[SelectItem, ...],
    kind: StructuredType | None,
    scope: Scope,
    nested: BindNested,
) -> Selected:
    """Return what ``$select`` asks for."""
    wanted: dict[str, _Wanted] = {}
    casts: dict[StructuredType, dict[str, _Wanted]] = {}
    names = _names(context, items, kind, scope, nested, wanted, casts) if items else None

    def shape(of: EntityType) -> Shape:
        if names is None:
            return Shape(of, default_properties(of))
        own = {name: node for base in of.lineage() for name, node in casts.get(base, {}).items()}
        return Shape(of, *_sorted(of.all_properties(), own | wanted, nested, starred="*" in names))

    if isinstance(kind, EntityType):
        properties, parts, shapes = shaped(context.model, kind, shape)
        return Selected(properties, parts, names, shapes)
    known = kind.all_properties() if kind is not None else {}
    if names is None:
        return Selected(tuple(item for item in known.values() if item.type is not STREAM))
    return Selected(*_sorted(known, wanted, nested, starred="*" in names), names)


def _names(
    context: Context,
    items: tuple[SelectItem, ...],
    kind: StructuredType | None,
    scope: Scope,
    nested: BindNested,
    wanted: dict[str, _Wanted],
    casts: dict[StructuredType, dict[str, _Wanted]] | None = None,
) -> tuple[str, ...]:
    """Note what items want, in ``casts`` of derived types; return the words for it."""
    found = (_Item(context, item, kind, scope, nested, wanted, casts).names() for item in items)
    return tuple(dict.fromkeys(name for names in found for name in names))


def _sorted(
    known: Mapping[str, Property], wanted: Mapping[str, _Wanted], nested: BindNested, *, starred: bool
) -> tuple[tuple[Property, ...], tuple[Part, ...]]:
    """Return the properties that are wanted whole, and the parts of others, both in the order of the type."""
    whole, parts = [], []
    for name, item in known.items():
        node = wanted.get(name)
        if node is not None and starred:
            node.whole = True
        if node is None and not (starred and item.type is not STREAM):
            continue
        if node is None or (node.whole and node.nested is None):
            whole.append(item)
        else:
            parts.append(_part(node, nested))
    return tuple(whole), tuple(parts)


def _part(node: _Wanted, nested: BindNested) -> Part:
    """Return a part of a property as it is delivered."""
    item, given = node.property, node.nested
    properties: tuple[Property, ...] | None = None
    parts: tuple[Part, ...] = ()
    computed: tuple[Computed, ...] = ()
    if isinstance(item.type, StructuredType):
        starred = node.names is not None and "*" in node.names
        if not node.whole:
            properties, parts = _sorted(item.type.all_properties(), node.inner, nested, starred=starred)
        if given is not None:
            computed = nested.computed(given.scope, None if node.whole else node.names)
    variable = value_variable(item)
    if given is None:
        return Part(item, variable, properties, parts)
    return Part(
        item, variable, properties, parts, given.filter, given.order, given.top, given.skip, given.count, computed
    )


def addressed_part(
    context: Context,
    items: tuple[SelectItem, ...],
    properties: tuple[Property, ...],
    given: Nested,
    nested: BindNested,
) -> tuple[Part, tuple[str, ...] | None]:
    """Return the part that comes of a property at the end of a path, and the words for what is selected of it."""
    *above, last = properties
    node = _Wanted(last, not items, given)
    kind = place_of(last.type, False).of
    if items and isinstance(kind, StructuredType):
        node.names = _names(context, items, kind, given.scope, nested, node.inner)
    part = _part(node, nested)
    for item in reversed(above):
        part = Part(item, value_variable(item), (), (part,))
    return part, node.names


def value_variable(item: Property) -> Variable:
    """Return the variable for the value of a property, or for each of its values."""
    kind = place_of(item.type, False)
    found = kind.type or kind.of
    assert isinstance(found, (PrimitiveType, EnumType, StructuredType))
    return Variable("$this", 0, found)


class _Item:
    """Follows the path of one item."""

    def __init__(
        self,
        context: Context,
        item: SelectItem,
        kind: StructuredType | None,
        scope: Scope,
        nested: BindNested,
        wanted: dict[str, _Wanted],
        casts: dict[StructuredType, dict[str, _Wanted]] | None = None,
    ) -> None:
        self.context = context
        self.item = item
        self.place = Beyond(None, False, kind)
        self.scope = scope
        self.nested = nested
        self.wanted = wanted
        self.casts = casts if casts is not None else {}
        self.node: _Wanted | None = None

    def names(self) -> Iterator[str]:
        """Check the item and note what it wants; yield the words for it, after the type that it is cast to."""
        first, kind = self.item.path[0], self.place.of
        is_cast = "." in first and len(self.item.path) > 1 and isinstance(kind, EntityType)
        if not is_cast or operations(self.context, first):
            yield from self.plain_names()
            return
        assert isinstance(kind, EntityType)
        self.qualified(first, kind, False)
        assert isinstance(self.place.of, EntityType)
        self.wanted = self.casts.setdefault(self.place.of, {})
        self.item = replace(self.item, path=self.item.path[1:])
        yield from (f"{first}/{name}" for name in self.plain_names())

    def plain_names(self) -> Iterator[str]:
        """Check the item but for a cast that it began with; yield the words for it."""
        item = self.item
        if item.path == ("*",):
            yield "*"
            return
        if item.path[-1].endswith(".*"):
            self.schema(item.path[-1].removesuffix(".*"))
            yield item.path[0]
            return
        path = "/".join(item.path)
        if len(item.path) == 1 and item.path[0] in self.scope.computed:
            yield path
            return
        for index, name in enumerate(item.path):
            self.follow(name, index)
        inner: tuple[str, ...] = ()
        if item.options is not None:
            inner = self.options(item.options)
        elif self.node is not None:
            self.node.whole = True
        yield from (path if name == "*" else f"{path}/{name}" for name in inner) if inner else (path,)

    def options(self, options: Options) -> tuple[str, ...]:
        """Bind the options of the item; return the words for what is selected in them."""
        context, node, kind = self.context, self.node, self.place.of
        if node is None:
            if self.place != Beyond(None):
                raise InvalidInput(f"{context.at(self.item.at)}: it takes no options", target=context.option)
            return ()
        if self.place.type is None and not isinstance(kind, StructuredType):
            context.beyond(f"{context.at(self.item.at)}: options of {words(self.place)} in $select")
            return ()
        if node.nested is not None:
            raise InvalidInput(
                f"{context.at(self.item.at)}: options for {'/'.join(self.item.path)} are given twice",
                target=context.option,
                hint="give them in one place",
            )
        node.nested = self.nested(context, options, value_variable(node.property), many=self.place.collection)
        if not options.select or not isinstance(kind, StructuredType):
            node.whole = True
            return ()
        node.names = _names(context, options.select, kind, node.nested.scope, self.nested, node.inner)
        return node.names

    def schema(self, namespace: str) -> None:
        context = self.context
        schemas = context.model.schemas.values()
        if namespace not in {name for schema in schemas for name in (schema.namespace, schema.alias)}:
            raise UnknownName(f"{context.at(self.item.at)}: there is no namespace {namespace}", target=context.option)
        context.beyond(f"{context.at(self.item.at)}: selecting operations")

    def follow(self, name: str, index: int) -> None:
        """Follow one name of the path."""
        context, item, kind = self.context, self.item, self.place.of
        last = index == len(item.path) - 1
        if name.startswith("@"):
            context.beyond(f"{context.at(item.at)}: selecting the annotation {name}")
            self.leave()
        elif self.place == Beyond(None):
            return
        elif not isinstance(kind, StructuredType):
            raise InvalidInput(
                f"{context.at(item.at)}: {words(self.place)} has no parts, so {name} cannot follow",
                target=context.option,
            )
        elif "." in name:
            self.qualified(name, kind, last)
        elif (found := kind.all_properties().get(name)) is not None:
            self.place = place_of(found.type, found.collection)
            self.node = self.wanted.setdefault(name, _Wanted(found))
            self.wanted = self.node.inner
        elif name in kind.all_navigation():
            if not last:
                raise InvalidInput(
                    f"{context.at(item.at)}: {name} leads to another entity, whose properties are not selected here",
                    target=context.option,
                    hint=f"write $expand={name}($select={'/'.join(item.path[index + 1 :])})",
                )
            if index:
                context.beyond(f"{context.at(item.at)}: selecting parts of {item.path[0]}")
            if item.options is not None:
                context.beyond(f"{context.at(item.at)}: options of {name} in $select")
            self.leave()
        elif kind.open:
            context.beyond(f"{context.at(item.at)}: selecting {name}, a dynamic property,")
            self.leave()
        else:
            known = {**kind.all_properties(), **kind.all_navigation(), **self.scope.computed}
            raise UnknownName(
                f"{context.at(item.at)}: {kind.qualified_name} has no property {name}",
                target=context.option,
                hint=choices(name, known),
            )

    def leave(self) -> None:
        """Go on where no property of the type is."""
        self.place, self.node = Beyond(None), None

    def qualified(self, name: str, kind: StructuredType, last: bool) -> None:
        """Follow a cast, or an operation, which comes last."""
        context, item = self.context, self.item
        if operations(context, name):
            if not last:
                raise InvalidInput(f"{context.at(item.at)}: nothing can follow {name}", target=context.option)
            context.beyond(f"{context.at(item.at)}: selecting the operation {name}")
            return
        found = cast_type(context, kind, name, found_type(context, name, item.at), item.at)
        if last and isinstance(kind, EntityType):
            raise InvalidInput(f"{context.at(item.at)}: {name} is the name of a type", target=context.option)
        if not isinstance(kind, EntityType):
            context.beyond(f"{context.at(item.at)}: selecting {'/'.join(item.path)}")
        self.place = Beyond(None, self.place.collection, found)
