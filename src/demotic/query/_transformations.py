"""The value of ``$apply``: set transformations, one after another.

Each transformation is a row of `_ARGUMENTS`, which says what stands in its parentheses. OData Extension for Data
Aggregation 4.0, sections 3, 5 and 6 (grammar: its ABNF, section 2).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, TypeAlias, TypeVar

from demotic.query._aggregates import aggregate, grouping_path
from demotic.query._expressions import expression
from demotic.query._reader import Reader
from demotic.query._search import search
from demotic.query._steps import NAME, arguments
from demotic.query._tree import (
    ComputeItem,
    Grouping,
    Integer,
    Keyword,
    Named,
    NameStep,
    OrderItem,
    Path,
    Pipeline,
    Transformation,
    TransformationArgument,
)

_AS: Final = re.compile(r"[ \t]++as[ \t]++", re.IGNORECASE)
_DIRECTION: Final = re.compile(r"[ \t]++(asc|desc)(?!\w)", re.IGNORECASE)
_DIGITS: Final = re.compile(r"[0-9]{1,18}")
_KEEP: Final = re.compile(r"keep start(?!\w)")
_TRAVERSAL: Final = re.compile(r"(?:preorder|postorder)(?!\w)")
_OPEN: Final = re.compile(r"\([ \t]*+")

_Item = TypeVar("_Item")
_Arguments: TypeAlias = list[TransformationArgument]
_ReadArguments: TypeAlias = Callable[[Reader], _Arguments]


def pipeline(reader: Reader) -> Pipeline:
    """Read transformations parted by slashes. Raises `SyntaxFault` and `LimitExceeded`."""
    at = reader.at
    reader.enter()
    found = [_transformation(reader)]
    while reader.accept("/"):
        found.append(_transformation(reader))
    reader.leave()
    return Pipeline(tuple(found), at)


def compute_items(reader: Reader) -> tuple[ComputeItem, ...]:
    """Read ``expression as name, ...``."""
    return tuple(several(reader, _compute_item))


def order_items(reader: Reader) -> tuple[OrderItem, ...]:
    """Read ``expression desc, ...``."""
    return tuple(several(reader, _order_item))


def several(reader: Reader, item: Callable[[Reader], _Item]) -> list[_Item]:
    """Read items parted by commas."""
    items = [item(reader)]
    while reader.separator(","):
        items.append(item(reader))
    return items


def _compute_item(reader: Reader) -> ComputeItem:
    at = reader.at
    item = expression(reader)
    if not reader.match(_AS):
        raise reader.fail("an operator, or 'as' and a name")
    return ComputeItem(item, reader.name("the name of the computed property"), at)


def _order_item(reader: Reader) -> OrderItem:
    at = reader.at
    item = expression(reader)
    direction = reader.match(_DIRECTION)
    return OrderItem(item, direction is not None and direction[1].lower() == "desc", at)


def _transformation(reader: Reader) -> Transformation:
    start, at = reader.position, reader.at
    found = reader.match(NAME)
    name = found[1] if found else ""
    reader.height = 0
    if name == "identity" and found and found[2] is None:
        return Transformation(name, (), at)
    if "." in name and found and found[2]:
        return Transformation(name, (arguments(reader, expression),), at)
    read = _ARGUMENTS.get(name)
    if read is None or found is None:
        reader.position = start
        raise reader.fail("a transformation, such as filter(...) or groupby(...)")
    if found[2] is None:
        raise reader.fail("'('")
    items = read(reader)
    reader.blanks()
    if not reader.accept(")"):
        raise reader.fail("',' or ')'")
    return Transformation(name, tuple(items), at)


# --- what stands in parentheses


def _aggregate(reader: Reader) -> _Arguments:
    return [*several(reader, lambda inner: aggregate(inner, expression, named=True))]


def _compute(reader: Reader) -> _Arguments:
    return [*compute_items(reader)]


def _orderby(reader: Reader) -> _Arguments:
    return [*order_items(reader)]


def _filter(reader: Reader) -> _Arguments:
    return [expression(reader)]


def _search(reader: Reader) -> _Arguments:
    return [search(reader)]


def _number(reader: Reader) -> _Arguments:
    at = reader.at
    text = reader.expect_match(_DIGITS, "a number of digits only")
    return [Integer(int(text), text, at)]


def _two(reader: Reader) -> _Arguments:
    first = expression(reader)
    _comma(reader)
    return [first, expression(reader)]


def _concat(reader: Reader) -> _Arguments:
    first = pipeline(reader)
    _comma(reader)
    return [first, *several(reader, pipeline)]


def _groupby(reader: Reader) -> _Arguments:
    at = reader.at
    if not reader.match(_OPEN):
        raise reader.fail("'(' and what to group by")
    elements = several(reader, _element)
    reader.blanks()
    if not reader.accept(")"):
        raise reader.fail("',' or ')'")
    found: _Arguments = [Grouping(tuple(elements), at)]
    return [*found, pipeline(reader)] if reader.separator(",") else found


def _element(reader: Reader) -> Path | Transformation:
    found = NAME.match(reader.text, reader.position)
    if found is None or found[2] is None or found[1] not in _ROLLUPS:
        return grouping_path(reader)
    at = reader.at
    reader.position = found.end()
    items = _ROLLUPS[found[1]](reader)
    reader.blanks()
    reader.expect(")")
    return Transformation(found[1], tuple(items), at)


def _rollup(reader: Reader) -> _Arguments:
    return [*several(reader, grouping_path)]


def _hierarchy(reader: Reader) -> _Arguments:
    """Read what tells a recursive hierarchy: its nodes, its qualifier, and the property that identifies a node."""
    nodes = expression(reader)
    if not (isinstance(nodes, Path) and isinstance(nodes.steps[0], NameStep) and nodes.steps[0].name == "$root"):
        raise reader.fail("a path", hint="the nodes of a hierarchy begin with $root/ and an entity set")
    _comma(reader)
    at = reader.at
    qualifier = Path((NameStep(reader.name("the qualifier of a hierarchy"), at),), at)
    _comma(reader)
    return [nodes, qualifier, expression(reader)]


def _rollup_recursive(reader: Reader) -> _Arguments:
    items = _hierarchy(reader)
    return [*items, pipeline(reader)] if reader.separator(",") else items


def _related(reader: Reader) -> _Arguments:
    """Read the arguments of ``ancestors`` and ``descendants``."""
    items = _hierarchy(reader)
    _comma(reader)
    items.append(pipeline(reader))
    more = reader.separator(",")
    if more and reader.peek().isdigit():
        items += _number(reader)
        more = reader.separator(",")
    if more:
        at = reader.at
        items.append(Keyword(reader.expect_match(_KEEP, "keep start"), at))
    return items


def _traverse(reader: Reader) -> _Arguments:
    items = _hierarchy(reader)
    _comma(reader)
    at = reader.at
    items.append(Keyword(reader.expect_match(_TRAVERSAL, "preorder or postorder"), at))
    if reader.separator(","):
        found = NAME.match(reader.text, reader.position)
        begins = found is not None and (found[1] == "identity" or (found[2] and found[1] in _ARGUMENTS))
        if begins:
            items.append(pipeline(reader))
        if not begins or reader.separator(","):
            items += order_items(reader)
    return items


def _join(reader: Reader) -> _Arguments:
    at = reader.at
    joined = expression(reader)
    if not isinstance(joined, Path):
        raise reader.fail("a path", hint="join a collection of the entity")
    items: _Arguments = [_named(reader, joined, at)]
    return [*items, pipeline(reader)] if reader.separator(",") else items


def _nest(reader: Reader) -> _Arguments:
    return [*several(reader, _nested)]


def _addnested(reader: Reader) -> _Arguments:
    path = expression(reader)
    _comma(reader)
    return [path, *several(reader, _nested)]


def _nested(reader: Reader) -> Named:
    at = reader.at
    return _named(reader, pipeline(reader), at)


def _named(reader: Reader, what: Path | Pipeline, at: int) -> Named:
    if not reader.match(_AS):
        raise reader.fail("'as' and a name")
    return Named(what, reader.name("a name"), at)


def _comma(reader: Reader) -> None:
    reader.separator_or_fail(",", "','")


_ARGUMENTS: Final[dict[str, _ReadArguments]] = {
    "aggregate": _aggregate,
    "compute": _compute,
    "concat": _concat,
    "groupby": _groupby,
    "join": _join,
    "outerjoin": _join,
    "nest": _nest,
    "addnested": _addnested,
    "filter": _filter,
    "orderby": _orderby,
    "search": _search,
    "skip": _number,
    "top": _number,
    **dict.fromkeys(("topcount", "topsum", "toppercent", "bottomcount", "bottomsum", "bottompercent"), _two),
    "ancestors": _related,
    "descendants": _related,
    "traverse": _traverse,
}
"""Each transformation, but for ``identity`` and functions of the service, with the reader of its arguments."""

_ROLLUPS: Final[dict[str, _ReadArguments]] = {"rollup": _rollup, "rolluprecursive": _rollup_recursive}
"""What may stand beside paths in the inner parentheses of ``groupby``."""
