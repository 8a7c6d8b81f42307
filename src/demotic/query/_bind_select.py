"""``$select``: which properties come. OData URL Conventions 4.01, section 5.1.4."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from demotic.errors import InvalidInput
from demotic.model import STREAM, EntityType, Property, StructuredType
from demotic.query._bind_context import Context, Scope
from demotic.query._bind_places import cast_type, found_type, operations, place_of, words
from demotic.query._errors import UnknownName, choices
from demotic.query._resolved import Beyond
from demotic.query._tree import Options, SelectItem

BindNested: TypeAlias = Callable[[Context, Options, Beyond], None]


def selected(
    context: Context,
    items: tuple[SelectItem, ...],
    kind: StructuredType | None,
    scope: Scope,
    nested: BindNested,
) -> tuple[tuple[Property, ...], tuple[str, ...] | None]:
    """Return the properties to deliver, in the type's order, and the names asked for, in theirs."""
    known = kind.all_properties() if kind is not None else {}
    default = {name for name, item in known.items() if item.type is not STREAM}
    if not items:
        return tuple(item for name, item in known.items() if name in default), None
    names = tuple(dict.fromkeys(_Item(context, item, kind, scope, nested).name() for item in items))
    wanted = set(names) | (default if "*" in names else set())
    return tuple(item for name, item in known.items() if name in wanted), names


class _Item:
    """Follows the path of one item."""

    def __init__(
        self, context: Context, item: SelectItem, kind: StructuredType | None, scope: Scope, nested: BindNested
    ) -> None:
        self.context = context
        self.item = item
        self.place = Beyond(None, False, kind)
        self.scope = scope
        self.nested = nested

    def name(self) -> str:
        """Check the item; return its first name."""
        context, item = self.context, self.item
        if item.path == ("*",):
            return "*"
        if item.path[-1].endswith(".*"):
            self.schema(item.path[-1].removesuffix(".*"))
            return item.path[0]
        if len(item.path) == 1 and item.path[0] in self.scope.computed:
            return item.path[0]
        for index, name in enumerate(item.path):
            self.follow(name, index)
        if item.options is not None:
            self.nested(context, item.options, Beyond(self.place.type, False, self.place.of))
            context.beyond(f"{context.at(item.at)}: options in $select")
        return item.path[0]

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
            self.place = Beyond(None)
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
            if index:
                context.beyond(f"{context.at(item.at)}: selecting parts of {item.path[0]}")
        elif name in kind.all_navigation():
            if not last:
                raise InvalidInput(
                    f"{context.at(item.at)}: {name} leads to another entity, whose properties are not selected here",
                    target=context.option,
                    hint=f"write $expand={name}($select={'/'.join(item.path[index + 1 :])})",
                )
            if index:
                context.beyond(f"{context.at(item.at)}: selecting parts of {item.path[0]}")
        elif kind.open:
            context.beyond(f"{context.at(item.at)}: selecting {name}, a dynamic property,")
            self.place = Beyond(None)
        else:
            known = {**kind.all_properties(), **kind.all_navigation(), **self.scope.computed}
            raise UnknownName(
                f"{context.at(item.at)}: {kind.qualified_name} has no property {name}",
                target=context.option,
                hint=choices(name, known),
            )

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
        if found is not kind or len(item.path) > 1:
            context.beyond(f"{context.at(item.at)}: selecting {'/'.join(item.path)}")
        self.place = Beyond(None, self.place.collection, found)
