"""Sets of characters: built, changed, combined, tested, and written as regular expressions."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demotic.errors import InvalidInput
from demotic.syntax.unicode import CharacterClass, category

EVERY = ("\x00", "\U0010ffff")
CHARS = st.one_of(st.sampled_from("abcdxyz-]^\\[&~|#"), st.characters())
TEXTS = st.text(CHARS, max_size=12)
PAIRS = st.tuples(CHARS, CHARS).map(lambda pair: (min(pair), max(pair)))
CLASSES = st.lists(TEXTS | PAIRS, max_size=5).map(lambda parts: CharacterClass(*parts))


@pytest.mark.spec("UNI-002")
@pytest.mark.feature("F-UNICODE-01")
def test_a_class_is_built_from_texts_pairs_and_classes() -> None:
    built = CharacterClass("abcxyz")
    assert built.ranges == ((0x61, 0x63), (0x78, 0x7A))
    assert CharacterClass("cba", ("x", "z")) == built
    assert CharacterClass(CharacterClass("abc"), "zyx", built) == built
    assert CharacterClass(("a", "m"), ("n", "z"), "b").ranges == ((0x61, 0x7A),)
    assert CharacterClass().ranges == CharacterClass("").ranges == ()
    assert (len(built), list(built), bool(built), bool(CharacterClass())) == (6, list("abcxyz"), True, False)


@pytest.mark.spec("UNI-002")
@pytest.mark.parametrize("pair", [("z", "a"), ("", "a"), ("a", "bc")])
def test_what_is_no_range_is_refused(pair: tuple[str, str]) -> None:
    with pytest.raises(InvalidInput, match="is no range"):
        CharacterClass(pair)


@pytest.mark.spec("UNI-004", "UNI-005")
@pytest.mark.feature("F-UNICODE-01")
def test_a_class_is_changed_in_place() -> None:
    chars = CharacterClass("a")
    chars.add(("b", "f"))
    chars.add("m")
    assert str(chars) == "[a-fm]"
    chars.subtract("d")
    assert str(chars) == "[a-cefm]"
    chars.subtract(CharacterClass("abc"))
    chars.add(CharacterClass(("x", "z")))
    assert str(chars) == "[efmx-z]"
    chars |= CharacterClass("g")
    chars &= CharacterClass(("e", "m"))
    chars -= CharacterClass("e")
    chars ^= CharacterClass("gh")
    assert str(chars) == "[fhm]"
    chars.negate()
    assert ("f" in chars, "a" in chars, "\U0010ffff" in chars) == (False, True, True)
    chars.negate()
    assert str(chars) == "[fhm]"


@pytest.mark.spec("UNI-003", "UNI-004", "UNI-005", "UNI-006")
@pytest.mark.feature("F-UNICODE-02")
def test_a_shared_class_is_copied_before_it_is_changed() -> None:
    control = category("Cc")
    assert control.is_frozen
    for change in (
        control.negate,
        lambda: control.add(" "),
        lambda: control.subtract("\t"),
        lambda: control.__ior__("a"),
    ):
        with pytest.raises(InvalidInput, match="copy"):
            change()
    mine = control.copy()
    mine.add(" ")
    mine.subtract(("\x7f", "\x9f"))
    assert mine.ranges == ((0, 32),)
    assert (mine.test(" "), mine.test("\x7f"), control.test(" ")) == (True, False, False)
    twice = mine.copy()
    twice.negate()
    assert "😀" in twice
    twice.negate()
    assert twice == mine


@pytest.mark.spec("UNI-006")
@pytest.mark.feature("F-UNICODE-01")
def test_one_character_is_tested() -> None:
    letters = CharacterClass(("a", "c"), ("😀", "😂"))
    assert [letters.test(c) for c in ("a", "c", "d", "😁", "😃", None, "", "ab")] == [
        True, True, False, True, False, False, False, False,
    ]  # fmt: skip
    assert "b" in letters


@pytest.mark.spec("UNI-007")
@pytest.mark.feature("F-UNICODE-03")
@pytest.mark.parametrize(
    ("parts", "expression"),
    [
        (("abcxyz",), "[a-cx-z]"),
        (("ab",), "[ab]"),
        (("-]^\\[",), r"[\-\[-\^]"),
        ((" \t\n",), r"[\x09\x0a ]"),
        ((("\u3041", "\u3096"), "😀"), r"[\u3041-\u3096\U0001f600]"),
        ((EVERY,), r"[\x00-\U0010ffff]"),
        ((), r"[^\x00-\U0010ffff]"),
    ],
)
def test_a_class_is_a_regular_expression(parts: tuple, expression: str) -> None:
    made = CharacterClass(*parts)
    assert str(made) == expression
    assert made.inside == (expression[1:-1] if parts else "")
    for char in ("a", "-", "^", "]", "😀", "\n", "\x00", "\U0010ffff", "あ"):
        assert bool(re.fullmatch(expression, char)) == (char in made)


@pytest.mark.spec("UNI-007", "UNI-008")
@given(CLASSES, TEXTS)
def test_expression_and_debug_text_say_the_same_as_the_class(made: CharacterClass, text: str) -> None:
    assert eval(repr(made), {"CharacterClass": CharacterClass}) == made
    chosen = re.compile(str(made))
    widened = re.compile(f"[{made.inside}q]")
    for char in [*text, *map(chr, (bound for pair in made.ranges for bound in pair))]:
        assert bool(chosen.fullmatch(char)) == (char in made)
        assert bool(widened.fullmatch(char)) == (char in made or char == "q")


@pytest.mark.spec("UNI-008")
@pytest.mark.feature("F-UNICODE-03")
def test_the_debug_text_shows_the_pairs() -> None:
    assert repr(CharacterClass("abcx")) == "CharacterClass(('a', 'c'), ('x', 'x'))"


@pytest.mark.spec("UNI-004", "UNI-005")
@given(CLASSES, CLASSES, CHARS)
def test_operators_are_those_of_sets(left: CharacterClass, right: CharacterClass, char: str) -> None:
    a, b = char in left, char in right
    assert (char in (left | right)) == (a or b)
    assert (char in (left & right)) == (a and b)
    assert (char in (left - right)) == (a and not b)
    assert (char in (left ^ right)) == (a != b)
    assert (char in ~left) == (not a)
    assert ~~left == left
    assert (left - right) | (left & right) == left
    ranges = (left | right).ranges
    assert all(one[1] + 1 < other[0] for one, other in pairwise(ranges))
