"""The query options of OData 2: each read by its own grammar into the options that the binder knows.

``$expand=A/B`` becomes an option within that of ``A``, ``$select=A/X`` a selection within it. Names have their dollar
sign and their case; all others are custom options. OData 2.0, "URI Conventions", section 4.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Final

from demotic.errors import SyntaxFault
from demotic.model import INTEGER_RANGES
from demotic.query._options import split_query
from demotic.query._reader import DEFAULT_LIMITS, Reader, ReadLimits
from demotic.query._system import UnknownOption, once
from demotic.query._tree import ExpandItem, Expression, Integer, Options, OrderItem, SelectItem
from demotic.query.v2._expressions import expression
from demotic.syntax import parse_integer

_DIRECTION: Final = re.compile(r"[ \t]++(asc|desc)(?!\w)")
_DIGITS: Final = re.compile(r"[0-9]++")
_REST: Final = re.compile(r".++", re.DOTALL)
_COUNTS: Final = re.compile(r"(?:allpages|none)(?!\w)")

_LATER: Final = {
    "$count": "write $inlinecount=allpages",
    "$search": "write a $filter with substringof('part',Name)",
    "$apply": "OData 2 has no aggregation",
    "$compute": "OData 2 has no computed values",
    "$levels": "write the path out, $expand=A/A",
}


def _orderby(reader: Reader) -> tuple[OrderItem, ...]:
    return _list(reader, _order_item)


def _list(reader: Reader, item: Callable[[Reader], Any]) -> tuple[Any, ...]:
    items = [item(reader)]
    while reader.separator(","):
        items.append(item(reader))
    return tuple(items)


def _order_item(reader: Reader) -> OrderItem:
    at = reader.at
    item = expression(reader)
    direction = reader.match(_DIRECTION)
    return OrderItem(item, direction is not None and direction[1] == "desc", at)


def _paths(reader: Reader) -> tuple[SelectItem, ...]:
    return _list(reader, _path)


def _path(reader: Reader) -> SelectItem:
    at = reader.at
    names = [reader.name("a navigation property")]
    while reader.accept("/"):
        names.append(reader.name("a navigation property"))
    return SelectItem(tuple(names), at)


def _select(reader: Reader) -> tuple[SelectItem, ...]:
    return _list(reader, _selected)


def _selected(reader: Reader) -> SelectItem:
    at = reader.at
    names: list[str] = []
    while True:
        if reader.accept("*"):
            return SelectItem((*names, "*"), at)
        names.append(reader.name("a property or '*'"))
        if not reader.accept("/"):
            return SelectItem(tuple(names), at)


def _integer(reader: Reader) -> Integer:
    start, at = reader.position, reader.at
    text = reader.expect_match(_DIGITS, "a number of digits only")
    try:
        return Integer(parse_integer(text, 0, INTEGER_RANGES["Int64"][1]), text, at)
    except SyntaxFault as fault:
        raise reader.fault_within(fault, start) from None


def _opaque(reader: Reader) -> str:
    return reader.expect_match(_REST, "a value")


def _inlinecount(reader: Reader) -> bool:
    return reader.expect_match(_COUNTS, "allpages or none") == "allpages"


_READERS: Final[dict[str, tuple[Callable[[Reader], Any], str]]] = {
    "$expand": (_paths, "'/', ','"),
    "$filter": (expression, "an operator"),
    "$format": (_opaque, ""),
    "$inlinecount": (_inlinecount, ""),
    "$orderby": (_orderby, "an operator, asc, desc, ','"),
    "$select": (_select, "'/', ','"),
    "$skip": (_integer, "a digit"),
    "$skiptoken": (_opaque, ""),
    "$top": (_integer, "a digit"),
}
"""The options, each with its reader and what could continue a value that has been read."""


def read_options(query: str | Iterable[tuple[str, str]], *, limits: ReadLimits = DEFAULT_LIMITS) -> Options:
    """Read a raw query string, or pairs of decoded names and values.

    Raises `UnknownOption` for an unknown name with ``$``, `RepeatedOption` for an option given twice, `SyntaxFault` for
    a value against its grammar, `LimitExceeded` for one too long or too deep, and `Unsupported` for one that is well
    formed but not offered.
    """
    values: dict[str, Any] = {}
    custom: list[tuple[str, str]] = []
    seen: set[str] = set()
    for name, value in split_query(query, limits=limits) if isinstance(query, str) else query:
        if not name.startswith("$"):
            custom.append((name, value))
            continue
        if name not in _READERS:
            raise UnknownOption(f"there is no query option {name}", target=name, hint=_hint(name))
        once(name, seen)
        values[name] = _read(name, value, limits)
    return _options(values, tuple(custom))


def _hint(name: str) -> str:
    near = get_close_matches(name.lower(), _READERS, n=1) if len(name) <= 64 else []
    known = ", ".join(_READERS)
    return _LATER.get(name.lower()) or (f"did you mean {near[0]}?" if near else f"OData 2 has {known}")


def _read(name: str, text: str, limits: ReadLimits) -> Any:
    reader = Reader(text, target=name, limits=limits)
    read, more = _READERS[name]
    value = read(reader)
    reader.finish(f"{more} or the end" if more else "the end")
    return value


def _options(values: dict[str, Any], custom: tuple[tuple[str, str], ...]) -> Options:
    level = _Level()
    for item in values.get("$expand", ()):
        level.expand(item)
    for item in values.get("$select", ()):
        level.select(item)
    select, expand = level.items(selective=bool(values.get("$select")))
    return Options(
        filter=values.get("$filter"),
        orderby=values.get("$orderby", ()),
        select=select,
        expand=expand,
        top=values.get("$top"),
        skip=values.get("$skip"),
        count=values.get("$inlinecount", False),
        skiptoken=values.get("$skiptoken"),
        format=values.get("$format"),
        custom=custom,
    )


@dataclass(slots=True)
class _Level:
    """What paths say of one level of entities: the names selected, and the levels that are expanded below."""

    at: int = 0
    selected: dict[str, SelectItem] = field(default_factory=dict)
    expanded: dict[str, _Level] = field(default_factory=dict)

    def expand(self, item: SelectItem) -> None:
        level = self
        for name in item.path:
            level = level.expanded.setdefault(name, _Level(item.at))

    def select(self, item: SelectItem) -> None:
        level = self
        for n, name in enumerate(item.path):
            last = n == len(item.path) - 1
            if last or name not in level.expanded:
                # A path beyond what is expanded is the binder's to judge: it may lead into a complex value.
                rest = item.path[n:]
                level.selected.setdefault("/".join(rest), SelectItem(rest, item.at))
                return
            level.selected.setdefault(name, SelectItem((name,), item.at))
            level = level.expanded[name]

    def items(self, *, selective: bool) -> tuple[tuple[SelectItem, ...], tuple[ExpandItem, ...]]:
        """Return the options of this level. What is expanded but not selected is left out where anything is selected
        ([MS-ODATA], section 2.2.3.6.1.11)."""
        star = "*" in self.selected
        expands = []
        for name, below in self.expanded.items():
            if selective and not star and name not in self.selected:
                continue
            select, expand = below.items(selective=bool(below.selected))
            expands.append(ExpandItem((name,), Options(select=select, expand=expand), below.at))
        return tuple(self.selected.values()), tuple(expands)


def read_filter(text: str, *, limits: ReadLimits = DEFAULT_LIMITS) -> Expression:
    """Read the decoded value of ``$filter``. Raises as `read_options` does."""
    result: Expression = _read("$filter", text, limits)
    return result


def read_orderby(text: str, *, limits: ReadLimits = DEFAULT_LIMITS) -> tuple[OrderItem, ...]:
    """Read the decoded value of ``$orderby``. Raises as `read_options` does."""
    result: tuple[OrderItem, ...] = _read("$orderby", text, limits)
    return result


def read_select(text: str, *, limits: ReadLimits = DEFAULT_LIMITS) -> tuple[SelectItem, ...]:
    """Read the decoded value of ``$select``, given without ``$expand``. Raises as `read_options` does."""
    return read_options([("$select", text)], limits=limits).select


def read_expand(text: str, *, limits: ReadLimits = DEFAULT_LIMITS) -> tuple[ExpandItem, ...]:
    """Read the decoded value of ``$expand``, given without ``$select``. Raises as `read_options` does."""
    return read_options([("$expand", text)], limits=limits).expand
