"""Changes within complex values: what is given is changed, and the rest of the value stays as it is.

OData Protocol 4.01, section 11.4.3: PATCH of an entity merges complex properties too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from demotic.model import TYPE_KEY, ComplexType, Property, StructuredType, told_type


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
            if item.type.heirs or set(item.type.all_properties()) - set(value) or has_partial(item.type, value):
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
            kind_of_old = told_type(item.type, old, name)
            if TYPE_KEY in value and told_type(item.type, value, name) is not kind_of_old:
                continue  # a value of another type has nothing of the old one
            result[name] = {**old, **merged(kind_of_old, old, value)}
    return result
