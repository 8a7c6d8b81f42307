"""Associations and their sets as annotations: made when a document of versions 1 to 3 is read, used to write one.

What has no navigation property of its own (the far end of a way that leads one way only) is nowhere else in the model.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from demotic.model._annotations import Annotation, Record
from demotic.model._errors import InvalidMetadataDocument, ModelIncomplete
from demotic.model._schema import EntityContainer, EntitySet, Model, Schema
from demotic.model._schema_children import EntityType
from demotic.model.v2._associations import Association, AssociationSet, Constraint, End
from demotic.model.v2._terms import ASSOCIATION, ASSOCIATION_SET


def declared_associations(model: Model) -> Iterator[Association]:
    """Yield the associations that the schemas of a model state. Raises ModelIncomplete and InvalidMetadataDocument."""
    for schema in model.schemas.values():
        for item in schema.annotations:
            if item.term == ASSOCIATION and item.qualifier is not None and isinstance(item.value, Record):
                yield _association(model, schema, item, item.value)


def declared_sets(container: EntityContainer, associations: dict[str, Association]) -> Iterator[AssociationSet]:
    """Yield the association sets that a container states."""
    for item in container.annotations:
        if item.term == ASSOCIATION_SET and item.qualifier is not None and isinstance(item.value, Record):
            found = _association_set(container, item, item.value, associations)
            if found is not None:
                yield found


def annotated_association(
    name: str, ends: list[Record], constraint: Constraint | None, annotations: list[Annotation]
) -> Annotation:
    """Return the annotation of a schema that states an association. An end says its ``Role``, ``Type``,
    ``Multiplicity`` and perhaps ``OnDelete``."""
    value: dict[str, object] = {"Ends": ends}
    if constraint is not None:
        value["Principal"] = Record({"Role": constraint.principal, "Properties": list(constraint.principal_properties)})
        value["Dependent"] = Record({"Role": constraint.dependent, "Properties": list(constraint.dependent_properties)})
    return Annotation(ASSOCIATION, Record(value), name, annotations)


def annotated_set(name: str, association: str, ends: list[Record], annotations: list[Annotation]) -> Annotation:
    """Return the annotation of a container that states an association set. An end says its ``Role`` and
    ``EntitySet``."""
    return Annotation(ASSOCIATION_SET, Record({"Association": association, "Ends": ends}), name, annotations)


def _association(model: Model, schema: Schema, item: Annotation, value: Record) -> Association:
    name = item.qualifier or ""
    qualified = f"{schema.namespace}.{name}"
    ends = [_end(model, qualified, end) for end in _records(value, "Ends")]
    if len(ends) != 2:
        raise InvalidMetadataDocument(f"an association has two ends, not {len(ends)}", target=qualified)
    return Association(schema.namespace, name, (ends[0], ends[1]), _constraint(value), tuple(item.annotations))


def _end(model: Model, association: str, value: Record) -> End:
    kind = model.find(_text(value, "Type"))
    if not isinstance(kind, EntityType):
        raise ModelIncomplete(f"{_text(value, 'Type')} is no entity type", target=association)
    action = value.values.get("OnDelete")
    return End(
        association,
        _text(value, "Role"),
        kind,
        _text(value, "Multiplicity"),
        on_delete=None if action is None else str(action),
        annotations=tuple(value.annotations),
    )


def _constraint(value: Record) -> Constraint | None:
    principal, dependent = value.values.get("Principal"), value.values.get("Dependent")
    if not isinstance(principal, Record) or not isinstance(dependent, Record):
        return None
    return Constraint(
        _text(principal, "Role"),
        _texts(principal, "Properties"),
        _text(dependent, "Role"),
        _texts(dependent, "Properties"),
    )


def _association_set(
    container: EntityContainer, item: Annotation, value: Record, associations: dict[str, Association]
) -> AssociationSet | None:
    association = associations.get(_text(value, "Association"))
    ends = [end for end in _records(value, "Ends") if _text(end, "EntitySet") in container.sets]
    if association is None or len(ends) != 2:
        return None
    sets: list[tuple[str, EntitySet]] = [(_text(end, "Role"), container.sets[_text(end, "EntitySet")]) for end in ends]
    notes = tuple(tuple(end.annotations) for end in ends)
    return AssociationSet(item.qualifier or "", association, (sets[0], sets[1]), tuple(item.annotations), notes)


def _records(value: Record, name: str) -> list[Record]:
    found = value.values.get(name)
    return [item for item in found if isinstance(item, Record)] if isinstance(found, list) else []


def _text(value: Record, name: str) -> str:
    return str(value.values.get(name, ""))


def _texts(value: Record, name: str) -> tuple[str, ...]:
    return tuple(str(item) for item in cast(list[object], value.values.get(name, [])))
