"""Collections of fields: names in any case, several values, order, and what no field may hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demotic.errors import InvalidInput, SyntaxFault
from demotic.syntax.http import Fields

from .http_values import QUOTABLE, TOKENS

SOME = Fields([("Vary", "Accept"), ("Set-Cookie", "a=1"), ("vary", " Cookie\t"), ("Set-Cookie", "b=2"), ("ETag", "")])


@pytest.mark.spec("HTTP-039")
@pytest.mark.feature("F-HTTP-06")
def test_a_field_is_read_by_name_in_any_case() -> None:
    assert SOME.get("VARY") == "Accept, Cookie"
    assert SOME.get_all("set-cookie") == ("a=1", "b=2")
    assert SOME.get("etag") == ""
    assert SOME.get("age") is None
    assert SOME.get("age", "0") == "0"
    assert SOME.get_all("age") == ()
    assert Fields([("cookie", "a=1"), ("cookie", "b=2")]).get("Cookie") == "a=1; b=2"


@pytest.mark.spec("HTTP-056")
def test_cookies_that_are_set_are_never_folded() -> None:
    with pytest.raises(InvalidInput, match="get_all"):
        SOME.get("Set-Cookie")
    assert Fields({"Set-Cookie": "a=1"}).get("set-cookie") == "a=1"


@pytest.mark.spec("HTTP-040")
@pytest.mark.feature("F-HTTP-06")
def test_a_field_is_written_replaced_joined_and_removed() -> None:
    assert list(SOME.set("Vary", "Range"))[:2] == [("Vary", "Range"), ("Set-Cookie", "a=1")]
    assert SOME.set("vary", None) == SOME.remove("VARY") == SOME.set("vary")
    assert len(SOME.remove("vary", "etag")) == 2
    assert SOME.append("Vary", "Range").get("vary") == "Accept, Cookie, Range"
    assert SOME.append("Age", "1").get_all("age") == ("1",)
    assert SOME.append("etag", '"a"').get("etag") == '"a"'
    assert SOME.add("Vary", "Range").get_all("vary") == ("Accept", "Cookie", "Range")
    assert SOME.set("x", "1", "2").get_all("X") == ("1", "2")
    assert len(SOME) == 5


@pytest.mark.spec("HTTP-041")
def test_fields_are_listed_and_tested() -> None:
    assert SOME.names() == ["etag", "set-cookie", "vary"]
    assert "Etag" in SOME
    assert "age" not in SOME
    assert None not in SOME
    assert next(iter(SOME)) == ("Vary", "Accept")
    assert repr(Fields({"a": "b"})) == "Fields([('a', 'b')])"


@pytest.mark.spec("HTTP-038")
def test_a_collection_does_not_change_and_can_be_shared() -> None:
    table = {SOME: 1}
    SOME.set("Vary", "x")
    assert table[Fields(list(SOME))] == 1
    assert Fields({"a": "1", "b": "2"}) == Fields([("B", "2"), ("A", "1")])
    assert Fields([("a", "1"), ("a", "2")]) != Fields([("a", "2"), ("a", "1")])
    assert SOME != 5
    with pytest.raises(AttributeError):
        SOME.vary = "x"  # type: ignore[attr-defined]


@pytest.mark.feature("F-HTTP-06")
@pytest.mark.parametrize(
    ("name", "value", "position"),
    [("a", "x\r\nb: c", 1), ("a", "\0", 0), ("a", "ok\x7f", 2), ("a", "a\u0100", 1), ("a b", "", 1), ("", "", 0)],
)
def test_nothing_gets_in_that_would_break_out(name: str, value: str, position: int) -> None:
    with pytest.raises(SyntaxFault) as caught:
        Fields([(name, value)])
    assert caught.value.position == position


@given(st.lists(st.tuples(TOKENS, st.text(QUOTABLE, max_size=10)), max_size=6))
def test_each_name_keeps_its_values_in_order(items: list[tuple[str, str]]) -> None:
    fields = Fields(items)
    for name, _ in items:
        expected = tuple(value.strip(" \t") for known, value in items if known.lower() == name.lower())
        assert fields.get_all(name.swapcase()) == expected
    assert Fields(fields) == fields
