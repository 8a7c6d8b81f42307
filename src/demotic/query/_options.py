"""The query of a URL: split into options, each read by its own grammar.

The query is split at ``&`` and each option at its first ``=`` *before* percent-decoding (OData URL Conventions 4.01,
section 5; RFC 3986, section 3.4). In values, and in names, a plus sign means a blank, as form-encoding clients write
it, so that ``%2B`` is a plus sign; only in ``$format``, where a blank has no place and ``application/atom+xml`` does, a
plus stays one. Positions are those in the decoded value of the option that the error's ``target`` names.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from demotic.errors import LimitExceeded, SyntaxFault
from demotic.query import _system
from demotic.query._clauses import collect, read_value
from demotic.query._expressions import alias_value
from demotic.query._literals import literal
from demotic.query._reader import DEFAULT_LIMITS, Reader, ReadLimits
from demotic.query._tree import ExpandItem, Expression, Literal, Options, OrderItem, SelectItem
from demotic.syntax.uri import percent_decode

_PLUS_IS_PLUS: Final = frozenset(("$format", "format"))
_CODED_LENGTH: Final = 3
"""How many characters one becomes; beyond ASCII it is more, which makes the bound on a whole query tighter."""


def split_query(query: str, *, limits: ReadLimits = DEFAULT_LIMITS) -> list[tuple[str, str]]:
    """Return the decoded names and values of a raw query string (without its question mark), in order.

    Raises `SyntaxFault` at bad percent-coding, with positions in the raw query, and `LimitExceeded`.
    """
    if len(query) > _CODED_LENGTH * limits.length:
        raise LimitExceeded(f"a query of {len(query)} characters is more than the limit of {limits.length}, decoded")
    if (fragment := query.find("#")) >= 0:
        raise SyntaxFault("a number sign written %23", query, fragment, hint="a fragment stays with the client")
    pairs: list[tuple[str, str]] = []
    start = 0
    for part in query.split("&"):
        if part:
            raw_name, _, raw_value = part.partition("=")
            name = _decode(query, raw_name, start, plus_is_blank=True)
            plus_is_blank = name.lower() not in _PLUS_IS_PLUS
            value = _decode(query, raw_value, start + len(raw_name) + 1, plus_is_blank=plus_is_blank)
            pairs.append((name, value))
        start += len(part) + 1
    return pairs


def _decode(query: str, part: str, start: int, *, plus_is_blank: bool) -> str:
    try:
        return percent_decode(part, plus_is_blank=plus_is_blank)
    except SyntaxFault as fault:
        raise SyntaxFault(fault.expected, query, start + fault.position, hint=fault.hint) from None


def read_options(query: str | Iterable[tuple[str, str]], *, limits: ReadLimits = DEFAULT_LIMITS) -> Options:
    """Read a raw query string, or pairs of decoded names and values.

    System query options are known with or without ``$`` and in any case. ``@name`` is a parameter alias. All others
    without ``$`` are custom options, kept as they are.

    Raises `UnknownOption` for an unknown name with ``$``, `RepeatedOption` for a system option or alias given twice,
    `SyntaxFault` for a value against its grammar, and `LimitExceeded` for one too long or too deep.
    """
    values: dict[str, Any] = {}
    aliases: dict[str, Expression] = {}
    custom: list[tuple[str, str]] = []
    seen: set[str] = set()
    for name, value in split_query(query, limits=limits) if isinstance(query, str) else query:
        if name.startswith("@"):
            _system.once(name, seen)
            aliases[_alias_name(name)] = read_alias(name, value, limits)
        elif _system.is_system_option(name):
            bare = _system.system_option(name, _system.TOP_LEVEL)
            _system.once(f"${bare.removeprefix('$')}", seen)
            collect(values, _read(bare, value, limits))
        else:
            custom.append((name, value))
    return Options(**values, aliases=aliases, custom=tuple(custom))


def _alias_name(name: str) -> str:
    reader = Reader(name, target=name)
    reader.expect("@")
    bare = reader.name("the name of a parameter alias")
    reader.finish()
    return bare


def read_alias(name: str, value: str, limits: ReadLimits = DEFAULT_LIMITS) -> Expression:
    """Read the decoded value of an alias, or of an option that is an argument. Raises as `read_options` does."""
    reader = Reader(value, target=name, limits=limits)
    result = alias_value(reader)
    reader.finish("an operator or the end")
    return result


def _read(name: str, text: str, limits: ReadLimits) -> dict[str, Any]:
    reader = Reader(text, target=f"${name.removeprefix('$')}", limits=limits)
    value, more = read_value(reader, name)
    reader.finish(f"{more} or the end" if more else "the end")
    return value


def read_filter(text: str, *, limits: ReadLimits = DEFAULT_LIMITS) -> Expression:
    """Read the decoded value of ``$filter``. Raises as `read_options` does."""
    result: Expression = _read("filter", text, limits)["filter"]
    return result


def read_orderby(text: str, *, limits: ReadLimits = DEFAULT_LIMITS) -> tuple[OrderItem, ...]:
    """Read the decoded value of ``$orderby``. Raises as `read_options` does."""
    result: tuple[OrderItem, ...] = _read("orderby", text, limits)["orderby"]
    return result


def read_select(text: str, *, limits: ReadLimits = DEFAULT_LIMITS) -> tuple[SelectItem, ...]:
    """Read the decoded value of ``$select``. Raises as `read_options` does."""
    result: tuple[SelectItem, ...] = _read("select", text, limits)["select"]
    return result


def read_expand(text: str, *, limits: ReadLimits = DEFAULT_LIMITS) -> tuple[ExpandItem, ...]:
    """Read the decoded value of ``$expand``. Raises as `read_options` does."""
    result: tuple[ExpandItem, ...] = _read("expand", text, limits)["expand"]
    return result


def read_literal(text: str, *, target: str | None = None, limits: ReadLimits = DEFAULT_LIMITS) -> Literal:
    """Read a decoded literal that stands alone. Raises as `read_options` does."""
    reader = Reader(text, target=target, limits=limits)
    result = literal(reader)
    if result is None:
        raise reader.fail("a literal")
    reader.finish()
    return result
