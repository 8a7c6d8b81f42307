"""The parsing kit: moving on, going back, and what its errors say."""

import re

import pytest

from demotic.errors import SyntaxFault
from demotic.syntax import Scanner

WORD = re.compile(r"[a-z]+")
NUMBER = re.compile(r"[0-9]+")


@pytest.mark.feature("F-SYNTAX-12")
def test_reading_moves_on_only_when_it_succeeds() -> None:
    scanner = Scanner("abc=12;")
    assert (scanner.peek(), scanner.peek(3), scanner.peek(20)) == ("a", "abc", "abc=12;")
    assert scanner.match(NUMBER) is None
    assert not scanner.accept("=")
    assert scanner.position == 0
    assert scanner.expect_match(WORD, "a word") == "abc"
    scanner.expect("=")
    assert scanner.expect_match(NUMBER, "a number") == "12"
    assert not scanner.at_end
    assert scanner.accept(";")
    assert scanner.at_end
    scanner.expect_end()


@pytest.mark.parametrize(
    ("text", "position", "expected"),
    [("", 0, "a word"), ("12", 0, "a word"), ("a", 1, "'='"), ("a=", 2, "a number"), ("a=1x", 3, "the end")],
)
def test_a_fault_tells_place_and_expectation(text: str, position: int, expected: str) -> None:
    scanner = Scanner(text)
    with pytest.raises(SyntaxFault) as fault:
        scanner.expect_match(WORD, "a word")
        scanner.expect("=")
        scanner.expect_match(NUMBER, "a number")
        scanner.expect_end()
    assert (fault.value.position, fault.value.expected, fault.value.text) == (position, expected, text)


@pytest.mark.feature("F-SYNTAX-12")
def test_after_going_back_the_furthest_failure_is_told() -> None:
    scanner = Scanner("ab=x")
    with pytest.raises(SyntaxFault):
        scanner.expect_match(WORD, "a word")
        scanner.expect("=")
        scanner.expect_match(NUMBER, "a number")
    scanner.position = 0
    fault = scanner.fail("a bracket")
    assert (fault.position, fault.expected) == (3, "a number")


def test_expectations_at_the_same_place_are_told_together() -> None:
    scanner = Scanner("?")
    for expected in ("a word", "a number", "a word"):
        fault = scanner.fail(expected)
    assert fault.expected == "a word or a number"
    assert fault.caret() == "?\n^"


@pytest.mark.spec("PARSE-017")
@pytest.mark.feature("F-SYNTAX-14")
def test_a_fault_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="expected '=' at position 0, found the end"):
        Scanner("").expect("=")
