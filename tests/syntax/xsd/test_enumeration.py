"""Enumerations: declared, read one by one, as lists and dictionaries, and written."""

from enum import Enum, IntEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demotic.errors import InvalidInput
from demotic.syntax.xsd import Enumeration, LiteralFault


class Shape(Enum):
    """Texts are the values."""

    RECT = "rect"
    CIRCLE = "circle"
    DEFAULT = "x-default"


class Fruit(IntEnum):
    """Texts are the names; `apple` is an alias of the class."""

    apples = 1
    oranges = 2
    pears = 3
    apple = 1


FRUIT = Enumeration(Fruit, default="apples", aliases={"poires": "pears"})
SHAPE = Enumeration(Shape, aliases={"rectangle": Shape.RECT})


@pytest.mark.spec("XSD-016")
@pytest.mark.feature("F-XSD-13")
def test_an_enumeration_is_declared_by_its_texts() -> None:
    fruit = Enumeration.declare("Fruit", ["apples", "oranges", "x-large"], default="oranges")
    assert [(one.name, one.value) for one in fruit.constants] == [("apples", 1), ("oranges", 2), ("x-large", 3)]
    assert fruit.constants.oranges == 2
    assert fruit.default is fruit.constants["oranges"]
    assert fruit.parse("x-large") is fruit.constants["x-large"]
    assert fruit.meaning == "one of apples, oranges, x-large"
    with pytest.raises(InvalidInput, match="not all different"):
        Enumeration.declare("Twice", ["a", "a"])
    for reserved in ("mro", "_x_"):
        with pytest.raises(InvalidInput, match="cannot be made"):
            Enumeration.declare("Odd", ["a", reserved])
    with pytest.raises(InvalidInput, match="no texts"):
        Enumeration.declare("Empty", [])
    with pytest.raises(ValueError, match="no constant of Fruit"):
        Enumeration.declare("Fruit", ["a"], default="b")


@pytest.mark.spec("XSD-016", "XSD-021")
@pytest.mark.feature("F-XSD-13")
@pytest.mark.parametrize(
    ("codec", "text", "constant"),
    [
        (FRUIT, "apples", Fruit.apples),
        (FRUIT, "pears", Fruit.pears),
        (SHAPE, "rect", Shape.RECT),
        (SHAPE, "x-default", Shape.DEFAULT),
    ],
)
def test_text_and_constant_are_each_others(codec: Enumeration, text: str, constant: Enum) -> None:
    assert codec.parse(text) is constant
    assert codec.parse(f" {text}\n") is constant
    assert codec.format(constant) == text
    for junk in (text + "!", "", text.upper(), f"{text} {text}"):
        with pytest.raises(LiteralFault, match="one of"):
            codec.parse(junk)


@pytest.mark.spec("XSD-017")
@pytest.mark.feature("F-XSD-14")
def test_texts_are_folded_first() -> None:
    assert FRUIT.parse("PEARS", fold="lower") is Fruit.pears
    assert Enumeration.declare("U", ["GET", "PUT"]).parse("get", fold="upper").name == "GET"
    assert Enumeration.declare("T", ["Left", "Right"], fold="title").parse("LEFT").name == "Left"
    with pytest.raises(ValueError, match="one of apples"):
        FRUIT.parse("PLUMS", fold="lower")
    with pytest.raises(InvalidInput, match="fold is"):
        FRUIT.parse("apples", fold="swap")  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="fold is"):
        Enumeration(Fruit, fold="swap")  # type: ignore[arg-type]


@pytest.mark.spec("XSD-018")
@pytest.mark.feature("F-XSD-14")
def test_aliases_are_read_and_never_written() -> None:
    assert FRUIT.parse("apple") is Fruit.apple is Fruit.apples
    assert FRUIT.parse("poires") is Fruit.pears
    assert FRUIT.format(FRUIT.parse("poires")) == "pears"
    assert FRUIT.format(FRUIT.parse("apple")) == "apples"
    assert SHAPE.parse("rectangle") is Shape.RECT
    with pytest.raises(InvalidInput, match="already"):
        Enumeration(Fruit, aliases={"apples": "pears"})
    with pytest.raises(ValueError, match="no constant"):
        Enumeration(Fruit, aliases={"x": "plums"})


@pytest.mark.spec("XSD-018")
@pytest.mark.feature("F-XSD-14")
def test_lower_case_aliases_make_lower_folding_work() -> None:
    mode = Enumeration.declare("Mode", ["InPlace", "Copy"], default="Copy", aliases={"CP": "Copy"})
    with pytest.raises(LiteralFault):
        mode.parse("INPLACE", fold="lower")
    lower = mode.with_lower_aliases()
    assert lower.parse("INPLACE", fold="lower").name == "InPlace"
    assert lower.parse("Cp", fold="lower").name == "Copy"
    assert lower.format(lower.parse("inplace")) == "InPlace"
    assert lower.default is mode.default


@pytest.mark.spec("XSD-019")
@pytest.mark.feature("F-XSD-15")
def test_lists_keep_order_and_repeats() -> None:
    assert FRUIT.parse_list(" pears apples\n pears ") == [Fruit.pears, Fruit.apples, Fruit.pears]
    assert FRUIT.parse_list("") == []
    assert FRUIT.parse_list("Apples, ORANGES", fold="lower", commas=True) == [Fruit.apples, Fruit.oranges]
    with pytest.raises(LiteralFault):
        FRUIT.parse_list("apples, oranges")
    with pytest.raises(LiteralFault):
        FRUIT.parse_list("apples plums")


@pytest.mark.spec("XSD-020", "XSD-022")
@pytest.mark.feature("F-XSD-15")
def test_dictionaries_keep_the_first_spelling() -> None:
    found = FRUIT.parse_dict("PEARS Apples pears oranges", fold="lower")
    assert found == {Fruit.pears: "PEARS", Fruit.apples: "Apples", Fruit.oranges: "oranges"}
    assert FRUIT.format_dict(found) == "apples oranges pears"
    assert FRUIT.format_dict(found, sort=False) == "pears apples oranges"
    assert FRUIT.format_dict({Shape.RECT} and {Fruit.pears, Fruit.apples}) == "apples pears"
    assert FRUIT.format_dict({}) == FRUIT.format_list([]) == ""


@pytest.mark.spec("XSD-021", "XSD-022")
@pytest.mark.feature("F-XSD-15")
def test_nothing_is_written_as_the_default() -> None:
    assert FRUIT.format(None) == "apples"
    assert SHAPE.format(None) is None
    assert FRUIT.format_list([Fruit.pears, Fruit.apple]) == "pears apples"
    with pytest.raises(ValueError, match="no constant of Fruit"):
        FRUIT.format(Shape.RECT)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="no constant of Fruit"):
        FRUIT.format_list([2])  # type: ignore[list-item]


@pytest.mark.spec("XSD-019", "XSD-020", "XSD-022")
@given(st.lists(st.sampled_from(list(Fruit))))
def test_lists_and_dictionaries_come_back(values: list[Fruit]) -> None:
    assert FRUIT.parse_list(FRUIT.format_list(values)) == values
    assert set(FRUIT.parse_dict(FRUIT.format_dict(values))) == set(values)
    assert FRUIT.format_dict(set(values)) == FRUIT.format_dict(sorted(set(values), reverse=True))
