"""Entity sets that nothing can be put into: the ends that are required but have no way to them.

OData 2 inserts an entity together with the links that it must have, so a set whose entities need two others that they
cannot name can never be filled ([MC-CSDL], section 2.1.11: an end of multiplicity 1).
"""

from __future__ import annotations

from collections.abc import Iterator

from demotic.model._errors import ModelConstraintError
from demotic.model._schema import EntityContainer, EntitySet, Model
from demotic.model.v2._associations import End
from demotic.model.v2._projection import Projection


def unbound_principals(projection: Projection, container: EntityContainer, entity_set: EntitySet) -> list[End]:
    """Return the ends that entities of a set require though no navigation property leads there.

    Such entities are created through their principal only: in its navigation property, or along with it.
    """
    return [
        item.association.other(role)
        for item in projection.association_sets(container)
        for role, found in item.sets
        if found is entity_set
        and item.association.other(role).multiplicity == "1"
        and item.association.end(role).navigation is None
    ]


def never_insertable(model: Model) -> Iterator[ModelConstraintError]:
    """Yield what is wrong with sets that have two unbound principals or more."""
    projection = Projection(model)
    for schema in model.schemas.values():
        for container in schema.containers():
            for entity_set in container.sets.values():
                ends = unbound_principals(projection, container, entity_set)
                if len(ends) > 1:
                    names = " and ".join(end.qualified_name for end in ends)
                    problem = f"nothing can ever be inserted: it needs {names}, and leads to neither"
                    yield ModelConstraintError(problem, target=f"{schema.namespace}.{container.name}/{entity_set.name}")
