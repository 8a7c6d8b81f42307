"""Complex values of derived types: which type a value says it is of, under ``@type``.

OData CSDL XML 4.01, section 9.2; OData JSON Format 4.01, section 4.5.3. `demotic.model.ensure` links a complex type
with those derived from it; a value says which by its qualified name, and is of the declared type if it says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from demotic.model._errors import InvalidValue
from demotic.model._schema import Model
from demotic.model._schema_children import ComplexType, StructuredType

TYPE_KEY: Final = "@type"
_KEYS: Final = (TYPE_KEY, "@odata.type")


def link_heirs(model: Model) -> None:
    """Tell each complex type which are derived from it."""
    for schema in model.schemas.values():
        for kind in schema.types.values():
            if isinstance(kind, ComplexType):
                kind.heirs = model.heirs(kind)


def heirs_of(kind: StructuredType) -> tuple[ComplexType, ...]:
    """Return the types derived from a complex type; none for what has none, and for entity types."""
    return kind.heirs if isinstance(kind, ComplexType) else ()


def told_type(kind: StructuredType, value: Mapping[str, Any], path: str) -> StructuredType:
    """Return the type that a value says it is of. Raises `InvalidValue` for one that it cannot be of."""
    heirs = heirs_of(kind)
    said = next((value[key] for key in _KEYS if value.get(key) is not None), None)
    if said is None:
        found: StructuredType | None = kind
    else:
        name = str(said).rpartition("#")[2]
        found = next((item for item in (kind, *heirs) if item.qualified_name == name), None)
    if found is None or (found.abstract and heirs):
        known = ", ".join(item.qualified_name for item in (kind, *heirs) if not item.abstract)
        what = f"{said} is not the type of what is here" if found is None else f"{found.qualified_name} is abstract"
        raise InvalidValue(f"{path}: {what}", target=path, hint=f"it is of {known}")
    return found


def without_type(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return a complex value without what tells its type."""
    return {name: part for name, part in value.items() if name not in _KEYS}


def tells_types(kind: StructuredType, above: tuple[StructuredType, ...] = ()) -> bool:
    """Whether values of a complex type, or values within them, may have to tell their types."""
    if heirs_of(kind):
        return True
    inner = (item.type for item in kind.all_properties().values() if isinstance(item.type, ComplexType))
    return kind not in above and any(tells_types(item, (*above, kind)) for item in inner)


def untold(value: Any) -> Any:
    """Return a value, or a list of them, without what tells the types of complex values in it."""
    if isinstance(value, Mapping):
        return {name: untold(part) for name, part in value.items() if name != TYPE_KEY}
    return [untold(item) for item in value] if isinstance(value, list) else value
