"""Compares two answers by their values: what a client would read, whatever the spelling.

Annotations (names with ``@``) do not count, numbers and time stamps count by their value. Entities of an expanded
collection come in no promised order, so they are compared by ``ID``; those of the collection itself were asked for in
order and are compared as they come.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from decimal import Decimal

Json = object

TIME_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def difference(ours: bytes, handwritten: bytes) -> str | None:
    """Return where and how the values of two JSON bodies differ first, ``None`` if they are the same."""
    return _difference("", *(_plain(json.loads(body, parse_float=Decimal)) for body in (ours, handwritten)))


def _plain(value: Json, *, nested: bool = False) -> Json:
    """Return ``value`` with annotations left out, time stamps read and nested entities in order of ``ID``."""
    match value:
        case dict():
            # The one list that is a result's own collection stands under "value" at the top.
            return {
                name: _plain(inner, nested=nested or name != "value")
                for name, inner in value.items()
                if "@" not in name
            }
        case list():
            entities = [_plain(inner, nested=True) for inner in value]
            return sorted(entities, key=_id) if nested else entities
        case str() if TIME_STAMP.fullmatch(value):
            return datetime.fromisoformat(value)
    return value


def _id(entity: Json) -> int:
    return int(entity["ID"]) if isinstance(entity, dict) else 0


def _difference(place: str, ours: Json, handwritten: Json) -> str | None:
    if isinstance(ours, dict) and isinstance(handwritten, dict):
        if ours.keys() != handwritten.keys():
            return f"{place or 'the body'} has {sorted(ours)}, by hand {sorted(handwritten)}"
        pairs = [(f"{place}.{name}", ours[name], handwritten[name]) for name in ours]
    elif isinstance(ours, list) and isinstance(handwritten, list):
        if len(ours) != len(handwritten):
            return f"{place} has {len(ours)} entities, by hand {len(handwritten)}"
        pairs = [(f"{place}[{index}]", *pair) for index, pair in enumerate(zip(ours, handwritten, strict=True))]
    elif ours == handwritten and isinstance(ours, bool) == isinstance(handwritten, bool):
        return None
    else:
        return f"{place} is {ours}, by hand {handwritten}"
    return next((found for pair in pairs if (found := _difference(*pair))), None)
