"""The query of a URL: how it is split and decoded, which options there are, and what their values may say."""

from __future__ import annotations

import pytest

from demotic.errors import InvalidInput, LimitExceeded, SyntaxFault
from demotic.query import (
    ExpandItem,
    Integer,
    NameStep,
    Options,
    Path,
    ReadLimits,
    RepeatedOption,
    SelectItem,
    UnknownOption,
    read_expand,
    read_filter,
    read_options,
    read_select,
    split_query,
    write_expression,
    write_options,
)


def test_no_query_gives_no_options() -> None:
    assert read_options("") == read_options("&&") == read_options([]) == Options()


@pytest.mark.feature("F-QUERY-01")
def test_every_option_of_a_query_is_read() -> None:
    read = read_options(
        "$filter=a%20eq%20@p&$orderby=b%20desc&$select=a,b/c&$expand=d&$top=5&$skip=010&$count=True"
        "&$skiptoken=x%26y&$format=json&@p=1&hello=w%C3%B6rld&flag"
    )
    assert read.filter == read_filter("a eq @p")
    assert [(item.expression, item.descending) for item in read.orderby] == [(Path((NameStep("b", 0),), 0), True)]
    assert read.select == (SelectItem(("a",), 0), SelectItem(("b", "c"), 2))
    assert read.expand == (ExpandItem(("d",), Options(), 0),)
    assert (read.top, read.skip) == (Integer(5, "5", 0), Integer(10, "010", 0))
    assert (read.count, read.skiptoken, read.format) == (True, "x&y", "json")
    assert read.aliases == {"p": read_filter("1")}
    assert read.custom == (("hello", "wörld"), ("flag", ""))


@pytest.mark.feature("F-QUERY-06")
@pytest.mark.parametrize("name", ["$filter", "filter", "%24filter", "$FILTER", "Filter", "%24fIlTeR", "$fil%74er"])
def test_an_option_is_known_without_dollar_in_any_case_and_percent_coded(name: str) -> None:
    assert read_options(f"{name}=a%20eq%201").filter == read_filter("a eq 1")


@pytest.mark.parametrize(
    ("query", "pairs"),
    [
        ("a=1&b=2", [("a", "1"), ("b", "2")]),
        ("a=b=c&d", [("a", "b=c"), ("d", "")]),
        ("a=%26%3D%25&=x", [("a", "&=%"), ("", "x")]),
        ("a=x+y%2Bz%20", [("a", "x y+z ")]),
        ("a+b=1", [("a b", "1")]),
        ("$format=application/atom+xml", [("$format", "application/atom+xml")]),
        ("%24Format=a/b+c", [("$Format", "a/b+c")]),
        ("a=%F0%9F%A6%86", [("a", "🦆")]),
        ("a=1;b=2", [("a", "1;b=2")]),
    ],
)
def test_a_query_is_split_before_it_is_decoded(query: str, pairs: list[tuple[str, str]]) -> None:
    assert split_query(query) == pairs


@pytest.mark.parametrize(
    ("query", "position"),
    [("a=1&b=%GG", 7), ("a=%", 3), ("%C3%28=1", 0), ("x=%ED%A0%80", 2), ("$filter=a&$top=%FF", 15), ("a=b%E2%82", 3)],
)
def test_bad_percent_coding_is_refused_at_its_place_in_the_raw_query(query: str, position: int) -> None:
    with pytest.raises(SyntaxFault) as caught:
        read_options(query)
    assert (caught.value.position, caught.value.text) == (position, query)


@pytest.mark.feature("F-QUERY-07")
@pytest.mark.parametrize(
    ("query", "name", "hint"),
    [
        ("$fliter=a", "$fliter", "did you mean $filter?"),
        ("$ordreby=a", "$ordreby", "did you mean $orderby?"),
        ("$inlinecount=allpages", "$inlinecount", None),
        ("$=a", "$", "without a dollar sign"),
        ("$levels=2", "$levels", "nested in $expand"),
        ("%24" + "x" * 5000 + "=1", "$" + "x" * 5000, "without a dollar sign"),
        ("$expand=Items($fliter=a)", "$fliter", "did you mean $filter?"),
        ("$expand=Items(colour=red)", "colour", None),
        ("$expand=Items($format=json)", "$format", "at the top level"),
        ("$expand=Items($skiptoken=x)", "$skiptoken", "at the top level"),
        ("$expand=*($top=1)", "$top", "nested in $expand"),
        ("$expand=Items/$ref($select=a)", "$select", None),
        ("$expand=Items/$count($top=5)", "$top", None),
    ],
)
def test_an_unknown_option_is_named_with_what_was_meant(query: str, name: str, hint: str | None) -> None:
    with pytest.raises(UnknownOption) as caught:
        read_options(query)
    assert isinstance(caught.value, InvalidInput)
    assert caught.value.target == name
    assert hint is None or hint in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("$top=1&$top=1", "$top"),
        ("$top=1&top=2", "$top"),
        ("$filter=a&%24FILTER=b", "$filter"),
        ("@p=1&@p=1", "@p"),
        ("$expand=Items($top=1;top=2)", "$top"),
        ("$expand=Items(@p=1;@p=2)", "@p"),
    ],
)
def test_an_option_given_twice_is_refused(query: str, name: str) -> None:
    with pytest.raises(RepeatedOption) as caught:
        read_options(query)
    assert caught.value.target == name


@pytest.mark.feature("F-QUERY-07")
def test_custom_options_may_repeat_and_be_called_anything_without_a_dollar() -> None:
    pairs = (("a", "1"), ("a", "2"), ("!x", "$filter=("), ("fliter", "x"), ("no$", ""))
    assert read_options(pairs).custom == pairs


@pytest.mark.feature("F-QUERY-20")
@pytest.mark.parametrize(
    "query",
    [
        "$search=blue",
        "search=blue%20OR%20%22light%20red%22",
        "$search=(a%20AND%20b)%20NOT%20c",
        "$compute=a%20mul%202%20as%20b,c%20as%20d",
        "$apply=aggregate($count%20as%20n)",
        "$index=-1",
        "$schemaversion=*",
        "$deltatoken=x",
        "$id=Products(1)",
        "$apply=groupby((rollup(A,B/C),D),aggregate(E with sum as F))/concat(identity,topcount(2,F))",
        "$apply=descendants($root/A,H,B,filter(C),3,keep start)/traverse($root/A,H,B,preorder,C desc)",
        "$apply=join(A as B,compute(C as D))/nest(skip(1)/top(2) as E)/NS.F(x=1)",
        "$from=2012-01-01&$to=max",
        "$expand=Items($levels=max)",
        "$expand=Items(levels=3)",
        "$expand=Items($search=blue;$top=1)",
        "$expand=Items($compute=a%20as%20b)",
        "$expand=Items/$ref",
        "$expand=Items/$ref($top=1)",
        "$expand=Items/$count",
        "$expand=Items/$count($filter=a)",
        "$expand=*/$ref",
        "$expand=*($levels=2)",
        "$expand=Address/*",
        "$expand=$value",
        "$expand=@NS.Term",
        "$select=Address($select=City)",
        "$select=NS.*",
        "$select=NS.F(a,b)",
        "$select=@NS.Term",
        "$orderby=cast(a,Edm.String)",
        "@p=[1,2]",
    ],
)
def test_the_further_options_are_read_and_written(query: str) -> None:
    read = read_options(query)
    written = write_options(read)
    assert written != ""
    assert write_options(read_options(written)) == written


DIGITS = "a number of digits only"
REFUSALS = [
    ("$top", "-1", 0, DIGITS),
    ("$top", "1.5", 1, "a digit or the end"),
    ("$top", "abc", 0, DIGITS),
    ("$top", "", 0, DIGITS),
    ("$top", " 1", 0, DIGITS),
    ("$top", "1 ", 1, "the end"),
    ("$top", "٣", 0, DIGITS),
    ("$top", "9223372036854775808", 0, "an integer from 0 to 9223372036854775807"),
    ("$top", "1" * 5000, 0, None),
    ("$skip", "+1", 0, DIGITS),
    ("$skip", "1e3", 1, "a digit or the end"),
    ("$count", "", 0, "true or false"),
    ("$count", "1", 0, "true or false"),
    ("$count", "trueish", 0, "true or false"),
    ("$count", "true ", 4, "the end"),
    ("$skiptoken", "", 0, "a value"),
    ("$format", "", 0, "a media type, json, xml or atom"),
    ("$format", "a/b/c", 3, "';' or the end"),
    ("$filter", "", 0, None),
    ("$select", "", 0, "a property or '*'"),
    ("$select", "a,", 2, "a property or '*'"),
    ("$select", "a b", 2, "'/', ',' or the end"),
    ("$select", "a/*", 2, "a property"),
    ("$select", "*/a", 1, "'/', ',' or the end"),
    ("$select", "1a", 0, "a property or '*'"),
    ("$expand", "", 0, "a navigation property or '*'"),
    ("$expand", "a,,b", 2, "a navigation property or '*'"),
    ("$expand", "a()", 2, "a query option such as $filter="),
    ("$expand", "a(1)", 2, "a query option such as $filter="),
    ("$expand", "a($filter)", 2, "a query option such as $filter="),
    ("$expand", "a($filter=)", 10, None),
    ("$expand", "a($filter=b eq 1", 16, "an operator, ';' or ')'"),
    ("$expand", "a($filter=b c)", 12, "an operator, ';' or ')'"),
    ("$expand", "a($top=1,$skip=1)", 8, "a digit, ';' or ')'"),
    ("$expand", "a($top=-1)", 7, DIGITS),
    ("$expand", "a($top=1;)", 9, "a query option such as $filter="),
    ("$expand", "a($top=1))", 9, None),
    ("$expand", "a($expand=b($select=c/)", 22, "a property"),
    ("$expand", "a($expand=b($select=c)", 22, None),
    ("$expand", "a($count=maybe)", 9, "true or false"),
    ("$expand", "a(@1=2)", 3, "the name of a parameter alias"),
    ("$expand", "a/", 2, "a navigation property or '*'"),
    ("$expand", "*b", 1, None),
    ("$expand", "a($search=b(c)", 11, None),
    ("$expand", "a($levels=0)", 10, "a number from 1 on, or max"),
    ("$search", '"blue', 5, "a closing double quote"),
    ("$search", "(blue", 5, None),
    ("$compute", "a", 1, "an operator, or 'as' and a name"),
    ("$index", "x", 0, "a whole number"),
    ("@p", "", 0, None),
    ("@p", "(1,a)", 3, "a literal"),
    ("@p", "(1,2", 4, "',' or ')'"),
    ("@p", "(1,2) eq 1", 6, "an operator or the end"),
    ("@p", "1,2", 1, "an operator or the end"),
]


@pytest.mark.parametrize(("name", "value", "position", "expected"), REFUSALS)
def test_a_malformed_value_is_refused_at_its_place(name: str, value: str, position: int, expected: str | None) -> None:
    with pytest.raises(SyntaxFault) as caught:
        read_options([(name, value)])
    fault = caught.value
    assert (fault.position, fault.text, fault.target) == (position, value, name)
    assert expected is None or fault.expected == expected


@pytest.mark.parametrize("name", ["@", "@1", "@a b", "@a.b", "@a/b"])
def test_an_alias_needs_a_name(name: str) -> None:
    with pytest.raises(SyntaxFault) as caught:
        read_options([(name, "1")])
    assert caught.value.target == name


@pytest.mark.feature("F-QUERY-02")
@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("(1,2)", "(1,2)"),
        ("( 'a' , null )", "('a',null)"),
        ("()", "()"),
        ("(1)", "1"),
        ("(1 add 2) mul 3", "(1 add 2) mul 3"),
        ("((1))", "1"),
    ],
)
def test_an_alias_may_stand_for_a_list(value: str, written: str) -> None:
    assert write_expression(read_options([("@p", value)]).aliases["p"]) == written
    (nested,) = read_expand(f"a(@p={value};$top=1)")
    assert write_expression(nested.options.aliases["p"]) == written


@pytest.mark.feature("F-QUERY-06")
def test_nested_options_are_read_like_those_of_a_request() -> None:
    (read,) = read_expand(
        "Customer/NS.Vip/Orders($filter=Total gt 5 and Name eq 'a;b)';$orderby=Total desc,Name; top=3;SKIP=1"
        ";$count=true;select=Total,*;$expand=Items($expand=*;$select=a),Shipper;@p=2)"
    )
    options = read.options
    assert read.path == ("Customer", "NS.Vip", "Orders")
    assert options.filter is not None
    assert write_expression(options.filter) == "Total gt 5 and Name eq 'a;b)'"
    assert [item.descending for item in options.orderby] == [True, False]
    assert options.top is not None
    assert options.skip is not None
    assert (options.top.value, options.skip.value, options.count) == (3, 1, True)
    assert [item.path for item in options.select] == [("Total",), ("*",)]
    assert [item.path for item in options.expand] == [("Items",), ("Shipper",)]
    assert [item.path for item in options.expand[0].options.expand] == [("*",)]
    assert list(options.aliases) == ["p"]


def test_positions_in_nested_options_are_those_in_the_whole_value() -> None:
    text = "A($select=b;$top=7),C($filter=d eq 1)"
    first, second = read_expand(text)
    assert (first.at, first.options.select[0].at, first.options.top.at) == (0, 10, 17)
    assert (second.at, text[second.options.filter.at :][:2], second.options.filter.arguments[0].at) == (20, "eq", 30)


def test_blanks_may_stand_around_separators() -> None:
    assert [item.path for item in read_select("a , b,\tc/d ,*")] == [("a",), ("b",), ("c", "d"), ("*",)]
    assert [item.path for item in read_expand("a( $top=1 ; $skip=2 ) , b")] == [("a",), ("b",)]


def test_expansion_is_bounded_in_depth() -> None:
    def nest(levels: int) -> str:
        return "a($expand=" * levels + "b" + ")" * levels

    limits = ReadLimits(depth=50)
    assert read_expand(nest(50), limits=limits)[0].path == ("a",)
    for levels in (51, 5000):
        with pytest.raises(LimitExceeded, match="limit of 50"):
            read_expand(nest(levels), limits=limits)


def test_deep_nesting_of_all_kinds_is_refused_by_the_default_bound() -> None:
    for opening, more in (
        ("a($expand=", "a($expand="),
        ("a($filter=", "b/any(x:"),
        ("a($filter=", "b/any(x:(1 eq "),
        ("a($search=", "("),
        ("a($filter=", '[{"a":'),
        ("a($expand=" * 90 + "a($filter=", "b/any(x:"),
    ):
        with pytest.raises(LimitExceeded):
            read_expand(opening + more * 3000)


def test_a_long_query_is_refused_before_it_is_split() -> None:
    with pytest.raises(LimitExceeded, match="more than the limit"):
        read_options("&" * 300_001)
    with pytest.raises(LimitExceeded, match="100001 characters") as caught:
        read_options("$select=" + "a" * 100_001)
    assert caught.value.target == "$select"
