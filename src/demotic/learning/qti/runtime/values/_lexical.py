"""Single values as text, and back: one row for each base type.

Specification: QTI 3.0 ASI information model, section 4; QTI 2.1 information model, "Basic Data Types", with the lexical
forms of XML Schema. A duration is a number of seconds; the drafts' form of ISO 8601 is read too. Text is read as it
stands, blanks included: whoever reads an attribute has trimmed it.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any, Final

from demotic.learning.qti.model import BaseType, Cardinality
from demotic.learning.qti.runtime._errors import ValueFault
from demotic.learning.qti.runtime.values._file import File
from demotic.learning.qti.runtime.values._value import LEAST_INTEGER, MOST_INTEGER, Optional, Value
from demotic.syntax import format_double, parse_double, parse_duration

__all__ = ["format_data", "format_single", "parse_data", "parse_single"]

_IDENTIFIER: Final = re.compile(r"[^\W\d][\w.\-\u00b7]*")
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,20}")
_BOOLEANS: Final = {"true": True, "1": True, "false": False, "0": False}


def parse_single(base_type: BaseType, text: str) -> Optional:
    """Return the single value that a text stands for; the empty string is NULL. Raises `ValueFault`."""
    data = parse_data(base_type, text)
    return None if data == "" else Value(Cardinality.SINGLE, base_type, data)


def parse_data(base_type: BaseType, text: str) -> Any:
    """Return what a text stands for, in the form that values keep.

    Raises `ValueFault` if it is no value of the type.
    """
    parse, _, meaning = _FORMS[base_type]
    try:
        return parse(text)
    except (ValueError, OverflowError, KeyError):
        shown = text if len(text) <= 60 else f"{text[:60]}…"
        raise ValueFault(f"{shown!r} is no {base_type.value}", hint=meaning) from None


def format_single(value: Value) -> str:
    """Return the text of a single value; `parse_single` makes the same value of it."""
    return format_data(value.base_type, value.data)  # type: ignore[arg-type]  # only records have no base type


def format_data(base_type: BaseType, data: Any) -> str:
    """Return the text of what values of a type keep."""
    return _FORMS[base_type][1](data)


def _identifier(text: str) -> str:
    if not _IDENTIFIER.fullmatch(text):
        raise ValueError(text)
    return text


def _integer(text: str) -> int:
    number = int(text) if _INTEGER.fullmatch(text) else MOST_INTEGER + 1
    if not LEAST_INTEGER <= number <= MOST_INTEGER:
        raise ValueError(text)
    return number


def _two(text: str, parse: Callable[[str], Any]) -> tuple[Any, Any]:
    if text != text.strip():
        raise ValueError(text)
    first, second = text.split()
    return parse(first), parse(second)


def _duration(text: str) -> float:
    if text[:1] in ("P", "p") or text[:2] in ("-P", "-p"):
        seconds = parse_duration(text.upper()).total_seconds()
    else:
        seconds = parse_double(text)
    if not 0 <= seconds < float("inf"):
        raise ValueError(text)
    return seconds + 0.0  # no negative zero


def _uri(text: str) -> str:
    if not text or text != text.strip():
        raise ValueError(text)
    return text


def _parse_file(text: str) -> File:
    """Read the MIME-like form: header fields, an empty line, the data; a text without fields is the data."""
    head, empty, body = text.partition("\r\n\r\n") if "\r\n\r\n" in text else text.partition("\n\n")
    fields = dict(_FIELD.findall(head)) if empty and _HEAD.fullmatch(head) else {}
    if not fields:
        return File(text.encode())
    named = {name.lower(): value.strip() for name, value in fields.items()}
    encoding = named.get("content-transfer-encoding", "").lower()
    data = base64.b64decode(body, validate=False) if encoding == "base64" else body.encode()
    name = _FILE_NAME.search(named.get("content-disposition", ""))
    return File(data, named.get("content-type", "application/octet-stream"), name[1] if name else "data.bin")


_HEAD: Final = re.compile(r"(?:[A-Za-z-]+:[^\r\n]*(?:\r?\n|$))+")
_FIELD: Final = re.compile(r"([A-Za-z-]+):[ \t]*([^\r\n]*)")
_FILE_NAME: Final = re.compile(r'filename="([^"\r\n]*)"')


def _format_file(file: File) -> str:
    name = file.name.replace('"', "'")
    head = f'Content-Type: {file.media_type}\r\nContent-Disposition: attachment; filename="{name}"\r\n'
    return f"{head}Content-Transfer-Encoding: base64\r\n\r\n{base64.b64encode(file.data).decode()}"


def _format_two(data: tuple[Any, Any]) -> str:
    return f"{data[0]} {data[1]}"


_Form = tuple[Callable[[str], Any], Callable[[Any], str], str]
_FORMS: Final[dict[BaseType, _Form]] = {
    BaseType.BOOLEAN: (_BOOLEANS.__getitem__, lambda data: "true" if data else "false", "true, false, 1 or 0"),
    BaseType.DIRECTED_PAIR: (lambda text: _two(text, _identifier), _format_two, "two identifiers and a blank"),
    BaseType.DURATION: (_duration, format_double, "seconds, or PT1H30M"),
    BaseType.FILE: (_parse_file, _format_file, "header fields, an empty line, the data"),
    BaseType.FLOAT: (parse_double, format_double, "a number such as 1, -2.5, 1e3 or INF"),
    BaseType.IDENTIFIER: (_identifier, str, "a letter or '_', then letters, digits, '-', '_' and '.'"),
    BaseType.INTEGER: (_integer, str, "a whole number of 32 bits"),
    BaseType.PAIR: (lambda text: tuple(sorted(_two(text, _identifier))), _format_two, "two identifiers and a blank"),
    BaseType.POINT: (lambda text: _two(text, _integer), _format_two, "two whole numbers and a blank"),
    BaseType.STRING: (str, str, "any text"),
    BaseType.URI: (_uri, str, "a URI, without blanks around it"),
}
