"""The values of the system query options: lists of items, numbers, flags; and the options nested in their parentheses.

Each value is read in place, up to what cannot continue it, so that nested options (parted by semicolons) and those of a
request share one table. Names and values of a whole query are taken apart in `_options`. OData ABNF Construction
Rules 4.01, section 2; OData URL Conventions 4.01, sections 5.1.2 to 5.1.8.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from demotic.errors import SyntaxFault
from demotic.model import INTEGER_RANGES
from demotic.query import _system
from demotic.query._expressions import alias_value, expression
from demotic.query._reader import IDENTIFIER, Reader
from demotic.query._search import search
from demotic.query._steps import annotation
from demotic.query._transformations import compute_items, order_items, pipeline, several
from demotic.query._tree import ExpandItem, Expression, Integer, Levels, Options, Search, SelectItem
from demotic.syntax import parse_integer

_DIGITS: Final = re.compile(r"[0-9]++")
_INDEX: Final = re.compile(r"-?[0-9]{1,18}")
_BOOLEAN: Final = re.compile(r"(?:true|false)(?!\w)", re.IGNORECASE)
_LEVELS: Final = re.compile(r"[1-9][0-9]{0,17}|max(?!\w)", re.IGNORECASE)
_REST: Final = re.compile(r".++", re.DOTALL)
_FORMAT: Final = re.compile(r"[^/;]++(?:/[^/;]++)?(?:;.++)?", re.DOTALL)
_SCHEMA_VERSION: Final = re.compile(r"\*|[A-Za-z0-9._~-]++")
_OPTION: Final = re.compile(r"(\$?[A-Za-z]++|@[^=;()]++)=")
_SIGNATURE: Final = re.compile(rf"\({IDENTIFIER}(?:,{IDENTIFIER})*+\)")


def _select(reader: Reader) -> tuple[SelectItem, ...]:
    return tuple(several(reader, _select_item))


def _select_item(reader: Reader) -> SelectItem:
    at = reader.at
    if reader.accept("*"):
        return SelectItem(("*",), at)
    path = [_path_name(reader, "a property or '*'")]
    while reader.accept("/"):
        path.append(_path_name(reader, "a property"))
    if reader.accept(".*"):
        return SelectItem((*path[:-1], f"{path[-1]}.*"), at)
    if signature := reader.match(_SIGNATURE):
        return SelectItem(tuple(path), at, parameters=tuple(signature[0][1:-1].split(",")))
    options = _nested(reader, _system.NESTED_SELECT) if reader.peek() == "(" else None
    return SelectItem(tuple(path), at, options)


def _path_name(reader: Reader, expected: str) -> str:
    """Read one name of a path, or an annotation with its at sign."""
    if reader.peek() == "@":
        step = annotation(reader)
        return f"@{step.term}" + (f"#{step.qualifier}" if step.qualifier else "")
    return reader.name(expected, qualified=True)


def _expand(reader: Reader) -> tuple[ExpandItem, ...]:
    return tuple(several(reader, _expand_item))


def _expand_item(reader: Reader) -> ExpandItem:
    at = reader.at
    if reader.accept("$value"):
        return ExpandItem(("$value",), Options(), at)
    path, ending, allowed = _expand_path(reader)
    options = _nested(reader, allowed) if reader.peek() == "(" and allowed else Options()
    return ExpandItem(path, options, at, ending)


def _expand_path(reader: Reader) -> tuple[tuple[str, ...], str, frozenset[str]]:
    """Read the path of an expanded item, with its ending and the options that may follow it."""
    path: list[str] = []
    while True:
        if reader.accept("*"):
            path.append("*")
            if reader.accept("/$ref"):
                return tuple(path), "$ref", frozenset()
            return tuple(path), "", _system.NESTED_STAR
        path.append(_path_name(reader, "a navigation property or '*'"))
        for ending, allowed in _ENDINGS.items():
            if reader.accept(ending):
                return tuple(path), ending[1:], allowed
        if not reader.accept("/"):
            return tuple(path), "", _system.NESTED_EXPAND


_ENDINGS: Final = {"/$ref": _system.NESTED_REF, "/$count": _system.NESTED_COUNT}


def _nested(reader: Reader, allowed: frozenset[str]) -> Options:
    """Read options in parentheses, parted by semicolons."""
    values: dict[str, Any] = {}
    aliases: dict[str, Expression] = {}
    seen: set[str] = set()
    reader.enter()
    reader.expect("(")
    reader.blanks()
    while True:
        start = reader.position
        name = reader.expect_match(_OPTION, "a query option such as $filter=")[:-1]
        if name.startswith("@"):
            _system.once(name, seen)
            reader.position = start + 1
            alias = reader.name("the name of a parameter alias")
            reader.expect("=")
            aliases[alias], more = alias_value(reader), "an operator"
        else:
            bare = _system.system_option(name, allowed)
            _system.once(f"${bare.removeprefix('$')}", seen)
            value, more = read_value(reader, bare)
            collect(values, value)
        if not reader.separator(";"):
            break
    reader.blanks()
    if not reader.accept(")"):
        raise reader.fail(f"{more}, ';' or ')'")
    reader.leave()
    return Options(**values, aliases=aliases)


def collect(values: dict[str, Any], value: dict[str, Any]) -> None:
    """Add the value of one option to those read before; the options for temporal data are one value together."""
    if "temporal" in value and "temporal" in values:
        value = {"temporal": values["temporal"] + value["temporal"]}
    values |= value


def read_value(reader: Reader, name: str) -> tuple[dict[str, Any], str]:
    """Read the value of the option `name`; return it by that name, with what could have continued it."""
    if name in _system.TEMPORAL:
        return {"temporal": ((_system.TEMPORAL[name], expression(reader)),)}, "an operator"
    read, more = _VALUES[name]
    return {name: read(reader)}, more


def _integer(reader: Reader) -> Integer:
    start, at = reader.position, reader.at
    text = reader.expect_match(_DIGITS, "a number of digits only")
    try:
        return Integer(parse_integer(text, 0, INTEGER_RANGES["Int64"][1]), text, at)
    except SyntaxFault as fault:
        raise reader.fault_within(fault, start) from None


def _count(reader: Reader) -> bool:
    return reader.expect_match(_BOOLEAN, "true or false").lower() == "true"


def _signed(reader: Reader) -> Integer:
    at = reader.at
    text = reader.expect_match(_INDEX, "a whole number")
    return Integer(int(text), text, at)


def _levels(reader: Reader) -> Levels:
    at = reader.at
    text = reader.expect_match(_LEVELS, "a number from 1 on, or max")
    return Levels(int(text) if text.isdigit() else None, text, at)


def _search(reader: Reader) -> Search:
    reader.blanks()
    found = search(reader)
    reader.blanks()
    return found


def _matched(pattern: re.Pattern[str], expected: str) -> Callable[[Reader], str]:
    return lambda reader: reader.expect_match(pattern, expected)


_OPAQUE: Final = _matched(_REST, "a value")

_VALUES: Final[dict[str, tuple[Callable[[Reader], object], str]]] = {
    "apply": (pipeline, "'/'"),
    "compute": (compute_items, "','"),
    "count": (_count, ""),
    "deltatoken": (_OPAQUE, ""),
    "expand": (_expand, "'/', '(', ','"),
    "filter": (expression, "an operator"),
    "format": (_matched(_FORMAT, "a media type, json, xml or atom"), "';'"),
    "id": (_OPAQUE, ""),
    "index": (_signed, "a digit"),
    "levels": (_levels, "a digit"),
    "orderby": (order_items, "an operator, asc, desc, ','"),
    "schemaversion": (_matched(_SCHEMA_VERSION, "a version or '*'"), ""),
    "search": (_search, "a blank"),
    "select": (_select, "'/', ','"),
    "skip": (_integer, "a digit"),
    "skiptoken": (_OPAQUE, ""),
    "top": (_integer, "a digit"),
}
"""Each option's reader, and what could continue a value that has been read."""
