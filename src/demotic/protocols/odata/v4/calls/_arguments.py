"""Arguments in JSON: each as the value of a property of the parameter's type would be.

OData JSON Format 4.01, sections 17 and 18 (parameters of functions and actions).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from demotic.errors import InvalidInput
from demotic.model import EntityType, InvalidValue, Operation, Parameter, Property
from demotic.protocols.odata.common.changes import References
from demotic.protocols.odata.v4._payload import Reader, native
from demotic.query import UnknownName, choices
from demotic.service import Transaction

_IDENTIFIERS = ("@odata.id", "@id")


def from_json(references: References, transaction: Transaction) -> Callable[[Parameter, object], object]:
    """Return what makes a native value of an argument's JSON form: entities are given whole, or by reference."""

    def entity(kind: EntityType, value: object, path: str) -> Any:
        if not isinstance(value, Mapping):
            raise InvalidValue(f"{path} takes an entity", target=path, hint='{"@id": URL} for one that is there')
        url = next((value[name] for name in _IDENTIFIERS if name in value), None)
        if url is None:
            return Reader(references).entity(kind, value, f"{path}/")
        if not isinstance(url, str):
            raise InvalidInput(f"{path} takes the URL of an entity", target=path)
        return references.entity(url, kind, transaction)

    def convert(parameter: Parameter, value: object) -> object:
        name, kind = parameter.name, parameter.type
        if not isinstance(kind, EntityType):
            facets = parameter.facets
            return native(Property(name, kind, parameter.nullable, parameter.collection, facets), value, name)
        if parameter.collection:
            if not isinstance(value, list):
                raise InvalidValue(f"{name} takes a list", target=name)
            return [entity(kind, item, f"{name}[{n}]") for n, item in enumerate(value)]
        if value is None:
            if not parameter.nullable:
                raise InvalidValue(f"{name} must not be null", target=name)
            return None
        return entity(kind, value, name)

    return convert


def arguments_of(
    operation: Operation, body: Mapping[str, object], convert: Callable[[Parameter, object], object]
) -> dict[str, object]:
    """Return the arguments that a body has, native; control information is passed over.

    Raises `UnknownName` for what is no parameter, InvalidInput naming the one that does not fit.
    """
    known = {name: item for n, (name, item) in enumerate(operation.parameters.items()) if n or not operation.bound}
    found: dict[str, object] = {}
    for name, value in body.items():
        if "@" in name:
            continue
        if name not in known:
            raise UnknownName(
                f"{operation.name} has no parameter {name}", target=name, hint=choices(name, known) or None
            )
        found[name] = convert(known[name], value)
    return found
