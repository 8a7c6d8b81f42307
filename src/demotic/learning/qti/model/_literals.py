"""The lexical forms of single values, one row for each base type: what reads and what writes them.

Checking, running and reporting all read values by this table.

Specification: QTI 3.0 ASI information model, section 4; QTI 2.1 information model, "Basic Data Types", with the lexical
forms of XML Schema. A duration is a number of seconds; the drafts' form of ISO 8601 is read too.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from demotic.errors import SyntaxFault
from demotic.learning.qti.model._file import File
from demotic.learning.qti.model._values import IDENTIFIER, BaseType
from demotic.syntax import format_double, parse_double, parse_duration

__all__ = ["LEAST_INTEGER", "LITERALS", "MOST_INTEGER", "Literal", "exact_text", "read_literal"]

LEAST_INTEGER: Final = -(2**31)
MOST_INTEGER: Final = 2**31 - 1
_BLANKS: Final = " \t\r\n"
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,20}")
_BOOLEANS: Final = {"true": True, "1": True, "false": False, "0": False}
_AS_WRITTEN: Final = (BaseType.STRING, BaseType.FILE)


class Literal(NamedTuple):
    """The text of one base type: `parse` takes it exactly and raises a `ValueError` or `KeyError` for any other."""

    parse: Callable[[str], Any]
    format: Callable[[Any], str]
    meaning: str


def exact_text(base_type: BaseType, text: str) -> str:
    """Return the text of an element or attribute without the blanks around it, which only strings and files keep."""
    return text if base_type in _AS_WRITTEN else text.strip(_BLANKS)


def read_literal(base_type: BaseType, text: str) -> Any:
    """Return what the text of an element or attribute stands for. Raises `SyntaxFault` if it is none of the type."""
    literal = LITERALS[base_type]
    try:
        return literal.parse(exact_text(base_type, text))
    except (ValueError, OverflowError, KeyError):
        raise SyntaxFault(literal.meaning, text, 0) from None


def _identifier(text: str) -> str:
    if not IDENTIFIER.fullmatch(text):
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


def _sorted_pair(text: str) -> tuple[Any, ...]:
    return tuple(sorted(_two(text, _identifier)))  # so that equal ones are equal


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


LITERALS: Final[dict[BaseType, Literal]] = {
    BaseType.BOOLEAN: Literal(_BOOLEANS.__getitem__, lambda data: "true" if data else "false", "true, false, 1 or 0"),
    BaseType.DIRECTED_PAIR: Literal(
        lambda text: _two(text, _identifier), _format_two, "two identifiers with a blank between them"
    ),
    BaseType.DURATION: Literal(_duration, format_double, "a number of seconds, not negative, or PT1H30M"),
    BaseType.FILE: Literal(_parse_file, _format_file, "header fields, an empty line, the data"),
    BaseType.FLOAT: Literal(parse_double, format_double, "a number such as 1, -2.5, 1e3 or INF"),
    BaseType.IDENTIFIER: Literal(
        _identifier, str, "an identifier (a letter or '_', then letters, digits, '-', '_' and '.')"
    ),
    BaseType.INTEGER: Literal(_integer, str, "an integer of 32 bits"),
    BaseType.PAIR: Literal(_sorted_pair, _format_two, "two identifiers with a blank between them"),
    BaseType.POINT: Literal(lambda text: _two(text, _integer), _format_two, "two integers with a blank between them"),
    BaseType.STRING: Literal(str, str, "any text"),
    BaseType.URI: Literal(_uri, str, "a URI"),
}
