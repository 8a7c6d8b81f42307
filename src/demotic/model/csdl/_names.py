"""Names in documents and names in models: aliases go in, namespaces come out, and back.

OData CSDL XML 4.01, sections 5.2 (alias) and 15.2 (qualified names). A model holds names qualified by namespace only;
documents are written with the aliases that they declare.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_QUALIFIED: Final = re.compile(r"[^\W\d][\w-]*(?:\.[^\W\d][\w-]*)+")
CONSTANT_NAMES: Final = (
    *("Binary", "Bool", "Date", "DateTimeOffset", "Decimal", "Duration", "EnumMember", "Float", "Guid", "Int"),
    *("String", "TimeOfDay"),
)
PATH_NAMES: Final = (
    *("AnnotationPath", "ModelElementPath", "NavigationPropertyPath", "PropertyPath", "Path"),
    "LabeledElementReference",
)
UNARY_NAMES: Final = ("Not", "Neg", "UrlRef")
OPERATOR_NAMES: Final = (
    *("And", "Or", "Eq", "Ne", "Gt", "Ge", "Lt", "Le", "Has", "In"),
    *("Add", "Sub", "Mul", "Div", "DivBy", "Mod", "If"),
)

_COLLECTION: Final = re.compile(r"Collection\((.+)\)")


class Names:
    """The aliases of one document."""

    def __init__(self, aliases: Mapping[str, str]) -> None:
        """Take namespaces by alias."""
        self._namespaces = dict(aliases)
        self._aliases = {namespace: alias for alias, namespace in aliases.items()}

    def resolve(self, text: str) -> str:
        """Replace aliases by namespaces in every qualified name of a name, path, type reference or signature."""
        return _QUALIFIED.sub(lambda found: _replaced(found.group(), self._namespaces), text)

    def shorten(self, text: str) -> str:
        """Replace namespaces by aliases where there are some: the inverse of `resolve`."""
        return _QUALIFIED.sub(lambda found: _replaced(found.group(), self._aliases), text)


def _replaced(name: str, table: Mapping[str, str]) -> str:
    qualifier, _, last = name.rpartition(".")
    return f"{table.get(qualifier, qualifier)}.{last}"


def split_collection(text: str) -> tuple[str, bool]:
    """Return the name in a type reference, and whether it stands in `Collection(...)`."""
    found = _COLLECTION.fullmatch(text)
    return (found.group(1), True) if found else (text, False)


def join_collection(name: str, collection: bool) -> str:
    """Return a type reference: the inverse of `split_collection`."""
    return f"Collection({name})" if collection else name
