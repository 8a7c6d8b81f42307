"""Changing data, in any version: what each method does to what is addressed, and where that is."""

from demotic.protocols.odata.common.changes._dialect import Dialect, Resolve
from demotic.protocols.odata.common.changes._operations import (
    MERGES,
    Asked,
    Done,
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
from demotic.protocols.odata.common.changes._place import Bind, References, set_of

__all__ = [
    "MERGES",
    "Asked",
    "Bind",
    "Dialect",
    "Done",
    "Operation",
    "References",
    "Resolve",
    "add_reference",
    "clear_property",
    "create",
    "remove",
    "remove_reference",
    "replace",
    "set_of",
    "set_property",
    "set_value",
    "update",
]
