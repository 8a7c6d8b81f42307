"""Defaults of columns as defaults of properties: the value, if it is a constant of the type, else that there is one."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from demotic.errors import DemoticError
from demotic.model import Annotation, PrimitiveType, Property

CORE: Final = "Org.OData.Core.V1"
_TEXT_DEFAULT: Final = re.compile(r"'((?:[^']|'')*)'")
_NUMBER_DEFAULT: Final = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")


def declare_default(item: Property, default: str | None) -> None:
    """Declare a default: as the value if it is a constant of the type, else as computed."""
    if default is None or default.upper() == "NULL":
        return
    assert isinstance(item.type, PrimitiveType)
    text = _constant(default, item.type)
    if text is None:
        item.annotations.append(Annotation(f"{CORE}.ComputedDefaultValue", True))
    else:
        item.default = text


_TRUTH: Final = {"1": "true", "true": "true", "0": "false", "false": "false"}


def _constant(default: str, kind: PrimitiveType) -> str | None:
    found = _TEXT_DEFAULT.fullmatch(default)
    text = found[1].replace("''", "'") if found else default
    if not found and not _NUMBER_DEFAULT.fullmatch(default) and default.lower() not in _TRUTH:
        return None
    if kind.name == "Boolean":
        return _TRUTH.get(text.lower())
    return text if _parses(kind.parse, text) else None


def _parses(parse: Callable[[str], object], text: str) -> bool:
    try:
        parse(text)
    except DemoticError:
        return False
    return True
