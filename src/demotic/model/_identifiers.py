"""What may be a name: simple identifiers, and namespaces made of them.

OData CSDL XML 4.01, sections 15.1 and 15.2: a letter, letter number or underscore first, then also digits, marks,
connectors and format characters; at most 128 characters, a namespace at most 511.
"""

from __future__ import annotations

from typing import Final
from unicodedata import category

_FIRST: Final = frozenset(("Lu", "Ll", "Lt", "Lm", "Lo", "Nl"))
_LATER: Final = _FIRST | {"Nd", "Mn", "Mc", "Pc", "Cf"}
MOST_CHARACTERS: Final = 128
MOST_NAMESPACE_CHARACTERS: Final = 511


def is_identifier(name: str) -> bool:
    """Whether `name` is a simple identifier."""
    return (
        0 < len(name) <= MOST_CHARACTERS
        and (name[0] == "_" or category(name[0]) in _FIRST)
        and all(category(character) in _LATER for character in name[1:])
    )


def is_namespace(name: str) -> bool:
    """Whether `name` is a namespace: identifiers with dots between them."""
    return len(name) <= MOST_NAMESPACE_CHARACTERS and all(is_identifier(part) for part in name.split("."))
