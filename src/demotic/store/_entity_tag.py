"""The entity tag of an entity: a short text that differs when its values do.

It is made of the values in their JSON form, in the order of the type's properties, so that a protocol that has just
encoded them can make it from the same bytes (RFC 9110, section 8.8.3; OData Protocol 4.01, section 11.4.1.1).
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b

import msgspec

from demotic.model import STREAM, ComplexType, EntityType, tells_types, untold
from demotic.store._interface import Representation
from demotic.store._representation import converter

_encode = msgspec.json.Encoder(decimal_format="number").encode


def entity_tag(
    kind: EntityType, values: Mapping[str, object], representation: Representation = Representation.JSON
) -> str:
    """Return the entity tag of an entity with these native values, in its header form.

    ``representation`` is that of the encoded values that another party made the tag of. Raises KeyError if one lacks.
    """
    shown = {}
    for name, item in kind.all_properties().items():
        if item.type is STREAM:  # streams have tags of their own
            continue
        convert, value = converter(item, representation), values[name]
        shown[name] = value if value is None or convert is None else convert(value)
        if isinstance(item.type, ComplexType) and tells_types(item.type):
            shown[name] = untold(shown[name])
    return tag_of(_encode(shown))


def tag_of(body: bytes) -> str:
    """Return the validator for an encoded entity: weak, as it stays the same under other encodings."""
    return f'W/"{state_of(body)}"'


def state_of(body: bytes) -> str:
    """Return what stands between the quotes of a validator."""
    return blake2b(body, digest_size=9).hexdigest()
