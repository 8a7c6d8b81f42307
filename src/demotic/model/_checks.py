"""Whether a model holds together: rules as small functions, all of them in one table, all findings reported.

OData CSDL XML 4.01, sections 5 to 13 and 15. Objects built by hand, read or reflected are checked alike; nothing here
changes a model.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

from demotic.errors import DemoticError, SyntaxFault
from demotic.model._errors import (
    DuplicateName,
    IncompatibleNames,
    InvalidMetadataDocument,
    InvalidName,
    ModelConstraintError,
    ModelError,
    ModelIncomplete,
)
from demotic.model._facets import broken_facets
from demotic.model._find import schemas_in_reach
from demotic.model._identifiers import is_identifier, is_namespace
from demotic.model._schema import EntityContainer, Model, Schema
from demotic.model._schema_children import (
    EDM_COMPLEX_TYPE,
    EDM_ENTITY_TYPE,
    EntityType,
    EnumType,
    NavigationProperty,
    Property,
    StructuredType,
    TypeDefinition,
)
from demotic.model._types import INTEGER_RANGES, BuiltinType, PrimitiveType

RESERVED_NAMESPACES: Final = frozenset(("Edm", "odata", "System", "Transient"))
KEY_TYPES: Final = frozenset(
    ("Boolean", "Byte", "Date", "DateTimeOffset", "Decimal", "Duration", "Guid", "String", "TimeOfDay")
) | frozenset(INTEGER_RANGES)
"""What key properties may be of (section 6.5); enumerations and type definitions count as what they rest on."""

Findings = Iterator[ModelError]


def check(model: Model, *, bindings: bool = True) -> list[ModelError]:
    """Return everything that is wrong with a model, each with the path of the culprit as `target`, and the line and
    column of the document that it was read from, if any.

    With `bindings`, a navigation property that could lead to an entity set but is not bound to one is wrong, too: OData
    allows it, but a service cannot then say where the related entities are.
    """
    rules = RULES if bindings else tuple(rule for rule in RULES if rule is not _unbound)
    findings = list(_base_loops(model)) or [finding for rule in rules for finding in rule(model)]
    return [_placed(finding, model) for finding in findings]


def ensure(model: Model, *, bindings: bool = True) -> Model:
    """Return the model if nothing is wrong with it. Raises the first finding of `check`, the others as `details`."""
    findings = check(model, bindings=bindings)
    if findings:
        first, *rest = findings
        raise _copy(first, first.line, first.column, tuple(rest))
    return model


def _placed(finding: ModelError, model: Model) -> ModelError:
    """Return the finding with its place, where the model comes from a document."""
    place = model.places.get(finding.target or "")
    return finding if place is None else _copy(finding, *place)


def _copy(finding: ModelError, line: int, column: int, details: tuple[DemoticError, ...] = ()) -> ModelError:
    problem, target, hint = finding.problem, finding.target, finding.hint
    return type(finding)(problem, target=target, hint=hint, details=details, line=line, column=column)


def _structured(model: Model) -> Iterator[StructuredType]:
    for schema in model.schemas.values():
        for kind in schema.types.values():
            if isinstance(kind, StructuredType):
                yield kind


def _containers(model: Model) -> Iterator[tuple[str, EntityContainer]]:
    for schema in model.schemas.values():
        for container in schema.containers():
            yield f"{schema.namespace}.{container.name}", container


def _base_loops(model: Model) -> Findings:
    for kind in _structured(model):
        seen, above = {kind}, kind.base
        while above is not None and above not in seen:
            seen.add(above)
            above = above.base
        if above is not None:
            yield InvalidMetadataDocument("it is its own base type", target=kind.qualified_name)


def _names(model: Model) -> Findings:
    for schema in model.schemas.values():
        yield from _namespace(schema)
        for scope, name in _declared_names(schema):
            if not is_identifier(name):
                hint = "a letter or '_' first, then also digits, at most 128 characters"
                yield InvalidName(f"{name!r} is no identifier", target=scope, hint=hint)


def _namespace(schema: Schema) -> Findings:
    if not is_namespace(schema.namespace):
        yield InvalidName(f"{schema.namespace!r} is no namespace", target=schema.namespace)
    for name in (schema.namespace, schema.alias):
        if name in RESERVED_NAMESPACES:
            yield InvalidName(f"{name} is reserved", target=schema.namespace)
    if schema.alias is not None and not is_identifier(schema.alias):
        yield InvalidName(f"the alias {schema.alias!r} is no identifier", target=schema.namespace)


def _declared_names(schema: Schema) -> Iterator[tuple[str, str]]:
    """Yield each name declared in a schema, and the scope that it belongs to."""
    for name, kind in schema.types.items():
        yield schema.namespace, name
        if isinstance(kind, StructuredType):
            yield from ((kind.qualified_name, item) for item in (*kind.properties, *kind.navigation))
        if isinstance(kind, EnumType):
            yield from ((kind.qualified_name, item) for item in kind.members)
    yield from ((schema.namespace, name) for name in (*schema.operations, *schema.terms))
    for container in schema.containers():
        yield schema.namespace, container.name
        scope = f"{schema.namespace}.{container.name}"
        yield from ((scope, name) for name in (*container.sets, *container.singletons, *container.imports))


def _duplicates(model: Model) -> Findings:
    for schema in model.schemas.values():
        containers = (container.name for container in schema.containers())
        children = (*schema.types, *schema.operations, *schema.terms, *containers)
        yield from _twice(schema.namespace, children)
    for scope, holder in _containers(model):
        yield from _twice(scope, (*holder.sets, *holder.singletons, *holder.imports))
    for kind in _structured(model):
        inherited = () if kind.base is None else (*kind.base.all_properties(), *kind.base.all_navigation())
        yield from _twice(kind.qualified_name, (*kind.properties, *kind.navigation, *inherited))
    spaces = [{schema.namespace, schema.alias} - {None} for schema in model.schemas.values()]
    yield from _twice("namespaces and aliases", [str(name) for names in spaces for name in names])


def _twice(scope: str, names: tuple[str, ...] | list[str]) -> Findings:
    for name, count in Counter(names).items():
        if count > 1:
            yield DuplicateName(f"{name} is declared {count} times", target=scope)


def _hidden_names(model: Model) -> Findings:
    """A schema's child that is called like another namespace hides it, or is hidden by it."""
    for schema in model.schemas.values():
        for child in (*schema.types, *schema.operations, *schema.terms):
            qualified = f"{schema.namespace}.{child}"
            for other in model.schemas:
                if other == qualified or other.startswith(f"{qualified}."):
                    yield IncompatibleNames(f"it hides the namespace {other}", target=qualified)


def _unknown_types(model: Model) -> Findings:
    known: set[object] = {kind for _, schema in schemas_in_reach(model) for kind in schema.types.values()}
    known |= {EDM_ENTITY_TYPE, EDM_COMPLEX_TYPE}
    for target, kind in _references(model):
        if not isinstance(kind, (PrimitiveType, BuiltinType)) and kind not in known:
            name = getattr(kind, "qualified_name", repr(kind))
            yield ModelIncomplete(f"its type {name} is not in the model", target=target)


def _references(model: Model) -> Iterator[tuple[str, object]]:
    """Yield every use of a type, and the type."""
    for kind in _structured(model):
        if kind.base is not None:
            yield kind.qualified_name, kind.base
        for item in kind.properties.values():
            yield f"{kind.qualified_name}/{item.name}", item.type
        for way in kind.navigation.values():
            yield f"{kind.qualified_name}/{way.name}", way.target
    for scope, container in _containers(model):
        for member in container.members().values():
            yield f"{scope}/{member.name}", member.type


def _keys(model: Model) -> Findings:
    for kind in _structured(model):
        if isinstance(kind, EntityType) and kind.own_key:
            if isinstance(kind.base, EntityType) and kind.base.key:
                yield InvalidMetadataDocument("a key, though its base type has one", target=kind.qualified_name)
            for item in kind.own_key:
                yield from _key_property(kind, item)
    for scope, container in _containers(model):
        for member in container.sets.values():
            if not member.type.key and member.type is not EDM_ENTITY_TYPE:
                problem = f"its type {member.type.name} has no key, so that no entity can be addressed"
                yield ModelConstraintError(problem, target=f"{scope}/{member.name}")


def _key_property(kind: EntityType, item: Property) -> Findings:
    target = f"{kind.qualified_name}/{item.name}"
    if not kind.key_paths and kind.all_properties().get(item.name) is not item:
        yield ModelIncomplete(f"its key property {item.name} is not one of its properties", target=kind.qualified_name)
    if item.primitive is None or item.collection or item.primitive.name not in KEY_TYPES:
        yield InvalidMetadataDocument(
            f"a key property cannot be of {'a collection' if item.collection else item.type.qualified_name}",
            target=target,
            hint=f"it may be of {', '.join(sorted(KEY_TYPES))} or an enumeration",
        )
    if item.nullable:
        yield InvalidMetadataDocument("a key property cannot be null", target=target, hint="declare it not nullable")


def _navigation(model: Model) -> Findings:
    for kind in _structured(model):
        for way in kind.navigation.values():
            target = f"{kind.qualified_name}/{way.name}"
            yield from _partner(kind, way, target)
            yield from _constraints(kind, way, target)


def _partner(kind: StructuredType, way: NavigationProperty, target: str) -> Findings:
    partner = way.partner
    if partner is None or way.partner_path is not None:
        return
    if way.target.all_navigation().get(partner.name) is not partner:
        yield ModelIncomplete(f"its partner {partner.name} is none of {way.target.name}", target=target)
    elif partner.target not in kind.lineage() and kind not in partner.target.lineage():
        problem = f"its partner {partner.name} leads to {partner.target.name}, not back to {kind.name}"
        yield InvalidMetadataDocument(problem, target=target)
    elif partner.partner is not None and partner.partner is not way:
        problem = f"its partner {partner.name} has {partner.partner.name} as partner"
        yield InvalidMetadataDocument(problem, target=target)


def _constraints(kind: StructuredType, way: NavigationProperty, target: str) -> Findings:
    for own, theirs in way.constraints:
        if not way.constraint_paths and kind.all_properties().get(own.name) is not own:
            yield ModelIncomplete(f"its constraint names {own.name}, which {kind.name} lacks", target=target)
        if not way.constraint_paths and way.target.all_properties().get(theirs.name) is not theirs:
            yield ModelIncomplete(f"its constraint names {theirs.name}, which {way.target.name} lacks", target=target)
        if own.primitive is not theirs.primitive:
            problem = f"{own.name} of {own.type.qualified_name} can never equal {theirs.name}"
            yield ModelConstraintError(f"{problem} of {theirs.type.qualified_name}", target=target)


def _bindings(model: Model) -> Findings:
    for scope, container in _containers(model):
        members = container.members().values()
        for member in members:
            for path, bound in member.bindings.items():
                if not any(bound is other for other in members):
                    problem = f"{path} is bound to {bound.name}, which the container lacks"
                    yield ModelIncomplete(problem, target=f"{scope}/{member.name}")
                way = member.type.all_navigation().get(path)
                if way is not None and not _related(way.target, bound.type):
                    problem = f"{path} leads to {way.target.name}, but {bound.name} has {bound.type.name}"
                    yield InvalidMetadataDocument(problem, target=f"{scope}/{member.name}")


def _related(left: StructuredType, right: StructuredType) -> bool:
    return left is EDM_ENTITY_TYPE or left in right.lineage() or right in left.lineage()


def _unbound(model: Model) -> Findings:
    for scope, container in _containers(model):
        homes = {member.type for member in container.sets.values()}
        for member in container.members().values():
            bound = {path.rpartition("/")[2] for path in (*member.bindings, *member.other_bindings)}
            for name, way in member.type.all_navigation().items():
                if way.target in homes and name not in bound and not way.contains_target:
                    problem = f"{name} is not bound to an entity set"
                    yield ModelIncomplete(problem, target=f"{scope}/{member.name}")


def _enumerations(model: Model) -> Findings:
    for schema in model.schemas.values():
        for kind in schema.types.values():
            if isinstance(kind, EnumType):
                yield from _enumeration(kind)


def _enumeration(kind: EnumType) -> Findings:
    if kind.underlying.name not in INTEGER_RANGES:
        problem = f"its underlying type {kind.underlying.qualified_name} is no integer type"
        yield InvalidMetadataDocument(problem, target=kind.qualified_name)
        return
    if not kind.members:
        yield InvalidMetadataDocument("it has no members", target=kind.qualified_name)
    least, greatest = INTEGER_RANGES[kind.underlying.name]
    if kind.is_flags:
        least = 0
    for name, value in kind.members.items():
        if not least <= value <= greatest:
            problem = f"its value {value} is outside {least} to {greatest}"
            yield InvalidMetadataDocument(problem, target=f"{kind.qualified_name}/{name}")


def _facets(model: Model) -> Findings:
    for schema in model.schemas.values():
        for definition in schema.types.values():
            if isinstance(definition, TypeDefinition):
                for problem in broken_facets(definition.facets, definition.underlying):
                    yield InvalidMetadataDocument(problem, target=definition.qualified_name)
    for kind in _structured(model):
        for item in kind.properties.values():
            for problem in broken_facets(item.facets, item.primitive):
                yield InvalidMetadataDocument(problem, target=f"{kind.qualified_name}/{item.name}")


def _defaults(model: Model) -> Findings:
    for kind in _structured(model):
        for item in kind.properties.values():
            problem = None if item.default is None else _wrong_default(item, item.default)
            if problem:
                yield InvalidMetadataDocument(problem, target=f"{kind.qualified_name}/{item.name}")


def _wrong_default(item: Property, text: str) -> str | None:
    if isinstance(item.type, EnumType):
        unknown = [name for name in text.split(",") if name not in item.type.members and not name.lstrip("-").isdigit()]
        return f"its default value {unknown[0]!r} is no member of {item.type.name}" if unknown else None
    if item.primitive is None or item.collection:
        return "only a single primitive value can have a default"
    try:
        item.primitive.parse(text)
    except SyntaxFault as fault:
        return f"its default value {text!r} is wrong, {fault}"
    return None


def _never_insertable(model: Model) -> Findings:
    """Associations are looked at only where a document states them: of others nothing is required on both sides."""
    from demotic.model.v2 import ASSOCIATION, never_insertable

    if any(item.term == ASSOCIATION for schema in model.schemas.values() for item in schema.annotations):
        yield from never_insertable(model)


RULES: Final[tuple[Callable[[Model], Findings], ...]] = (
    _names,
    _duplicates,
    _hidden_names,
    _unknown_types,
    _keys,
    _navigation,
    _bindings,
    _unbound,
    _enumerations,
    _facets,
    _defaults,
    _never_insertable,
)
"""Every rule, in the order in which findings are reported; all but the base type loops, which others would hang in."""
