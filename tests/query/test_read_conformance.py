"""The public grammar suites: what they take is read, what they refuse fails in its place; exceptions have a reason."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from demotic import model
from demotic.errors import InvalidInput, SyntaxFault
from demotic.query import Literal, LiteralKind, read_filter, read_options, read_path, write_options, write_path
from demotic.syntax.http import parse_prefer
from demotic.syntax.uri import percent_decode

SERVICE_ROOT = re.compile(r"https?://[^/]*/(?:MyService/|service/|OData/OData\.svc/)?")


def read_decoded(text: str) -> object:
    return read_filter(percent_decode(text))


def read_relative(url: str) -> None:
    path, _, query = url.partition("?")
    read_path(path)
    read_options(query)


def read_absolute(url: str) -> None:
    read_relative(SERVICE_ROOT.sub("", url, count=1))


def read_json_string(text: str) -> None:
    read_options(f"@text=[{text}]")


def literal_of(*kinds: LiteralKind) -> Callable[[str], None]:
    def read(text: str) -> None:
        result = read_decoded(text)
        if not isinstance(result, Literal) or result.kind not in kinds:
            raise SyntaxFault(" or ".join(kind.value for kind in kinds), text, 0)

    return read


NUMBERS = (LiteralKind.INTEGER, LiteralKind.DECIMAL, LiteralKind.DOUBLE)
SHAPES = literal_of(LiteralKind.GEOGRAPHY, LiteralKind.GEOMETRY)
RULES: dict[str, Callable[[str], object]] = {
    "odataUri": read_absolute,
    "odataRelativeUri": read_relative,
    "resourcePath": read_path,
    "entitySetName": read_path,
    "functionParameter": lambda text: read_path(f"F({text})"),
    "anyExpr": lambda text: read_decoded(f"Items/{text}"),
    "searchExpr": lambda text: read_options(f"$search={text}"),
    "boolean": literal_of(LiteralKind.BOOLEAN),
    "date": literal_of(LiteralKind.DATE),
    "dateTimeOffsetLiteral": literal_of(LiteralKind.DATE_TIME_OFFSET),
    "dateTimeOffsetValueInUrl": literal_of(LiteralKind.DATE_TIME_OFFSET),
    "timeOfDayLiteral": literal_of(LiteralKind.TIME_OF_DAY),
    "primitiveLiteral": literal_of(*NUMBERS),
    "singleLiteral": literal_of(*NUMBERS),
    "sbyteLiteral": literal_of(*NUMBERS),
    "int32Literal": literal_of(*NUMBERS),
    "null": literal_of(LiteralKind.NULL),
    "stringLiteral": literal_of(LiteralKind.STRING),
    "enumLiteral": literal_of(LiteralKind.ENUM, LiteralKind.STRING),
    "binaryLiteral": literal_of(LiteralKind.BINARY),
    "guid": literal_of(LiteralKind.GUID),
    "stringInUrl": read_json_string,
    **dict.fromkeys(("geographyPoint", "geometryMultiPoint", "geographyMultiLineString"), SHAPES),
    **dict.fromkeys(("geographyMultiPoint", "geographyMultiPolygon", "geometryCollection"), SHAPES),
    **dict.fromkeys(("geometryLineString", "geometryMultiLineString", "geometryMultiPolygon"), SHAPES),
    **dict.fromkeys(("geometryPoint", "geometryPolygon"), SHAPES),
    **dict.fromkeys(("commonExpr", "boolCommonExpr", "boolcommonExpr", "firstMemberExpr"), read_decoded),
    **dict.fromkeys(("propertyPathExpr", "isofExpr"), read_decoded),
    **dict.fromkeys(("queryOptions", "systemQueryOption", "customQueryOption"), read_options),
    **dict.fromkeys(("filter", "select", "expand", "orderby", "orderBy", "compute", "search"), read_options),
    **dict.fromkeys(("skiptoken", "deltatoken"), read_options),
    # What is no part of a URL is read in the rooms beside: bare values, and the field Prefer.
    "dateTimeOffsetValue": model.DATE_TIME_OFFSET.parse,
    "timeOfDayValue": model.TIME_OF_DAY.parse,
    "durationValue": model.DURATION.parse,
    "decimalValue": model.DECIMAL.parse,
    "doubleValue": model.DOUBLE.parse,
    "byteValue": model.BYTE.parse,
    "sbyteValue": model.SBYTE.parse,
    "int16Value": model.INT16.parse,
    "preference": parse_prefer,
    "prefer": lambda text: parse_prefer(text.partition(":")[2].strip()),
}

OTHER_GRAMMARS = {
    "context": "context URLs are written, not read",
    "header": "fields of messages are told apart before their values are read",
    "includeAnnotationsPreference": "what a preference means is not the grammar of the field Prefer",
    "maxpagesizePreference": "what a preference means is not the grammar of the field Prefer",
    "request-id": "belongs to batch requests",
    "primitiveValue": "which type a bare value has is known before it is read",
    "enumValue": "which type a bare value has is known before it is read",
    "odataIdentifier": "wherever a simple name may stand, here a qualified one may too",
}
"""Rules of the suites that nothing here reads, with the reason."""

NEEDS_THE_MODEL = "needs the model: "
EXCEPTIONS = {
    "Model.Rejection": NEEDS_THE_MODEL + "an action that may not stand first",
    "Categories/TheBestProduct()": NEEDS_THE_MODEL + "a function that may only stand first",
    "$apply=aggregate(Sales/Amount sub Sales/Cost with sum as TotalAmount)": NEEDS_THE_MODEL + "a path through many",
    "$apply=aggregate(Amount as Total)": NEEDS_THE_MODEL + "Amount is no custom aggregate",
    "$apply=aggregate(Amount)": NEEDS_THE_MODEL + "Amount is no custom aggregate",
    "$apply=aggregate(Amount from Time with average as DailyAverage)": NEEDS_THE_MODEL + "no custom aggregate",
    "$apply=groupby((Product/Price/Quantity))": NEEDS_THE_MODEL + "Price has no parts",
    "$apply=join(ShipTo as Detail,identity)": NEEDS_THE_MODEL + "ShipTo is no collection",
    "http://host/service/$metadata#Customers": "fragments never reach a server",
    "$metadata#Customers(Address,Orders)": "fragments never reach a server",
    "$metadata#Sales(@Core.AnyStructure)": "fragments never reach a server",
    "$metadata#Products(Sales(TaxRate))": "fragments never reach a server",
    "$metadata#Products(ID,Self.DigitalProduct/Region)": "fragments never reach a server",
    "$search=more&more": "a custom option may have any name",
    "$skiptoken=Not&this": "a custom option may have any name",
    "$filter= true": "the blank is the fault, not the character after it",
    "$filter =true": "refused as an unknown option, which has no position",
    "$entity?$format=json": "which options a resource needs is the binder's to say",
    "$entity?$id=http://myservice/Customers('ALFKI')&$select=CompanyName,ContactName&$expand=Orders": (
        "which options a resource takes is the binder's to say"
    ),
    "Products/all()": "the variable is missing one character earlier than stated",
    "-INF": "as a literal or value it is refused as a whole, so in its first place",
    "0000-01-01T00:00Z": "a value beyond the years that can be kept; as a literal it is read",
    "11:22:33.4444444": "finer than microseconds; as a literal it is read",
    "-10000-04-01T00:00Z": "a value beyond the years that can be kept; as a literal it is read",
}
"""Cases with another verdict than the suite's, or another place, each with the reason."""

PLACES = {
    "dateTimeOffsetValue": "faults of a bare date-time are told of its part",
    "durationValue": "where a P is followed by what no day part begins with, the place is that after the P",
}
"""Rules of which the verdict counts, and the place of a fault does not, with the reason."""


def cases(shared_data: Path, name: str) -> list[dict[str, Any]]:
    file = shared_data / "odata" / "oasis-abnf" / f"odata-{name}-testcases.json"
    suite: list[dict[str, Any]] = json.loads(file.read_text("utf-8"))["TestCases"]
    return suite


def raw_place(text: str, fault: SyntaxFault) -> int:
    """Return the place of a fault in the raw input: one of an option has its place in the option's decoded value."""
    if fault.target is None:
        return text.find(fault.text) + fault.position if fault.text in text else fault.position
    start = text.find("?") + 1
    for part in text[start:].split("&"):
        name, _, value = part.partition("=")
        if name.lower() == fault.target:
            return start + len(name) + 1 + raw_length(value, fault.position)
        start += len(part) + 1
    return raw_length(text, fault.position)


def raw_length(raw: str, decoded: int) -> int:
    """Return how long a raw text is of which so many decoded characters are read (of ASCII)."""
    return sum(map(len, re.findall(r"%..|.", raw)[:decoded]))


def verdict(rule: str, text: str, place: int | None) -> str:
    try:
        RULES[rule](text)
    except SyntaxFault as fault:
        found = raw_place(text, fault)
        if place is None:
            return f"refused, which is wrong: {fault}"
        return "refused" if place == found or rule in PLACES else f"refused at {found}, not {place}"
    except InvalidInput as refused:
        return f"refused without a place: {refused}"
    return "read" if place is None else "read, which is wrong"


SUITES = {
    "abnf": {"read": 399, "refused": 30, "other grammar": 38, "exception": 17},
    "aggregation": {"read": 96, "refused": 8, "exception": 9},
    "temporal": {"read": 8},
}
"""How many cases each suite has, and what becomes of them."""


@pytest.mark.feature("F-QUERY-18")
@pytest.mark.conformance("4.0-minimal 7", "4.0-intermediate 2")
@pytest.mark.parametrize("name", SUITES)
def test_the_suite_is_read_or_refused_at_the_stated_places(
    shared_data: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong: list[str] = []
    tally: Counter[str] = Counter()
    for case in cases(shared_data, name):
        rule, text, place = case["Rule"], case["Input"], case.get("FailAt")
        if rule in OTHER_GRAMMARS or text in EXCEPTIONS:
            tally["other grammar" if rule in OTHER_GRAMMARS else "exception"] += 1
            continue
        found = verdict(rule, text, place)
        tally[found] += 1
        if found not in ("read", "refused"):
            wrong.append(f"{rule} {text!r}: {found}")
    with capsys.disabled():
        print(f"\n{name}: {sum(tally.values())} cases: {dict(tally)}")
    assert wrong == []
    assert tally == SUITES[name]


@pytest.mark.parametrize("name", SUITES)
def test_what_is_read_of_the_suite_is_written_and_read_again(shared_data: Path, name: str) -> None:
    """The printer against whole URLs that it did not choose: printing what was read of a print changes nothing."""
    written = 0
    for case in cases(shared_data, name):
        rule, text = case["Rule"], case["Input"]
        if "FailAt" in case or text in EXCEPTIONS or rule not in ("odataRelativeUri", "queryOptions", "resourcePath"):
            continue
        path, _, query = text.partition("?") if rule != "queryOptions" else ("", "", text)
        once = write_path(read_path(path)), write_options(read_options(query))
        assert (write_path(read_path(once[0])), write_options(read_options(once[1]))) == once
        written += 1
    assert written >= SUITES[name]["read"] // 3


def test_the_exceptions_are_cases_of_the_suites(shared_data: Path) -> None:
    suites = [case for name in SUITES for case in cases(shared_data, name)]
    assert EXCEPTIONS.keys() <= {case["Input"] for case in suites}
    assert OTHER_GRAMMARS.keys() | RULES.keys() == {case["Rule"] for case in suites}
