"""The built-in types (XSD 1.1 part 2, sections 3.2 to 3.4), each under its own name.

Two have an underscore here, so that Python's `float` and `int` stay what they are; the package offers them without.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final, TypeVar

from demotic.errors import SyntaxFault
from demotic.syntax.unicode import is_name, is_nc_name, is_nmtoken
from demotic.syntax.xsd._derive import list_of
from demotic.syntax.xsd._type import SimpleType, WhiteSpace
from demotic.syntax.xsd.values._date_literals import MOMENTS
from demotic.syntax.xsd.values._dates import Date, DateTime, Day, Month, MonthDay, Time, Year, YearMonth
from demotic.syntax.xsd.values._duration import DAY_TIME_DURATION, DURATION, YEAR_MONTH_DURATION, Duration
from demotic.syntax.xsd.values._floats import DOUBLE, FLOAT
from demotic.syntax.xsd.values._numbers import BOOLEAN, DECIMAL, INTEGER
from demotic.syntax.xsd.values._space import Context, ValueSpace
from demotic.syntax.xsd.values._texts import (
    ANY_URI,
    BASE64_BINARY,
    HEX_BINARY,
    QNAME,
    STRING,
    ExpandedName,
)
from demotic.syntax.xsd.values._texts import (
    NOTATION as NOTATION_SPACE,
)

__all__ = [
    "BUILT_IN",
    "ENTITIES",
    "ENTITY",
    "ID",
    "IDREF",
    "IDREFS",
    "NMTOKEN",
    "NMTOKENS",
    "NOTATION",
    "NCName",
    "Name",
    "QName",
    "anyAtomicType",
    "anySimpleType",
    "anyURI",
    "base64Binary",
    "boolean",
    "byte",
    "date",
    "dateTime",
    "dateTimeStamp",
    "dayTimeDuration",
    "decimal",
    "double",
    "duration",
    "float_",
    "gDay",
    "gMonth",
    "gMonthDay",
    "gYear",
    "gYearMonth",
    "hexBinary",
    "int_",
    "integer",
    "language",
    "long",
    "negativeInteger",
    "nonNegativeInteger",
    "nonPositiveInteger",
    "normalizedString",
    "positiveInteger",
    "short",
    "string",
    "time",
    "token",
    "unsignedByte",
    "unsignedInt",
    "unsignedLong",
    "unsignedShort",
    "yearMonthDuration",
]

T = TypeVar("T")

anySimpleType: Final[SimpleType[str]] = SimpleType(
    "anySimpleType", None, space=STRING, white_space="preserve", is_special=True
)
anyAtomicType: Final[SimpleType[str]] = replace(anySimpleType, name="anyAtomicType", base=anySimpleType, meaning="")


def _primitive(name: str, space: ValueSpace[T], white_space: WhiteSpace = "collapse") -> SimpleType[T]:
    return SimpleType(name, anyAtomicType, space=space, white_space=white_space)


def _derived(base: SimpleType[Any], name: str, space: ValueSpace[T]) -> SimpleType[T]:
    return replace(base, name=name, base=base, space=space, meaning="")


string: Final[SimpleType[str]] = _primitive("string", STRING, "preserve")
boolean: Final[SimpleType[bool]] = _primitive("boolean", BOOLEAN)
decimal: Final[SimpleType[Decimal]] = _primitive("decimal", DECIMAL)
float_: Final[SimpleType[float]] = _primitive("float", FLOAT)
double: Final[SimpleType[float]] = _primitive("double", DOUBLE)
duration: Final[SimpleType[Duration]] = _primitive("duration", DURATION)
dateTime: Final[SimpleType[DateTime]] = _primitive("dateTime", MOMENTS["dateTime"])
time: Final[SimpleType[Time]] = _primitive("time", MOMENTS["time"])
date: Final[SimpleType[Date]] = _primitive("date", MOMENTS["date"])
gYearMonth: Final[SimpleType[YearMonth]] = _primitive("gYearMonth", MOMENTS["gYearMonth"])
gYear: Final[SimpleType[Year]] = _primitive("gYear", MOMENTS["gYear"])
gMonthDay: Final[SimpleType[MonthDay]] = _primitive("gMonthDay", MOMENTS["gMonthDay"])
gDay: Final[SimpleType[Day]] = _primitive("gDay", MOMENTS["gDay"])
gMonth: Final[SimpleType[Month]] = _primitive("gMonth", MOMENTS["gMonth"])
hexBinary: Final[SimpleType[bytes]] = _primitive("hexBinary", HEX_BINARY)
base64Binary: Final[SimpleType[bytes]] = _primitive("base64Binary", BASE64_BINARY)
anyURI: Final[SimpleType[str]] = _primitive("anyURI", ANY_URI)
QName: Final[SimpleType[ExpandedName]] = _primitive("QName", QNAME)
NOTATION: Final[SimpleType[ExpandedName]] = _primitive("NOTATION", NOTATION_SPACE)

_is_language: Final = re.compile(r"[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*").fullmatch


def _lexical(base: SimpleType[str], name: str, is_good: Callable[[str], object], expected: str) -> SimpleType[str]:
    """Return a type of strings of a form: the patterns of 3.4, without the cost of patterns."""

    def parse(text: str, _: Context) -> str:
        if not is_good(text):
            raise SyntaxFault(expected, text, 0)
        return text

    def holds(value: object) -> bool:
        return isinstance(value, str) and bool(is_good(value))

    return _derived(base, name, replace(STRING, parse=parse, holds=holds))


def _parse_entity(text: str, context: Context) -> str:
    name = NCName.parse(text)
    if context.entities is not None and name not in context.entities:
        raise SyntaxFault("the name of an unparsed entity that is declared", text, 0)
    return name


normalizedString: Final[SimpleType[str]] = _derived(
    replace(string, white_space="replace"),
    "normalizedString",
    replace(STRING, holds=lambda value: STRING.holds(value) and not re.search("[\t\r\n]", str(value))),
)
token: Final[SimpleType[str]] = _derived(
    replace(normalizedString, white_space="collapse"),
    "token",
    replace(STRING, holds=lambda value: STRING.holds(value) and not re.search("[\t\r\n]|^ |  | $", str(value))),
)
language: Final = _lexical(token, "language", _is_language, "a language tag such as en-US")
NMTOKEN: Final = _lexical(token, "NMTOKEN", is_nmtoken, "characters of names")
Name: Final = _lexical(token, "Name", is_name, "a name of XML")
NCName: Final = _lexical(Name, "NCName", is_nc_name, "a name of XML without a colon")
ID: Final = _derived(NCName, "ID", NCName.space or STRING)
IDREF: Final = _derived(NCName, "IDREF", NCName.space or STRING)
ENTITY: Final[SimpleType[str]] = _derived(NCName, "ENTITY", replace(NCName.space or STRING, parse=_parse_entity))


def _tokens(name: str, item: SimpleType[str]) -> SimpleType[tuple[str, ...]]:
    return list_of(item).restrict(name, minLength=1)


NMTOKENS: Final = _tokens("NMTOKENS", NMTOKEN)
IDREFS: Final = _tokens("IDREFS", IDREF)
ENTITIES: Final = _tokens("ENTITIES", ENTITY)

integer: Final[SimpleType[int]] = replace(_derived(decimal, "integer", INTEGER), facets={"fractionDigits": 0})
nonPositiveInteger: Final = integer.restrict("nonPositiveInteger", maxInclusive=0)
negativeInteger: Final = nonPositiveInteger.restrict("negativeInteger", maxInclusive=-1)
nonNegativeInteger: Final = integer.restrict("nonNegativeInteger", minInclusive=0)
positiveInteger: Final = nonNegativeInteger.restrict("positiveInteger", minInclusive=1)
long: Final = integer.restrict("long", minInclusive=-(2**63), maxInclusive=2**63 - 1)
int_: Final = long.restrict("int", minInclusive=-(2**31), maxInclusive=2**31 - 1)
short: Final = int_.restrict("short", minInclusive=-(2**15), maxInclusive=2**15 - 1)
byte: Final = short.restrict("byte", minInclusive=-(2**7), maxInclusive=2**7 - 1)
unsignedLong: Final = nonNegativeInteger.restrict("unsignedLong", maxInclusive=2**64 - 1)
unsignedInt: Final = unsignedLong.restrict("unsignedInt", maxInclusive=2**32 - 1)
unsignedShort: Final = unsignedInt.restrict("unsignedShort", maxInclusive=2**16 - 1)
unsignedByte: Final = unsignedShort.restrict("unsignedByte", maxInclusive=2**8 - 1)

yearMonthDuration: Final[SimpleType[Duration]] = _derived(duration, "yearMonthDuration", YEAR_MONTH_DURATION)
dayTimeDuration: Final[SimpleType[Duration]] = _derived(duration, "dayTimeDuration", DAY_TIME_DURATION)
dateTimeStamp: Final = dateTime.restrict("dateTimeStamp", explicitTimezone="required")

BUILT_IN: Final[dict[str, SimpleType[Any]]] = {
    found.name: found for found in list(globals().values()) if isinstance(found, SimpleType)
}
"""All built-in types by name."""
