"""Geographic and geometric values: GeoJSON objects as native values, well-known text as their bare form.

OData ABNF 4.01 (`fullPointLiteral` and its kin: `SRID=4326;Point(142.1 64.1)`), OData JSON Format 4.01, section 7.1
(GeoJSON, RFC 7946, with a `crs` member naming the coordinate reference system where it is not the default).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from math import isfinite
from typing import Final

from demotic.errors import InvalidInput, SyntaxFault
from demotic.syntax import Scanner

# How many levels of brackets a shape has around its positions.
SHAPES: Final = {
    "Point": 0,
    "LineString": 1,
    "MultiPoint": 1,
    "Polygon": 2,
    "MultiLineString": 2,
    "MultiPolygon": 3,
}
COLLECTION: Final = "GeometryCollection"
DEFAULT_SRID: Final = {"Geography": "4326", "Geometry": "0"}

_SRID: Final = re.compile(r"[Ss][Rr][Ii][Dd]=([0-9]{1,5});")
_NAME: Final = re.compile(r"[A-Za-z]+")
_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[Ee][+-]?[0-9]+)?")
_KEYWORDS: Final = {name.lower(): name for name in (*SHAPES, COLLECTION)} | {"collection": COLLECTION}
_MOST_NESTED: Final = 16
_MEMBERS: Final = frozenset(("type", "coordinates", "geometries", "crs", "bbox"))

GeoJSON = dict[str, object]


def parse_shape(text: str, *, family: str, shape: str) -> GeoJSON:
    """Read `SRID=4326;Point(142.1 64.1)`; `family` is `Geography` or `Geometry`, `shape` the GeoJSON type wanted.

    The reference system stays out of the result where it is the family's default. Raises `SyntaxFault`.
    """
    scanner = Scanner(text)
    found = scanner.match(_SRID)
    value = _shape(scanner, shape, 0)
    if scanner.position != len(text):
        raise scanner.fail("the end")
    srid = found.group(1) if found else DEFAULT_SRID[family]
    if srid.lstrip("0") != DEFAULT_SRID[family].lstrip("0"):
        value["crs"] = {"type": "name", "properties": {"name": f"EPSG:{srid}"}}
    return value


def format_shape(value: GeoJSON, *, family: str) -> str:
    """Return the form that `parse_shape` reads."""
    crs = value.get("crs")
    name = crs["properties"]["name"] if isinstance(crs, dict) else ""
    srid = str(name).rpartition(":")[2] or DEFAULT_SRID[family]
    return f"SRID={srid};{_text(value)}"


def shape_from_json(value: object, *, name: str, shape: str) -> object:
    """Return a GeoJSON object unchanged. Raises `InvalidInput` if it is none, or of another shape."""
    if not isinstance(value, dict) or value.get("type") != shape:
        raise InvalidInput(f"{value!r} is no value of Edm.{name} in JSON", hint=f"write a GeoJSON {shape}")
    member = "geometries" if shape == COLLECTION else "coordinates"
    if not isinstance(value.get(member), list):
        raise InvalidInput(f"a value of Edm.{name} without {member}", hint=f"write a GeoJSON {shape}")
    return value


def checked_shape(value: Mapping[str, object], name: str) -> GeoJSON:
    """Return a GeoJSON object as a value of the type called `name`, such as ``GeographyPoint``. Raises InvalidInput.

    Its coordinates are numbers, two to four to a position, as deep as its shape wants them (RFC 7946, section 3.1).
    """
    shape = name.removeprefix("Geography").removeprefix("Geometry")
    wanted = COLLECTION if shape == "Collection" else shape
    _check_shape(value, wanted, name, 0)
    unknown = [member for member in value if member not in _MEMBERS]
    if unknown:
        raise InvalidInput(f"a value of Edm.{name} has no member {unknown[0]}")
    return dict(value)


def srid_of(value: Mapping[str, object]) -> str | None:
    """Return the number of the reference system that a GeoJSON object names, if it names one."""
    crs = value.get("crs")
    properties = crs.get("properties") if isinstance(crs, Mapping) else None
    name = properties.get("name") if isinstance(properties, Mapping) else None
    return name.rpartition(":")[2] if isinstance(name, str) else None


def _check_shape(value: object, wanted: str | None, name: str, level: int) -> None:
    if not isinstance(value, Mapping) or level > _MOST_NESTED:
        raise InvalidInput(f"{str(value)[:60]} is no value of Edm.{name}", hint=f"give a GeoJSON {wanted or 'object'}")
    shape = value.get("type")
    if shape not in (*SHAPES, COLLECTION) or wanted not in (None, shape):
        raise InvalidInput(f"{shape!r} is not the shape of Edm.{name}", hint=f"give a GeoJSON {wanted or 'object'}")
    if shape == COLLECTION:
        parts = value.get("geometries")
        if not isinstance(parts, (list, tuple)):
            raise InvalidInput(f"a value of Edm.{name} without geometries")
        for part in parts:
            _check_shape(part, None, name, level + 1)
    else:
        _check_coordinates(value.get("coordinates"), SHAPES[str(shape)], name)


def _check_coordinates(value: object, depth: int, name: str) -> None:
    if not isinstance(value, (list, tuple)):
        raise InvalidInput(f"{str(value)[:60]} in a value of Edm.{name}", hint="give coordinates as lists of numbers")
    if depth:
        for item in value:
            _check_coordinates(item, depth - 1, name)
    elif not 2 <= len(value) <= 4 or not all(_is_number(item) for item in value):
        raise InvalidInput(f"{str(value)[:60]} is no position", hint="give two to four numbers, longitude first")


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool) and isfinite(value)


def _shape(scanner: Scanner, wanted: str | None, level: int) -> GeoJSON:
    start = scanner.position
    found = scanner.match(_NAME)
    shape = _KEYWORDS.get(found.group().lower()) if found else None
    if shape is None or wanted not in (None, shape) or level > _MOST_NESTED:
        scanner.position = start
        raise scanner.fail(wanted or f"one of {', '.join(SHAPES)}")
    if shape == COLLECTION:
        return {"type": shape, "geometries": _listed(scanner, lambda: _shape(scanner, None, level + 1))}
    if shape == "Point":
        return {"type": shape, "coordinates": _bracketed_position(scanner)}
    if shape == "MultiPoint":
        return {"type": shape, "coordinates": _listed(scanner, lambda: _bracketed_position(scanner))}
    return {"type": shape, "coordinates": _positions(scanner, SHAPES[shape])}


def _positions(scanner: Scanner, depth: int) -> list[object]:
    inner = (lambda: _position(scanner)) if depth == 1 else (lambda: _positions(scanner, depth - 1))
    return _listed(scanner, inner)


def _listed(scanner: Scanner, item: Callable[[], object]) -> list[object]:
    scanner.expect("(")
    items: list[object] = []
    if scanner.accept(")"):
        return items
    items.append(item())
    while scanner.accept(","):
        items.append(item())
    scanner.expect(")")
    return items


def _bracketed_position(scanner: Scanner) -> list[object]:
    scanner.expect("(")
    position = _position(scanner)
    scanner.expect(")")
    return position


def _position(scanner: Scanner) -> list[object]:
    numbers: list[object] = []
    while not numbers or (len(numbers) < 4 and scanner.accept(" ")):
        found = scanner.match(_NUMBER)
        if found is None:
            raise SyntaxFault("a coordinate", scanner.text, scanner.position)
        numbers.append(float(found.group()))
    return numbers


def _text(value: GeoJSON) -> str:
    shape = str(value["type"])
    if shape == COLLECTION:
        parts = value["geometries"]
        return f"Collection({','.join(_text(part) for part in parts)})" if isinstance(parts, list) else ""
    points = shape in ("Point", "MultiPoint")
    return shape + _coordinates(value["coordinates"], bracketed=points)


def _coordinates(value: object, *, bracketed: bool) -> str:
    if not isinstance(value, list):
        return ""
    if value and not isinstance(value[0], list):
        text = " ".join(repr(float(number)).removesuffix(".0") for number in value)
        return f"({text})" if bracketed else text
    return f"({','.join(_coordinates(item, bracketed=bracketed) for item in value)})"
