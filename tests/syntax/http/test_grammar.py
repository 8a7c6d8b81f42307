"""The grammar that fields share: characters, words, parameters and lists, read and written."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demotic.errors import InvalidInput, SyntaxFault
from demotic.syntax import Scanner
from demotic.syntax.http.grammar import (
    ALPHA,
    CHAR,
    CTL,
    DIGIT,
    HEXDIG,
    LOALPHA,
    OCTET,
    SEPARATORS,
    TCHAR,
    TOKEN,
    UPALPHA,
    Word,
    WordKind,
    check_token,
    format_list,
    format_parameters,
    is_digits,
    is_hex_digits,
    is_token,
    quote,
    read_comment,
    read_list,
    read_parameters,
    read_quoted,
    read_token,
    read_tokens,
    read_whole,
    read_word,
    split_words,
    unquote,
    write_comment,
    write_word,
)

from .http_values import PARAMETERS, TOKENS, WORDS


@pytest.mark.spec("HTTP-088")
@pytest.mark.parametrize(
    ("characters", "inside", "outside"),
    [
        (OCTET, "\x00\xff", "\u0100"),
        (CHAR, "\x00\x7f", "\x80"),
        (UPALPHA, "AZ", "az[@"),
        (LOALPHA, "az", "AZ`{"),
        (ALPHA, "azAZ", "09é"),
        (DIGIT, "09", "a٣"),
        (CTL, "\x00\x1f\x7f", " \x80"),
        (HEXDIG, "09afAF", "gG"),
        (SEPARATORS, '()<>@,;:\\"/[]?={} \t', "!az"),
        (TCHAR, "!#$%&'*+-.^_`|~09azAZ", '"(),/:;<=>?@[\\]{} \x7f'),
    ],
)
def test_sets_of_characters(characters: frozenset[str], inside: str, outside: str) -> None:
    assert characters.issuperset(inside)
    assert characters.isdisjoint(outside)


@pytest.mark.spec("HTTP-088")
def test_whole_texts_of_digits() -> None:
    assert [is_digits(text) for text in ("0", "0129", "", "1a", "٣")] == [True, True, False, False, False]
    assert [is_hex_digits(text) for text in ("0", "fF", "", "g")] == [True, True, False, False]


@pytest.mark.spec("HTTP-089")
def test_a_token_is_checked() -> None:
    assert check_token("a-b.c") == "a-b.c"
    assert [is_token(text) for text in ("a", "", "a b", "a,", "é")] == [True, False, False, False, False]
    for text, position in (("", 0), ("a b", 1), ("a\x00", 1), ("é", 0)):
        with pytest.raises(ValueError) as caught:
            check_token(text)
        assert isinstance(caught.value, SyntaxFault)
        assert caught.value.position == position


@pytest.mark.spec("HTTP-090")
@pytest.mark.feature("F-HTTP-18")
@pytest.mark.parametrize(
    ("text", "value"),
    [('""', ""), ('"a"', "a"), ('"a b"', "a b"), ('"\\""', '"'), ('"\\\\"', "\\"), ('"a\tb"', "a\tb"), ('"é"', "é")],
)
def test_a_quoted_string_is_read_and_written(text: str, value: str) -> None:
    assert unquote(text) == value
    assert quote(value) == text


@pytest.mark.spec("HTTP-090")
def test_a_word_is_quoted_only_where_it_must_be() -> None:
    assert [write_word(value) for value in ("a", "", "a b", '"')] == ["a", '""', '"a b"', '"\\""']
    assert unquote('"\\a\\b"') == "ab"
    for text in ("a", '"a', 'a"', '"a"b', '"\n"', '"\\"'):
        with pytest.raises(SyntaxFault):
            unquote(text)
    for value in ("\n", "\x00", "\x7f", "\u0100"):
        with pytest.raises(InvalidInput):
            quote(value)
        with pytest.raises(InvalidInput):
            write_comment(value)


@pytest.mark.spec("HTTP-091")
def test_parameters_are_written_quoted_only_where_they_must_be() -> None:
    assert format_parameters((("a", "b"), ("c", "d e"), ("f", ""))) == ';a=b;c="d e";f=""'
    assert format_parameters(()) == ""


@pytest.mark.spec("HTTP-092")
@pytest.mark.feature("F-HTTP-18")
@pytest.mark.parametrize(
    ("text", "comment"),
    [
        ("(a)", "(a)"),
        ("(a (b) c) d", "(a (b) c)"),
        ("(\\)\\()x", "(\\)\\()"),
        ("()", "()"),
        ("(" * 100 + ")" * 100, "(" * 100 + ")" * 100),
        ("a", None),
        ("", None),
        (")", None),
    ],
)
def test_a_comment_is_read_with_those_inside(text: str, comment: str | None) -> None:
    scanner = Scanner(text)
    assert read_comment(scanner) == comment
    assert scanner.position == len(comment or "")


@pytest.mark.spec("HTTP-092")
@pytest.mark.parametrize(("text", "position"), [("(a", 2), ("((a)", 4), ("(a\nb)", 2), ("(\\", 1), ("(" * 101, 101)])
def test_a_comment_without_end_is_told_by_place(text: str, position: int) -> None:
    with pytest.raises(SyntaxFault) as caught:
        read_comment(Scanner(text))
    assert caught.value.position == position


@pytest.mark.spec("HTTP-092")
def test_what_is_absent_reads_nothing() -> None:
    scanner = Scanner(" a")
    assert (scanner.match(TOKEN), read_quoted(scanner), read_comment(scanner), scanner.position) == (None,) * 3 + (0,)
    quoted = Scanner('"a\\"b" c')
    assert (read_quoted(quoted), quoted.position) == ('a"b', 6)


@pytest.mark.spec("HTTP-093")
@pytest.mark.feature("F-HTTP-18")
def test_a_field_is_taken_apart_into_words() -> None:
    words = list(split_words('Basic realm = "a\\"b" ,\r\n\t x/1(c (d))'))
    assert words == [
        Word(WordKind.TOKEN, "Basic", 0),
        Word(WordKind.TOKEN, "realm", 6),
        Word(WordKind.SEPARATOR, "=", 12),
        Word(WordKind.QUOTED, 'a"b', 14),
        Word(WordKind.SEPARATOR, ",", 21),
        Word(WordKind.TOKEN, "x", 26),
        Word(WordKind.SEPARATOR, "/", 27),
        Word(WordKind.TOKEN, "1", 28),
        Word(WordKind.COMMENT, "(c (d))", 29),
    ]
    assert [word.text for word in split_words(" a \r\n\t b", blanks=True)] == [" ", "a", " ", "b"]
    assert list(split_words("")) == list(split_words(" \t")) == []


@pytest.mark.spec("HTTP-093")
@pytest.mark.parametrize(
    ("text", "position"), [("a\r\nb", 1), ("a\n b", 1), ("\x00", 0), ('a"b', 1), ("(a", 2), ("a)\x7f", 2), ("é", 0)]
)
def test_what_is_no_word_is_told_by_place(text: str, position: int) -> None:
    with pytest.raises(ValueError) as caught:
        list(split_words(text))
    assert isinstance(caught.value, SyntaxFault)
    assert caught.value.position == position


@pytest.mark.spec("HTTP-094", "HTTP-095")
def test_a_scanner_looks_ahead_insists_and_goes_back() -> None:
    scanner = Scanner("Max-Age=60, x")
    assert (read_token(scanner), scanner.peek()) == ("Max-Age", "=")
    before = scanner.position
    scanner.expect("=")
    assert read_word(scanner) == "60"
    scanner.position = before
    assert not scanner.accept(",")
    with pytest.raises(SyntaxFault) as caught:
        read_token(scanner, "the name of a directive")
    assert "the name of a directive" in caught.value.expected
    with pytest.raises(SyntaxFault, match="the end"):
        Scanner("a").expect_end()
    assert scanner.text[scanner.position :] == "=60, x"


@pytest.mark.spec("HTTP-095")
@pytest.mark.parametrize(
    ("text", "tokens"), [("x,,y", ("x", "y")), ("", ()), (" , X ,\ty,", ("x", "y")), ("a", ("a",))]
)
def test_a_list_passes_over_empty_items(text: str, tokens: tuple[str, ...]) -> None:
    assert read_tokens(text) == tokens
    assert read_tokens(format_list(tokens)) == tokens


def test_a_list_keeps_the_case_on_request() -> None:
    assert read_tokens("A, b", lower=False) == ("A", "b")
    assert read_list("1;2", read_word, start=2) == ("2",)


@pytest.mark.spec("HTTP-096")
@pytest.mark.feature("F-HTTP-18")
def test_parameters_are_read() -> None:
    def parameters(text: str, until: str | None = None) -> tuple[tuple[tuple[str, str], ...], int]:
        scanner = Scanner(text)
        return read_parameters(scanner, until=until), scanner.position

    assert parameters('; A=Bc ;;d="e f"x') == ((("a", "Bc"), ("d", "e f")), 16)
    assert parameters(";a=b; q=0.5;c=d", until="q") == ((("a", "b"),), 4)
    assert parameters(" ,") == ((), 0)
    for text, position in ((";a =b", 2), (";a= b", 3), (";a", 2), (";a=", 3)):
        with pytest.raises(SyntaxFault) as caught:
            parameters(text)
        assert caught.value.position == position


@pytest.mark.spec("HTTP-086", "HTTP-097")
@pytest.mark.parametrize("read", [read_word, read_token])
def test_a_missing_production_is_a_fault_with_a_place(read: Callable[[Scanner], str]) -> None:
    with pytest.raises(SyntaxFault) as caught:
        read_whole(" ,", read)
    assert caught.value.position == 1
    assert isinstance(caught.value, ValueError)


@given(PARAMETERS)
def test_parameters_survive_their_text(parameters: tuple[tuple[str, str], ...]) -> None:
    lower = tuple((name.lower(), value) for name, value in parameters)
    assert read_whole(format_parameters(parameters), read_parameters) == lower


@given(WORDS)
def test_words_survive_their_text(value: str) -> None:
    assert unquote(quote(value)) == value
    assert read_whole(write_word(value), read_word) == value
    comment = write_comment(value)
    assert read_comment(Scanner(comment)) == comment


@given(st.lists(TOKENS | WORDS.map(quote) | st.sampled_from([",", ";", "=", "/", "(a (b))"]), max_size=8))
def test_words_are_found_where_blanks_part_them(words: list[str]) -> None:
    text = " ".join(words)
    assert [text[word.position :].startswith(given) for word, given in zip(split_words(text), words, strict=True)] == [
        True
    ] * len(words)
