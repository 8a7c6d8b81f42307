"""Which types are derived from which, over a whole model. OData CSDL XML 4.01, sections 6.2 and 9.2."""

from __future__ import annotations

from demotic.model._find import schemas_in_reach
from demotic.model._schema import Model
from demotic.model._schema_children import StructuredType


def all_heirs(model: Model) -> dict[StructuredType, tuple[StructuredType, ...]]:
    """Return the types derived from each type that has any, directly or not, in declared order."""
    found: dict[StructuredType, dict[StructuredType, None]] = {}
    for _, schema in schemas_in_reach(model):
        for kind in schema.types.values():
            if isinstance(kind, StructuredType) and kind.base is not None:
                for base in kind.base.lineage():
                    found.setdefault(base, {})[kind] = None
    return {base: tuple(kinds) for base, kinds in found.items()}
