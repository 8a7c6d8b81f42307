"""From system query options to a `Query`, level by level. OData URL Conventions 4.01, sections 5.1.2 to 5.1.6."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from demotic.errors import InvalidInput, Unsupported
from demotic.model import BINARY, INT64, INTEGER_RANGES, STREAM, EntityType, NavigationProperty, Property
from demotic.query._bind_context import Context, Scope
from demotic.query._bind_expression import bind_expression, bind_filter, name_of
from demotic.query._bind_resource import Target
from demotic.query._errors import NotApplicable, TypeMismatch, UnknownName, choices
from demotic.query._functions import type_of
from demotic.query._resolved import Expand, Order, Parameter, Query, Related, Variable
from demotic.query._tree import ExpandItem, Integer, Options, SelectItem

_ENTITY_OPTIONS: Final = frozenset({"select", "expand", "format"})
_COLLECTION_OPTIONS: Final = _ENTITY_OPTIONS | {"filter", "orderby", "top", "skip", "count", "skiptoken"}
_APPLICABLE: Final[Mapping[Target, frozenset[str]]] = {
    Target.SERVICE: frozenset({"format"}),
    Target.METADATA: frozenset({"format"}),
    Target.COLLECTION: _COLLECTION_OPTIONS,
    Target.ENTITY: _ENTITY_OPTIONS,
    Target.PROPERTY: frozenset({"format"}),
    Target.VALUE: frozenset({"format"}),
    # But for the filter they do not change the number, and are allowed (Protocol 4.01, section 11.2.10).
    Target.COUNT: frozenset({"filter", "orderby", "top", "skip", "expand", "select"}),
}
"""Which options a resource takes (URL Conventions 4.01, section 5.1)."""

_OPTION_NAMES: Final = ("filter", "orderby", "select", "expand", "top", "skip", "count", "skiptoken", "format")


@dataclass(frozen=True, slots=True)
class Selection:
    """What was asked of one level by ``$select`` and ``$expand``, in the words used.

    ``names`` are the selected ones in the order asked (``*`` among them if it was), ``None`` without ``$select``.
    ``expand`` runs parallel to the query's ``expand``.
    """

    names: tuple[str, ...] | None = None
    expand: tuple[Selection, ...] = ()


def given_options(options: Options) -> frozenset[str]:
    """Return the names of the system query options that were given, without ``$``."""
    return frozenset(name for name in _OPTION_NAMES if getattr(options, name) not in (None, (), False))


def check_applicable(options: Options, target: Target) -> None:
    """Raise `NotApplicable` for an option that the resource does not take."""
    for name in sorted(given_options(options) - _APPLICABLE[target]):
        takers = [kind.value for kind, names in _APPLICABLE.items() if name in names]
        raise NotApplicable(
            f"${name} does not apply to {target.value}", target=f"${name}", hint=f"it applies to {', '.join(takers)}"
        )


def bind_level(context: Context, options: Options, type: EntityType, depth: int = 0) -> tuple[Query, Selection]:
    """Bind the options of one level: the request's own, or those of an expanded item."""
    refuse_unexecuted(context, options)
    variable = Variable("$it", 0, type)
    scope = Scope(variable, nested=depth > 0)
    top_level = depth == 0
    properties, names = _select(context, options.select, type, top_level)
    query = Query(type, variable, properties, count=options.count)
    if options.filter is not None:
        with context.within("$filter" if top_level else context.option):
            query = replace(query, filter=bind_filter(context, options.filter, scope))
    if options.orderby:
        with context.within("$orderby" if top_level else context.option):
            query = replace(query, order=_orderby(context, options, scope))
    query = replace(
        query,
        top=_integer(context, "top", options.top, top_level),
        skip=_integer(context, "skip", options.skip, top_level),
    )
    if not options.expand:
        return query, Selection(names)
    with context.within("$expand"):
        expanded = [_expand(context, item, type, depth) for item in _expand_items(context, options.expand, type)]
    return replace(query, expand=tuple(item for item, _ in expanded)), Selection(names, tuple(s for _, s in expanded))


def refuse_unexecuted(context: Context, options: Options) -> None:
    """Raise `Unsupported` for an option that is read, and that nothing here executes yet."""
    for name in _UNEXECUTED:
        if getattr(options, name) not in (None, ()):
            raise Unsupported(f"${name} is not offered", target=f"${name}")


_UNEXECUTED: Final = (
    *("search", "compute", "levels", "apply", "deltatoken", "id", "index", "schemaversion", "temporal"),
)


def default_properties(type: EntityType) -> tuple[Property, ...]:
    """Return the properties delivered without ``$select``: all but streams."""
    return tuple(item for item in type.all_properties().values() if item.type is not STREAM)


def _select(
    context: Context, items: tuple[SelectItem, ...], type: EntityType, top_level: bool
) -> tuple[tuple[Property, ...], tuple[str, ...] | None]:
    """Return the properties to deliver, in the type's order, and the names asked for, in theirs."""
    if not items:
        return default_properties(type), None
    with context.within("$select" if top_level else context.option):
        context.limits.check("select_items", len(items), target=context.option)
        names = tuple(dict.fromkeys(_selected_name(context, item, type) for item in items))
    wanted = set(names)
    if "*" in wanted:
        wanted.update(item.name for item in default_properties(type))
    return tuple(item for name, item in type.all_properties().items() if name in wanted), names


def _selected_name(context: Context, item: SelectItem, type: EntityType) -> str:
    name = item.path[0]
    known = {**type.all_properties(), **type.all_navigation()}
    if name not in known and name != "*":
        if "." in name or name.startswith("@"):
            raise Unsupported(f"{context.at(item.at)}: selecting {name} is not offered", target=context.option)
        raise UnknownName(
            f"{context.at(item.at)}: {type.qualified_name} has no property {name}",
            target=context.option,
            hint=choices(name, known),
        )
    if item.options is not None:
        raise Unsupported(f"{context.at(item.at)}: options in $select are not offered", target=context.option)
    if len(item.path) > 1:
        if name in type.all_navigation():
            raise InvalidInput(
                f"{context.at(item.at)}: {name} leads to another entity, whose properties are not selected here",
                target=context.option,
                hint=f"write $expand={name}($select={'/'.join(item.path[1:])})",
            )
        raise Unsupported(f"{context.at(item.at)}: selecting parts of {name} is not offered", target=context.option)
    return name


def _orderby(context: Context, options: Options, scope: Scope) -> tuple[Order, ...]:
    context.limits.check("orderby_items", len(options.orderby), target=context.option)
    orders = []
    for item in options.orderby:
        bound = bind_expression(context, item.expression, scope)
        if isinstance(bound, Related) or type_of(bound) in (BINARY, STREAM):
            raise TypeMismatch(
                f"{context.at(item.at)}: {name_of(bound)} has no order",
                target=context.option,
                hint="name one of its properties" if isinstance(bound, Related) else None,
            )
        orders.append(Order(bound, item.descending))
    return tuple(orders)


def _integer(context: Context, name: str, node: Integer | None, top_level: bool) -> Parameter | None:
    if node is None:
        return None
    option = f"${name}" if top_level else context.option
    if name == "top":
        context.limits.check("top", node.value, target=option)
    with context.within(option):
        return context.parameter(node, INT64, _check_integer, value=node.value)


def _check_integer(value: object) -> None:
    if isinstance(value, int) and value > INTEGER_RANGES["Int64"][1]:
        raise InvalidInput(f"{value} is too large a number", hint="give at most 9223372036854775807")


def _expand_items(context: Context, items: tuple[ExpandItem, ...], type: EntityType) -> list[tuple[str, ExpandItem]]:
    """Return the navigation names to expand with their items; ``*`` stands for all that are not named."""
    known = type.all_navigation()
    chosen: dict[str, ExpandItem] = {}
    for item in items:
        name = item.path[0]
        if name == "*":
            if item.ending:
                raise Unsupported(f"{context.at(item.at)}: */{item.ending} is not offered", target=context.option)
            if item.options != Options():
                raise InvalidInput(f"{context.at(item.at)}: $expand=* takes no options", target=context.option)
            continue
        _check_expand_path(context, item, type, known)
        if name in chosen:
            raise InvalidInput(f"{context.at(item.at)}: {name} is expanded twice", target=context.option)
        chosen[name] = item
    for star in (item for item in items if item.path[0] == "*"):
        chosen |= {name: star for name in known if name not in chosen}
    return list(chosen.items())


def _check_expand_path(
    context: Context, item: ExpandItem, type: EntityType, known: Mapping[str, NavigationProperty]
) -> None:
    name, *rest = item.path
    where = context.at(item.at)
    if name not in known:
        if "." in name or name.startswith(("$", "@")):
            raise Unsupported(f"{where}: expanding {name} is not offered", target=context.option)
        what = "is no navigation property" if name in type.all_properties() else "is not there"
        raise UnknownName(
            f"{where}: {name} {what} in {type.qualified_name}", target=context.option, hint=choices(name, known)
        )
    if rest and rest[0] in known[name].target.all_navigation():
        raise InvalidInput(
            f"{where}: {'/'.join(item.path)} is more than one step",
            target=context.option,
            hint=f"write $expand={name}($expand={'/'.join(rest)})",
        )
    if rest or item.ending:
        raise Unsupported(f"{where}: expanding {'/'.join(item.path)} is not offered", target=context.option)


def _expand(context: Context, chosen: tuple[str, ExpandItem], type: EntityType, depth: int) -> tuple[Expand, Selection]:
    name, item = chosen
    navigation = type.all_navigation()[name]
    context.expand_items += 1
    context.limits.check("expand_items", context.expand_items, target=context.option)
    context.limits.check("expand_depth", depth + 1, target=context.option)
    if not navigation.collection:
        for option in sorted(given_options(item.options) - _ENTITY_OPTIONS):
            raise NotApplicable(
                f"{context.at(item.at)}: ${option} does not apply to {name}, which leads to one entity",
                target=context.option,
            )
    for option in sorted(given_options(item.options) & {"format", "skiptoken"}):
        raise NotApplicable(f"{context.at(item.at)}: ${option} does not apply within $expand", target=context.option)
    query, selection = bind_level(context, item.options, navigation.target, depth + 1)
    return Expand(navigation, query), selection
