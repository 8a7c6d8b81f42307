"""From syntax tree to URL: the inverse of the readers of options and paths. Expressions are in `_print_expressions`.

OData ABNF Construction Rules 4.01, sections 1 and 2; Data Aggregation 4.0, section 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from demotic.query._print_expressions import write_aggregate, write_arguments, write_expression, write_search
from demotic.query._tree import (
    Aggregate,
    Arguments,
    ComputeItem,
    ExpandItem,
    Grouping,
    Integer,
    KeyPredicate,
    Keyword,
    Named,
    Options,
    OrderItem,
    Path,
    Pipeline,
    ResourcePath,
    SearchOperation,
    SearchTerm,
    Segment,
    SelectItem,
    Transformation,
    TransformationArgument,
)
from demotic.syntax.uri import PATH_SEGMENT, QUERY_NAME, QUERY_VALUE, percent_encode


def write_options(options: Options) -> str:
    """Return a raw, percent-encoded query string, which `read_options` reads back to the same options."""
    pairs = [*_parts(options), *options.custom]
    return "&".join(f"{percent_encode(name, QUERY_NAME)}={percent_encode(value, QUERY_VALUE)}" for name, value in pairs)


def _parts(options: Options) -> Iterator[tuple[str, str]]:
    """Yield the names and decoded values of the options that are given."""
    if options.filter is not None:
        yield "$filter", write_expression(options.filter)
    if options.orderby:
        yield "$orderby", _list(_order_item(item) for item in options.orderby)
    if options.select:
        yield "$select", _list(_select_item(item) for item in options.select)
    if options.expand:
        yield "$expand", _list(_expand_item(item) for item in options.expand)
    if options.top is not None:
        yield "$top", options.top.text
    if options.skip is not None:
        yield "$skip", options.skip.text
    if options.count:
        yield "$count", "true"
    if options.skiptoken is not None:
        yield "$skiptoken", options.skiptoken
    if options.format is not None:
        yield "$format", options.format
    yield from _further(options)
    for name, value in options.aliases.items():
        yield f"@{name}", write_expression(value)


def _further(options: Options) -> Iterator[tuple[str, str]]:
    if options.search is not None:
        yield "$search", write_search(options.search)
    if options.compute:
        yield "$compute", _list(_compute_item(item) for item in options.compute)
    if options.levels is not None:
        yield "$levels", options.levels.text
    if options.apply is not None:
        yield "$apply", write_pipeline(options.apply)
    if options.index is not None:
        yield "$index", options.index.text
    for name in _TEXTS:
        if (text := getattr(options, name)) is not None:
            yield f"${name}", text
    for name, value in options.temporal:
        yield f"${name}", write_expression(value)


_TEXTS: Final = ("deltatoken", "id", "schemaversion")
"""Options that stand as they were given."""


def _compute_item(item: ComputeItem) -> str:
    return f"{write_expression(item.expression)} as {item.name}"


def _list(items: Iterable[str]) -> str:
    return ",".join(items)


def _order_item(item: OrderItem) -> str:
    return write_expression(item.expression) + (" desc" if item.descending else "")


def _select_item(item: SelectItem) -> str:
    parameters = f"({','.join(item.parameters)})" if item.parameters else ""
    return "/".join(item.path) + parameters + (_nested(item.options) if item.options is not None else "")


def _expand_item(item: ExpandItem) -> str:
    return "/".join(item.path) + (f"/{item.ending}" if item.ending else "") + _nested(item.options)


def _nested(options: Options) -> str:
    text = ";".join(f"{name}={value}" for name, value in _parts(options))
    return f"({text})" if text else ""


def write_pipeline(pipeline: Pipeline) -> str:
    """Return the (decoded) text of set transformations, the value of ``$apply``."""
    return "/".join(_transformation(item) for item in pipeline.transformations)


def _transformation(item: Transformation) -> str:
    match item.arguments:
        case ():
            return item.name
        case (Arguments() as arguments,):
            return item.name + write_arguments(arguments)
        case arguments:
            return f"{item.name}({_list(_argument(argument) for argument in arguments)})"


def _argument(argument: TransformationArgument) -> str:
    match argument:
        case Pipeline():
            return write_pipeline(argument)
        case Grouping(elements):
            return f"({_list(_argument(e) if isinstance(e, Path) else _transformation(e) for e in elements)})"
        case Named(what, name):
            return f"{_argument(what)} as {name}"
        case OrderItem():
            return _order_item(argument)
        case ComputeItem():
            return _compute_item(argument)
        case Aggregate():
            return write_aggregate(argument)
        case SearchTerm() | SearchOperation():
            return write_search(argument)
        case Integer() | Keyword():
            return argument.text
        case Arguments():
            return write_arguments(argument)
        case _:
            return write_expression(argument)


def write_path(path: ResourcePath) -> str:
    """Return a raw, percent-encoded path with no slash in front, which `read_path` reads back to the same segments."""
    return "/".join(percent_encode(_segment(segment), PATH_SEGMENT) for segment in path.segments)


def _segment(segment: Segment) -> str:
    condition = f"({write_expression(segment.filter)})" if segment.filter is not None else ""
    sets = f"({','.join(segment.sets)})" if segment.sets else ""
    return segment.name + condition + sets + _key(segment.key) + _key(segment.then)


def _key(key: KeyPredicate | None) -> str:
    if key is None:
        return ""
    if key.positional is not None:
        return f"({write_expression(key.positional)})"
    return f"({','.join(f'{name}={write_expression(value)}' for name, value in key.named)})"
