"""The binder: from what was said (syntax tree) to what is meant (resolved query), under limits.

One request has one numbering of parameters, over path and options. The order of the passes is that of `bind_request`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from demotic.model import EntityType, Model, Property
from demotic.query._addressed import BoundPath, Target
from demotic.query._applicable import check_applicable, given_options
from demotic.query._bind_context import Context, Scope
from demotic.query._bind_expression import bind_expression, bind_filter
from demotic.query._bind_options import Selection, bind_level, bind_property, default_properties
from demotic.query._bind_resource import bind_resource
from demotic.query._bind_values import Slot
from demotic.query._continuation import Continuation
from demotic.query._limits import QueryLimits
from demotic.query._resolved import After, Expression, Kind, Part, Query, Read, Variable
from demotic.query._tree import Expression as Tree
from demotic.query._tree import Options, ResourcePath


@dataclass(frozen=True, slots=True, eq=False)
class BoundRequest:
    """A request, bound: what to read, and with which values.

    ``read`` is ``None`` for the service and metadata documents. ``values[n]`` is the native value of slot n, and
    ``slots[n]`` where it came from; the values of a skip token come last and have no slot there, see ``continuation``.
    ``properties`` leads from the entity to the addressed property. ``selection`` and ``given`` (option names without
    ``$``) are what was asked, for the response to repeat. ``continuation`` reads and writes the skip tokens of a
    collection.
    """

    target: Target
    read: Read | None = None
    values: tuple[object, ...] = ()
    slots: tuple[Slot, ...] = ()
    properties: tuple[Property, ...] = ()
    selection: Selection = field(default_factory=Selection)
    given: frozenset[str] = frozenset()
    continuation: Continuation | None = None


_KINDS = {
    Target.COLLECTION: Kind.COLLECTION,
    Target.ENTITY: Kind.ENTITY,
    Target.PROPERTY: Kind.ENTITY,
    Target.VALUE: Kind.ENTITY,
    Target.COUNT: Kind.COUNT,
    Target.REFERENCE: Kind.ENTITY,
    Target.REFERENCES: Kind.COLLECTION,
}

_DEFAULT_LIMITS = QueryLimits()
_NO_OPTIONS = Options()


def bind_path(
    path: ResourcePath,
    model: Model,
    *,
    aliases: Mapping[str, Tree] | None = None,
    limits: QueryLimits = _DEFAULT_LIMITS,
) -> tuple[BoundPath, tuple[object, ...]]:
    """Return what a resource path addresses, and the values of its keys' parameters.

    Raises `UnknownResource`, `KeyMismatch` or `Unsupported`.
    """
    context = Context(model, limits, aliases or {})
    bound = bind_resource(context, path, bind_filter)
    context.finish()
    return bound, tuple(context.values)


def bind_options(
    options: Options, type: EntityType, model: Model, *, limits: QueryLimits = _DEFAULT_LIMITS
) -> tuple[Query, tuple[object, ...]]:
    """Return the query that options mean for a collection of ``type``, and the values of its parameters.

    Raises `UnknownName`, `TypeMismatch`, `NotApplicable`, `LimitExceeded` and other InvalidInput, or `Unsupported`.
    """
    context = Context(model, limits, options.aliases)
    query, _ = bind_level(context, options, Variable("$it", 0, type))
    context.finish()
    query, _ = _continue(context, query, options.skiptoken)
    return query, tuple(context.values)


def bind_expression_on(
    tree: Tree, type: EntityType, model: Model, *, limits: QueryLimits = _DEFAULT_LIMITS
) -> tuple[Expression, tuple[object, ...]]:
    """Return an expression bound on entities of ``type``, and the values of its parameters."""
    context = Context(model, limits, option="expression")
    bound = bind_expression(context, tree, Scope.of(Variable("$it", 0, type)))
    context.finish()
    return bound, tuple(context.values)


def bind_request(
    path: ResourcePath, options: Options = _NO_OPTIONS, *, model: Model, limits: QueryLimits = _DEFAULT_LIMITS
) -> BoundRequest:
    """Bind a path and its options, as one request.

    Raises `UnknownResource` where the path leads nowhere; `NotApplicable` for an option that the resource does not
    take; `KeyMismatch`, `UnknownName`, `TypeMismatch`, `LimitExceeded` and other InvalidInput with the place;
    `Unsupported` for what is meaningful but not offered, which is told last.
    """
    context = Context(model, limits, options.aliases)
    addressed = bind_resource(context, path, bind_filter)
    check_applicable(options, addressed)
    given = given_options(options)
    entities = addressed.type is not None and not addressed.properties
    if addressed.target in (Target.SERVICE, Target.METADATA, Target.BATCH):
        context.finish()
        return BoundRequest(addressed.target, given=given)
    entity_start = Variable("$it", 0, addressed.type) if entities and addressed.type is not None else None
    start = entity_start or replace(addressed.place, collection=False)
    if addressed.properties and addressed.type is not None:
        start = Variable("$it", 0, addressed.type)
    part: Part | None = None
    if addressed.properties and (given - {"format"} or addressed.target is Target.COUNT):
        counted = addressed.target is Target.COUNT
        part, selection = bind_property(context, options, addressed.properties, counted=counted)
        query, _ = bind_level(context, _NO_OPTIONS, start)
    else:
        query, selection = bind_level(context, options, start)
    context.finish()
    source = addressed.source
    assert source is not None
    if part is not None:
        query = replace(query, properties=(), parts=(part,))
    elif addressed.properties:
        query = replace(query, properties=addressed.properties[:1])
    query, continuation = _continue(context, query, options.skiptoken)
    return BoundRequest(
        addressed.target,
        Read(source, query, _KINDS[addressed.target] if not addressed.properties else Kind.ENTITY),
        tuple(context.values),
        tuple(context.slots),
        addressed.properties,
        selection,
        given,
        continuation if addressed.target in (Target.COLLECTION, Target.REFERENCES) else None,
    )


def _continue(context: Context, query: Query, token: str | None) -> tuple[Query, Continuation]:
    """Make the query start where a skip token says."""
    continuation = Continuation(query, len(context.values))
    if token is None:
        return query, continuation
    position = continuation.read(token, context.values)
    context.values.extend(value for value in position if value is not None)
    return replace(query, after=continuation.after(position)), continuation


__all__ = [
    "After",
    "BoundPath",
    "BoundRequest",
    "Selection",
    "Slot",
    "Target",
    "bind_expression_on",
    "bind_options",
    "bind_path",
    "bind_request",
    "default_properties",
]
