"""Numbers, booleans, GUIDs and binary: text and value in both directions, other spellings, refusals."""

from collections.abc import Callable
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demotic.errors import SyntaxFault
from demotic.syntax import (
    format_binary,
    format_boolean,
    format_decimal,
    format_double,
    format_guid,
    format_integer,
    parse_binary,
    parse_boolean,
    parse_decimal,
    parse_double,
    parse_guid,
    parse_integer,
)

GUID = "01234567-89ab-cdef-0123-456789abcdef"
PAIRS = [
    *((parse_integer, format_integer, *pair) for pair in [("0", 0), ("-42", -42), ("9223372036854775808", 2**63)]),
    *(
        (parse_decimal, format_decimal, text, Decimal(text))
        for text in ("0", "10.0000", "-0.5", "0.000000000000000000001", "123456789012345678901234567890.12", "1e+200")
    ),
    (parse_decimal, format_decimal, "INF", Decimal("Infinity")),
    (parse_decimal, format_decimal, "-INF", Decimal("-Infinity")),
    *((parse_double, format_double, *pair) for pair in [("0.1", 0.1), ("-1.5e-07", -1.5e-7), ("1e+16", 1e16)]),
    (parse_double, format_double, "INF", float("inf")),
    (parse_double, format_double, "-INF", float("-inf")),
    (parse_double, format_double, "5e-324", 5e-324),
    (parse_boolean, format_boolean, "true", True),
    (parse_boolean, format_boolean, "false", False),
    (parse_guid, format_guid, GUID, UUID(GUID)),
    *(
        (parse_binary, format_binary, *pair)
        for pair in [("", b""), ("AQ==", b"\x01"), ("AQI=", b"\x01\x02"), ("AQID", b"\1\2\3")]
    ),
    (parse_binary, format_binary, "-_-_", b"\xfb\xff\xbf"),
]


@pytest.mark.feature("F-SYNTAX-03")
@pytest.mark.parametrize(("parse", "write", "text", "value"), PAIRS)
def test_text_and_value_are_each_others(parse: Callable, write: Callable, text: str, value: object) -> None:
    assert parse(text) == value
    assert write(value) == text
    for junk in (text + "!", " " + text, text + "\n"):
        with pytest.raises(SyntaxFault):
            parse(junk)


@pytest.mark.feature("F-SYNTAX-05")
@pytest.mark.parametrize(
    ("parse", "text", "value"),
    [
        (parse_integer, "+007", 7),
        (parse_decimal, "+1.50", Decimal("1.50")),
        (parse_decimal, "1E3", Decimal(1000)),
        (parse_double, "1", 1.0),
        (parse_double, "1e-9999", 0.0),
        (parse_guid, GUID.upper(), UUID(GUID)),
        (parse_binary, "AQ", b"\x01"),
        (parse_binary, "AQI", b"\x01\x02"),
    ],
)
def test_other_spellings_are_read(parse: Callable, text: str, value: object) -> None:
    assert parse(text) == value


def test_what_is_no_number_reads_and_writes() -> None:
    assert parse_decimal("NaN").is_nan()
    assert parse_double("NaN") != parse_double("NaN")
    assert format_decimal(Decimal("NaN")) == format_decimal(Decimal("sNaN")) == format_double(float("nan")) == "NaN"


@pytest.mark.feature("F-SYNTAX-03")
def test_the_scale_of_a_decimal_is_kept() -> None:
    assert parse_decimal("10.0000").as_tuple().exponent == -4
    assert format_decimal(Decimal("1E+2")) == "100"


def test_digits_are_booleans_only_on_request() -> None:
    assert [parse_boolean("1", digits=True), parse_boolean("0", digits=True)] == [True, False]
    with pytest.raises(SyntaxFault):
        parse_boolean("1")


@pytest.mark.feature("F-SYNTAX-06")
@pytest.mark.parametrize(
    ("parse", "text", "position"),
    [
        (parse_integer, "", 0),
        (parse_integer, "-", 1),
        (parse_integer, "1.0", 1),
        (parse_integer, "1_000", 1),
        (parse_integer, "١", 0),
        (parse_integer, "9" * 5000, 0),
        (parse_decimal, "", 0),
        (parse_decimal, ".5", 0),
        (parse_decimal, "5.", 2),
        (parse_decimal, "1,5", 1),
        (parse_decimal, "1e", 2),
        (parse_decimal, "1e99999", 6),
        (parse_decimal, "inf", 0),
        (parse_decimal, "+INF", 1),
        (parse_decimal, "Infinity", 0),
        (parse_double, "1e999", 0),
        (parse_double, "-1e999", 0),
        (parse_double, "nan", 0),
        (parse_double, "0x1", 1),
        (parse_boolean, "True", 0),
        (parse_boolean, "", 0),
        (parse_guid, "", 0),
        (parse_guid, GUID[:-1], 35),
        (parse_guid, GUID[:-1] + "g", 35),
        (parse_guid, GUID + "0", 36),
        (parse_guid, GUID.replace("-", ""), 8),
        (parse_guid, "{" + GUID + "}", 0),
        (parse_binary, "A", 1),
        (parse_binary, "AQ=", 2),
        (parse_binary, "AQID=", 4),
        (parse_binary, "AR", 1),
        (parse_binary, "AQJ=", 2),
        (parse_binary, "A+/=", 1),
        (parse_binary, "A=QI", 1),
    ],
)
def test_what_is_refused_is_told_by_place(parse: Callable, text: str, position: int) -> None:
    with pytest.raises(SyntaxFault) as fault:
        parse(text)
    assert fault.value.position == position


def test_special_decimals_can_be_refused() -> None:
    with pytest.raises(SyntaxFault):
        parse_decimal("INF", special=False)


@pytest.mark.feature("F-SYNTAX-03")
def test_an_integer_keeps_to_its_bounds() -> None:
    assert [parse_integer(text, 0, 255) for text in ("0", "255")] == [0, 255]
    for text in ("-1", "256"):
        with pytest.raises(SyntaxFault, match="an integer from 0 to 255"):
            parse_integer(text, 0, 255)
    with pytest.raises(SyntaxFault, match="an integer to 5 "):
        parse_integer("6", maximum=5)


@given(st.decimals(allow_nan=False), st.floats(allow_nan=False), st.integers(), st.binary(), st.uuids())
def test_every_value_survives(number: Decimal, double: float, whole: int, binary: bytes, guid: UUID) -> None:
    if not number.is_finite() or abs(number.adjusted()) < 9999:
        assert parse_decimal(format_decimal(number)) == number
    assert parse_double(format_double(double)) == double
    assert parse_integer(format_integer(whole)) == whole
    assert parse_binary(format_binary(binary)) == parse_binary(format_binary(binary).rstrip("=")) == binary
    assert parse_guid(format_guid(guid)) == guid
