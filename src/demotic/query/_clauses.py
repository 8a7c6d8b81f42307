"""The values of the system query options: lists of items, numbers, flags; and the options nested in their parentheses.

Each value is read in place, up to what cannot continue it, so that nested options (parted by semicolons) and those of a
request share one table. Names and values of a whole query are taken apart in `_options`. OData ABNF Construction
Rules 4.01, section 2; OData URL Conventions 4.01, sections 5.1.2 to 5.1.8.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, TypeAlias, TypeVar

from demotic.errors import SyntaxFault
from demotic.model import INTEGER_RANGES
from demotic.query import _beyond, _system
from demotic.query._expressions import alias_value, expression
from demotic.query._reader import IDENTIFIER, Reader
from demotic.query._syntax import ExpandItem, Expression, Integer, Options, OrderItem, SelectItem
from demotic.syntax import parse_integer

_DIRECTION: Final = re.compile(r"[ \t]++(asc|desc)(?!\w)", re.IGNORECASE)
_DIGITS: Final = re.compile(r"[0-9]++")
_INDEX: Final = re.compile(r"-?[0-9]++")
_BOOLEAN: Final = re.compile(r"(?:true|false)(?!\w)", re.IGNORECASE)
_LEVELS: Final = re.compile(r"[1-9][0-9]*+|max(?!\w)", re.IGNORECASE)
_AS: Final = re.compile(rf"[ \t]++as[ \t]++{IDENTIFIER}", re.IGNORECASE)
_REST: Final = re.compile(r".++", re.DOTALL)
_FORMAT: Final = re.compile(r"[^/;]++(?:/[^/;]++)?(?:;.++)?", re.DOTALL)
_SCHEMA_VERSION: Final = re.compile(r"\*|[A-Za-z0-9._~-]++")
_OPTION: Final = re.compile(r"(\$?[A-Za-z]++|@[^=;()]++)=")
_SIGNATURE: Final = re.compile(rf"\({IDENTIFIER}(?:,{IDENTIFIER})*+\)")

_Item = TypeVar("_Item")
_ReadItem: TypeAlias = Callable[[Reader], _Item]


def _list(reader: Reader, item: _ReadItem[_Item]) -> tuple[_Item, ...]:
    items = [item(reader)]
    while reader.separator(","):
        items.append(item(reader))
    return tuple(items)


def _orderby(reader: Reader) -> tuple[OrderItem, ...]:
    return _list(reader, _order_item)


def _order_item(reader: Reader) -> OrderItem:
    at = reader.at
    item = expression(reader)
    direction = reader.match(_DIRECTION)
    return OrderItem(item, direction is not None and direction[1].lower() == "desc", at)


def _select(reader: Reader) -> tuple[SelectItem, ...]:
    return _list(reader, _select_item)


def _select_item(reader: Reader) -> SelectItem:
    start, at = reader.position, reader.at
    if reader.accept("*"):
        return SelectItem(("*",), at)
    path = [_path_name(reader, "a property or '*'")]
    while reader.accept("/"):
        path.append(_path_name(reader, "a property"))
    if reader.accept(".*"):
        reader.refuse("the selection of operations", start)
    elif reader.match(_SIGNATURE):
        reader.refuse("the selection of a function", start)
    elif reader.peek() == "(":
        reader.refuse("a selection with options", start)
        _nested(reader, _system.NESTED_SELECT)
    return SelectItem(tuple(path), at)


def _path_name(reader: Reader, expected: str) -> str:
    """Read one name of a path; an annotation is not offered."""
    if reader.peek() == "@":
        _beyond.annotation(reader)
        return "@"
    return reader.name(expected, qualified=True)


def _expand(reader: Reader) -> tuple[ExpandItem, ...]:
    return _list(reader, _expand_item)


def _expand_item(reader: Reader) -> ExpandItem:
    start, at = reader.position, reader.at
    if reader.accept("$value"):
        reader.refuse("$value in $expand", start)
        return ExpandItem(("$value",), Options(), at)
    path, allowed = _expand_path(reader)
    options = _nested(reader, allowed) if reader.peek() == "(" else Options()
    return ExpandItem(path, options, at)


def _expand_path(reader: Reader) -> tuple[tuple[str, ...], frozenset[str]]:
    """Read the path of an expanded item, with the options that may follow it."""
    path: list[str] = []
    while True:
        start = reader.position
        if reader.accept("*"):
            if path:
                reader.refuse("'*' after a path", start)
            path.append("*")
            if reader.accept("/$ref"):
                reader.refuse("/$ref in $expand", start)
            return tuple(path), _system.NESTED_STAR
        path.append(_path_name(reader, "a navigation property or '*'"))
        for ending, allowed in _ENDINGS.items():
            if reader.accept(ending):
                reader.refuse(f"{ending} in $expand", start)
                return tuple(path), allowed
        if not reader.accept("/"):
            return tuple(path), _system.NESTED_EXPAND


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
            _system.once(f"${bare}", seen)
            value, more = read_value(reader, bare)
            values |= value
        if not reader.separator(";"):
            break
    reader.blanks()
    if not reader.accept(")"):
        raise reader.fail(f"{more}, ';' or ')'")
    reader.leave()
    return Options(**values, aliases=aliases)


def read_value(reader: Reader, name: str) -> tuple[dict[str, Any], str]:
    """Read the value of the option `name`.

    Returns it by that name (an option that is not offered has none), with what could have continued it.
    """
    start = reader.position
    read, more = _VALUES[name]
    value = read(reader)
    if name in _system.NOT_OFFERED:
        reader.refuse(f"${name}", start)
        return {}, more
    return {name: value}, more


def _integer(reader: Reader) -> Integer:
    start, at = reader.position, reader.at
    text = reader.expect_match(_DIGITS, "a number of digits only")
    try:
        return Integer(parse_integer(text, 0, INTEGER_RANGES["Int64"][1]), text, at)
    except SyntaxFault as fault:
        raise reader.fault_within(fault, start) from None


def _count(reader: Reader) -> bool:
    return reader.expect_match(_BOOLEAN, "true or false").lower() == "true"


def _compute(reader: Reader) -> None:
    while True:
        expression(reader)
        reader.expect_match(_AS, "an operator, or 'as' and a name")
        if not reader.separator(","):
            return


def _search(reader: Reader) -> None:
    reader.blanks()
    _beyond.search(reader)
    reader.blanks()


def _matched(pattern: re.Pattern[str], expected: str) -> Callable[[Reader], str]:
    return lambda reader: reader.expect_match(pattern, expected)


_OPAQUE: Final = _matched(_REST, "a value")

_VALUES: Final[dict[str, tuple[Callable[[Reader], object], str]]] = {
    "apply": (_OPAQUE, ""),
    "compute": (_compute, "','"),
    "count": (_count, ""),
    "deltatoken": (_OPAQUE, ""),
    "expand": (_expand, "'/', '(', ','"),
    "filter": (expression, "an operator"),
    "format": (_matched(_FORMAT, "a media type, json, xml or atom"), "';'"),
    "id": (_OPAQUE, ""),
    "index": (_matched(_INDEX, "a whole number"), "a digit"),
    "levels": (_matched(_LEVELS, "a number from 1 on, or max"), "a digit"),
    "orderby": (_orderby, "an operator, asc, desc, ','"),
    "schemaversion": (_matched(_SCHEMA_VERSION, "a version or '*'"), ""),
    "search": (_search, "a blank"),
    "select": (_select, "'/', ','"),
    "skip": (_integer, "a digit"),
    "skiptoken": (_OPAQUE, ""),
    "top": (_integer, "a digit"),
}
"""Each option's reader, and what could continue a value that has been read."""
