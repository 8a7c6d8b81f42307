"""The functions table: overloads chosen by type, and patterns that cannot keep a server busy."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demotic.errors import DemoticError, LimitExceeded, SyntaxFault, Unsupported
from demotic.model import BOOLEAN, INT32, PRIMITIVES, EnumType
from demotic.query import FUNCTIONS, Nulls
from demotic.query._patterns import compile_pattern

COLOUR = EnumType("Test", "Colour", {"Red": 1}, INT32)
SHAPE = EnumType("Test", "Shape", {"Round": 1}, INT32)


@pytest.mark.feature("F-QUERY-14")
@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("add", "Int16 Byte", "Int64"),
        ("add", "Int32 Decimal", "Decimal"),
        ("add", "Decimal Int64", "Decimal"),
        ("add", "Decimal Double", "Double"),
        ("add", "Int64 Single", "Double"),
        ("add", "Date Duration", "Date"),
        ("sub", "Date Date", "Duration"),
        ("sub", "DateTimeOffset Duration", "DateTimeOffset"),
        ("mul", "Duration Int32", "Duration"),
        ("divby", "Int32 Int32", "Decimal"),
        ("round", "Single", "Double"),
        ("substring", "String Int16", "String"),
        ("length", "String", "Int32"),
        ("add", "null Int32", "Int64"),
        ("year", "null", "Int32"),
        ("add", "Duration DateTimeOffset", None),
        ("add", "String String", None),
        ("mul", "Date Int32", None),
        ("year", "TimeOfDay", None),
        ("substring", "String Decimal", None),
        ("length", "Int32", None),
        ("eq", "Date DateTimeOffset", None),
        ("eq", "String Int32", None),
        ("eq", "Binary Binary", "Boolean"),
        ("lt", "Binary Binary", None),
        ("eq", "Binary null", "Boolean"),
        ("gt", "Binary null", None),
        ("gt", "Guid Guid", "Boolean"),
        ("eq", "Byte Double", "Boolean"),
        ("not", "Int32", None),
    ],
)
def test_an_overload_is_chosen_by_the_least_promotion(name: str, given: str, expected: str | None) -> None:
    signature = FUNCTIONS[name].resolve([PRIMITIVES.get(kind) for kind in given.split()])
    assert (signature.result.name if signature else None) == expected


def test_enumerations_compare_with_their_own_type_and_null_only() -> None:
    assert FUNCTIONS["eq"].resolve([COLOUR, COLOUR]) is not None
    assert FUNCTIONS["gt"].resolve([COLOUR, None]) is not None
    assert FUNCTIONS["eq"].resolve([COLOUR, SHAPE]) is None
    assert FUNCTIONS["eq"].resolve([COLOUR, INT32]) is None
    assert FUNCTIONS["add"].resolve([COLOUR, COLOUR]) is None


def test_only_functions_that_propagate_null_give_anything_but_boolean() -> None:
    for function in FUNCTIONS.values():
        if function.nulls is not Nulls.PROPAGATE:
            assert {signature.result for signature in function.signatures} == {BOOLEAN}


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("", "", True),
        ("a", "", False),
        ("^$", "", True),
        ("^abc$", "abc", True),
        ("^abc$", "abcd", False),
        ("a.c", "a\nc", False),
        ("a[^b]c", "a\nc", True),
        ("colou?r", "color", True),
        ("^(ab|cd)*$", "abcdab", True),
        ("^(ab|cd)*$", "abc", False),
        ("^a{2}$", "aa", True),
        ("^a{2}$", "aaa", False),
        ("^a{2,}$", "aaaa", True),
        ("^a{2,3}$", "a", False),
        ("^a{0,2}$", "", True),
        (r"^\d{3}-\d{4}$", "555-1234", True),
        (r"^\d$", "٣", False),
        (r"^\w+$", "a_1", True),
        (r"^\W$", "é", True),
        (r"^\s+$", " \t\u2003\ufeff", True),
        (r"^[\d\-.]+$", "1-2.3", True),
        (r"^[a-c-]+$", "a-c", True),
        (r"\bcat\b", "a cat.", True),
        (r"\bcat\b", "concat", False),
        (r"\Bcat", "concat", True),
        (r"^\u00e9\x41\t$", "éA\t", True),
        (r"^\u{1F600}$", "😀", True),
        (r"^.$", "😀", True),
        (r"^(?:a|b)(?<name>c)$", "bc", True),
        ("^a+?$", "aaa", True),
        ("(|a)b", "b", True),
        ("[]", "a", False),
        ("[^]", "a", True),
        (r"^\/\.\*$", "/.*", True),
    ],
)
def test_a_pattern_is_found_or_not(pattern: str, text: str, found: bool) -> None:
    assert compile_pattern(pattern).search(text) is found


@pytest.mark.parametrize(
    ("pattern", "error"),
    [
        ("(", SyntaxFault),
        (")", SyntaxFault),
        ("[a", SyntaxFault),
        ("[b-a]", SyntaxFault),
        ("*a", SyntaxFault),
        ("a**", SyntaxFault),
        ("a{2,1}", SyntaxFault),
        ("a{", SyntaxFault),
        ("\\", SyntaxFault),
        (r"\q", SyntaxFault),
        (r"(a)\1", Unsupported),
        (r"\p{L}", Unsupported),
        ("(?=a)", Unsupported),
        ("(?<!a)b", Unsupported),
        ("a{9999}", LimitExceeded),
        ("((((a{9}){9}){9}){9}){9}", LimitExceeded),
        ("(" * 60 + ")" * 60, LimitExceeded),
    ],
)
def test_what_is_no_pattern_or_not_offered_is_refused(pattern: str, error: type[DemoticError]) -> None:
    with pytest.raises(error):
        compile_pattern(pattern)


@pytest.mark.feature("F-QUERY-15")
def test_a_pattern_that_makes_backtracking_explode_takes_steps_in_proportion_to_the_text() -> None:
    assert compile_pattern("^(a*)*$").search("a" * 2000 + "b") is False
    assert compile_pattern("^(a|a)*(a|a)*$").search("a" * 2000 + "b") is False


_PARTS = st.recursive(
    st.sampled_from(["a", "b", "[ab]", "[^a]", "(a)", "."]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"(?:{pair[0]}|{pair[1]})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,2}"])).map(lambda pair: f"(?:{pair[0]}){pair[1]}"),
    ),
    max_leaves=5,
)


@settings(max_examples=150)
@given(_PARTS, st.text("abc", max_size=8), st.booleans())
def test_patterns_find_what_python_finds(pattern: str, text: str, whole: bool) -> None:
    pattern = f"^(?:{pattern})$" if whole else pattern
    assert compile_pattern(pattern).search(text) is (re.search(pattern.replace("$", r"\Z"), text) is not None)
