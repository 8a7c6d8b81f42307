"""Categories, blocks and names: what the running version, an old one and a module of another say."""

import unicodedata
from types import SimpleNamespace

import pytest

from demotic.errors import InvalidInput
from demotic.syntax.unicode import (
    NAME_CHAR,
    NAME_START_CHAR,
    RUNNING,
    WHITE_SPACE,
    XML_CHAR,
    CharacterClass,
    UnicodeDatabase,
    block,
    category,
    is_name,
    is_nc_name,
    is_nmtoken,
)

OLD = UnicodeDatabase(unicodedata.ucd_3_2_0)


@pytest.mark.spec("UNI-003", "UNI-009")
@pytest.mark.feature("F-UNICODE-02", "F-UNICODE-04")
def test_categories_are_those_of_the_running_python() -> None:
    assert RUNNING.version == unicodedata.unidata_version
    for point in range(0, 0x110000, 7):
        char = chr(point)
        name = unicodedata.category(char)
        assert char in category(name)
        assert char in category(name[0])
    assert len(category("Nd")) == sum(chr(point).isdecimal() for point in range(0x110000))
    assert sum(len(category(name)) for name in "LMNPSZC") == 0x110000
    assert category("Lu") is category("Lu")


@pytest.mark.spec("UNI-003")
@pytest.mark.feature("F-UNICODE-02")
@pytest.mark.parametrize("name", ["basic latin", "Basic Latin", "BASIC_LATIN", "Basic-Latin"])
def test_blocks_are_found_however_their_names_are_spelled(name: str) -> None:
    assert block(name) == CharacterClass(("\x00", "\x7f"))
    assert RUNNING.block("BasicLatin", exact=True) == block(name)


@pytest.mark.spec("UNI-003")
@pytest.mark.parametrize("ask", [lambda: category("Xx"), lambda: category("lu"), lambda: category("")])
def test_an_unknown_category_is_refused(ask) -> None:
    with pytest.raises(InvalidInput, match="no general category"):
        ask()


@pytest.mark.spec("UNI-003")
@pytest.mark.parametrize("name", ["Klingon", "", "Is Basic Latin"])
def test_an_unknown_block_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match="no block of Unicode"):
        block(name)
    with pytest.raises(InvalidInput, match="no block of Unicode"):
        RUNNING.block("basiclatin", exact=True)


@pytest.mark.spec("UNI-009", "XSD-028")
@pytest.mark.feature("F-UNICODE-04")
def test_another_version_has_its_own_categories_and_blocks() -> None:
    assert OLD.version == "3.2.0"
    assert "\u0221" in category("Ll")  # came with 4.0
    assert "\u0221" in OLD.category("Cn")
    assert "\U0001f600" in category("So")
    assert "\U0001f600" in OLD.category("Cn")
    assert block("Emoticons") == CharacterClass(("\U0001f600", "\U0001f64f"))
    with pytest.raises(InvalidInput, match="Unicode 3"):
        OLD.block("Emoticons")


@pytest.mark.spec("UNI-009", "XSD-028")
@pytest.mark.feature("F-UNICODE-05")
def test_names_and_bounds_of_blocks_changed_with_the_versions() -> None:
    first = UnicodeDatabase(SimpleNamespace(unidata_version="3.0.0", category=unicodedata.category))
    assert first.block("Greek") == block("Greek") == block("Greek and Coptic") == OLD.block("Greek")
    with pytest.raises(InvalidInput):
        first.block("Greek and Coptic")
    assert first.block("Hangul Syllables").ranges == ((0xAC00, 0xD7A3),)
    assert block("Hangul Syllables").ranges == ((0xAC00, 0xD7AF),)
    assert block("Combining Marks for Symbols") == block("Combining Diacritical Marks for Symbols")
    assert len(block("Private Use").ranges) == 3
    assert block("Private Use Area").ranges == ((0xE000, 0xF8FF),)


@pytest.mark.spec("UNI-009")
def test_blocks_agree_with_another_table_of_the_same_version() -> None:
    from elementpath.regex import unicode_blocks

    names = [name for name in vars(unicode_blocks) if name.startswith("UPDATE_BLOCKS_VER_14")]
    assert names
    later = UnicodeDatabase(SimpleNamespace(unidata_version="14.0.0", category=unicodedata.category))
    for name, ranges in getattr(unicode_blocks, names[0]).items():
        first, last = ranges.split("-")
        assert later.block(name) == CharacterClass((first, last))


@pytest.mark.spec("UNI-006")
def test_the_classes_of_xml() -> None:
    assert list(WHITE_SPACE) == ["\t", "\n", "\r", " "]
    assert len(XML_CHAR) == 0x110000 - 2048 - 29 - 2
    assert not NAME_START_CHAR - NAME_CHAR
    assert [c for c in "-.0:_·" if c in NAME_START_CHAR] == [":", "_"]
    assert "\U000effff" in NAME_CHAR
    assert "\U000f0000" not in NAME_CHAR


@pytest.mark.spec("XSD-010")
@pytest.mark.feature("F-UNICODE-07")
@pytest.mark.parametrize(
    ("text", "name", "nc_name", "nmtoken"),
    [
        ("a", True, True, True),
        ("a:b", True, False, True),
        (":", True, False, True),
        ("-a", False, False, True),
        ("1", False, False, True),
        ("_1.2-3·", True, True, True),
        ("𠀀", True, True, True),
        ("", False, False, False),
        ("a b", False, False, False),
        ("a\n", False, False, False),
        ("a×b", False, False, False),
    ],
)
def test_names(text: str, name: bool, nc_name: bool, nmtoken: bool) -> None:
    assert (is_name(text), is_nc_name(text), is_nmtoken(text)) == (name, nc_name, nmtoken)
