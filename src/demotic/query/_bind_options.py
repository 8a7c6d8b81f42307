"""From system query options to a `Query`, level by level. OData URL Conventions 4.01, sections 5.1.2 to 5.1.8."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final, cast

from demotic.errors import InvalidInput
from demotic.model import (
    BINARY,
    INT64,
    INTEGER_RANGES,
    STREAM,
    STRING,
    EntityType,
    EnumType,
    PrimitiveType,
    Property,
    StructuredType,
)
from demotic.query._applicable import given_options
from demotic.query._bind_apply import bind_apply, named, primitive_value
from demotic.query._bind_context import Context, Scope
from demotic.query._bind_expand import Expansion, expansions
from demotic.query._bind_expression import bind_expression, bind_filter
from demotic.query._bind_places import place_of, start_type, words
from demotic.query._bind_search import bind_search
from demotic.query._bind_select import Nested, addressed_part, selected, value_variable
from demotic.query._bind_text import name_of, no_value
from demotic.query._errors import NotApplicable, TypeMismatch
from demotic.query._resolved import (
    Beyond,
    Computed,
    Constant,
    Expand,
    Expression,
    IsOf,
    Order,
    Parameter,
    Part,
    Query,
    Start,
    Variable,
)
from demotic.query._shapes import of_type
from demotic.query._signatures import balanced, type_of
from demotic.query._tree import Integer, Options

_NO_TYPE: Final = EntityType("", "")


@dataclass(frozen=True, slots=True)
class Selection:
    """What was asked of one level by ``$select`` and ``$expand``, in the words used.

    ``names`` are the selected ones in the order asked (``*`` among them if it was), ``None`` without ``$select``.
    ``expand`` runs parallel to the query's ``expand``.
    """

    names: tuple[str, ...] | None = None
    expand: tuple[Selection, ...] = field(default=())


def bind_level(context: Context, options: Options, start: Start, depth: int = 0) -> tuple[Query, Selection]:
    """Bind the options of one level: the request's own, or those of an expanded item."""
    top_level = depth == 0
    if top_level:
        context.root = start
    scope = replace(Scope.of(start), it=start if top_level else Beyond(None, False, start_type(context.root or start)))
    for name in _UNEXECUTED:
        if getattr(options, name) not in (None, ()):
            context.beyond(f"${name}", f"${name}")
    if options.apply is not None:
        with context.within("$apply" if top_level else context.option):
            scope = bind_apply(context, options.apply, scope)
    scope = _compute(context, options, scope, top_level)
    kind = start_type(start)
    with context.within("$select" if top_level else context.option):
        context.limits.check("select_items", len(options.select), target=context.option)
        chosen = selected(context, options.select, kind, scope, NESTED)
    names = chosen.names
    query = Query(kind if isinstance(kind, EntityType) else _NO_TYPE, cast(Variable, start), chosen.properties)
    query = replace(query, count=options.count, parts=chosen.parts, shapes=chosen.shapes)
    query = replace(query, computed=_computed(scope, names))
    with context.within("$filter" if top_level else context.option):
        query = replace(query, filter=_filter(context, options, scope))
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
        found = expansions(context, options.expand, kind, depth)
        expanded = [_expand(context, item, depth) for item in found if item.navigation is not None]
    return replace(query, expand=tuple(item for item, _ in expanded)), Selection(names, tuple(s for _, s in expanded))


_UNEXECUTED: Final = ("apply", "deltatoken", "id", "index", "schemaversion", "temporal")


class _Nested:
    """How options nested in ``$select`` are bound, which are about a complex value or a collection of values."""

    def __call__(
        self, context: Context, options: Options, variable: Variable, *, many: bool, top_level: bool = False
    ) -> Nested:
        """Bind the options for a property. Raises `NotApplicable` for one that its kind does not take."""
        structured = isinstance(variable.type, StructuredType)
        taken = (_OF_MANY if many else frozenset()) | (_OF_STRUCTURED if structured else frozenset())
        given = given_options(options) - {"format"} if top_level else given_options(options)
        for name in sorted(given - taken) if not top_level else ():
            what = words(replace(place_of(variable.type, False), collection=many))
            raise NotApplicable(f"{context.option}: ${name} does not apply to {what}", target=context.option)
        for name in sorted(given - (_OF_MANY | _OF_STRUCTURED) | given & _UNEXECUTED_NESTED):
            context.beyond(f"${name} of a property", f"${name}")
        # A request for the property itself starts from its members: $it is each of them (section 5.1.1.14).
        outer = variable if top_level else Beyond(None, False, start_type(context.root or variable))
        with context.assigning(options.aliases):
            scope = _compute(context, options, Scope(variable, outer), top_level)
            with context.within("$filter" if top_level else context.option):
                condition = _filter(context, options, scope)
            with context.within("$orderby" if top_level else context.option):
                order = _orderby(context, options, scope)
            top, skip = (_integer(context, n, getattr(options, n), top_level) for n in ("top", "skip"))
            return Nested(scope, condition, order, top, skip, options.count)

    def computed(self, scope: Scope, names: tuple[str, ...] | None) -> tuple[Computed, ...]:
        """Return the computed properties to deliver."""
        return _computed(scope, names)


def bind_property(
    context: Context, options: Options, properties: tuple[Property, ...], *, counted: bool
) -> tuple[Part, Selection]:
    """Bind the options of a request for a property of one entity: what comes of it, and what was selected of that.

    ``counted`` says that it is the number of its values that is asked for.
    """
    last = properties[-1]
    nested = NESTED(context, options, value_variable(last), many=last.collection, top_level=True)
    nested = replace(nested, count=nested.count or counted)
    with context.within("$select"):
        context.limits.check("select_items", len(options.select), target=context.option)
        part, names = addressed_part(context, options.select, properties, nested, NESTED)
    return part, Selection(names)


NESTED: Final = _Nested()
_OF_MANY: Final = frozenset({"filter", "search", "orderby", "top", "skip", "count"})
_UNEXECUTED_NESTED: Final = frozenset({"expand", "levels"})
_OF_STRUCTURED: Final = frozenset({"select", "compute"}) | _UNEXECUTED_NESTED


def _filter(context: Context, options: Options, scope: Scope) -> Expression | None:
    """Return what ``$filter`` and ``$search`` ask for together."""
    conditions = [bind_filter(context, options.filter, scope)] if options.filter is not None else []
    if options.search is not None:
        conditions.append(bind_search(context, options.search, scope.current))
    return balanced("and", conditions) if conditions else None


def _compute(context: Context, options: Options, scope: Scope, top_level: bool) -> Scope:
    """Return the scope with what ``$compute`` adds; each item may use those before it."""
    with context.within("$compute" if top_level else context.option):
        context.limits.check("compute_items", len(options.compute), target=context.option)
        for item in options.compute:
            value = bind_expression(context, item.expression, scope, whole=True)
            value = primitive_value(context, value, item.at)
            if type_of(value) is STREAM:
                raise TypeMismatch(f"{context.at(item.at)}: a stream is no value to compute", target=context.option)
            scope = named(context, scope, item.name, value, item.at)
    return scope


def _computed(scope: Scope, names: tuple[str, ...] | None) -> tuple[Computed, ...]:
    """Return the computed properties to deliver: those selected, or all (Protocol 4.01, section 11.2.5.3)."""
    wanted = scope.computed.keys() if names is None or "*" in names else set(names)
    return tuple(
        Computed(_computed_property(name, type_of(value)), value)
        for name, value in scope.computed.items()
        if name in wanted and not no_value(value)
    )


@lru_cache(maxsize=4096)
def _computed_property(name: str, type: PrimitiveType | EnumType | None) -> Property:
    """Return the property that describes a computed one; always the same, so that equal questions are equal."""
    return Property(name, STRING if type is None else type)


def _orderby(context: Context, options: Options, scope: Scope) -> tuple[Order, ...]:
    context.limits.check("orderby_items", len(options.orderby), target=context.option)
    orders: list[Order] = []
    for item in options.orderby:
        bound = bind_expression(context, item.expression, scope, whole=True)
        if no_value(bound) or type_of(bound) in (BINARY, STREAM):
            raise TypeMismatch(
                f"{context.at(item.at)}: {name_of(bound)} has no order",
                target=context.option,
                hint="name one of its properties" if no_value(bound) else None,
            )
        if not isinstance(bound, Constant):  # which orders nothing, and which databases take for a column's number
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


def _expand(context: Context, item: Expansion, depth: int) -> tuple[Expand, Selection]:
    navigation = item.navigation
    assert navigation is not None
    kind = item.narrowed or navigation.target
    with context.assigning(item.options.aliases):
        query, selection = bind_level(context, item.options, Variable("$it", 0, kind), depth + 1)
    if kind is not navigation.target:
        narrowed = IsOf(query.variable, (), of_type(context.model, kind))
        query = replace(query, filter=narrowed if query.filter is None else balanced("and", [narrowed, query.filter]))
    if item.ending:
        counted = query.count or item.ending == "$count"
        query = replace(query, properties=kind.key, parts=(), computed=(), shapes=(), count=counted)
    return Expand(navigation, query, item.ending, item.of), selection
