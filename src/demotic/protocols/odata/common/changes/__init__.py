"""Changing data, in any version: what each method does to what is addressed, and where that is."""

from demotic.protocols.odata.common.changes._asked import Asked, Done
from demotic.protocols.odata.common.changes._dialect import Dialect, Resolve
from demotic.protocols.odata.common.changes._incoming import Incoming, incoming
from demotic.protocols.odata.common.changes._media import clear_media, remove_media_entity, set_media
from demotic.protocols.odata.common.changes._operations import (
    MERGES,
    Operation,
    add_reference,
    clear_property,
    create,
    remove,
    remove_reference,
    replace,
    set_property,
    set_references,
    set_value,
    update,
)
from demotic.protocols.odata.common.changes._place import Bind, References, set_of

__all__ = [
    "MERGES",
    "Asked",
    "Bind",
    "Dialect",
    "Done",
    "Incoming",
    "Operation",
    "References",
    "Resolve",
    "add_reference",
    "clear_media",
    "clear_property",
    "create",
    "incoming",
    "remove",
    "remove_media_entity",
    "remove_reference",
    "replace",
    "set_media",
    "set_of",
    "set_property",
    "set_references",
    "set_value",
    "update",
]
