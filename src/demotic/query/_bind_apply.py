"""``$apply``: set transformations, checked against the model one after another; executing them is not offered yet.

What a transformation adds (aggregates, computed properties, nested collections) can be named by those after it. OData
Extension for Data Aggregation 4.0, sections 3 and 5.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from demotic.errors import InvalidInput
from demotic.model import INT64, EntityType, PrimitiveType
from demotic.query._bind_context import Context, Scope
from demotic.query._bind_expression import bind_expression, bind_filter
from demotic.query._bind_places import bound_operation, related_place, result_of, start_type
from demotic.query._bind_search import bind_search
from demotic.query._bind_special import bind_aggregate, check_argument
from demotic.query._bind_text import name_of, no_value
from demotic.query._errors import TypeMismatch
from demotic.query._resolved import Beyond, Constant, Expression, Parameter, Related, Variable
from demotic.query._signatures import type_of
from demotic.query._tree import (
    Aggregate,
    Arguments,
    ComputeItem,
    CountStep,
    Grouping,
    Named,
    NameStep,
    OrderItem,
    Path,
    Pipeline,
    Transformation,
)
from demotic.query._tree import Expression as Tree


def bind_apply(context: Context, pipeline: Pipeline, scope: Scope) -> Scope:
    """Check transformations; return the scope of what comes after them."""
    for item in pipeline.transformations:
        context.count_node()
        if "." in item.name:
            scope = _function(context, item, scope)
        else:
            scope = _TRANSFORMATIONS[item.name](context, item, scope)
    return scope


def _value(context: Context, tree: Tree, scope: Scope, *, whole: bool = False) -> Expression:
    return bind_expression(context, tree, scope, whole=whole)


def named(context: Context, scope: Scope, name: str, value: Expression, at: int) -> Scope:
    """Return the scope with a computed property. Raises `InvalidInput` where the name is taken."""
    kind = start_type(scope.current)
    if name in scope.computed or (kind is not None and name in {**kind.all_properties(), **kind.all_navigation()}):
        raise InvalidInput(
            f"{context.at(at)}: there is a property {name} already", target=context.option, hint="choose another name"
        )
    return replace(scope, computed={**scope.computed, name: value})


def _function(context: Context, item: Transformation, scope: Scope) -> Scope:
    kind = start_type(scope.current)
    (given,) = item.arguments
    assert isinstance(given, Arguments)
    place = Beyond(None, True, kind)
    chosen = bound_operation(context, item.name, place, [name for name, _ in given.named], item.at, ("Function",))
    for name, value in given.named:
        parameter = chosen.parameters[name]
        check_argument(
            context, value, parameter.type, parameter.collection, lambda tree: _value(context, tree, scope, whole=True)
        )
    result = result_of(chosen)
    if not result.collection:
        raise InvalidInput(f"{context.at(item.at)}: {item.name} gives no collection", target=context.option)
    start = Variable("$it", 0, result.of) if isinstance(result.of, EntityType) else replace(result, collection=False)
    return Scope.of(start)


def _aggregate(context: Context, item: Transformation, scope: Scope) -> Scope:
    result = scope
    for argument in item.arguments:
        assert isinstance(argument, Aggregate)
        value = bind_aggregate(context, argument, scope, lambda tree: _many(context, tree, scope))
        counted = isinstance(argument.expression, Path) and isinstance(argument.expression.steps[-1], CountStep)
        if argument.alias is None or (argument.method is None and not counted):
            raise _no_custom(context, argument)
        name = argument.alias
        result = named(context, result, name, value, argument.at)
    return result


def _no_custom(context: Context, argument: Aggregate) -> TypeMismatch:
    return TypeMismatch(
        f"{context.at(argument.at)}: this is no custom aggregate",
        target=context.option,
        hint="write with and a method, and as and a name",
    )


def _many(context: Context, tree: Tree, scope: Scope) -> Expression:
    """Bind what is aggregated: a path whose steps may lead to many."""
    if not isinstance(tree, Path):
        return _value(context, tree, scope, whole=True)
    within, steps = scope, list(tree.steps)
    for index, step in enumerate(steps[:-1]):
        if not isinstance(step, NameStep) or step.name.startswith("$"):
            break
        found = _value(context, Path((step,), step.at), within, whole=True)
        if not (isinstance(found, Beyond) and found.collection):
            continue_with = _item(found)
        else:
            continue_with = replace(found, collection=False)
        if continue_with is None:
            return _value(context, Path(tuple(steps[index:]), step.at), within, whole=True)
        within = Scope(continue_with, scope.it)
        if len(steps) - index == 2:
            return _last(context, steps[-1], within, tree)
    return _last(context, steps[-1], within, tree) if len(steps) == 1 else _value(context, tree, scope, whole=True)


def _last(context: Context, step: Any, scope: Scope, tree: Path) -> Expression:
    if not isinstance(step, NameStep):
        return Beyond(INT64)
    found = _value(context, Path((step,), step.at), scope, whole=True)
    return replace(found, collection=False) if isinstance(found, Beyond) else found


def _item(found: Expression) -> Beyond | None:
    if isinstance(found, Related):
        return related_place(found)
    return found if isinstance(found, Beyond) else None


def _compute(context: Context, item: Transformation, scope: Scope) -> Scope:
    result = scope
    for argument in item.arguments:
        assert isinstance(argument, ComputeItem)
        value = _value(context, argument.expression, scope)
        result = named(context, result, argument.name, primitive_value(context, value, argument.at), argument.at)
    return result


def primitive_value(context: Context, value: Expression, at: int) -> Expression:
    """Return a value that is to be computed. Raises `TypeMismatch` if it is no primitive one."""
    if no_value(value):
        raise TypeMismatch(f"{context.at(at)}: {name_of(value)} is no primitive value", target=context.option)
    return value


def _filter(context: Context, item: Transformation, scope: Scope) -> Scope:
    bind_filter(context, item.arguments[0], scope)  # type: ignore[arg-type]
    return scope


def _search(context: Context, item: Transformation, scope: Scope) -> Scope:
    bind_search(context, item.arguments[0], scope.current)  # type: ignore[arg-type]
    return scope


def _orderby(context: Context, item: Transformation, scope: Scope) -> Scope:
    for argument in item.arguments:
        assert isinstance(argument, OrderItem)
        primitive_value(context, _value(context, argument.expression, scope, whole=True), argument.at)
    return scope


def _same(context: Context, item: Transformation, scope: Scope) -> Scope:
    return scope


def _ranked(context: Context, item: Transformation, scope: Scope) -> Scope:
    bound = [_value(context, argument, scope) for argument in item.arguments]  # type: ignore[arg-type]
    whole = item.name.endswith("count")
    for value, wanted in zip(bound, (whole, False), strict=True):
        kind = type_of(value)
        ordered = value is bound[1] and whole
        fits = isinstance(kind, PrimitiveType) and (ordered or kind.numeric_rank > 0)
        if no_value(value) or not (fits or kind is None) or (wanted and _fraction(value)):
            raise TypeMismatch(
                f"{context.at(item.at)}: {item.name} takes numbers, this is {name_of(value)}", target=context.option
            )
    return scope


def _fraction(value: Expression) -> bool:
    return isinstance(value, (Parameter, Constant)) and value.type is not INT64


def _concat(context: Context, item: Transformation, scope: Scope) -> Scope:
    computed = dict(scope.computed)
    for argument in item.arguments:
        assert isinstance(argument, Pipeline)
        computed |= bind_apply(context, argument, scope).computed
    return replace(scope, computed=computed)


def _groupby(context: Context, item: Transformation, scope: Scope) -> Scope:
    grouping, *rest = item.arguments
    assert isinstance(grouping, Grouping)
    for element in grouping.elements:
        if isinstance(element, Path):
            _grouped(context, element, scope)
        elif element.name == "rollup":
            for path in element.arguments if len(element.arguments) > 1 else ():
                _grouped(context, path, scope)  # type: ignore[arg-type]
        else:
            _hierarchy(context, element, scope)
    return bind_apply(context, rest[0], scope) if rest and isinstance(rest[0], Pipeline) else scope


def _grouped(context: Context, path: Path, scope: Scope) -> None:
    bound = _value(context, path, scope, whole=True)
    if isinstance(bound, Beyond) and bound.collection:
        raise TypeMismatch(f"{context.at(path.at)}: {name_of(bound)} is no one value", target=context.option)


def _hierarchy(context: Context, item: Transformation, scope: Scope) -> Scope:
    """Check a reference to a recursive hierarchy, and what is done with its nodes."""
    nodes, _, node, *rest = item.arguments
    found = _value(context, nodes, scope, whole=True)  # type: ignore[arg-type]
    if not (isinstance(found, Beyond) and found.collection):
        raise TypeMismatch(f"{context.at(item.at)}: the nodes of a hierarchy are a collection", target=context.option)
    _value(context, node, scope, whole=True)  # type: ignore[arg-type]
    for argument in rest:
        if isinstance(argument, Pipeline):
            bind_apply(context, argument, Scope.of(replace(found, collection=False)))
        elif isinstance(argument, OrderItem):
            _value(context, argument.expression, scope)
    return scope


def _join(context: Context, item: Transformation, scope: Scope) -> Scope:
    first, *rest = item.arguments
    assert isinstance(first, Named) and isinstance(first.what, Path)
    found = _value(context, first.what, scope, whole=True)
    if not (isinstance(found, Beyond) and found.collection):
        raise TypeMismatch(f"{context.at(first.at)}: {name_of(found)} is no collection", target=context.option)
    member = replace(found, collection=False)
    for pipeline in rest:
        bind_apply(context, pipeline, Scope.of(member))  # type: ignore[arg-type]
    return named(context, scope, first.name, member, first.at)


def _nest(context: Context, item: Transformation, scope: Scope) -> Scope:
    inner = scope
    arguments = list(item.arguments)
    if item.name == "addnested":
        found = _value(context, arguments.pop(0), scope, whole=True)  # type: ignore[arg-type]
        member = _item(found)
        if member is None:
            raise TypeMismatch(f"{context.at(item.at)}: {name_of(found)} has no parts", target=context.option)
        inner = Scope.of(replace(member, collection=False))
    result = scope
    for argument in arguments:
        assert isinstance(argument, Named) and isinstance(argument.what, Pipeline)
        bind_apply(context, argument.what, inner)
        kind = start_type(inner.current)
        result = named(context, result, argument.name, Beyond(None, True, kind), argument.at)
    return result


_TRANSFORMATIONS: Final[Mapping[str, Callable[[Context, Transformation, Scope], Scope]]] = {
    "aggregate": _aggregate,
    "compute": _compute,
    "filter": _filter,
    "search": _search,
    "orderby": _orderby,
    **dict.fromkeys(("identity", "skip", "top"), _same),
    **dict.fromkeys(("topcount", "topsum", "toppercent", "bottomcount", "bottomsum", "bottompercent"), _ranked),
    "concat": _concat,
    "groupby": _groupby,
    **dict.fromkeys(("ancestors", "descendants", "traverse"), _hierarchy),
    **dict.fromkeys(("join", "outerjoin"), _join),
    **dict.fromkeys(("nest", "addnested"), _nest),
}
"""Each transformation: checked in a scope, it gives that of what comes after it."""
