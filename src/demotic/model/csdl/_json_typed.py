"""Types, facets and default values of CSDL JSON as attributes of CSDL XML.

OData CSDL JSON 4.01, sections 7.1 and 7.2.
"""

from __future__ import annotations

from typing import Any, Final

from demotic.errors import InvalidInput
from demotic.model._errors import InvalidMetadataDocument
from demotic.model._types import primitive_type
from demotic.model.csdl import elements as xml
from demotic.model.csdl._json_objects import Members
from demotic.model.v2 import ORIGINS, UNZONED

_SCALES: Final = ("variable", "floating")


def typed(members: Members) -> dict[str, Any]:
    """Take type, nullability and facets. A collection says always whether its items may be null."""
    kind = members.take("$Type", str, "Edm.String")
    collection = members.take("$Collection", bool, False)
    nullable = members.take("$Nullable", bool, False)
    origin = ORIGINS.get(kind, kind)
    return {
        "Type": f"Collection({origin})" if collection else origin,
        "Nullable": nullable,
        "annotations": [_unzoned()] if kind == "Edm.DateTime" else [],
        **facets(members, kind),
    }


def _unzoned() -> xml.Annotation:
    result = xml.Annotation(Term=UNZONED)
    xml.keep_json(result, True)
    return result


def facets(members: Members, kind: str) -> dict[str, Any]:
    """Take the facets of something of a type; a decimal that says no scale has a variable one (section 7.2.4)."""
    scale = members.raw("$Scale", "variable" if kind == "Edm.Decimal" else None)
    if scale is not None and scale not in _SCALES and (not isinstance(scale, int) or isinstance(scale, bool)):
        problem = "a whole number, 'variable' or 'floating' is expected"
        raise InvalidMetadataDocument(problem, target=f"{members.path}/$Scale")
    srid = members.raw("$SRID")
    found = {
        "MaxLength": members.take("$MaxLength", int),
        "Precision": members.take("$Precision", int),
        "Scale": scale,
        "Unicode": members.take("$Unicode", bool),
        "SRID": None if srid is None else str(srid).lower(),
    }
    return {name: value for name, value in found.items() if value is not None}


def default_text(members: Members) -> str | None:
    """Take a default value, and return it in its lexical form (section 7.2.7)."""
    value = members.raw("$DefaultValue")
    if value is None or isinstance(value, str):
        return value
    return _text(value)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def native(kind: str, value: object, path: str) -> object:
    """Return a value of a primitive type called `kind` as the model has it. Raises InvalidMetadataDocument."""
    primitive = primitive_type(kind)
    if primitive is None or primitive.from_json is None:
        return value
    try:
        return primitive.from_json(value)
    except InvalidInput as found:
        raise InvalidMetadataDocument(f"{value!r} is no value of {kind}, {found.message}", target=path) from None
