"""Values as JSON, for states, logs and the command line: small, and exact both ways.

    {"cardinality": "multiple", "baseType": "identifier", "value": ["A", "B"]}

Numbers, booleans and strings are JSON's own; pairs, points and durations are their text, files an object. A float that
JSON does not have is the text INF or -INF. NULL is null. The fields of a record are objects like this, without
cardinality. (These are the objects of IMS PCI, section "JSON representation", in long form.)
"""

from __future__ import annotations

import base64
import math
from typing import Any, Final

from demotic.learning.qti.model import BaseType, Cardinality, File
from demotic.learning.qti.runtime._errors import ValueFault
from demotic.learning.qti.runtime.values._lexical import format_data, parse_data
from demotic.learning.qti.runtime.values._value import Optional, container, native, record, single

__all__ = ["from_json", "to_json"]

_AS_TEXT: Final = (BaseType.PAIR, BaseType.DIRECTED_PAIR, BaseType.POINT)


def to_json(value: Optional) -> Any:
    """Return a value as what JSON can hold."""
    if value is None:
        return None
    if value.cardinality is Cardinality.RECORD:
        fields = {name: _plain(field) for name, field in value.data.items()}
        return {"cardinality": "record", "value": fields}
    return {"cardinality": value.cardinality.value, **_plain(value)}


def _plain(value: Any) -> dict[str, Any]:
    base_type = value.base_type
    data = (
        _data_to_json(base_type, value.data) if value.is_single else [_data_to_json(base_type, x) for x in value.data]
    )
    return {"baseType": base_type.value, "value": data}


def _data_to_json(base_type: BaseType, data: Any) -> Any:
    if base_type in _AS_TEXT:
        return format_data(base_type, data)
    if base_type is BaseType.FILE:
        return {"data": base64.b64encode(data.data).decode(), "mediaType": data.media_type, "name": data.name}
    if isinstance(data, float) and math.isinf(data):
        return "INF" if data > 0 else "-INF"
    return data


def from_json(data: Any) -> Optional:
    """Return the value that `to_json` made this of. Raises `ValueFault` for anything else."""
    if data is None:
        return None
    if not isinstance(data, dict):
        raise ValueFault(f"{data!r} is no value", hint='{"cardinality": …, "baseType": …, "value": …}')
    cardinality = _member(Cardinality, data.get("cardinality", "single"), "cardinality")
    content = data.get("value")
    if cardinality is Cardinality.RECORD:
        if not isinstance(content, dict):
            raise ValueFault(f"{content!r} holds no fields", hint="an object of fields")
        return record({name: from_json(field) for name, field in content.items()})
    base_type = _member(BaseType, data.get("baseType"), "baseType")
    if cardinality is Cardinality.SINGLE:
        return None if content is None else single(base_type, _data_from_json(base_type, content))
    if not isinstance(content, list):
        raise ValueFault(f"{content!r} is no list", hint="a container's value is a list")
    return container(cardinality, base_type, [_data_from_json(base_type, item) for item in content])


def _member(kind: Any, text: Any, name: str) -> Any:
    try:
        return kind(text)
    except ValueError:
        known = ", ".join(member.value for member in kind)
        raise ValueFault(f"{text!r} is no {name}", target=name, hint=f"one of {known}") from None


def _data_from_json(base_type: BaseType, data: Any) -> Any:
    if base_type is BaseType.FILE and isinstance(data, dict):
        try:
            return File(base64.b64decode(data["data"]), str(data["mediaType"]), str(data["name"]))
        except (KeyError, TypeError, ValueError):
            raise ValueFault("this is no file", hint='{"data": base64, "mediaType": …, "name": …}') from None
    if isinstance(data, str):
        return parse_data(base_type, data)
    if base_type in (BaseType.FLOAT, BaseType.DURATION) and type(data) is int:
        return float(data)
    return native(base_type, data)
