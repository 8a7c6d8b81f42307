"""The types of attribute values: what each reads and writes, and the enumerations as Python has them.

Specifications: QTI 3.0 ASI information model, section 4 (data types); QTI 2.1 information model, section "Basic Data
Types". Text is read generously (blanks around it, `pre-formatted` in its three spellings) and written in one form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Final, Self, TypeVar

from demotic.errors import SyntaxFault
from demotic.xml import Lexical, double, integer, names, string
from demotic.xml.html.values import Coords as HtmlCoords
from demotic.xml.html.values import Length

__all__ = [
    "IDENTIFIER", "BaseType", "Cardinality", "Coordinate", "Coords", "MathFunction", "NavigationMode",
    "Orientation", "Ref", "RoundingMode", "Shape", "ShowHide", "Statistic", "SubmissionMode", "TestFeedbackAccess",
    "TextFormat", "ToleranceMode", "View",
    "boolean", "coordinates", "double", "float_or_ref", "ident", "integer", "integer_or_name",
    "integer_or_ref", "member_of", "names",
    "numbers_or_refs", "point", "ref_or_string", "string", "token", "views",
]  # fmt: skip

T = TypeVar("T")
M = TypeVar("M", bound=StrEnum)


class Cardinality(StrEnum):
    """How many values a variable holds, and whether their order counts."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    ORDERED = "ordered"
    RECORD = "record"


class BaseType(StrEnum):
    """The type of a single value."""

    BOOLEAN = "boolean"
    DIRECTED_PAIR = "directedPair"
    DURATION = "duration"
    FILE = "file"
    FLOAT = "float"
    IDENTIFIER = "identifier"
    INTEGER = "integer"
    PAIR = "pair"
    POINT = "point"
    STRING = "string"
    URI = "uri"


class Shape(StrEnum):
    """The shape of an area."""

    CIRCLE = "circle"
    DEFAULT = "default"
    ELLIPSE = "ellipse"
    POLY = "poly"
    RECT = "rect"


class ShowHide(StrEnum):
    """Whether a matching identifier shows content or hides it."""

    SHOW = "show"
    HIDE = "hide"


class View(StrEnum):
    """Who looks."""

    AUTHOR = "author"
    CANDIDATE = "candidate"
    PROCTOR = "proctor"
    SCORER = "scorer"
    TEST_CONSTRUCTOR = "testConstructor"
    TUTOR = "tutor"


class Orientation(StrEnum):
    """Along which axis."""

    HORIZONTAL = "horizontal"
    VERTICAL = "vertical"


class TextFormat(StrEnum):
    """What kind of text is expected."""

    PLAIN = "plain"
    PREFORMATTED = "preformatted"
    XHTML = "xhtml"


class NavigationMode(StrEnum):
    """Whether candidates may move freely."""

    LINEAR = "linear"
    NONLINEAR = "nonlinear"


class SubmissionMode(StrEnum):
    """Whether responses are submitted one by one or all at the end."""

    INDIVIDUAL = "individual"
    SIMULTANEOUS = "simultaneous"


class TestFeedbackAccess(StrEnum):
    """When test feedback is shown."""

    AT_END = "atEnd"
    DURING = "during"


class ToleranceMode(StrEnum):
    """What numbers count as equal."""

    EXACT = "exact"
    ABSOLUTE = "absolute"
    RELATIVE = "relative"


class RoundingMode(StrEnum):
    """What figures are counted when rounding."""

    SIGNIFICANT_FIGURES = "significantFigures"
    DECIMAL_PLACES = "decimalPlaces"


class Statistic(StrEnum):
    """The functions of `qti-stats-operator`."""

    MEAN = "mean"
    SAMPLE_VARIANCE = "sampleVariance"
    SAMPLE_SD = "sampleSD"
    POP_VARIANCE = "popVariance"
    POP_SD = "popSD"


class MathFunction(StrEnum):
    """The functions of `qti-math-operator`."""

    SIN = "sin"
    COS = "cos"
    TAN = "tan"
    SEC = "sec"
    CSC = "csc"
    COT = "cot"
    ASIN = "asin"
    ACOS = "acos"
    ATAN = "atan"
    ATAN2 = "atan2"
    ASEC = "asec"
    ACSC = "acsc"
    ACOT = "acot"
    SINH = "sinh"
    COSH = "cosh"
    TANH = "tanh"
    SECH = "sech"
    CSCH = "csch"
    COTH = "coth"
    LOG = "log"
    LN = "ln"
    EXP = "exp"
    ABS = "abs"
    SIGNUM = "signum"
    FLOOR = "floor"
    CEIL = "ceil"
    TO_DEGREES = "toDegrees"
    TO_RADIANS = "toRadians"


class Ref(str):
    """The name of a variable in a place where a number or a string may stand: its value is looked up when needed."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"Ref({str(self)!r})"


_BLANKS: Final = " \t\r\n"
# NCName (Namespaces in XML 1.0, section 3), loosely for the letters beyond ASCII, whose exact ranges xml/characters
# has.
IDENTIFIER: Final = re.compile(r"[^\W\d][\w.\-\u00b7]*")


def member_of(kind: type[M], also: Mapping[str, M] | None = None) -> Lexical[M]:
    """Return the type of an enumeration's words; `also` maps further spellings to members."""
    known: dict[str, M] = {str(member): member for member in kind} | dict(also or {})
    meaning = "one of " + ", ".join(kind)

    def parse(text: str) -> M:
        found = known.get(text) or known.get(text.strip(_BLANKS))
        if found is None:
            raise SyntaxFault(meaning, text, 0)
        return found

    return Lexical(parse, str, meaning)


def _parse_boolean(text: str) -> bool:
    found = _BOOLEANS.get(text)
    if found is None:
        found = _BOOLEANS.get(text.strip(_BLANKS))
        if found is None:
            raise SyntaxFault("true or false", text, 0)
    return found


_BOOLEANS: Final = {"true": True, "false": False, "1": True, "0": False}
boolean: Final[Lexical[bool]] = Lexical(_parse_boolean, lambda value: "true" if value else "false", "true or false")


def _parse_identifier(text: str) -> str:
    if IDENTIFIER.fullmatch(text):
        return text
    trimmed = text.strip(_BLANKS)
    if not IDENTIFIER.fullmatch(trimmed):
        raise SyntaxFault("an identifier (a letter or '_', then letters, digits, '-', '_' and '.')", text, 0)
    return trimmed


ident: Final[Lexical[str]] = Lexical(_parse_identifier, str, "an identifier")
token: Final[Lexical[str]] = Lexical(lambda text: text.strip(_BLANKS), str, "a word")


def _parse_ref(text: str) -> Ref:
    inner = text[1:-1] if text.startswith("{") and text.endswith("}") else text
    return Ref(_parse_identifier(inner))


def _or_ref(type: Lexical[T], meaning: str) -> Lexical[T | Ref]:
    def parse(text: str) -> T | Ref:
        try:
            return type.parse(text)
        except SyntaxFault:
            try:
                return _parse_ref(text.strip(_BLANKS))
            except SyntaxFault:
                raise SyntaxFault(meaning, text, 0) from None

    def format(value: T | Ref) -> str:
        return "{" + value + "}" if isinstance(value, Ref) else type.format(value)

    return Lexical(parse, format, meaning)


def _bare_or_ref(type: Lexical[T], meaning: str) -> Lexical[T | Ref]:
    """Return the same for places whose schema type is a name, where braces are not allowed."""
    inner = _or_ref(type, meaning)
    return Lexical(inner.parse, lambda value: str(value) if isinstance(value, Ref) else type.format(value), meaning)


integer_or_ref: Final = _or_ref(integer, "an integer, or a variable's name in braces")
# The schemas want a bare name in a few places, where braces are common all the same.
integer_or_name: Final = _bare_or_ref(integer, "an integer, or a variable's name")
float_or_ref: Final = _or_ref(double, "a number, or a variable's name in braces")


def _parse_string_or_ref(text: str) -> str | Ref:
    if len(text) > 2 and text[0] == "{" and text[-1] == "}" and IDENTIFIER.fullmatch(text[1:-1]):
        return Ref(text[1:-1])
    return text


ref_or_string: Final[Lexical[str | Ref]] = Lexical(
    _parse_string_or_ref,
    lambda value: "{" + value + "}" if isinstance(value, Ref) else value,
    "a text, or a variable's name in braces",
)


def _words(type: Lexical[T], meaning: str) -> Lexical[tuple[T, ...]]:
    parse: Callable[[str], T] = type.parse
    return Lexical(
        lambda text: tuple(parse(word) for word in text.split()),
        lambda value: " ".join(map(type.format, value)),
        meaning,
    )


numbers_or_refs: Final = _words(float_or_ref, "numbers with blanks between them")
views: Final[Lexical[tuple[View, ...]]] = _words(member_of(View, {"test-constructor": View.TEST_CONSTRUCTOR}), "views")
_SEPARATORS: Final = re.compile(r"[\s,]+")


class Coordinate(Length):
    """A number of pixels or a percentage that may be negative, which HTML's lengths are not.

    The corner of a polygon or the center of a circle may lie beyond the edge of the image.
    """

    __slots__ = ()

    def __post_init__(self) -> None:
        Length(abs(self.value), self.percent)  # its limits hold on both sides of 0

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `nn` or `nn%`, with a minus before it if it is negative; or raise `SyntaxFault`."""
        length = Length.parse(text.removeprefix("-"))
        return cls(-length.value if text.startswith("-") else length.value, length.percent)

    @classmethod
    def of(cls, value: Length | int | str) -> Coordinate:
        """Return a length as a coordinate, a number as pixels, and a text as `parse` reads it."""
        if isinstance(value, Length):
            return cls(value.value, value.percent)
        return cls.parse(value) if isinstance(value, str) else cls(value)


class Coords(HtmlCoords):
    """A list of coordinates: x and y in turn. It never changes; `replaced` gives another.

    >>> str(Coords.parse("10, -10 ,50%")), Coords((1, "-2%"))[1].value
    ('10,-10,50%', -2)
    """

    __slots__ = ()

    def __new__(cls, items: Iterable[Length | int | str] = ()) -> Self:
        return super().__new__(cls, map(Coordinate.of, items))


def _parse_coords(text: str) -> Coords:
    # The schemas want commas alone; blanks between the numbers are common in the field and cannot mean anything else.
    trimmed = text.strip(_BLANKS + ",")
    return Coords(_SEPARATORS.split(trimmed)) if trimmed else Coords()


coordinates: Final[Lexical[Coords]] = Lexical(_parse_coords, str, "numbers with commas between them")


def _parse_point(text: str) -> tuple[int, int]:
    words = text.split()
    if len(words) != 2:
        raise SyntaxFault("two integers with a blank between them", text, 0)
    return integer.parse(words[0]), integer.parse(words[1])


point: Final[Lexical[tuple[int, int]]] = Lexical(_parse_point, lambda value: f"{value[0]} {value[1]}", "two integers")
