"""What a model says about writing: which properties the store makes, and which never change.

Terms of the vocabulary Org.OData.Core.V1.
"""

from __future__ import annotations

from typing import Final

from demotic.model import Property

CORE: Final = "Org.OData.Core.V1"


def _is_marked(item: Property, term: str) -> bool:
    return any(found.term == f"{CORE}.{term}" and found.value is not False for found in item.annotations)


def is_computed(item: Property) -> bool:
    """Whether the store alone makes the property's values."""
    return _is_marked(item, "Computed")


def has_computed_default(item: Property) -> bool:
    """Whether the store makes the property's value where none is given."""
    return _is_marked(item, "ComputedDefaultValue")


def is_immutable(item: Property) -> bool:
    """Whether the property keeps the value that it was created with."""
    return _is_marked(item, "Immutable")
