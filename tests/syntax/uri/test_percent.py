"""Percent-coding: pairs in both directions, and what is refused where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demotic.errors import SyntaxFault
from demotic.syntax.uri import PATH_SEGMENT, QUERY_NAME, QUERY_VALUE, UNRESERVED, percent_decode, percent_encode

PAIRS = [
    (UNRESERVED, "", ""),
    (UNRESERVED, "aZ09-._~", "aZ09-._~"),
    (UNRESERVED, "a b/c", "a%20b%2Fc"),
    (PATH_SEGMENT, "Orders(1,'a b')", "Orders(1,'a%20b')"),
    (PATH_SEGMENT, "a/b?c#d%", "a%2Fb%3Fc%23d%25"),
    (PATH_SEGMENT, "a+b", "a+b"),
    (QUERY_VALUE, "Name eq 'A&B'", "Name%20eq%20'A%26B'"),
    (QUERY_VALUE, "Items($top=1;$skip=2)", "Items($top=1;$skip=2)"),
    (QUERY_VALUE, "a+b", "a%2Bb"),
    (QUERY_NAME, "a=b", "a%3Db"),
    (UNRESERVED, "é😀", "%C3%A9%F0%9F%98%80"),
]


@pytest.mark.feature("F-SYNTAX-01")
@pytest.mark.parametrize(("profile", "plain", "coded"), PAIRS)
def test_a_pair_encodes_and_decodes(profile: str, plain: str, coded: str) -> None:
    assert percent_encode(plain, profile) == coded
    assert percent_decode(coded) == plain


@given(st.text())
def test_every_text_with_a_utf8_form_survives(text: str) -> None:
    for profile in (UNRESERVED, PATH_SEGMENT, QUERY_NAME, QUERY_VALUE):
        assert percent_decode(percent_encode(text, profile)) == text


@pytest.mark.feature("F-SYNTAX-01")
@pytest.mark.parametrize(
    ("coded", "position"),
    [
        ("%", 1),
        ("a%4", 2),
        ("a%zz", 2),
        ("%41%4", 4),
        ("%%41", 1),
        ("a%FF", 1),
        ("%41%C3b", 3),
        ("%C0%80", 0),
        ("%ED%A0%80", 0),
    ],
)
def test_a_malformed_code_is_refused_at_its_place(coded: str, position: int) -> None:
    with pytest.raises(SyntaxFault) as fault:
        percent_decode(coded)
    assert fault.value.position == position


@pytest.mark.feature("F-SYNTAX-02")
def test_a_plus_is_a_plus_unless_forms_are_read() -> None:
    assert percent_decode("a+b%2B") == "a+b+"
    assert percent_decode("a+b%2B", plus_is_blank=True) == "a b+"


def test_a_lone_surrogate_cannot_be_encoded() -> None:
    with pytest.raises(SyntaxFault, match="position 1"):
        percent_encode("a\ud800")
