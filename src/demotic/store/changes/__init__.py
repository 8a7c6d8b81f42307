"""Changing what a store holds: what was given is checked, becomes a unit of work, and is carried out step by step."""

from demotic.store.changes._defaults import completed, default_of
from demotic.store.changes._intake import (
    MOST_NESTED,
    Changes,
    New,
    Ref,
    Whole,
    native_key,
    read_changes,
    read_new,
)
from demotic.store.changes._kinds import (
    TYPE_KEYS,
    ensure_concrete,
    heir_called,
    kind_of_given,
    without_type,
)
from demotic.store.changes._rules import (
    has_computed_default,
    is_computed,
    is_immutable,
)
from demotic.store.changes._unit import ANY_STATE, Origin, Unit
from demotic.store.changes._writer import Holder, Keeping, NativeKey, Tie, Writer, duplicate, not_there

__all__ = [
    "ANY_STATE",
    "MOST_NESTED",
    "TYPE_KEYS",
    "Changes",
    "Holder",
    "Keeping",
    "NativeKey",
    "New",
    "Origin",
    "Ref",
    "Tie",
    "Unit",
    "Whole",
    "Writer",
    "completed",
    "default_of",
    "duplicate",
    "ensure_concrete",
    "has_computed_default",
    "heir_called",
    "is_computed",
    "is_immutable",
    "kind_of_given",
    "native_key",
    "not_there",
    "read_changes",
    "read_new",
    "without_type",
]
