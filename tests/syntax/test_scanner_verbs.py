"""The verbs of the parsing kit, alike over text and bytes, whole and in pieces."""

import re
from collections.abc import Callable, Iterator
from struct import Struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demotic.errors import Place, SyntaxFault
from demotic.syntax import BinaryScanner, BinaryStreamScanner, Located, Scanner, StreamScanner


def _pieces(text: str | bytes) -> Iterator:
    return (text[n : n + 1] for n in range(len(text)))


class Kind:
    """A scanner to make, and how to say things to it."""

    def __init__(self, name: str, make: Callable, say: Callable) -> None:
        self.name, self.make, self.say = name, make, say

    def scanner(self, text: str):
        return self.make(self.say(text))

    def pattern(self, text: str) -> re.Pattern:
        return re.compile(self.say(text))


def _encoded(text: str) -> bytes:
    return text.encode("latin-1")


KINDS = [
    Kind("text", Scanner, str),
    Kind("bytes", BinaryScanner, _encoded),
    Kind("text in pieces", lambda text: StreamScanner(_pieces(text), lookahead=8), str),
    Kind("bytes in pieces", lambda text: BinaryStreamScanner(_pieces(text), lookahead=8), _encoded),
]
each_kind = pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])


@pytest.mark.spec("PARSE-001", "PARSE-002", "PARSE-008", "PARSE-009", "PARSE-012")
@pytest.mark.feature("F-SYNTAX-15", "F-SYNTAX-16")
@each_kind
def test_what_comes_is_seen_accepted_and_expected(kind: Kind) -> None:
    say, s = kind.say, kind.scanner("key=value")
    assert s.comes(say("key"))
    assert s.comes(kind.pattern("[a-z]+="))
    assert not s.comes(say("value"))
    assert not s.comes(kind.pattern("[0-9]"))
    assert s.position == 0
    assert not s.accept(say("value"))
    assert s.accept(say("ke"))
    assert s.comes_one_of(say("xyz"))
    assert s.accept_one_of({say("y"), say("z")}) == say("y")
    assert s.accept_one_of(say("-+")) is None
    assert s.expect(say("=")) == say("=")
    assert (s.peek(), s.peek(3), s.peek(99), s.position) == (say("v"), say("val"), say("value"), 4)
    assert s.take(5) == say("value")
    assert (s.accept_one_of(say("v")), s.comes_one_of(say("v")), s.peek()) == (None, False, say(""))
    assert not s.comes(say("v"))
    assert s.at_end
    s.expect_end()


@pytest.mark.spec("PARSE-003", "PARSE-007")
@pytest.mark.feature("F-SYNTAX-15")
@each_kind
def test_the_state_is_a_text_a_position_and_what_comes(kind: Kind) -> None:
    s = kind.scanner("a1")
    assert s.current in ("a", 97)
    s.position = 1
    assert s.current in ("1", 49)
    with pytest.raises(SyntaxFault, match="expected the end at position 1"):
        s.expect_end()
    assert s.position == 1
    s.position = 2
    assert s.current is None
    s.position = 0
    assert s.take(2) == kind.say("a1")
    assert s.text == kind.say("a1")
    with pytest.raises(SyntaxFault, match=r"expected 3 (bytes|characters), of which 0 are there"):
        s.take(3)


@pytest.mark.spec("PARSE-004", "PARSE-005", "PARSE-006")
@pytest.mark.feature("F-SYNTAX-12", "F-SYNTAX-15")
@each_kind
def test_alternatives_report_the_one_that_came_furthest(kind: Kind) -> None:
    say, s = kind.say, kind.scanner("<1,2;")

    def pair() -> tuple:
        s.expect(say("<"))
        first = s.required(s.accept_integer(), "a number")
        s.expect(say(","))
        second = s.required(s.accept_integer(), "a number")
        s.expect(say(">"))
        return first, second

    def word() -> object:
        return s.expect_match(kind.pattern("[a-z]+"), "a word")

    assert (s.attempt(pair), s.position) == (None, 0)
    assert (s.attempt(word), s.position) == (None, 0)
    with pytest.raises(SyntaxFault, match=r"expected b?'>' at position 4, found ';'") as fault:
        s.required(s.attempt(word))
    assert (s.position, fault.value.position) == (4, 4)


@pytest.mark.spec("PARSE-005")
@each_kind
def test_the_whole_of_a_text_may_be_asked_for(kind: Kind) -> None:
    s = kind.scanner("12")
    assert s.whole(s.accept_integer(), "a number") == 12
    for text, expected in (("12x", "the end at position 2"), ("x", "a number at position 0")):
        s = kind.scanner(text)
        with pytest.raises(SyntaxFault, match=expected):
            s.whole(s.accept_integer(), "a number")
    with pytest.raises(SyntaxFault, match="something else"):
        kind.scanner("").required(None)


@pytest.mark.spec("PARSE-010")
@pytest.mark.feature("F-SYNTAX-15")
@each_kind
def test_a_literal_in_any_case_comes_back_as_it_is_spelled(kind: Kind) -> None:
    s = kind.scanner("GeT /")
    assert s.accept_folded(kind.say("post")) is None
    assert s.accept_folded(kind.say("get")) == kind.say("GeT")
    assert s.position == 3
    with pytest.raises(ValueError, match="not in lower case"):
        s.accept_folded(kind.say("GET"))


@pytest.mark.spec("PARSE-011")
@pytest.mark.feature("F-SYNTAX-15", "F-SYNTAX-16")
@each_kind
def test_until_reads_up_to_a_literal_or_to_the_end(kind: Kind) -> None:
    say, s = kind.say, kind.scanner("name: a long value\r\n\r\nrest")
    assert (s.until(say(":")), s.position) == (say("name"), 4)
    assert s.until(say(":")) == say("")
    assert s.until(say("\r\n\r\n")) == say(": a long value")
    assert s.until(say("nowhere")) == say("\r\n\r\nrest")
    assert s.until() == say("")
    assert kind.scanner("all of it").until() == say("all of it")


@pytest.mark.spec("PARSE-013", "PARSE-014", "PARSE-015")
@pytest.mark.feature("F-SYNTAX-15")
@each_kind
def test_digits_and_numbers_are_read_within_bounds(kind: Kind) -> None:
    say, s = kind.say, kind.scanner("0123456789abCDg")
    assert s.accept_digits(11) is None
    assert s.accept_digits(1, 1) == say("0")
    assert s.accept_digits(2, 4) == say("1234")
    assert s.accept_integer(0, 99) is None
    assert s.accept_integer(100000) is None
    assert s.accept_integer(max_digits=4) is None
    assert s.position == 5
    assert s.accept_integer(56789, 56789, max_digits=5) == 56789
    assert s.accept_digits() is None
    assert s.accept_digits(0) == say("")
    assert s.accept_digits(1, 2, base=16) == say("ab")
    assert s.accept_integer(base=16) == 0xCD
    with pytest.raises(ValueError, match="digits of base 8"):
        s.accept_digits(base=8)
    assert kind.scanner("1" * 5000).accept_integer() is None


def test_digits_are_those_of_ascii() -> None:
    assert Scanner("٣").accept_digits() is None
    assert Scanner("²").accept_integer() is None


@pytest.mark.spec("PARSE-016")
@pytest.mark.feature("F-SYNTAX-15")
def test_a_grammar_is_a_subclass_with_readers_of_its_own() -> None:
    class Versions(Scanner):
        def version(self) -> tuple[int, int]:
            self.expect("v")
            major = self.required(self.accept_integer(), "a version")
            self.expect(".")
            return major, self.required(self.accept_integer(), "a version")

    s = Versions("v1.20 v2")
    assert s.version() == (1, 20)
    s.expect(" ")
    assert s.attempt(s.version) is None
    with pytest.raises(SyntaxFault, match=r"expected '\.' at position 8, found the end"):
        s.version()


@pytest.mark.spec("PARSE-018")
@pytest.mark.feature("F-SYNTAX-15", "F-SYNTAX-16")
@each_kind
def test_places_have_lines_and_columns(kind: Kind) -> None:
    s = kind.scanner("a\nbc\n d")
    assert s.place() == Place(0, 1, 1)
    assert s.located(s.until, kind.say("c")) == Located(kind.say("a\nb"), 0, 3)
    assert s.place() == Place(3, 2, 2)
    assert s.place(0) == Place(0, 1, 1)
    s.until(kind.say("d"))
    with pytest.raises(SyntaxFault) as fault:
        s.expect(kind.say("x"))
    assert fault.value.place == Place(6, 3, 2)
    assert fault.value.caret() == " d\n ^"


@pytest.mark.spec("PARSE-018")
@pytest.mark.feature("F-SYNTAX-16")
def test_a_long_text_is_read_in_little_memory_and_its_places_stay_true() -> None:
    asked = 0

    def pieces() -> Iterator[str]:
        nonlocal asked
        for number in range(20_000):
            asked += 1
            yield f"line {number}\n"

    s = StreamScanner(pieces(), lookahead=100)
    word = re.compile("[a-z]+")
    for number in range(10_000):
        assert s.expect_match(word, "a word") == "line"
        s.expect(" ")
        assert s.accept_integer() == number
        s.expect("\n")
        s.forget()
        assert len(s.text) < 1000
    assert asked < 10_100
    with pytest.raises(SyntaxFault, match="expected '!' at position 98890, found 'l'") as fault:
        s.expect("!")
    assert fault.value.place == Place(98890, 10001, 1)
    s.expect("line ")
    with pytest.raises(SyntaxFault) as fault:
        s.expect("x")
    assert fault.value.place == Place(98895, 10001, 6)


@given(st.lists(st.text("ab1 \n", max_size=5)), st.integers(1, 8))
def test_pieces_are_read_as_the_whole_would_be(pieces: list[str], lookahead: int) -> None:
    word, number = re.compile("[ab]+"), re.compile("1+")

    def tokens(s: Scanner) -> Iterator[object]:
        while not s.at_end:
            start = s.position
            found = s.match(word) or s.match(number)
            yield (found.group() if found else s.take()), s.until("\n"), s.accept("\n"), start, s.place()

    whole = list(tokens(Scanner("".join(pieces))))
    assert list(tokens(StreamScanner(pieces, lookahead=lookahead))) == whole


@pytest.mark.feature("F-SYNTAX-15")
@pytest.mark.parametrize("make", [BinaryScanner, lambda data: BinaryStreamScanner(_pieces(data))])
def test_laid_out_bytes_are_unpacked(make: Callable) -> None:
    s = make(bytes.fromhex("0102000568656c6c6f00"))
    assert s.unpack(Struct(">BBH")) == (1, 2, 5)
    assert s.take(5) == b"hello"
    with pytest.raises(SyntaxFault, match=r"expected 4 bytes, of which 1 are there at position 9, found '\\x00'"):
        s.unpack(Struct("<I"))
    assert BinaryScanner(bytearray(b"ab")).until() == BinaryScanner(memoryview(b"ab")).until() == b"ab"


@pytest.mark.spec("PARSE-001")
@pytest.mark.parametrize(
    "mix",
    [
        lambda: Scanner("a").accept(b"a"),
        lambda: BinaryScanner(b"a").accept("a"),
        lambda: BinaryScanner("a"),
        lambda: Scanner("a").match(re.compile(b"a")),
        lambda: StreamScanner([b"a"]).peek(),
    ],
)
def test_text_and_bytes_do_not_mix(mix: Callable) -> None:
    with pytest.raises(TypeError):
        mix()
