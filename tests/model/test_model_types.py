"""The table of primitive types: every row read and written, and what each refuses."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

import msgspec
import pytest

from demotic.errors import InvalidInput, SyntaxFault
from demotic.model import INTEGER_RANGES, PRIMITIVES, primitive_type

GUID = "01234567-89ab-cdef-0123-456789abcdef"
POINT = {"type": "Point", "coordinates": [142.1, 64.1]}

# type, lexical form, native value, JSON, JSON with IEEE754Compatible=true
FORMS = [
    ("Binary", "AQL_", b"\x01\x02\xff", "AQL_", "AQL_"),
    ("Boolean", "true", True, True, True),
    ("Byte", "255", 255, 255, 255),
    ("Date", "2024-02-29", date(2024, 2, 29), "2024-02-29", "2024-02-29"),
    (
        "DateTimeOffset",
        "2024-02-29T12:00:00.5Z",
        datetime(2024, 2, 29, 12, 0, 0, 500000, UTC),
        "2024-02-29T12:00:00.500000Z",
        "2024-02-29T12:00:00.500000Z",
    ),
    ("Decimal", "-12.50", Decimal("-12.50"), -12.5, "-12.50"),
    ("Decimal", "NaN", Decimal("NaN"), "NaN", "NaN"),
    ("Double", "1.5", 1.5, 1.5, 1.5),
    ("Double", "INF", float("inf"), "INF", "INF"),
    ("Duration", "P1DT2H", timedelta(days=1, hours=2), "P1DT2H", "P1DT2H"),
    ("Guid", GUID, UUID(GUID), GUID, GUID),
    ("Int16", "-32768", -32768, -32768, -32768),
    ("Int32", "2147483647", 2147483647, 2147483647, 2147483647),
    ("Int64", "9223372036854775807", 9223372036854775807, 9223372036854775807, "9223372036854775807"),
    ("SByte", "-128", -128, -128, -128),
    ("Single", "-INF", float("-inf"), "-INF", "-INF"),
    ("Stream", "AQL_", b"\x01\x02\xff", "AQL_", "AQL_"),
    ("String", "O'Neil", "O'Neil", "O'Neil", "O'Neil"),
    ("TimeOfDay", "07:59:59", time(7, 59, 59), "07:59:59", "07:59:59"),
    ("GeographyPoint", "SRID=4326;Point(142.1 64.1)", POINT, POINT, POINT),
]


@pytest.mark.spec("OD-066")
@pytest.mark.parametrize(("name", "text", "value", "json", "exact"), FORMS)
def test_a_value_has_one_text_one_json_and_one_exact_json_form(name, text, value, json, exact) -> None:
    kind = PRIMITIVES[name]
    assert isinstance(value, kind.python)
    assert kind.format(value) == text
    assert same(kind.parse(text), value)
    for convert, expected in ((kind.json, json), (kind.json_exact, exact)):
        carried = value if convert is None else convert(value)
        encoded = msgspec.json.decode(msgspec.json.Encoder(decimal_format="number").encode(carried))
        assert encoded == expected
        assert same(kind.from_json(encoded), value)


def same(left: object, right: object) -> bool:
    return type(left) is type(right) and (left == right or (left != left and right != right))


def test_the_table_names_every_primitive_type_with_and_without_prefix() -> None:
    assert {name for name in PRIMITIVES if not name.startswith("Geo")} == {form[0] for form in FORMS} - {
        "GeographyPoint"
    }
    assert all(primitive_type(kind.qualified_name) is kind is primitive_type(name) for name, kind in PRIMITIVES.items())
    assert primitive_type("Edm.DateTime") is None


@pytest.mark.parametrize("name", INTEGER_RANGES)
def test_integers_end_where_their_type_does(name) -> None:
    least, greatest = INTEGER_RANGES[name]
    assert PRIMITIVES[name].parse(str(least)) == least
    for outside in (least - 1, greatest + 1):
        with pytest.raises(SyntaxFault, match=f"from {least} to {greatest}"):
            PRIMITIVES[name].parse(str(outside))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Boolean", "True"),
        ("Int32", "1.0"),
        ("Single", "3.5e38"),
        ("DateTimeOffset", "2024-02-29T12:00:00"),
        ("DateTimeOffset", "0001-01-01T00:00:00+01:00"),
        ("Guid", "{" + GUID + "}"),
        ("GeographyPoint", "Point(1)x"),
        ("GeographyPoint", "LineString(1 2,3 4)"),
        ("GeometryPolygon", "Polygon((1 2,3 4)"),
    ],
)
def test_what_is_no_value_is_refused_with_its_place(name, text) -> None:
    with pytest.raises(SyntaxFault, match="position"):
        PRIMITIVES[name].parse(text)


@pytest.mark.parametrize(
    ("name", "json"),
    [
        ("Int32", "1"),
        ("Int32", True),
        ("Int32", 1.5),
        ("Int32", 2**31),
        ("Boolean", 1),
        ("String", 1),
        ("Double", "1.5"),
        ("Decimal", True),
        ("Date", 20240101),
        ("GeographyPoint", {"type": "LineString", "coordinates": []}),
        ("GeographyPoint", "Point(1 2)"),
    ],
)
def test_json_of_another_form_is_refused(name, json) -> None:
    with pytest.raises(InvalidInput):
        PRIMITIVES[name].from_json(json)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("GeometryLineString", "SRID=0;LineString(1 2,3 4.5)"),
        ("GeometryPolygon", "SRID=12;Polygon((1 2,3 4,5 6,1 2),(1 1,2 2,3 3,1 1))"),
        ("GeographyMultiPoint", "SRID=4326;MultiPoint((1 2),(3 4))"),
        ("GeographyMultiPolygon", "SRID=4326;MultiPolygon(((1 2,3 4,5 6,1 2)))"),
        ("GeographyCollection", "SRID=4326;Collection(Point(1 2),LineString(1 2,3 4))"),
    ],
)
def test_shapes_keep_their_reference_system(name, text) -> None:
    assert PRIMITIVES[name].format(PRIMITIVES[name].parse(text)) == text
