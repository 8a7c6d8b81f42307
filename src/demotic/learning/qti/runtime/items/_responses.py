"""Responses as candidates give them, made values of their variables.

Specification: QTI 3.0 ASI information model, sections 2.5 (response declarations) and 3 (interactions): the base of
numbers, the raw text beside them, and what a record holds of a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from demotic.errors import InvalidInput
from demotic.learning.qti.model import BaseType, Cardinality, StringInteraction
from demotic.learning.qti.runtime._errors import ProcessingError, ValueFault
from demotic.learning.qti.runtime.items._program import ItemProgram
from demotic.learning.qti.runtime.processing import Declared, typed
from demotic.learning.qti.runtime.values import (
    File,
    Optional,
    Value,
    container,
    from_json,
    number,
    parse_data,
    record,
    single,
)

__all__ = ["Given", "UnknownResponse", "read_responses"]

_NUMERIC: Final = (BaseType.INTEGER, BaseType.FLOAT)
_NUMBER: Final = re.compile(r"([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?")
_MOST_TEXT: Final = 1_000_000


class UnknownResponse(InvalidInput):
    """A response was given to a variable that the item does not have."""

    code = "QtiUnknownResponse"


class Given(NamedTuple):
    """What was given: values, and the texts of those that are no values of their type."""

    values: dict[str, Optional]
    raw: dict[str, str]


def read_responses(program: ItemProgram, responses: Mapping[str, Any]) -> Given:
    """Make values of responses.

    Each is a text, a Python value, a list of these, a `Value`, what `to_json` made of one, or None. What is no value of
    its type becomes NULL, and its text is kept in `raw`. Raises `UnknownResponse` for a name that the item does not
    have, and `LimitExceeded` for texts beyond a million characters.
    """
    given = Given({}, {})
    for name, response in responses.items():
        declared = program.responses.get(name)
        if declared is None:
            known = ", ".join(program.responses) or "none"
            raise UnknownResponse(f"the item has no response variable {name}", target=name, hint=f"it has {known}")
        entry = next((each for each in program.of_response.get(name, ()) if isinstance(each, StringInteraction)), None)
        try:
            value = _read(declared, response, entry)
        except (ValueFault, ProcessingError):
            value = None
            given.raw[name] = _shown(response)
        given.values[name] = value
        if entry is not None and entry.string_identifier and entry.string_identifier in program.responses:
            text = "" if response is None else _shown(response)
            given.values[entry.string_identifier] = single(BaseType.STRING, text)
    return given


def _shown(response: Any) -> str:
    if isinstance(response, (list, tuple)):
        return " ".join(map(_shown, response))
    return str(response)[:1000]


def _read(declared: Declared, response: Any, entry: StringInteraction | None) -> Optional:
    if response is None or isinstance(response, Value):
        return typed(declared, response)
    if isinstance(response, dict) and "value" in response:
        return typed(declared, from_json(response))
    if declared.cardinality is Cardinality.RECORD:
        return _record(response, entry)
    base_type = declared.base_type
    if base_type is None:
        raise ValueFault(f"the variable {declared.name} has no base type")
    items = [_one(base_type, item, entry) for item in _items(base_type, response)]
    kept = [item for item in items if item is not None and item != ""]
    if declared.cardinality is not Cardinality.SINGLE:
        return container(declared.cardinality, base_type, kept)
    if len(kept) > 1:
        raise ValueFault(f"{len(kept)} responses to {declared.name}", hint="it holds one value")
    return single(base_type, kept[0]) if kept else None


def _items(base_type: BaseType, response: Any) -> Iterable[Any]:
    if isinstance(response, (list, set, frozenset)):
        return sorted(response) if isinstance(response, (set, frozenset)) else response
    if isinstance(response, tuple) and not isinstance(response, File):
        pair = base_type in (BaseType.PAIR, BaseType.DIRECTED_PAIR, BaseType.POINT)
        return [response] if pair and len(response) == 2 and not isinstance(response[0], tuple) else response
    return [response]


def _one(base_type: BaseType, item: Any, entry: StringInteraction | None) -> Any:
    if isinstance(item, str):
        if len(item) > _MOST_TEXT:
            raise ValueFault(f"the response has {len(item)} characters", hint=f"at most {_MOST_TEXT}")
        text = item if base_type is BaseType.STRING else item.strip()
        if text == "":
            return None
        if base_type is BaseType.INTEGER and entry is not None and entry.number_base != 10:
            return _in_base(text, entry.number_base)
        return parse_data(base_type, text)
    if isinstance(item, bytes) and base_type is BaseType.FILE:
        return File(item)
    if base_type is BaseType.STRING and isinstance(item, (int, float)) and not isinstance(item, bool):
        return str(item)
    if type(item) is int and base_type in (BaseType.FLOAT, BaseType.DURATION):
        return float(item)
    return item


def _in_base(text: str, base: int) -> int:
    try:
        return int(text, base)
    except ValueError:
        raise ValueFault(f"{text!r} is no integer in base {base}") from None


def _record(response: Any, entry: StringInteraction | None) -> Optional:
    """Return the record of a number typed as text, or of fields given."""
    if isinstance(response, Mapping):
        return record({str(name): _field(value) for name, value in response.items()})
    text = str(response).strip()
    if not text:
        return None
    found = _NUMBER.fullmatch(text)
    fields: dict[str, Optional] = {"stringValue": single(BaseType.STRING, text)}
    if found is None or not (found[2] or found[3]):
        return record(fields)
    left, right, exponent = found[2], found[3] or "", found[4]
    significant = (left + right).lstrip("0") or "0"
    fields |= {
        "floatValue": number(float(text)),
        "integerValue": number(int(text)) if found[3] is None and exponent is None else None,
        "leftDigits": number(len(left)),
        "rightDigits": number(len(right)),
        "ndp": number(len(right)),
        "nsf": number(len(significant)),
        "exponent": None if exponent is None else number(int(exponent)),
    }
    return record(fields)


def _field(value: Any) -> Optional:
    if value is None or isinstance(value, Value):
        return value
    if isinstance(value, dict):
        return from_json(value)
    kinds = {bool: BaseType.BOOLEAN, int: BaseType.INTEGER, float: BaseType.FLOAT, str: BaseType.STRING}
    kind = kinds.get(type(value))
    if kind is None:
        raise ValueFault(f"{value!r} is no field of a record")
    return single(kind, value)
