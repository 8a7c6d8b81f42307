"""The binder: from what was said (syntax tree) to what is meant (resolved query), under limits.

One request has one numbering of parameters, over path and options. The order of the passes is that of `bind_request`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from demotic.model import EntityType, Model, Property
from demotic.query._addressed import BoundPath, Invocation, JsonArgument, Target
from demotic.query._applicable import check_applicable, for_schema_version, given_options
from demotic.query._bind_context import Context, ReadArgument, Scope
from demotic.query._bind_expression import bind_expression, bind_filter
from demotic.query._bind_options import Selection, bind_level, bind_property
from demotic.query._bind_resource import bind_resource
from demotic.query._bind_values import Slot
from demotic.query._continuation import Continuation
from demotic.query._limits import QueryLimits
from demotic.query._options import read_alias
from demotic.query._resolved import After, Beyond, Expression, Kind, Part, Query, Read, Variable
from demotic.query._shapes import default_properties
from demotic.query._tree import Expression as Tree
from demotic.query._tree import Options, ResourcePath

_ANYTHING = Beyond(None)


@dataclass(frozen=True, slots=True, eq=False)
class BoundRequest:
    """A request, bound: what to read, and with which values.

    ``read`` is ``None`` for the service and metadata documents. ``values[n]`` is the native value of slot n, and
    ``slots[n]`` where it came from; the values of a skip token come last and have no slot there, see ``continuation``.
    ``properties`` leads from the entity to the addressed property. ``selection`` and ``given`` (option names without
    ``$``) are what was asked, for the response to repeat. ``continuation`` reads and writes the skip tokens of a
    collection. Where an operation is called, ``invocation`` says so: ``read`` then reads from what it returns, and is
    ``None`` where that is a value. ``place`` is the type of what is addressed.
    """

    target: Target
    read: Read | None = None
    values: tuple[object, ...] = ()
    slots: tuple[Slot, ...] = ()
    properties: tuple[Property, ...] = ()
    selection: Selection = field(default_factory=Selection)
    given: frozenset[str] = frozenset()
    continuation: Continuation | None = None
    invocation: Invocation | None = None
    place: Beyond = _ANYTHING


_KINDS = {
    Target.COLLECTION: Kind.COLLECTION,
    Target.ENTITY: Kind.ENTITY,
    Target.PROPERTY: Kind.ENTITY,
    Target.VALUE: Kind.ENTITY,
    Target.MEDIA: Kind.ENTITY,
    Target.COUNT: Kind.COUNT,
    Target.REFERENCE: Kind.ENTITY,
    Target.REFERENCES: Kind.COLLECTION,
    Target.OPERATION: Kind.ENTITY,
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
    path: ResourcePath,
    options: Options = _NO_OPTIONS,
    *,
    model: Model,
    limits: QueryLimits = _DEFAULT_LIMITS,
    read_argument: ReadArgument = read_alias,
    former: bool = False,
) -> BoundRequest:
    """Bind a path and its options, as one request; ``read_argument`` reads custom options that are arguments.

    With ``former`` operations are called as in OData 2: all arguments are query options.

    Raises `UnknownResource` where the path leads nowhere; `NotApplicable` for an option that the resource does not
    take; `KeyMismatch`, `UnknownName`, `TypeMismatch`, `LimitExceeded` and other InvalidInput with the place;
    `Unsupported` for what is meaningful but not offered, which is told last.
    """
    options = for_schema_version(options, model)
    implicit: dict[str, list[str]] = {}
    for name, text in options.custom:
        implicit.setdefault(name, []).append(text)
    context = Context(model, limits, options.aliases, implicit=implicit, read_argument=read_argument, former=former)
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
    if addressed.invocation is not None and addressed.type is None:
        return _value_of(context, addressed, addressed.invocation, options)
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
        query = replace(query, properties=(), parts=(part,), shapes=())
    elif addressed.properties:
        query = replace(query, properties=addressed.properties[:1], shapes=())
    query, continuation = _continue(context, query, options.skiptoken)
    many = addressed.target is Target.OPERATION and addressed.place.collection
    kind = Kind.COLLECTION if many else _KINDS[addressed.target]
    return BoundRequest(
        addressed.target,
        Read(source, query, kind if not addressed.properties else Kind.ENTITY),
        tuple(context.values),
        tuple(context.slots),
        addressed.properties,
        selection,
        given,
        continuation if kind is Kind.COLLECTION else None,
        addressed.invocation,
        addressed.place,
    )


def _value_of(context: Context, addressed: BoundPath, invocation: Invocation, options: Options) -> BoundRequest:
    """Bind a call that returns a value, of which no store reads anything."""
    given = given_options(options)
    if given - {"format"}:
        context.beyond("this option on what an operation returns", "$" + min(given - {"format"}))
    bind_level(context, options, replace(addressed.place, collection=False))
    context.finish()
    return BoundRequest(
        addressed.target,
        None,
        tuple(context.values),
        tuple(context.slots),
        addressed.properties,
        given=given,
        invocation=invocation,
        place=addressed.place,
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
    "Invocation",
    "JsonArgument",
    "Selection",
    "Slot",
    "Target",
    "bind_expression_on",
    "bind_options",
    "bind_path",
    "bind_request",
    "default_properties",
]
