"""What is written is read back: generated trees, options and paths; and garbage, which is refused and nothing worse."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from demotic.errors import LimitExceeded, SyntaxFault, Unsupported
from demotic.query import (
    Alias,
    Call,
    CountStep,
    ExpandItem,
    Integer,
    KeyPredicate,
    LambdaStep,
    ListExpression,
    Literal,
    NameStep,
    Options,
    OrderItem,
    Path,
    RepeatedOption,
    ResourcePath,
    Segment,
    SelectItem,
    UnknownOption,
    read_filter,
    read_options,
    read_path,
    write_expression,
    write_options,
    write_path,
)


def bare(node: Any) -> Any:
    """Return a tree as nested tuples, without positions."""
    if is_dataclass(node):
        return (type(node).__name__, *(bare(getattr(node, item.name)) for item in fields(node) if item.name != "at"))
    if isinstance(node, tuple):
        return tuple(map(bare, node))
    if isinstance(node, dict):
        return {name: bare(value) for name, value in node.items()}
    return node


LITERAL_TEXTS = [
    "null",
    "true",
    "FALSE",
    "0",
    "-5",
    "+7",
    "9223372036854775808",
    "1.50",
    "-1e-7",
    "2E+8",
    "INF",
    "-INF",
    "2024-02-29",
    "2024-02-29T07:59:59.5+02:00",
    "07:59",
    "duration'-PT1.5S'",
    "01234567-89ab-cdef-0123-456789abcdef",
    "binary'Zm8='",
    "NS.Colour'Red,-2'",
]
RESERVED = {"null", "true", "false", "not", "inf", "nan"}
NO_FUNCTIONS = {"eq", "in", "ne", "neg", "and", "any", "all"}

names = st.text("abINFeqnot_é5", min_size=1, max_size=6).filter(
    lambda name: not name[0].isdigit() and name.lower() not in RESERVED
)
texts = st.text("a'%/&+;,()= é🦆\t", max_size=6)
literals = st.one_of(st.sampled_from(LITERAL_TEXTS), texts.map(lambda text: "'" + text.replace("'", "''") + "'")).map(
    lambda text: read_filter(text)
)
aliases = st.builds(Alias, names, st.just(0))
name_steps = st.builds(NameStep, names, st.just(0))


def path(first: Any, last: Any) -> st.SearchStrategy[Path]:
    steps = st.tuples(first, st.lists(name_steps, max_size=2), last)
    return steps.map(lambda parts: Path((parts[0], *parts[1], *parts[2]), 0))


firsts = st.one_of(name_steps, st.just(NameStep("$it", 0)))
paths = path(firsts, st.one_of(st.just(()), st.just((CountStep(0),))))
functions = names.map(str.lower).filter(lambda name: name.isascii() and name not in NO_FUNCTIONS)
lists = st.lists(st.one_of(literals, aliases), max_size=3).map(lambda items: ListExpression(tuple(items), 0))
BINARY = ["or", "and", "eq", "ne", "gt", "ge", "lt", "le", "add", "sub", "mul", "div", "divby", "mod", "has"]


def several(members: ListExpression) -> bool:
    """Whether it is a list even where an expression in parentheses could stand, as after an alias."""
    return not members.items or (len(members.items) > 1 and isinstance(members.items[0], Literal))


def grow(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    lambdas = st.one_of(
        st.just(LambdaStep("any", None, None, 0)),
        st.builds(LambdaStep, st.sampled_from(["any", "all"]), names, inner, st.just(0)),
    )
    return st.one_of(
        st.builds(Call, st.sampled_from(BINARY), st.tuples(inner, inner), st.just(0)),
        st.builds(Call, st.sampled_from(["and", "or"]), st.tuples(inner, inner), st.just(0)),
        st.builds(Call, st.sampled_from(["neg", "not"]), st.tuples(inner), st.just(0)),
        st.builds(Call, st.just("in"), st.tuples(inner, lists), st.just(0)),
        st.builds(Call, functions, st.lists(inner, max_size=3).map(tuple), st.just(0)),
        path(firsts, lambdas.map(lambda step: (step,))),
    )


expressions = st.recursive(st.one_of(literals, aliases, paths), grow, max_leaves=12)


@pytest.mark.feature("F-QUERY-09")
@given(expressions)
def test_a_tree_is_written_as_the_text_that_is_read_as_it(tree: Any) -> None:
    assert bare(read_filter(write_expression(tree))) == bare(tree)


WRITTEN = [
    "a or b or c or d or e",
    "a or (b or c)",
    "(a or b or c) or d or e",
    "a and b or c and not (d or e)",
    "a sub b sub c",
    "a sub (b sub c)",
    "(a eq b) in (1,2)",
    "-(5)",
    "-(5 in (1))",
    "-a mul --b",
    "not not -a",
    "a/b/any(x:x/c eq 'it''s' or x/d/all(y:y/$count gt 1))",
    "contains(a,concat('x',b)) eq @p",
    "a has NS.C'Red'",
]


@pytest.mark.parametrize("text", WRITTEN)
def test_a_text_in_canonical_form_is_written_as_it_was_read(text: str) -> None:
    assert write_expression(read_filter(text)) == text


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("((a))  EQ ( 1 )", "a eq 1"),
        ("not(a)", "not a"),
        ("- a", "-a"),
        ("(a or b) or (c or d)", "a or b or c or d"),
        ("Substring( a , 1 )", "substring(a,1)"),
        ("a in ( 1 , 2 )", "a in (1,2)"),
        ("a/any( x : x )", "a/any(x:x)"),
    ],
)
def test_blanks_case_and_needless_parentheses_are_not_kept(text: str, canonical: str) -> None:
    assert write_expression(read_filter(text)) == canonical


integers = st.integers(0, 2**63 - 1).map(lambda value: Integer(value, str(value), 0))
name_paths = st.lists(names, min_size=1, max_size=3).map(tuple)
starred = st.one_of(st.just(("*",)), name_paths)


def options(expand: st.SearchStrategy[Any]) -> dict[str, st.SearchStrategy[Any]]:
    return {
        "filter": st.one_of(st.none(), expressions),
        "orderby": st.lists(st.builds(OrderItem, expressions, st.booleans(), st.just(0)), max_size=2).map(tuple),
        "select": st.lists(st.builds(SelectItem, starred, st.just(0)), max_size=2).map(tuple),
        "expand": expand,
        "top": st.one_of(st.none(), integers),
        "skip": st.one_of(st.none(), integers),
        "count": st.booleans(),
        "aliases": st.dictionaries(names, st.one_of(expressions, lists.filter(several)), max_size=2),
    }


def items(inner: st.SearchStrategy[Options]) -> st.SearchStrategy[tuple[ExpandItem, ...]]:
    item = st.one_of(st.just(ExpandItem(("*",), Options(), 0)), st.builds(ExpandItem, name_paths, inner, st.just(0)))
    return st.lists(item, max_size=2).map(tuple)


nested = st.recursive(st.just(Options()), lambda inner: st.builds(Options, **options(items(inner))), max_leaves=3)
custom = st.lists(
    st.tuples(texts.filter(lambda name: not name.lstrip(" \t").startswith(("$", "@"))), texts), max_size=2
).map(tuple)
requests = st.builds(
    Options,
    **options(items(nested)),
    skiptoken=st.one_of(st.none(), texts.filter(bool)),
    format=st.sampled_from([None, "json", "application/json;odata.metadata=full", "application/atom+xml"]),
    custom=custom,
)


@pytest.mark.feature("F-QUERY-09")
@given(requests)
def test_options_are_written_as_the_query_that_is_read_as_them(request: Options) -> None:
    query = write_options(request)
    assert query.isascii()
    assert not set(query) & set(" #+\"<>'") - {"'"}
    assert bare(read_options(query)) == bare(request)


key_values = st.one_of(literals, aliases)
keys = st.one_of(
    st.builds(KeyPredicate, key_values, st.just(()), st.just(0)),
    st.builds(KeyPredicate, st.none(), st.lists(st.tuples(names, key_values), max_size=3).map(tuple), st.just(0)),
)
segments = st.builds(Segment, names, st.one_of(st.none(), keys), st.just(0))
endings = st.sampled_from([(), *((Segment(word, None, 0),) for word in ("$count", "$value", "$ref"))])
resources = st.builds(
    lambda body, ending: ResourcePath((*body, *ending)), st.lists(segments, min_size=1, max_size=4), endings
)


@pytest.mark.feature("F-QUERY-09")
@given(resources)
@example(ResourcePath(()))
def test_a_resource_path_is_written_as_the_text_that_is_read_as_it(resource: ResourcePath) -> None:
    raw = write_path(resource)
    assert raw.isascii()
    assert bare(read_path(raw)) == bare(resource)
    assert bare(read_path(f"/{raw}")) == bare(resource)


REFUSALS = (SyntaxFault, LimitExceeded, Unsupported, UnknownOption, RepeatedOption)
PIECES = [
    *"()[]{}'\"/,;:=@$&+-.* \t\x00é🦆%",
    "%27",
    "%2F",
    "%C3",
    "$it",
    "$count",
    "$filter=",
    "$expand=",
    "any(x:",
    "not ",
    " eq ",
    " in (",
    " or ",
    "cast(",
    "case(",
    "a",
    "NS.T",
    "12",
    "1.5e",
    "2012-01-01",
    "T12:30",
    "duration'",
    "null",
]
garbage = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=12).map("".join))


@given(garbage)
def test_garbage_is_read_or_refused_and_nothing_else(text: str) -> None:
    for read in (read_filter, read_options, read_path):
        try:
            read(text)
        except REFUSALS as refused:
            assert refused.message
            if isinstance(refused, SyntaxFault):
                assert 0 <= refused.position <= len(refused.text)
                assert refused.caret().splitlines()[-1].endswith("^")


@given(st.sampled_from(["$filter", "$orderby", "$select", "$expand", "$top", "@p", "$search", "$compute"]), garbage)
def test_garbage_as_the_value_of_an_option_is_a_fault_of_that_option(name: str, text: str) -> None:
    try:
        read_options([(name, text)])
    except REFUSALS as refused:
        assert refused.target == name or isinstance(refused, (UnknownOption, RepeatedOption))
