"""Which methods change what. OData Protocol 4.01, section 11.4."""

from __future__ import annotations

from typing import Final

from demotic.protocols.odata.common.changes import (
    Operation,
    add_reference,
    clear_media,
    clear_property,
    create,
    remove,
    remove_media_entity,
    remove_reference,
    replace,
    set_media,
    set_property,
    set_references,
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
    Target.MEDIA: {"PUT": set_media, "DELETE": remove_media_entity},
}
"""What may be done to what; each may be read as well."""

STREAM_OPERATIONS: Final[dict[str, Operation]] = {"PUT": set_media, "DELETE": clear_media}
"""What may be done to a property that is a stream."""

REFERENCE_OPERATIONS: Final[dict[Target, dict[str, Operation]]] = {
    Target.COLLECTION: {"POST": add_reference, "PUT": set_references, "DELETE": remove_reference},
    Target.ENTITY: {"PUT": add_reference, "DELETE": remove_reference},
}
"""What may be done to references, by what they refer to."""
