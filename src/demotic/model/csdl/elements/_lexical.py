"""What CSDL's elements share: their namespaces, the lexical types of their attributes, names and facets.

OData CSDL XML 4.01, sections 2 and 7.2.
"""

from __future__ import annotations

from typing import Final

from demotic import syntax
from demotic.errors import SyntaxFault
from demotic.xml import Bound, Lexical, attribute, boolean

EDMX: Final = "http://docs.oasis-open.org/odata/ns/edmx"
EDM: Final = "http://docs.oasis-open.org/odata/ns/edm"


def _parse_max_length(value: str) -> int:
    return -1 if value.strip().lower() == "max" else syntax.parse_integer(value.strip(), 0)


def _parse_scale(value: str) -> int | str:
    word = value.strip().lower()
    return word if word in ("variable", "floating") else syntax.parse_integer(word, 0)


def _parse_srid(value: str) -> str:
    word = value.strip().lower()
    return word if word == "variable" else str(syntax.parse_integer(word, 0))


def _parse_non_negative(value: str) -> int:
    return syntax.parse_integer(value.strip(), 0)


def _parse_version(value: str) -> str:
    if value in ("4.0", "4.01"):
        return value
    raise SyntaxFault("'4.0' or '4.01'", value, 0, hint="other versions of CSDL are not read")


MAX_LENGTH: Final = Lexical(_parse_max_length, lambda n: "max" if n < 0 else str(n), "a length or 'max'")
SCALE: Final = Lexical(_parse_scale, str, "a number, 'variable' or 'floating'")
SRID: Final = Lexical(_parse_srid, str, "a number or 'variable'")
VERSION: Final = Lexical(_parse_version, str, "'4.0' or '4.01'")
SIZE: Final = Lexical(_parse_non_negative, str, "a non-negative integer")


class Named(Bound):
    """What has a name."""

    Name = attribute("Name", required=True)


class Faceted(Bound):
    """What has facets (section 7.2)."""

    MaxLength = attribute("MaxLength", type=MAX_LENGTH)
    Precision = attribute("Precision", type=SIZE)
    Scale = attribute("Scale", type=SCALE)
    Unicode = attribute("Unicode", type=boolean)
    SRID = attribute("SRID", type=SRID)


class Typed(Faceted):
    """What has a type; nullability unstated is `None`."""

    Type = attribute("Type", required=True)
    Nullable = attribute("Nullable", type=boolean)
