"""Which methods change what. OData 2.0, "Operations", section 2; [MS-ODATA], sections 2.2.7.1 to 2.2.7.4."""

from __future__ import annotations

from typing import Final

from demotic.protocols.odata.common.changes import (
    Operation,
    add_reference,
    clear_property,
    create,
    remove,
    remove_media_entity,
    remove_reference,
    replace,
    set_media,
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
    Target.ENTITY: {"PUT": replace, "MERGE": update, "PATCH": update, "DELETE": remove},
    Target.PROPERTY: {"PUT": set_property, "MERGE": set_property, "PATCH": set_property},
    Target.VALUE: {"PUT": set_value, "DELETE": clear_property},
    Target.MEDIA: {"PUT": set_media, "DELETE": remove_media_entity},
}
"""What may be done to what; each may be read as well."""

LINK_OPERATIONS: Final[dict[Target, dict[str, Operation]]] = {
    Target.COLLECTION: {"POST": add_reference},
    Target.ENTITY: {"PUT": add_reference, "MERGE": add_reference, "DELETE": remove_reference},
}
"""What may be done to links, by what they lead to."""
