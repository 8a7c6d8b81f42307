"""The built-in types: literals, values, canonical literals and refusals, from files; round trips of all values."""

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demotic.errors import InvalidInput
from demotic.syntax import xsd
from demotic.syntax.xsd import Context, DatatypeError, ExpandedName, LiteralFault

HERE = Path(__file__).parent
EXAMPLES = json.loads((HERE / "examples.json").read_text(encoding="utf-8"))
LITERALS = json.loads((HERE / "literals.json").read_text(encoding="utf-8"))
REFUSED = json.loads((HERE / "refused.json").read_text(encoding="utf-8"))
GIF = ExpandedName("urn:p", "gif")
CONTEXT = Context({"p": "urn:p"}, entities={"e", "f"}, notations={GIF})


def _id(case: dict) -> str:
    return f"{case['type']} {case['literal']!r}"


@pytest.mark.spec("XSD-001", "XSD-003", "XSD-007", "XSD-011", "XSD-013")
@pytest.mark.feature("F-XSD-01", "F-XSD-02")
@pytest.mark.parametrize("case", [*EXAMPLES, *LITERALS], ids=_id)
def test_a_literal_is_read_and_written_canonically(case: dict) -> None:
    simple = xsd.BUILT_IN[case["type"]]
    value = simple.parse(case["literal"], CONTEXT)
    assert simple.holds(value)
    assert simple.format(value) == case["canonical"]
    again = simple.parse(case["canonical"], CONTEXT)
    assert again == value or value != value
    assert simple.is_valid(case["literal"], CONTEXT)


@pytest.mark.spec("XSD-001", "XSD-003", "XSD-010", "XSD-011", "XSD-013")
@pytest.mark.feature("F-XSD-03")
@pytest.mark.parametrize("case", REFUSED, ids=_id)
def test_what_is_no_literal_is_refused(case: dict) -> None:
    simple = xsd.BUILT_IN[case["type"]]
    with pytest.raises(LiteralFault) as refusal:
        simple.parse(case["literal"], CONTEXT)
    assert isinstance(refusal.value, ValueError)
    assert isinstance(refusal.value, DatatypeError)
    assert refusal.value.rule.startswith("cvc-")
    assert refusal.value.target
    assert not simple.is_valid(case["literal"], CONTEXT)


def test_every_built_in_type_has_cases() -> None:
    read = {case["type"] for case in [*EXAMPLES, *LITERALS]}
    refused = {case["type"] for case in REFUSED}
    assert set(xsd.BUILT_IN) - read == set()
    assert set(xsd.BUILT_IN) - refused == {"anySimpleType", "anyAtomicType", "anyURI", "token"}
    assert len(xsd.BUILT_IN) == 49


@pytest.mark.feature("F-XSD-03")
def test_a_refusal_tells_type_place_and_rule() -> None:
    with pytest.raises(LiteralFault) as fault:
        xsd.date.parse(" 2001-02-29 ")
    assert (fault.value.target, fault.value.position, fault.value.rule) == ("date", 8, "cvc-datatype-valid")
    assert fault.value.expected == "a day up to 28, the last of that month"
    with pytest.raises(DatatypeError, match="128 is not at most 127") as error:
        xsd.byte.parse("128")
    assert (error.value.target, error.value.rule) == ("byte", "cvc-maxInclusive-valid")


@pytest.mark.spec("XSD-001", "XSD-002")
@pytest.mark.parametrize(("value", "text"), [(True, "true"), (0, "false"), ("x", "true"), ([], "false")])
def test_a_boolean_is_written_for_anything_that_is_true_or_not(value: Any, text: str) -> None:
    assert xsd.boolean.format(value) == text


@pytest.mark.spec("XSD-002")
def test_nothing_is_no_boolean() -> None:
    with pytest.raises(ValueError, match="no value of boolean"):
        xsd.boolean.format(None)  # type: ignore[arg-type]


@pytest.mark.spec("XSD-004")
@pytest.mark.feature("F-XSD-04")
@pytest.mark.parametrize(
    ("value", "digits", "strip", "text"),
    [
        ("1.50", None, True, "1.5"),
        ("1.50", None, False, "1.5"),
        ("1.555", 2, True, "1.56"),
        ("1.545", 2, True, "1.54"),
        ("1.5", 3, True, "1.5"),
        ("1.5", 3, False, "1.500"),
        ("2", 2, False, "2.00"),
        ("2", 2, True, "2"),
        ("1e3", None, True, "1000"),
        ("-0.001", 2, True, "0"),
        ("-0.001", 2, False, "0.00"),
        ("99.995", 2, False, "100.00"),
        ("1e-7", None, True, "0.0000001"),
    ],
)
def test_a_decimal_is_written_with_the_digits_asked_for(value: str, digits: int | None, strip: bool, text: str) -> None:
    assert xsd.format_decimal(Decimal(value), digits=digits, strip=strip) == text


@pytest.mark.spec("XSD-004")
@pytest.mark.parametrize(
    ("value", "digits"), [("1", 0), ("1", -1), ("NaN", None), ("Infinity", 2), ("1e9999999", None)]
)
def test_what_is_no_decimal_is_not_written(value: str, digits: int | None) -> None:
    with pytest.raises(InvalidInput):
        xsd.format_decimal(Decimal(value), digits=digits)


@pytest.mark.spec("XSD-003", "XSD-004")
@pytest.mark.parametrize("value", [True, 1.5, "1", None, Decimal("NaN")])
def test_a_decimal_is_a_decimal_or_an_integer(value: Any) -> None:
    with pytest.raises(DatatypeError):
        xsd.decimal.format(value)


@pytest.mark.spec("XSD-005")
@pytest.mark.feature("F-XSD-04")
@pytest.mark.parametrize(
    ("text", "single", "ranged"),
    [
        ("0.1", 0.10000000149011612, 0.1),
        ("1e400", float("inf"), float("inf")),
        ("-1e39", float("-inf"), float("-inf")),
        ("1e-50", 0.0, 0.0),
        ("1e-45", 2.0**-149, 0.0),
        ("INF", float("inf"), float("inf")),
    ],
)
def test_a_float_is_a_single_or_within_its_range(text: str, single: float, ranged: float) -> None:
    assert xsd.float.parse(text) == xsd.parse_float(text) == single
    assert xsd.parse_float(text, exact=False) == ranged


@pytest.mark.spec("XSD-005", "XSD-006")
def test_a_float_too_small_keeps_its_sign() -> None:
    for read in (xsd.parse_float("-1e-50"), xsd.parse_float("-1e-50", exact=False)):
        assert str(read) == "-0.0"


@pytest.mark.spec("XSD-006")
@pytest.mark.feature("F-XSD-04")
@pytest.mark.parametrize(
    ("value", "text"),
    [(1e39, "INF"), (-1e39, "-INF"), (1e-50, "0.0E0"), (0.1, "1.0E-1"), (1, "1.0E0"), (10**400, "INF")],
)
def test_a_float_is_written_for_a_reader_of_singles(value: float, text: str) -> None:
    assert xsd.float.format(value) == text


@pytest.mark.spec("XSD-006", "XSD-008")
@pytest.mark.feature("F-XSD-04")
@pytest.mark.parametrize(
    ("value", "digits", "strip", "text"),
    [
        (1234.5, None, True, "1.2345E3"),
        (1234.5, 0, True, "1E3"),
        (1234.5, 2, True, "1.23E3"),
        (1200.0, 3, True, "1.2E3"),
        (1200.0, 3, False, "1.200E3"),
        (1000.0, 3, True, "1.0E3"),
        (9.999, 1, False, "1.0E1"),
        (0.0, 2, False, "0.00E0"),
        (-0.0, None, True, "-0.0E0"),
        (float("nan"), 3, False, "NaN"),
        (float("-inf"), 0, True, "-INF"),
    ],
)
def test_a_double_is_written_with_the_digits_asked_for(
    value: float, digits: int | None, strip: bool, text: str
) -> None:
    assert xsd.format_double(value, digits=digits, strip=strip) == text
    assert xsd.format_float(value, digits=digits, strip=strip) == text
    with pytest.raises(InvalidInput):
        xsd.format_double(value, digits=-1)


@pytest.mark.spec("XSD-010")
def test_a_name_is_returned_as_it_is() -> None:
    assert xsd.Name.parse("a:b") == xsd.Name.format("a:b") == "a:b"
    for wrong in ("1", "", "a b", None):
        with pytest.raises(ValueError, match="Name"):
            xsd.Name.format(wrong)  # type: ignore[arg-type]


@pytest.mark.spec("XSD-011")
def test_an_integer_has_as_many_digits_as_python_takes() -> None:
    big = 10**4000 + 1
    assert xsd.integer.parse(xsd.integer.format(big)) == big
    with pytest.raises(LiteralFault, match="4300"):
        xsd.integer.parse("9" * 5000)
    with pytest.raises(DatatypeError, match="cannot be written"):
        xsd.integer.format(10**5000)
    assert xsd.integer.format(Decimal("12.0")) == "12"  # type: ignore[arg-type]


@pytest.mark.parametrize("blank", ["", " "])
def test_long_binary_values_are_read_with_blanks_and_without(blank: str) -> None:
    data = bytes(range(256)) * 40
    text = xsd.base64Binary.format(data)
    assert xsd.base64Binary.parse(blank.join(text)) == data
    assert xsd.hexBinary.parse(xsd.hexBinary.format(data).lower()) == data
    long = xsd.duration.parse("P" + "9" * 4000 + "D")
    assert xsd.duration.parse(str(long)) == long


@pytest.mark.feature("F-XSD-05")
def test_names_are_those_of_the_namespaces_in_scope() -> None:
    context = Context({"": "urn:default", "p": "urn:p"})
    assert xsd.QName.parse("p:a", context) == ExpandedName("urn:p", "a")
    assert xsd.QName.parse("a", context) == ExpandedName("urn:default", "a")
    assert xsd.QName.parse("a") == ExpandedName(None, "a")
    assert xsd.QName.parse("xml:lang").namespace == "http://www.w3.org/XML/1998/namespace"
    assert xsd.QName.format(xsd.QName.parse("p:a", context)) == "p:a"
    assert ExpandedName("u", "a", "p") == ExpandedName("u", "a", "q")
    assert hash(ExpandedName("u", "a", "p")) == hash(ExpandedName("u", "a", "q"))
    assert ExpandedName("u", "a") != ExpandedName("v", "a")
    with pytest.raises(LiteralFault, match="a prefix in scope, not 'q'"):
        xsd.QName.parse("q:a", context)
    with pytest.raises(LiteralFault, match="declared notation"):
        xsd.NOTATION.parse("p:png", CONTEXT)
    with pytest.raises(LiteralFault, match="unparsed entity"):
        xsd.ENTITY.parse("none", CONTEXT)
    assert xsd.ENTITY.parse("any") == "any"


@pytest.mark.feature("F-XSD-02")
def test_standard_values_are_written_too() -> None:
    moment = datetime(2004, 4, 12, 13, 20, 0, 500_000, UTC)
    assert xsd.dateTime.format(moment) == "2004-04-12T13:20:00.5Z"  # type: ignore[arg-type]
    assert xsd.date.format(date(2004, 4, 12)) == "2004-04-12"  # type: ignore[arg-type]
    assert xsd.time.format(time(13, 20)) == "13:20:00"  # type: ignore[arg-type]
    assert xsd.duration.format(timedelta(days=-1, microseconds=1)) == "-PT23H59M59.999999S"  # type: ignore[arg-type]
    with pytest.raises(DatatypeError):
        xsd.date.format(moment)  # type: ignore[arg-type]
    with pytest.raises(DatatypeError):
        xsd.gYear.format(2004)  # type: ignore[arg-type]


@pytest.mark.feature("F-XSD-01")
def test_types_know_where_they_come_from() -> None:
    chain = []
    simple: Any = xsd.byte
    while simple is not None:
        chain.append(simple.name)
        simple = simple.base
    assert chain == ["byte", "short", "int", "long", "integer", "decimal", "anyAtomicType", "anySimpleType"]
    assert xsd.NMTOKENS.item_type is xsd.NMTOKEN
    assert repr(xsd.byte) == "<SimpleType byte>"
    assert xsd.byte.meaning == "a literal of type byte"
    assert xsd.byte.facets == {"fractionDigits": 0, "minInclusive": -128, "maxInclusive": 127}


def _bounded(name: str, least: int | None = None, most: int | None = None) -> tuple[str, st.SearchStrategy]:
    return name, st.integers(least, most)


_decimals = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20)
_zones = st.none() | st.integers(-840, 840)
_days = st.integers(1, 28)
_years = st.integers(-100_000, 100_000)
_seconds = st.decimals(0, 59, places=9)
_durations = st.tuples(st.booleans(), st.integers(0, 10**6), st.decimals(0, 10**12, places=6)).map(
    lambda t: -xsd.Duration(*t[1:]) if t[0] else xsd.Duration(*t[1:])
)
VALUES: dict[str, st.SearchStrategy] = dict(
    [
        ("boolean", st.booleans()),
        ("decimal", _decimals),
        ("float", st.floats(width=32, allow_nan=False)),
        ("double", st.floats(allow_nan=False)),
        ("duration", _durations),
        ("yearMonthDuration", st.integers(-(10**6), 10**6).map(xsd.Duration)),
        ("dayTimeDuration", st.timedeltas().map(xsd.Duration.from_timedelta)),
        (
            "dateTime",
            st.builds(
                xsd.DateTime,
                _years,
                st.integers(1, 12),
                _days,
                st.integers(0, 23),
                st.integers(0, 59),
                _seconds,
                _zones,
            ),
        ),
        ("time", st.builds(xsd.Time, st.integers(0, 23), st.integers(0, 59), _seconds, _zones)),
        ("date", st.builds(xsd.Date, _years, st.integers(1, 12), _days, _zones)),
        ("gYearMonth", st.builds(xsd.YearMonth, _years, st.integers(1, 12), _zones)),
        ("gYear", st.builds(xsd.Year, _years, _zones)),
        ("gMonthDay", st.builds(xsd.MonthDay, st.integers(1, 12), _days, _zones)),
        ("gDay", st.builds(xsd.Day, st.integers(1, 31), _zones)),
        ("gMonth", st.builds(xsd.Month, st.integers(1, 12), _zones)),
        ("hexBinary", st.binary()),
        ("base64Binary", st.binary()),
        ("string", st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"))),
        ("anyURI", st.text(st.characters(codec="ascii", categories=["L", "N", "P"]))),
        ("QName", st.sampled_from(["a", "é", "_1"]).map(lambda local: ExpandedName(None, local))),
        ("NMTOKENS", st.lists(st.text("ab1-.", min_size=1), min_size=1).map(tuple)),
        _bounded("integer"),
        _bounded("byte", -128, 127),
        _bounded("unsignedLong", 0, 2**64 - 1),
        _bounded("negativeInteger", None, -1),
    ]
)


@pytest.mark.spec("XSD-013")
@pytest.mark.feature("F-XSD-02")
@pytest.mark.parametrize("name", VALUES)
def test_values_come_back(name: str) -> None:
    simple = xsd.BUILT_IN[name]

    @given(VALUES[name])
    def check(value: Any) -> None:
        text = simple.format(value)
        assert simple.parse(text) == value
        assert simple.format(simple.parse(text)) == text

    check()
