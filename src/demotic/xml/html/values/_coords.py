"""Coordinates, and the shapes that they draw on an image, with hit tests.

A point on the border of a shape is in it: where two areas touch, the first in the document answers. Tests are exact,
since they work on fractions.

Specification: HTML 4.01, section 13.6.1 (the area element); HTML Standard, section 4.8.14.1 for what 4.01 leaves open:
the corners of a rectangle in either order, and the even-odd rule for polygons that cross themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from types import MappingProxyType
from typing import Final, Self

from demotic.xml.html.values._length import HtmlValueFault, Length

__all__ = ["SHAPES", "Area", "Coords"]

_Points = tuple[Fraction, ...]


class Coords(tuple[Length, ...]):
    """A list of lengths: x and y in turn. It never changes; `replaced` gives another.

    >>> str(Coords.parse("10, 10 ,50%")), Coords((1, "2%", Length(3)))[1].percent
    ('10,10,50%', True)
    """

    __slots__ = ()

    def __new__(cls, items: Iterable[Length | int | str] = ()) -> Self:
        return super().__new__(cls, (item if isinstance(item, Length) else Length.of(item) for item in items))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read lengths with commas between them, blanks around each allowed; or raise `SyntaxFault`."""
        blank = " \t\r\n\f"
        return cls(item.strip(blank) for item in text.split(",")) if text.strip(blank) else cls()

    def __str__(self) -> str:
        return ",".join(map(str, self))

    def replaced(self, index: int, value: Length | int | str) -> Self:
        """Return the same coordinates with another value at `index`. Raises `IndexError` beyond them."""
        items: list[Length | int | str] = list(self)
        items[index] = value
        return type(self)(items)


def _in_rectangle(points: _Points, x: Fraction, y: Fraction) -> bool:
    left, top, right, bottom = points
    return min(left, right) <= x <= max(left, right) and min(top, bottom) <= y <= max(top, bottom)


def _in_circle(points: _Points, x: Fraction, y: Fraction) -> bool:
    center_x, center_y, radius = points
    return (x - center_x) ** 2 + (y - center_y) ** 2 <= radius**2


def _in_ellipse(points: _Points, x: Fraction, y: Fraction) -> bool:
    center_x, center_y, across, down = points
    if not across or not down:
        return _in_rectangle((center_x - across, center_y - down, center_x + across, center_y + down), x, y)
    return ((x - center_x) / across) ** 2 + ((y - center_y) / down) ** 2 <= 1


def _in_polygon(points: _Points, x: Fraction, y: Fraction) -> bool:
    corners = list(zip(points[::2], points[1::2], strict=True))
    inside = False
    for (x1, y1), (x2, y2) in pairwise([*corners, corners[0]]):
        side = (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)
        if side == 0 and _in_rectangle((x1, y1, x2, y2), x, y):
            return True
        if (y1 > y) != (y2 > y) and (side > 0) == (y2 > y1):
            inside = not inside
    return inside


def _everywhere(points: _Points, x: Fraction, y: Fraction) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class _Shape:
    hit: Callable[[_Points, Fraction, Fraction], bool]
    fits: Callable[[int], bool]
    needs: str


SHAPES: Final[Mapping[str, _Shape]] = MappingProxyType(
    {
        "rect": _Shape(_in_rectangle, lambda count: count == 4, "left, top, right and bottom"),
        "circle": _Shape(_in_circle, lambda count: count == 3, "x and y of the center and a radius"),
        "poly": _Shape(_in_polygon, lambda count: count >= 6 and count % 2 == 0, "x and y of three points or more"),
        "default": _Shape(_everywhere, lambda count: count == 0, "no coordinates"),
        "ellipse": _Shape(_in_ellipse, lambda count: count == 4, "x and y of the center and two radii"),
    }
)
"""What an area may be: HTML's four shapes, and the ellipse that assessment items add."""


@dataclass(frozen=True, slots=True)
class Area:
    """A shape with its coordinates. Raises `HtmlValueFault` if they do not fit each other.

    >>> area = Area("circle", Coords.parse("10,10,50%"))
    >>> area.contains(10, 40, width=60, height=100), area.contains(10, 41, width=60, height=100)
    (True, False)
    """

    shape: str
    coords: Coords = field(default_factory=Coords)

    def __post_init__(self) -> None:
        if self.shape not in SHAPES:
            raise HtmlValueFault(f"{self.shape!r} is no shape", hint=f"shapes are {', '.join(SHAPES)}")
        if not SHAPES[self.shape].fits(len(self.coords)):
            raise HtmlValueFault(
                f"the shape {self.shape!r} has {len(self.coords)} coordinates", hint=f"give {SHAPES[self.shape].needs}"
            )

    def contains(self, x: float, y: float, *, width: float | None = None, height: float | None = None) -> bool:
        """Return whether a point is in the area or on its border; `width` and `height` are what percentages are of.

        A radius in percent is of the smaller of the two. Raises `HtmlValueFault` for a percentage of one not given.
        """
        points = tuple(self._resolved(at, width, height) for at in range(len(self.coords)))
        return SHAPES[self.shape].hit(points, Fraction(x), Fraction(y))

    def _resolved(self, at: int, width: float | None, height: float | None) -> Fraction:
        of: float | None = height if at % 2 else width
        if self.shape == "circle" and at == 2:
            of = None if width is None or height is None else min(width, height)
        length = self.coords[at]
        if length.percent and of is not None:
            return length.value * Fraction(of) / 100
        return Fraction(length.resolve(of))
