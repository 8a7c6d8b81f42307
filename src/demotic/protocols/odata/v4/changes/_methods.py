"""Which methods change what. OData Protocol 4.01, section 11.4."""

from __future__ import annotations

from typing import Final

from demotic.protocols.odata.common.changes import (
    Operation,
    add_reference,
    clear_property,
    create,
    remove,
    remove_reference,
    replace,
    set_property,
    set_value,
    update,
)
from demotic.query import Target

OPERATIONS: Final[dict[Target, dict[str, Operation]]] = {
    Target.SERVICE: {},
    Target.METADATA: {},
    Target.COUNT: {},
    Target.COLLECTION: {"POST": create},
    Target.ENTITY: {"PATCH": update, "PUT": replace, "DELETE": remove},
    Target.PROPERTY: {"PUT": set_property, "PATCH": set_property, "DELETE": clear_property},
    Target.VALUE: {"PUT": set_value, "DELETE": clear_property},
}
"""What may be done to what; each may be read as well."""

REFERENCE_OPERATIONS: Final[dict[Target, dict[str, Operation]]] = {
    Target.COLLECTION: {"POST": add_reference, "DELETE": remove_reference},
    Target.ENTITY: {"PUT": add_reference, "DELETE": remove_reference},
}
"""What may be done to references, by what they refer to."""
