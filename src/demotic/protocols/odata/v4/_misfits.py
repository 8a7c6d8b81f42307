"""Stored values that do not fit their types: null, annotated with what is stored.

OData JSON Format 4.01, section 20 (instance annotations); the term is Core.ValueException of the vocabulary
Org.OData.Core.V1, whose type has the text of the exact value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from demotic.service import Row


class Told(dict[str, Any]):
    """A row with annotations; ``plain`` is the row without them, by which its entity tag goes."""

    plain: Row


def told(row: Row, misfits: Mapping[tuple[str, ...], str | None]) -> Told:
    """Return a row in which the values at some paths are annotated with their texts."""
    fields = zip(row.__struct_encode_fields__, row.__struct_fields__, strict=True)
    members = ((name, getattr(row, field)) for name, field in fields)
    shown = Told(_annotated(((name, value) for name, value in members if value is not msgspec.UNSET), misfits))
    shown.plain = row
    return shown


def _annotated(
    members: Iterable[tuple[str, Any]], misfits: Mapping[tuple[str, ...], str | None]
) -> Iterable[tuple[str, Any]]:
    for name, value in members:
        inner = {path[1:]: text for path, text in misfits.items() if path[0] == name}
        if () in inner:
            yield f"{name}@Core.ValueException", {"value": inner[()]}
        elif inner and isinstance(value, dict):
            value = dict(_annotated(value.items(), inner))
        yield name, value
