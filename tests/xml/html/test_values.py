"""Lengths, coordinates and colors: text to value and back, sums, and hits at the borders."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demotic.errors import SyntaxFault
from demotic.syntax.uri import URI
from demotic.xml.html import (
    COLOR_NAMES,
    Area,
    Color,
    Coords,
    HtmlValueFault,
    Length,
    MultiLength,
    MultiLengths,
    format_link,
    parse_link,
)

CASES: dict[str, list[Any]] = json.loads((Path(__file__).parent / "cases" / "values.json").read_text(encoding="utf-8"))
LENGTHS = st.builds(Length, st.integers(0, 10**6), st.booleans())


@pytest.mark.spec("HTML-009")
@pytest.mark.feature("F-HTML-14")
@pytest.mark.parametrize(("text", "value", "percent"), CASES["lengths"])
def test_lengths_are_read_and_written(text: str, value: int, percent: bool) -> None:
    assert Length.parse(text) == Length(value, percent)
    assert str(Length(value, percent)) == text.lstrip("0") or text == "0"
    assert bool(Length(value, percent)) == (value != 0)


@pytest.mark.spec("HTML-009")
def test_a_length_is_made_of_a_number_another_length_or_a_text() -> None:
    assert Length.of(5) == Length(5)
    assert Length.of("5%") == Length(5, percent=True)
    assert Length.of(Length(5, percent=True)) == Length(5, percent=True)
    assert not Length.of("0%")


@pytest.mark.spec("HTML-009", "HTML-012")
@pytest.mark.feature("F-HTML-14")
@pytest.mark.parametrize(
    ("parse", "text"),
    [
        *((Length.parse, text) for text in CASES["refused lengths"]),
        *((MultiLength.parse, text) for text in CASES["refused multi-lengths"]),
        *((Coords.parse, text) for text in CASES["refused coordinates"]),
        *((MultiLengths.parse, text) for text in ["", ",", "1,,2", "a"]),
        *((Color.parse, text) for text in CASES["refused colors"]),
    ],
)
def test_what_is_no_value_is_refused_with_what_was_expected(parse: Any, text: str) -> None:
    with pytest.raises(SyntaxFault, match="expected"):
        parse(text)


@pytest.mark.parametrize("value", [-1, 10**9, 1.5, True, None])
def test_what_is_no_length_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="is no length"):
        Length(value)
    with pytest.raises(ValueError, match="is no length"):
        MultiLength(value)


def test_units_and_parts_of_colors_are_checked() -> None:
    with pytest.raises(HtmlValueFault, match="'px' is no unit"):
        MultiLength(1, "px")
    for part in (-1, 256, True, 1.0):
        with pytest.raises(HtmlValueFault, match="is no part of a color"):
            Color(0, 0, part)  # type: ignore[arg-type]


@pytest.mark.spec("HTML-010")
@pytest.mark.feature("F-HTML-14")
@pytest.mark.parametrize(("value", "percent", "dimension", "pixels"), CASES["resolved"])
def test_a_length_is_resolved(value: int, percent: bool, dimension: int | None, pixels: float) -> None:
    assert Length(value, percent).resolve(dimension) == pytest.approx(pixels)


@pytest.mark.spec("HTML-010")
def test_a_percentage_of_nothing_is_refused() -> None:
    with pytest.raises(HtmlValueFault, match="50% of a dimension that is not known"):
        Length(50, percent=True).resolve()


@pytest.mark.spec("HTML-011")
@pytest.mark.feature("F-HTML-14")
def test_lengths_of_one_kind_are_added() -> None:
    length = Length(3)
    length += 4
    length += Length(5)
    assert (length, 1 + length) == (Length(12), Length(13))
    assert sum([Length(1), Length(2)]) == Length(3)
    assert Length(1, percent=True) + Length(2, percent=True) == Length(3, percent=True)
    for one, other in ((Length(1), Length(1, percent=True)), (Length(1, percent=True), 1)):
        with pytest.raises(ValueError, match="pixels and a percentage cannot be added"):
            _ = one + other
    with pytest.raises(TypeError):
        _ = Length(1) + "1"  # type: ignore[operator]


@pytest.mark.feature("F-HTML-15")
@pytest.mark.parametrize("text", CASES["multi-lengths"])
def test_multi_lengths_come_back(text: str) -> None:
    assert str(MultiLength.parse(text)) == text


@pytest.mark.feature("F-HTML-15")
@pytest.mark.parametrize("text", CASES["lists of multi-lengths"])
def test_lists_of_multi_lengths_come_back(text: str) -> None:
    assert str(MultiLengths.parse(text)) == text
    assert MultiLengths.parse(text.replace(",", " , ")) == MultiLengths(text.split(","))


@pytest.mark.feature("F-HTML-15")
@pytest.mark.parametrize(("text", "space", "parts"), CASES["divided"])
def test_a_space_is_divided(text: str, space: int, parts: list[float]) -> None:
    assert MultiLengths.parse(text).resolve(space) == pytest.approx(parts)


@pytest.mark.spec("HTML-012")
@pytest.mark.feature("F-HTML-16")
@pytest.mark.parametrize(("text", "count"), CASES["coordinates"])
def test_coordinates_are_a_list_of_lengths(text: str, count: int) -> None:
    coords = Coords.parse(text)
    assert len(coords) == count
    assert str(coords) == "".join(text.split())
    assert coords == Coords("".join(text.split()).split(",") if count else ())


@pytest.mark.spec("HTML-012")
@pytest.mark.feature("F-HTML-16")
def test_coordinates_are_made_of_what_lengths_are_and_give_others() -> None:
    coords = Coords([1, "2%", Length(3)])
    assert str(coords) == "1,2%,3"
    assert coords[1] == Length(2, percent=True)
    assert str(coords.replaced(0, "5%")) == "5%,2%,3"
    assert str(coords) == "1,2%,3"
    with pytest.raises(IndexError):
        coords.replaced(3, 1)
    with pytest.raises(SyntaxFault):
        coords.replaced(0, "x")


HITS = [
    (case, point, expected)
    for case in CASES["hits"]
    for expected, key in ((True, "inside"), (False, "outside"))
    for point in case[key]
]


@pytest.mark.spec("HTML-013", "HTML-014", "HTML-015")
@pytest.mark.feature("F-HTML-16")
@pytest.mark.parametrize(("case", "point", "expected"), HITS, ids=lambda part: str(part)[:40])
def test_hits_count_the_border_in(case: dict[str, Any], point: list[float], expected: bool) -> None:
    area = Area(case["shape"], Coords.parse(case["coords"]))
    assert area.contains(*point, width=case.get("width"), height=case.get("height")) is expected


@pytest.mark.feature("F-HTML-16")
@pytest.mark.parametrize(("shape", "coords"), CASES["shapes that do not fit"])
def test_a_shape_and_its_coordinates_must_fit(shape: str, coords: str) -> None:
    with pytest.raises(HtmlValueFault, match=r"is no shape|has \d coordinates \(give "):
        Area(shape, Coords.parse(coords))


@pytest.mark.parametrize("given", [{}, {"width": 5}, {"height": 5}])
def test_a_percentage_needs_its_dimension(given: dict[str, float]) -> None:
    with pytest.raises(HtmlValueFault, match="a dimension that is not known"):
        Area("circle", Coords.parse("1,1,50%")).contains(1, 1, **given)


POINTS = st.tuples(st.integers(0, 20), st.integers(0, 20))


@settings(max_examples=50)
@given(st.lists(POINTS, min_size=3, max_size=7), st.integers(0, 6))
def test_corners_and_the_middles_of_sides_are_in_a_polygon(corners: list[tuple[int, int]], turn: int) -> None:
    area = Area("poly", Coords(part for corner in corners for part in corner))
    turned = corners[turn % len(corners) :] + corners[: turn % len(corners)]
    other = Area("poly", Coords(part for corner in turned[::-1] for part in corner))
    for (x1, y1), (x2, y2) in zip(corners, [*corners[1:], corners[0]], strict=True):
        assert area.contains(x1, y1)
        assert area.contains(Fraction(x1 + x2, 2), Fraction(y1 + y2, 2))  # type: ignore[arg-type]
    for x in range(0, 21, 5):
        assert [area.contains(x, y) for y in range(21)] == [other.contains(x, y) for y in range(21)]


@settings(max_examples=100)
@given(st.lists(LENGTHS, max_size=8))
def test_any_coordinates_come_back(lengths: list[Length]) -> None:
    assert Coords.parse(str(Coords(lengths))) == Coords(lengths)
    assert [Length.parse(str(length)) for length in lengths] == lengths


@pytest.mark.feature("F-HTML-17")
@pytest.mark.parametrize(("text", "parts"), CASES["colors"])
def test_colors_are_read(text: str, parts: list[int]) -> None:
    assert Color.parse(text) == Color(*parts)


@pytest.mark.feature("F-HTML-17")
@pytest.mark.parametrize(("text", "color"), CASES["legacy colors"])
def test_any_text_is_a_color_as_browsers_have_it(text: str, color: str | None) -> None:
    found = Color.parse_legacy(text)
    assert (found and str(found)) == color


@pytest.mark.feature("F-HTML-17")
def test_colors_with_names_know_them() -> None:
    assert len(COLOR_NAMES) == 148
    assert all(Color.parse(name) == color == Color.parse(str(color)) for name, color in COLOR_NAMES.items())
    assert (Color(0, 255, 255).name, Color(128, 128, 128).name, Color(1, 2, 3).name) == ("aqua", "gray", None)


@given(st.text(max_size=140))
def test_browsers_refuse_no_color(text: str) -> None:
    found = Color.parse_legacy(text)
    assert found is None or Color.parse(str(found)) == found


@pytest.mark.spec("HTML-016")
@pytest.mark.feature("F-HTML-25")
@pytest.mark.parametrize(
    ("text", "uri"),
    [
        ("http://e.example/caf\u00e9?\u20ac#\U0001f600", "http://e.example/caf%C3%A9?%E2%82%AC#%F0%9F%98%80"),
        ("a%20b%C3%A9", "a%20b%C3%A9"),
        (" a.html\n", "a.html"),
        ("?a=1&b=2", "?a=1&b=2"),
        ("", ""),
    ],
)
def test_links_are_read_and_written(text: str, uri: str) -> None:
    link = parse_link(text)
    assert isinstance(link, URI)
    assert format_link(link) == uri
    assert parse_link(format_link(link)) == link


@pytest.mark.spec("HTML-016")
@pytest.mark.feature("F-HTML-25")
def test_blanks_in_links_are_mended_on_request_only() -> None:
    with pytest.raises(SyntaxFault, match="position 1"):
        parse_link("a b")
    assert format_link(parse_link("a b{c}|", mend=True)) == "a%20b%7Bc%7D%7C"
