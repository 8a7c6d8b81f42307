"""Structural equality of models, as the fixture `shape`: what a model says as plain data, objects by their names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any

import pytest

from demotic.model import (
    BuiltinType,
    ComplexType,
    EntityType,
    EnumType,
    PrimitiveType,
    TypeDefinition,
)

_TYPES = (PrimitiveType, BuiltinType, EnumType, TypeDefinition, ComplexType, EntityType)


def shape(value: object) -> Any:
    """Return `value` as nested dictionaries, lists and plain values, in which references are names."""
    if is_dataclass(value) and not isinstance(value, (type, *_TYPES[:2])):
        return {"": type(value).__name__} | {f.name: _field(value, f.name) for f in fields(value) if f.compare}
    if isinstance(value, dict):
        return {name: shape(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [shape(item) for item in value]
    return getattr(value, "qualified_name", (type(value).__name__, value))


def _field(owner: object, name: str) -> Any:
    value = getattr(owner, name)
    if isinstance(value, _TYPES):
        return value.qualified_name
    if name == "partner":
        return None if value is None else value.name
    if name in ("own_key", "constraints"):
        return [_names(item) for item in value]
    if name in ("bindings", "set"):
        return {path: target.name for path, target in value.items()} if isinstance(value, dict) else _names(value)
    if name == "model":
        return None
    return shape(value)


def _names(value: object) -> Any:
    return [_names(item) for item in value] if isinstance(value, tuple) else getattr(value, "name", value)


@pytest.fixture(scope="session", name="shape")
def shape_fixture() -> Callable[[object], Any]:
    """The function `shape`: two models say the same if their shapes are equal."""
    return shape
