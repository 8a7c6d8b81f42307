"""Resource paths: how they are split and decoded, what their segments are, and where a malformed one is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from demotic.errors import LimitExceeded, SyntaxFault
from demotic.query import Alias, KeyPredicate, Literal, LiteralKind, ResourcePath, Segment, read_path, write_path
from demotic.syntax.uri import percent_decode


def key(value: KeyPredicate | None) -> Any:
    """Return the value of a positional key, or the dictionary of a named one."""
    if value is None:
        return None
    if value.positional is not None:
        return plain(value.positional)
    return {name: plain(part) for name, part in value.named}


def plain(part: Literal | Alias) -> Any:
    return f"@{part.name}" if isinstance(part, Alias) else part.value


PATHS: list[tuple[str, list[tuple[str, Any]]]] = [
    ("", []),
    ("/", []),
    ("Products", [("Products", None)]),
    ("/Products", [("Products", None)]),
    ("Products(1)", [("Products", 1)]),
    ("Products( -1 )", [("Products", -1)]),
    ("Products('a''b')", [("Products", "a'b")]),
    ("Products('%C3%A9%2F%25+ ;=,')", [("Products", "é/%+ ;=,")]),
    ("Products('a%27%27b')", [("Products", "a'b")]),
    ("Products%28%27a%27%29", [("Products", "a")]),
    ("%50roducts", [("Products", None)]),
    ("Stra%C3%9Fe", [("Straße", None)]),
    ("Straße", [("Straße", None)]),
    ("Lines(Order=1,Line=2)", [("Lines", {"Order": 1, "Line": 2})]),
    ("Lines( Order='a,b' , Line=@l )", [("Lines", {"Order": "a,b", "Line": "@l"})]),
    ("Products(@key)", [("Products", "@key")]),
    ("Products(true)", [("Products", True)]),
    ("Products(null)", [("Products", None)]),
    ("Products(NS.Colour'Red')", [("Products", ("NS.Colour", ("Red",)))]),
    ("Products(ID=NS.Colour'Red')", [("Products", {"ID": ("NS.Colour", ("Red",))})]),
    ("Products()", [("Products", {})]),
    ("Products/$count", [("Products", None), ("$count", None)]),
    ("Products(1)/Photo/$value", [("Products", 1), ("Photo", None), ("$value", None)]),
    ("Products/$ref", [("Products", None), ("$ref", None)]),
    ("A(1)/B(2)/C/D(e='/')".replace("'/'", "'%2F'"), [("A", 1), ("B", 2), ("C", None), ("D", {"e": "/"})]),
    ("Products/NS.Special/NS.Best(n=3)", [("Products", None), ("NS.Special", None), ("NS.Best", {"n": 3})]),
    ("$metadata", [("$metadata", None)]),
    ("$batch", [("$batch", None)]),
    ("$all", [("$all", None)]),
    ("$all/NS.Special", [("$all", None), ("NS.Special", None)]),
    ("$entity", [("$entity", None)]),
    ("$entity/NS.Special", [("$entity", None), ("NS.Special", None)]),
    ("%24metadata", [("$metadata", None)]),
]


@pytest.mark.feature("F-QUERY-05")
@pytest.mark.parametrize(("raw", "segments"), PATHS)
def test_a_path_is_split_before_it_is_decoded(raw: str, segments: list[tuple[str, Any]]) -> None:
    assert [(segment.name, key(segment.key)) for segment in read_path(raw).segments] == segments


@pytest.mark.feature("F-QUERY-05")
@pytest.mark.parametrize(
    ("literal", "kind"),
    [
        ("12", LiteralKind.INTEGER),
        ("1.5", LiteralKind.DECIMAL),
        ("1e3", LiteralKind.DOUBLE),
        ("2024-02-29", LiteralKind.DATE),
        ("2024-02-29T07%3A59:59Z", LiteralKind.DATE_TIME_OFFSET),
        ("2024-02-29T07:59+02:00", LiteralKind.DATE_TIME_OFFSET),
        ("07%3A59", LiteralKind.TIME_OF_DAY),
        ("duration'PT1H'", LiteralKind.DURATION),
        ("01234567-89ab-cdef-0123-456789abcdef", LiteralKind.GUID),
        ("binary'Zm8'", LiteralKind.BINARY),
        ("'2024'", LiteralKind.STRING),
    ],
)
def test_a_key_may_be_a_literal_of_any_kind(literal: str, kind: LiteralKind) -> None:
    for raw in (f"A({literal})", f"A(b={literal})"):
        predicate = read_path(raw).segments[0].key
        assert predicate is not None
        value = predicate.positional or predicate.named[0][1]
        assert isinstance(value, Literal)
        assert value.kind is kind


def test_positions_are_those_in_the_decoded_path() -> None:
    assert read_path("/%41(1)/B(c='%2F%C3%A9',d=@e)") == ResourcePath(
        (
            Segment("A", KeyPredicate(Literal(LiteralKind.INTEGER, "1", 1, 3), (), 2), 1),
            Segment(
                "B",
                KeyPredicate(
                    None,
                    (("c", Literal(LiteralKind.STRING, "'/é'", "/é", 10)), ("d", Alias("e", 17))),
                    7,
                ),
                6,
            ),
        )
    )


REFUSALS = [
    ("Products/", 9, "a name"),
    ("//", 1, "a name"),
    ("//Products", 1, "a name"),
    ("A//B", 2, "a name"),
    ("1", 0, "a name"),
    (" A", 0, "a name"),
    ("A B", 1, "'(', '/' or the end"),
    ("A.", 1, "'(', '/' or the end"),
    ("Products.('foo')", 8, "'(', '/' or the end"),
    (".A", 0, "a name"),
    ("A%00", 1, "'(', '/' or the end"),
    ("A(", 2, "a literal or a parameter alias"),
    ("A(1", 3, "')'"),
    ("A(1)B", 4, "'/' or the end"),
    ("A(1,2)", 3, "')'"),
    ("A(1 2)", 4, "')'"),
    ("A(-)", 2, "a literal or a parameter alias"),
    ("A(x)", 3, "a quote"),
    ("A(x=)", 4, "a literal or a parameter alias"),
    ("A(x=y)", 5, "a quote"),
    ("A(x=1,)", 6, "the name of a key property or parameter"),
    ("A(x=1,2)", 6, "the name of a key property or parameter"),
    ("A(x=1;y=2)", 5, "',' or ')'"),
    ("A(x =1)", 3, "a quote"),
    ("A(,)", 2, "a literal or a parameter alias"),
    ("A(@)", 3, "the name of a parameter alias"),
    ("A('x)", 5, "a closing quote"),
    ("A('x/y')", 4, "a closing quote"),
    ("A(1/2)", 3, "')'"),
    ("A(2012-02-30)", 10, "a day from 01 to 29, as 2012-02 has"),
    ("A(x+y)", 3, "a quote"),
    ("A/$count/B", 8, "the end"),
    ("A/$ref/$count", 6, "the end"),
    ("A(1)/B/$value/$count", 13, "the end"),
    ("$metadata/A", 9, "the end"),
    ("$batch/$count", 6, "the end"),
    ("A/$count(1)", 8, "'(', '/' or the end"),
    ("A/$links/B", 2, None),
    ("A/$Count", 2, None),
    ("A/$metadata", 2, None),
    ("$count", 0, None),
    ("$Metadata", 0, None),
    ("$", 0, None),
    ("$crossjoin(A,)", 10, "the names of entity sets in parentheses"),
    ("A/b c", 3, "'(', '/' or the end"),
    ("A/'b'", 2, "a name"),
    ("A?x", 1, "'(', '/' or the end"),
    ("x" * 129, 128, "the end of the name after 128 characters"),
]


@pytest.mark.parametrize(("raw", "position", "expected"), REFUSALS)
def test_a_malformed_path_is_refused_at_its_place(raw: str, position: int, expected: str | None) -> None:
    with pytest.raises(SyntaxFault) as caught:
        read_path(raw)
    assert caught.value.position == position
    assert expected is None or caught.value.expected == expected


@pytest.mark.parametrize(
    ("raw", "position"),
    [("%", 1), ("A(%2)", 3), ("A/%GG", 3), ("A('%C3')", 3), ("A/%ED%A0%80", 2), ("/A/%C3%A9/%FF", 10), ("A/%C0%AF", 2)],
)
def test_bad_percent_coding_is_refused_at_its_place_in_the_raw_path(raw: str, position: int) -> None:
    with pytest.raises(SyntaxFault) as caught:
        read_path(raw)
    assert (caught.value.position, caught.value.text) == (position, raw)


@pytest.mark.feature("F-QUERY-04")
@pytest.mark.parametrize(
    ("raw", "hint"),
    [
        ("A('x/y')", "%2F"),
        ("A(1,2)", "(A=1,B=2)"),
        ("A(x)", "in single quotes"),
        ("A/$Count", "write $count"),
        ("A/", "leave out the slash"),
        ("A/$count/B", "nothing may follow $count"),
    ],
)
def test_a_fault_that_is_often_made_comes_with_a_hint(raw: str, hint: str) -> None:
    with pytest.raises(SyntaxFault) as caught:
        read_path(raw)
    assert hint in (caught.value.hint or "")


@pytest.mark.parametrize(
    "raw",
    [
        "A/1",
        "A/-1",
        "A/2024-02-29/B",
        "A/01234567-89ab-cdef-0123-456789abcdef",
        "A/$filter(b gt 5)",
        "A/$filter(@p)/$count",
        "A/$each",
        "A/$query",
        "$crossjoin(A,B)",
        "F(a=1)(2)",
        "A(geography'SRID=0;Point(1 2)')",
        "A(-10000-01-01)",
    ],
)
def test_the_rest_of_the_grammar_is_read_and_written(raw: str) -> None:
    written = write_path(read_path(raw))
    assert write_path(read_path(written)) == written
    assert percent_decode(written) == raw


def test_a_long_path_is_refused_unread_and_many_segments_are_read() -> None:
    with pytest.raises(LimitExceeded, match="more than the limit of 100000"):
        read_path("A/" * 50_001)
    assert len(read_path("A" + "/A" * 49_999).segments) == 50_000
    with pytest.raises(LimitExceeded):
        read_path("A/$filter(" + "(" * 5000)
