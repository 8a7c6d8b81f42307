"""Values against properties: what is coerced, and every way to be refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

import pytest

from demotic.model import (
    PRIMITIVES,
    ComplexType,
    EnumType,
    Facets,
    InvalidValue,
    Property,
    TypeDefinition,
    check_value,
)

COLOUR = EnumType("shop", "Colour", {"Red": 1, "Green": 2}, PRIMITIVES["Int32"])
RIGHTS = EnumType("shop", "Rights", {"Read": 1, "Write": 2}, PRIMITIVES["Int32"], is_flags=True)
ADDRESS = ComplexType(
    "shop", "Address", properties={"City": Property("City", PRIMITIVES["String"], facets=Facets(max_length=3))}
)
WEIGHT = TypeDefinition("shop", "Weight", PRIMITIVES["Decimal"], Facets(precision=3, scale=1))


def prop(kind: object, **given: object) -> Property:
    return Property("p", PRIMITIVES[kind] if isinstance(kind, str) else kind, **given)


ACCEPTED = [
    (prop("Int32"), 5, 5),
    (prop("Int32"), 2**31 - 1, 2**31 - 1),
    (prop("Int32"), -(2**31), -(2**31)),
    (prop("Double"), 5, 5.0),
    (prop("Decimal"), 5, Decimal(5)),
    (prop("Decimal"), 1.1, Decimal("1.1")),
    (prop("Decimal", facets=Facets(precision=5, scale=2)), Decimal("100.00"), Decimal("100.00")),
    (prop("Decimal", facets=Facets(precision=5, scale=2)), Decimal("1.5000"), Decimal("1.5000")),
    (prop("Decimal", facets=Facets(scale="floating")), Decimal("NaN"), Decimal("NaN")),
    (prop("Binary"), bytearray(b"x"), b"x"),
    (prop("String", facets=Facets(max_length=-1)), "x" * 9999, "x" * 9999),
    (
        prop("DateTimeOffset"),
        datetime(2024, 1, 1, 1, tzinfo=timezone(timedelta(hours=1))),
        datetime(2024, 1, 1, tzinfo=UTC),
    ),
    (prop("TimeOfDay", facets=Facets(precision=1)), time(1, 2, 3, 500000), time(1, 2, 3, 500000)),
    (prop("String"), None, None),
    (prop("String", collection=True), ["a", None], ["a", None]),
    (prop(COLOUR), "Red", 1),
    (prop(COLOUR), 2, 2),
    (prop(RIGHTS), "Read,Write", 3),
    (prop(RIGHTS), 0, 0),
    (prop(ADDRESS), {"City": "Ulm"}, {"City": "Ulm"}),
    (prop(ADDRESS), {}, {"City": None}),
    (prop(WEIGHT), Decimal("12.5"), Decimal("12.5")),
]


@pytest.mark.feature("F-MODEL-08")
@pytest.mark.parametrize(("property", "value", "expected"), ACCEPTED)
def test_a_value_comes_back_as_the_native_one(property, value, expected) -> None:
    result = check_value(property, value)
    assert type(result) is type(expected)
    assert str(result) == str(expected)


POINT = {"type": "Point", "coordinates": [9.9, 48.4]}
CRS = {"type": "name", "properties": {"name": "EPSG:3857"}}


@pytest.mark.feature("F-MODEL-08")
@pytest.mark.parametrize(
    ("kind", "srid", "value"),
    [
        ("GeographyPoint", None, POINT),
        ("GeometryPoint", "3857", {**POINT, "crs": CRS}),
        ("GeometryPoint", "variable", {**POINT, "crs": CRS}),
        ("GeographyMultiPolygon", None, {"type": "MultiPolygon", "coordinates": [[[[1, 2], [3, 4], [5, 6.5]]]]}),
        ("GeographyCollection", None, {"type": "GeometryCollection", "geometries": [POINT, POINT]}),
    ],
)
def test_a_shape_is_taken_as_it_is(kind: str, srid: str | None, value: dict[str, object]) -> None:
    assert check_value(prop(kind, facets=Facets(srid=srid)), value) == value


REFUSED = [
    (prop("Int32"), "5", "p: Edm.Int32 takes a whole number, not '5'"),
    (prop("Int32"), True, "whole number"),
    (prop("Int32"), 2**31, "2147483648 is outside -2147483648 to 2147483647"),
    (prop("Int32"), -(2**31) - 1, "is outside"),
    (prop("Byte"), 256, "256 is outside 0 to 255"),
    (prop("Boolean"), 1, "true or false"),
    (prop("Single"), 1e39, "range"),
    (prop("Double"), 10**400, "range"),
    (prop("Date"), datetime(2024, 1, 1, tzinfo=UTC), "a date"),
    (prop("DateTimeOffset"), datetime(2024, 1, 1), "has no zone"),
    (prop("DateTimeOffset"), date(2024, 1, 1), "a date and time"),
    (prop("DateTimeOffset"), datetime.min.replace(tzinfo=timezone(timedelta(hours=1))), "0001 to 9999"),
    (prop("TimeOfDay"), time(1, tzinfo=UTC), "without a zone"),
    (prop("TimeOfDay", facets=Facets(precision=0)), time(1, 2, 3, 5), "finer fraction than 0 digits"),
    (prop("Duration", facets=Facets(precision=3)), timedelta(microseconds=1), "finer fraction"),
    (prop("String", facets=Facets(max_length=2)), "abc", "has 3 characters, at most 2 are allowed"),
    (prop("Binary", facets=Facets(max_length=2)), b"abc", "has 3 bytes"),
    (prop("Decimal", facets=Facets(precision=5, scale=2)), Decimal("1000"), "at most 3 digits"),
    (prop("Decimal", facets=Facets(precision=5, scale=2)), Decimal("0.001"), "at most 2 digits"),
    (prop("Decimal", facets=Facets(precision=3)), Decimal("1234"), "at most 3 digits"),
    (prop("Decimal"), Decimal("NaN"), "floating"),
    (prop(WEIGHT), Decimal("12.55"), "at most 1 digits"),
    (prop("String", nullable=False), None, "must not be null"),
    (prop("String", collection=True), "abc", "takes a list"),
    (prop("String", collection=True, nullable=False), ["a", None], r"p\[1\] must not be null"),
    (prop(COLOUR), "Blue", "'Blue' is no member of Colour"),
    (prop(COLOUR), 3, "3 is no value of Colour"),
    (prop(COLOUR), "Red,Green", "takes one member"),
    (prop(RIGHTS), 4, "4 is no value"),
    (prop(ADDRESS), {"City": "Berlin"}, "p/City has 6 characters"),
    (prop(ADDRESS), {"Town": "Ulm"}, "p has no property Town"),
    (prop(ADDRESS), "Ulm", "takes a mapping"),
    (prop("String", facets=Facets(unicode=False)), "Käse", "p has the character 'ä', only ASCII is allowed"),
    (prop("GeographyPoint"), "Point(1 2)", "a GeoJSON object"),
    (prop("GeographyPoint"), {"type": "LineString", "coordinates": [[1, 2]]}, "not the shape of Edm.GeographyPoint"),
    (prop("GeographyPoint"), {"type": "Point", "coordinates": [1]}, r"\[1\] is no position"),
    (prop("GeographyPoint"), {"type": "Point", "coordinates": [1, "2"]}, "is no position"),
    (prop("GeographyPoint"), {"type": "Point"}, "None in a value of Edm.GeographyPoint"),
    (prop("GeographyPoint"), {**POINT, "colour": "red"}, "no member colour"),
    (prop("GeometryPolygon"), {"type": "Polygon", "coordinates": [[1, 2]]}, "1 in a value of Edm.GeometryPolygon"),
    (prop("GeometryCollection"), {"type": "GeometryCollection"}, "without geometries"),
    (prop("GeometryCollection"), {"type": "GeometryCollection", "geometries": [1]}, "1 is no value"),
    (prop("GeometryPoint", facets=Facets(srid="4326")), {**POINT, "crs": CRS}, "system 3857, only 4326 is allowed"),
]


@pytest.mark.feature("F-MODEL-08")
@pytest.mark.parametrize(("property", "value", "problem"), REFUSED)
def test_what_does_not_fit_is_refused_by_name(property, value, problem) -> None:
    with pytest.raises(InvalidValue, match=problem) as caught:
        check_value(property, value)
    assert caught.value.target.startswith("p")
