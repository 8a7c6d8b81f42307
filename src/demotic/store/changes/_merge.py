"""Changes within complex values: what is given is changed, and the rest of the value stays as it is.

OData Protocol 4.01, section 11.4.3: PATCH of an entity merges complex properties too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from demotic.model import ComplexType, Property, StructuredType


def _is_complex(item: Property | None) -> bool:
    return item is not None and isinstance(item.type, ComplexType) and not item.collection


def has_partial(kind: StructuredType, given: Mapping[str, object]) -> bool:
    """Whether complex values are given that leave out some of their properties."""
    if not isinstance(given, Mapping):
        return False
    known = kind.all_properties()
    for name, value in given.items():
        item = known.get(name)
        if item is not None and _is_complex(item) and isinstance(value, Mapping):
            assert isinstance(item.type, ComplexType)
            if set(item.type.all_properties()) - set(value) or has_partial(item.type, value):
                return True
    return False


def merged(kind: StructuredType, found: Mapping[str, Any], given: Mapping[str, object]) -> dict[str, object]:
    """Return what is given, with what it leaves out of complex values as it was found."""
    known = kind.all_properties()
    result: dict[str, object] = dict(given)
    for name, value in given.items():
        item, old = known.get(name), found.get(name)
        if item is not None and _is_complex(item) and isinstance(value, Mapping) and isinstance(old, Mapping):
            assert isinstance(item.type, ComplexType)
            result[name] = {**old, **merged(item.type, old, value)}
    return result
