"""What is written is read back: the further clauses, generated. The common ones are in `test_read_printed`."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demotic.query import (
    Aggregate,
    AggregateFrom,
    AggregateStep,
    AnnotationStep,
    Arguments,
    Call,
    CallStep,
    ComputeItem,
    CountStep,
    ExpandItem,
    FilterStep,
    Grouping,
    Integer,
    JsonArray,
    JsonObject,
    Keyword,
    Levels,
    Literal,
    LiteralKind,
    Named,
    NameStep,
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
    TypeName,
    read_filter,
    read_options,
    read_path,
    write_expression,
    write_options,
    write_path,
)

from .test_read_printed import bare, expressions, literals, name_paths, names

zero = st.just(0)
plain_names = names.filter(str.isascii)
qualified = st.lists(plain_names, min_size=2, max_size=3).map(".".join)
steps = st.builds(NameStep, plain_names, zero)

# --- searches

word_characters = "abANDORNT'1-*"
words = st.builds(SearchTerm, st.text(word_characters, min_size=1).filter(lambda t: t[0] != "'"), st.just(False), zero)
words = words.filter(lambda term: term.text not in ("AND", "OR", "NOT"))
phrases = st.builds(SearchTerm, st.text('a b"\\AND;(', min_size=1, max_size=5), st.just(True), zero)


def searched(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Operations, none of them right within one of its own name, which would be read as one run."""

    def operation(name: str) -> st.SearchStrategy[Any]:
        return st.lists(inner, min_size=2, max_size=3).map(lambda operands: SearchOperation(name, tuple(operands), 0))

    return st.one_of(operation("and"), operation("or"), inner.map(lambda one: SearchOperation("not", (one,), 0)))


searches = st.recursive(st.one_of(words, phrases), searched, max_leaves=6)

# --- paths and calls

json_texts = st.text('ab"\\/é\n🦆', max_size=4)


def json_literal(text: str) -> Any:
    quoted = '"' + "".join(f"\\u{ord(c):04x}" if c < " " else f"\\{c}" if c in '"\\' else c for c in text) + '"'
    return Literal(LiteralKind.STRING, quoted, text, 0)


json_strings = json_texts.map(json_literal)
json_values = st.recursive(
    st.one_of(json_strings, expressions),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: JsonArray(tuple(items), 0)),
        st.lists(st.tuples(json_texts, inner), max_size=2).map(lambda members: JsonObject(tuple(members), 0)),
    ),
    max_leaves=5,
).filter(lambda value: isinstance(value, (JsonArray, JsonObject)))
named_arguments = st.lists(st.tuples(plain_names, st.one_of(expressions, json_values)), min_size=1, max_size=2)
by_name = named_arguments.map(lambda pairs: Arguments((), tuple(pairs), 0))
by_place = expressions.map(lambda value: Arguments((value,), (), 0))
arguments = st.one_of(by_name, by_place, st.just(Arguments((), (), 0)))
calls = st.builds(CallStep, qualified, st.tuples(arguments), zero)
keyed = st.builds(CallStep, plain_names.filter(lambda n: n not in ("any", "all")), st.tuples(by_name, arguments), zero)
annotations = st.builds(AnnotationStep, qualified, st.one_of(st.none(), plain_names), zero)
filters = st.builds(FilterStep, expressions, st.one_of(st.just(()), st.tuples(arguments)), zero)
counts = st.builds(CountStep, zero, st.one_of(st.none(), expressions), st.one_of(st.none(), searches))
grouping_paths = st.lists(steps, min_size=1, max_size=3).map(lambda found: Path(tuple(found), 0))
origins = st.builds(
    AggregateFrom, st.lists(grouping_paths, min_size=1, max_size=2).map(tuple), st.sampled_from(["sum", "NS.m"]), zero
)
aggregates = st.builds(
    Aggregate,
    grouping_paths,
    st.sampled_from(["sum", "countdistinct", "NS.mine"]),
    st.lists(origins, max_size=2).map(tuple),
    plain_names,
    zero,
)
lasts = st.one_of(counts, aggregates.map(lambda item: AggregateStep(item, 0)))
paths = st.tuples(
    st.one_of(steps, calls, keyed, annotations, st.sampled_from([NameStep(n, 0) for n in ("$it", "$this")])),
    st.lists(st.one_of(steps, calls, keyed, annotations, filters), max_size=2),
    st.one_of(lasts.map(lambda step: (step,)), st.just(())),
).map(lambda parts: Path((parts[0], *parts[1], *parts[2]), 0))
types = st.builds(TypeName, st.one_of(plain_names, qualified), st.booleans(), zero)
typed = st.builds(Call, st.sampled_from(["cast", "isof"]), st.one_of(st.tuples(types), st.tuples(paths, types)), zero)
cases = st.lists(st.tuples(expressions, expressions), min_size=1, max_size=2).map(
    lambda pairs: Call("case", tuple(item for pair in pairs for item in pair), 0)
)
SHAPES = ["geography'SRID=4326;Point(1 2)'", "geometry'SRID=0;LineString(1 2,3 4)'"]
shapes = st.sampled_from(SHAPES).map(read_filter)
further = st.one_of(paths, typed, cases, shapes, json_values, literals)


@pytest.mark.feature("F-QUERY-09")
@given(further)
def test_further_expressions_are_written_as_the_text_that_is_read_as_them(tree: Any) -> None:
    assert bare(read_filter(write_expression(tree))) == bare(tree)


# --- options

integers = st.integers(0, 10**6).map(lambda value: Integer(value, str(value), 0))
levels = st.one_of(st.just(Levels(None, "max", 0)), st.integers(1, 99).map(lambda n: Levels(n, str(n), 0)))
computed = st.lists(st.builds(ComputeItem, further, plain_names, zero), min_size=1, max_size=2).map(tuple)
orders = st.lists(st.builds(OrderItem, further, st.booleans(), zero), min_size=1, max_size=2).map(tuple)


def transformation(name: Any, *items: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.tuples(*items).map(lambda found: Transformation(name, found, 0))


def pipelines(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    named = st.builds(Named, inner, plain_names, zero)
    rollups = st.lists(grouping_paths, min_size=2, max_size=3).map(lambda p: Transformation("rollup", tuple(p), 0))
    groupings = st.builds(
        Grouping, st.lists(st.one_of(grouping_paths, rollups), min_size=1, max_size=2).map(tuple), zero
    )
    root = st.just(Path((NameStep("$root", 0), NameStep("Nodes", 0)), 0))
    qualifiers = plain_names.map(lambda name: Path((NameStep(name, 0),), 0))
    one = st.one_of(
        transformation("filter", expressions),
        transformation("search", searches),
        transformation("skip", integers),
        transformation("topcount", expressions, expressions),
        transformation("concat", inner, inner),
        transformation("groupby", groupings),
        transformation("groupby", groupings, inner),
        transformation("nest", named),
        transformation("addnested", grouping_paths, named),
        transformation("join", st.builds(Named, grouping_paths, plain_names, zero), inner),
        transformation("ancestors", root, qualifiers, grouping_paths, inner, integers),
        transformation("descendants", root, qualifiers, grouping_paths, inner, st.just(Keyword("keep start", 0))),
        transformation("traverse", root, qualifiers, grouping_paths, st.just(Keyword("preorder", 0)), inner),
        computed.map(lambda found: Transformation("compute", found, 0)),
        orders.map(lambda found: Transformation("orderby", found, 0)),
        st.lists(aggregates, min_size=1, max_size=2).map(lambda found: Transformation("aggregate", tuple(found), 0)),
        st.builds(Transformation, qualified, st.tuples(by_name), zero),
    )
    return st.lists(one, min_size=1, max_size=2).map(lambda found: Pipeline(tuple(found), 0))


applied = st.recursive(st.just(Pipeline((Transformation("identity", (), 0),), 0)), pipelines, max_leaves=3)
nested = st.builds(
    Options,
    levels=st.one_of(st.none(), levels),
    search=st.one_of(st.none(), searches),
    compute=st.one_of(st.just(()), computed),
)
selected = st.one_of(
    st.builds(SelectItem, name_paths, zero, st.one_of(st.none(), st.builds(Options, filter=expressions))),
    st.builds(SelectItem, st.tuples(qualified), zero, st.none(), st.lists(plain_names, min_size=1, max_size=2)).map(
        lambda item: SelectItem(item.path, 0, None, tuple(item.parameters))
    ),
    st.sampled_from([SelectItem(("NS.*",), 0), SelectItem(("@NS.Term#Q",), 0)]),
)
expanded = st.one_of(
    st.builds(ExpandItem, name_paths, nested, zero),
    st.builds(ExpandItem, name_paths, st.just(Options()), zero, st.sampled_from(["$ref", "$count"])),
    st.sampled_from([ExpandItem(("$value",), Options(), 0), ExpandItem(("*",), Options(), 0, "$ref")]),
)
moments = st.sampled_from(["at", "from", "to", "toInclusive"])
requests = st.builds(
    Options,
    search=st.one_of(st.none(), searches),
    compute=st.one_of(st.just(()), computed),
    apply=st.one_of(st.none(), applied),
    select=st.lists(selected, max_size=2).map(tuple),
    expand=st.lists(expanded, max_size=2).map(tuple),
    index=st.one_of(st.none(), integers),
    id=st.sampled_from([None, "http://example.com/Products(1)?a=b&c"]),
    schemaversion=st.sampled_from([None, "*", "1.2.3"]),
    deltatoken=st.sampled_from([None, "a b"]),
    temporal=st.lists(
        st.tuples(st.sampled_from(["at", "from", "to", "toInclusive"]), expressions),
        max_size=2,
        unique_by=lambda p: p[0],
    ).map(tuple),
)


@pytest.mark.feature("F-QUERY-09")
@given(requests)
def test_further_options_are_written_as_the_query_that_is_read_as_them(request: Options) -> None:
    assert bare(read_options(write_options(request))) == bare(request)


segments = st.one_of(
    st.builds(
        Segment, st.sampled_from(["$each", "1", "2024-02-29", "O'Neil", "a b".replace(" ", "-")]), st.none(), zero
    ),
    expressions.map(lambda condition: Segment("$filter", None, 0, filter=condition)),
)


@pytest.mark.feature("F-QUERY-09")
@given(st.lists(segments, max_size=3))
def test_further_segments_are_written_as_the_text_that_is_read_as_them(found: list[Segment]) -> None:
    path = ResourcePath((Segment("Products", None, 0), *found))
    assert bare(read_path(write_path(path))) == bare(path)
