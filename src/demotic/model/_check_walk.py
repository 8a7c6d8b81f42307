"""What every rule goes over: the structured types and the containers of a model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from demotic.model._errors import ModelError
from demotic.model._schema import EntityContainer, Model
from demotic.model._schema_children import StructuredType

Findings: TypeAlias = Iterator[ModelError]


def structured(model: Model) -> Iterator[StructuredType]:
    for schema in model.schemas.values():
        for kind in schema.types.values():
            if isinstance(kind, StructuredType):
                yield kind


def containers(model: Model) -> Iterator[tuple[str, EntityContainer]]:
    for schema in model.schemas.values():
        for container in schema.containers():
            yield f"{schema.namespace}.{container.name}", container
