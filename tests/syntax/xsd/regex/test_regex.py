"""Expressions of XML Schema: what they match, which are refused and where, their classes, another translator."""

import json
import re
import unicodedata
from pathlib import Path

import pytest
from elementpath.regex import translate_pattern
from hypothesis import given, settings
from hypothesis import strategies as st

from demotic.errors import DemoticError, LimitExceeded
from demotic.syntax.unicode import CharacterClass, UnicodeDatabase, block, category, is_name
from demotic.syntax.xsd import PatternFault
from demotic.syntax.xsd.regex import _automaton, compile_pattern, parse_class
from demotic.syntax.xsd.regex._automaton import Automaton, is_determined
from demotic.syntax.xsd.regex._characters import CharacterReader
from demotic.syntax.xsd.regex._parse import ExpressionReader
from demotic.syntax.xsd.regex._tree import Node

HERE = Path(__file__).parent
MATCHES = json.loads((HERE / "matches.json").read_text(encoding="utf-8"))
REFUSED = json.loads((HERE / "refused.json").read_text(encoding="utf-8"))
OLD = UnicodeDatabase(unicodedata.ucd_3_2_0)


def _title(case: dict) -> str:
    return case["title"]


@pytest.mark.spec("XSD-023", "XSD-024", "XSD-025", "XSD-026", "XSD-027")
@pytest.mark.feature("F-XSD-20", "F-XSD-21")
@pytest.mark.parametrize("case", MATCHES, ids=_title)
def test_an_expression_matches_whole_texts(case: dict) -> None:
    pattern = compile_pattern(case["pattern"])
    assert pattern.source == case["pattern"]
    assert [text for text in case["yes"] if not pattern.matches(text)] == []
    assert [text for text in case["no"] if pattern.matches(text)] == []


@pytest.mark.spec("XSD-023", "XSD-024", "XSD-025", "XSD-027", "UNI-010")
@pytest.mark.feature("F-XSD-22")
@pytest.mark.parametrize("case", REFUSED, ids=_title)
def test_what_is_no_expression_is_refused_at_its_place(case: dict) -> None:
    with pytest.raises(PatternFault) as refusal:
        compile_pattern(case["pattern"])
    assert refusal.value.position == case["position"]
    assert refusal.value.expected.startswith(case["expected"])
    assert isinstance(refusal.value, ValueError)


@pytest.mark.feature("F-XSD-22")
@pytest.mark.parametrize(
    "pattern", ["(" * 101 + ")" * 101, "[a-" * 102 + "[a]" + "]" * 102, "a{1000001}", "a{0,99999999999}"]
)
def test_what_would_cost_too_much_is_refused(pattern: str) -> None:
    with pytest.raises(LimitExceeded):
        compile_pattern(pattern)


@pytest.mark.feature("F-XSD-22")
@pytest.mark.parametrize(
    "pattern", ["(" * 100 + "a" + ")" * 100, "[a-" * 100 + "[b]" + "]" * 100, "((a{1000}){1000}){1000}"]
)
def test_what_is_just_within_the_limits_is_taken(pattern: str) -> None:
    assert compile_pattern(pattern).matches("b") is False


@pytest.mark.spec("XSD-028")
@pytest.mark.feature("F-XSD-23")
def test_a_part_for_one_character_is_a_class_to_use_alone() -> None:
    assert parse_class("[a-z-[aeiou]]") == CharacterClass(("a", "z")) - CharacterClass("aeiou")
    assert parse_class(r"\p{Lu}") == category("Lu")
    assert parse_class(r"\p{IsGreek}") == block("Greek")
    assert parse_class("a") == parse_class(r"[a]") == CharacterClass("a")
    assert parse_class(r"\n") == CharacterClass("\n")
    assert str(parse_class("[x-za-c]") | parse_class("[dm]")) == "[a-dmx-z]"
    own = parse_class(r"\s")
    own.add("\xa0")
    assert compile_pattern(r"\s").matches("\xa0") is False
    for text in ("", "ab", "a*", "[a][b]", "(a)", "*"):
        with pytest.raises(PatternFault):
            parse_class(text)


@pytest.mark.spec("XSD-027", "XSD-028")
@pytest.mark.feature("F-XSD-23")
def test_the_unicode_version_is_chosen() -> None:
    assert compile_pattern(r"\p{Ll}").matches("\u0221")
    assert not compile_pattern(r"\p{Ll}", database=OLD).matches("\u0221")
    assert compile_pattern(r"\d").matches("\U0001d7d8")
    assert not compile_pattern(r"\d+", database=OLD).matches("\u07c3")  # N'Ko came with 5.0
    assert compile_pattern(r"\d+").matches("\u07c3")
    with pytest.raises(PatternFault, match=r"Unicode 3\.2\.0"):
        compile_pattern(r"\p{IsEmoticons}", database=OLD)
    with pytest.raises(PatternFault, match=r"Unicode 3\.2\.0"):
        parse_class(r"\p{IsEmoticons}", database=OLD)


@pytest.mark.spec("XSD-027")
@pytest.mark.feature("F-XSD-23")
def test_an_unknown_block_matches_everything_on_request() -> None:
    assert compile_pattern(r"\p{IsKlingon}x", unknown_blocks="any").matches("ax")
    with pytest.raises(PatternFault):
        compile_pattern(r"\p{Klingon}x", unknown_blocks="any")


@pytest.mark.spec("XSD-023")
@pytest.mark.feature("F-XSD-20")
def test_a_pattern_keeps_its_source_and_is_translated_once() -> None:
    pattern = compile_pattern("(a|b){2}")
    assert (pattern.source, pattern.expression) == ("(a|b){2}", "(?:(?:a|b){2,2})")
    assert compile_pattern("(a|b){2}") is pattern
    assert pattern == compile_pattern.__wrapped__("(a|b){2}")
    assert pattern != compile_pattern("(a|b){2}", database=OLD)
    assert repr(pattern) == "<Pattern '(a|b){2}'>"


@pytest.mark.spec("XSD-027")
def test_names_by_expression_are_names_by_the_grammar() -> None:
    name = compile_pattern(r"\i\c*")
    for point in range(0, 0x110000, 11):
        assert name.matches(chr(point)) == is_name(chr(point))


@pytest.mark.spec("XSD-027")
@pytest.mark.parametrize("escape", ["d", "D"])
def test_digits_by_pythons_shorthand_are_the_category(escape: str) -> None:
    chars = parse_class(f"\\{escape}")
    pattern = compile_pattern(f"\\{escape}")
    assert all(pattern.matches(chr(point)) == (chr(point) in chars) for point in range(0, 0x110000, 3))


# Expressions over a few letters, of every construct.
_class_parts = st.sampled_from(["a", "b", "a-c", "\\-", "\\p{Ll}", "\\d", "."])
_groups = st.tuples(st.sampled_from(["", "^"]), st.lists(_class_parts, min_size=1, max_size=3)).map(
    lambda t: t[0] + "".join(t[1])
)
_classes = st.one_of(
    _groups.map(lambda g: f"[{g}]"), st.tuples(_groups, _groups).map(lambda gs: f"[{gs[0]}-[{gs[1]}]]")
)
_atoms = st.one_of(st.sampled_from(["a", "b", "c", ".", "\\.", "^", "$", "\\p{Lu}", "\\P{L}"]), _classes)


def _compound(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    group = st.lists(children, min_size=1, max_size=3).map(lambda branches: f"({'|'.join(branches)})")
    piece = st.tuples(_atoms | group, st.sampled_from(["", "?", "*", "+", "{2}", "{1,}", "{0,2}"])).map("".join)
    return st.lists(piece, max_size=3).map("".join)


EXPRESSIONS = st.recursive(_atoms, _compound, max_leaves=8)


@pytest.mark.spec("XSD-024", "XSD-026")
@settings(max_examples=100)
@given(EXPRESSIONS, st.lists(st.text("abcA1.^$-\n", max_size=6), min_size=1, max_size=8))
def test_another_translation_agrees(source: str, texts: list[str]) -> None:
    ours = compile_pattern(source)
    theirs = re.compile(translate_pattern(source, back_references=False, lazy_quantifiers=False, anchors=False))
    for text in texts:
        assert ours.matches(text) == bool(theirs.fullmatch(text))


HOSTILE = ["(a+)+b", "(a|a)*b", "(a|aa)+b", "(a*)*b", "(a?){40}b", "(a{1,9}){1,9}b", "(.*.*.*)*x", "(|a)+b"]
HOSTILE += ["(a|a)" * 40 + "b", "(([a-c]|b)+[ab]*)*c{2,}b", "((){1000000}){1000000}b", "((){0,1000000}){1000000}b"]
HOSTILE += ["(a?){0,900}b", "((a?){0,30}){0,30}b", "(a*){300}b"]


@pytest.mark.feature("F-XSD-24")
@pytest.mark.parametrize("source", HOSTILE, ids=lambda source: source[:20])
def test_a_hostile_expression_takes_no_longer_than_its_text(source: str) -> None:
    pattern = compile_pattern(source)
    assert pattern.matches("a" * 5000) is False
    assert pattern.matches("a" * 40 + "bc") is False


@pytest.mark.feature("F-XSD-24")
@pytest.mark.parametrize(
    ("source", "determined"),
    [
        ("[a-z]+(-[a-z]+)*", True),
        (r"\i\c*", True),
        ("[0-9]{5}(-[0-9]{4})?", True),
        ("(a{2})*", True),
        ("((a{1000}){1000}){1000}", True),
        ("(ab|cd)*", True),
        ("a{0}", True),
        ("", True),
        (".*x", False),
        ("(a{1,2}){3}", False),
        ("(a|ab)c", False),
        ("(a*)*", False),
        ("(a?){3}", False),
        ("a*a", False),
    ],
)
def test_what_the_next_character_determines_is_left_to_python(source: str, determined: bool) -> None:
    assert is_determined(_tree(source)) is determined


def _tree(source: str) -> Node:
    return ExpressionReader(CharacterReader()).read(source)


@pytest.mark.feature("F-XSD-24")
def test_an_ambiguous_expression_of_too_many_parts_is_refused() -> None:
    with pytest.raises(LimitExceeded, match="ambiguous"):
        compile_pattern("(.{0,200}x){0,200}y")
    assert compile_pattern("a" * 10_000).matches("a" * 10_000)
    assert compile_pattern(f"({'|'.join(f'x{n}' for n in range(1_500))})*").matches("x777x7")
    with pytest.raises(LimitExceeded, match="ambiguous"):
        compile_pattern("a?" * 5_000)
    with pytest.raises(LimitExceeded, match="too long"):
        compile_pattern("a" * 10_001)
    assert compile_pattern(".{0,1500}x").matches("y" * 1500 + "x")


@pytest.mark.spec("XSD-024")
@settings(max_examples=100)
@given(EXPRESSIONS, st.lists(st.text("abcA1.^$-\n", max_size=7), min_size=1, max_size=8))
def test_both_ways_of_matching_agree(source: str, texts: list[str]) -> None:
    automaton, python = Automaton(_tree(source)), re.compile(compile_pattern(source).expression)
    for text in texts:
        assert automaton.matches(text) == bool(python.fullmatch(text))


def test_what_is_kept_of_sets_of_positions_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_automaton, "_MOST_KEPT", 3)
    automaton = Automaton(_tree(".*a.{3}"))
    for text, verdict in [("xaxyz", True), ("aaaaaaaa", True), ("xyzxyzxyz", False), ("bcadefbcd", False)] * 3:
        assert automaton.matches(text) is verdict
    assert len(automaton._states) <= 4


@settings(max_examples=200)
@given(st.text(st.sampled_from("ab[]()-^\\|*+?{}1,.pPLuIsdwicnrt$ \n😀é"), max_size=20))
def test_any_text_is_compiled_or_refused(source: str) -> None:
    try:
        compile_pattern(source).matches("ab")
    except DemoticError as error:
        assert isinstance(error, PatternFault | LimitExceeded)
