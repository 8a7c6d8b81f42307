"""Rules on navigation: partners, referential constraints, and bindings to entity sets.

OData CSDL XML 4.01, sections 8 and 13.4.
"""

from __future__ import annotations

from demotic.model._check_walk import Findings, containers, structured
from demotic.model._errors import InvalidMetadataDocument, ModelConstraintError, ModelIncomplete
from demotic.model._schema import Model
from demotic.model._schema_children import EDM_ENTITY_TYPE, NavigationProperty, StructuredType


def navigation(model: Model) -> Findings:
    for kind in structured(model):
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


def bindings(model: Model) -> Findings:
    for scope, container in containers(model):
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


def unbound(model: Model) -> Findings:
    for scope, container in containers(model):
        homes = {member.type for member in container.sets.values()}
        for member in container.members().values():
            bound = {path.rpartition("/")[2] for path in (*member.bindings, *member.other_bindings)}
            for name, way in member.type.all_navigation().items():
                if way.target in homes and name not in bound and not way.contains_target:
                    problem = f"{name} is not bound to an entity set"
                    yield ModelIncomplete(problem, target=f"{scope}/{member.name}")


def never_insertable(model: Model) -> Findings:
    """Associations are looked at only where a document states them: of others nothing is required on both sides."""
    from demotic.model.v2 import ASSOCIATION, never_insertable

    if any(item.term == ASSOCIATION for schema in model.schemas.values() for item in schema.annotations):
        yield from never_insertable(model)
