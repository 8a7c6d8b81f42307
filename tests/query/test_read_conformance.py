"""The public grammar suites: what they take is read, or refused as not offered; what they refuse fails in its place."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from demotic.errors import InvalidInput, SyntaxFault, Unsupported
from demotic.query import Literal, LiteralKind, read_filter, read_options, read_path
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


def literal_of(*kinds: LiteralKind) -> Callable[[str], None]:
    def read(text: str) -> None:
        result = read_decoded(text)
        if not isinstance(result, Literal) or result.kind not in kinds:
            raise SyntaxFault(" or ".join(kind.value for kind in kinds), text, 0)

    return read


NUMBERS = (LiteralKind.INTEGER, LiteralKind.DECIMAL, LiteralKind.DOUBLE)
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
    **dict.fromkeys(("commonExpr", "boolCommonExpr", "boolcommonExpr", "firstMemberExpr"), read_decoded),
    **dict.fromkeys(("propertyPathExpr", "isofExpr"), read_decoded),
    **dict.fromkeys(("queryOptions", "systemQueryOption", "customQueryOption"), read_options),
    **dict.fromkeys(("filter", "select", "expand", "orderby", "orderBy", "compute", "search"), read_options),
    **dict.fromkeys(("skiptoken", "deltatoken"), read_options),
}
SPATIAL = re.compile(r"geo(?:graphy|metry)[A-Z]")

OTHER_GRAMMARS = {
    "context": "context URLs are written, not read",
    "header": "HTTP fields are read by demotic.syntax",
    "prefer": "HTTP fields are read by demotic.syntax",
    "preference": "HTTP fields are read by demotic.syntax",
    "includeAnnotationsPreference": "HTTP fields are read by demotic.syntax",
    "maxpagesizePreference": "HTTP fields are read by demotic.syntax",
    "dateTimeOffsetValue": "a form of payloads, read by demotic.syntax",
    "timeOfDayValue": "a form of payloads, read by demotic.syntax",
    "durationValue": "a form of payloads, read by demotic.syntax",
    "decimalValue": "a form of payloads, read by demotic.syntax",
    "doubleValue": "a form of payloads, read by demotic.syntax",
    "byteValue": "a form of payloads, read by demotic.syntax",
    "sbyteValue": "a form of payloads, read by demotic.syntax",
    "int16Value": "a form of payloads, read by demotic.syntax",
    "request-id": "belongs to batch requests",
    "primitiveValue": "which type a bare value has is known before it is read",
    "enumValue": "belongs to request bodies",
    "odataIdentifier": "a path segment may also be qualified",
    "stringInUrl": "JSON in URLs is not offered, and no text in it kept",
}
"""Rules of the suite that are not read by this room, with the reason."""

NOT_OFFERED = {
    "a date or time that needs more than": 2,
    "a key after a function": 1,
    "with named arguments": 3,
    "as a path segment": 3,
    "the path segment $": 16,
    "a literal in JSON": 22,
    "cast()": 3,
    "isof()": 3,
    "case()": 1,
    "the function ": 2,
    "a key or a function in a path": 20,
    "/$filter() in a path": 2,
    "a collection on the right of in": 1,
    "$root": 6,
    "$this": 2,
    "a path through @": 7,
    "a geography literal": 5,
    "a geometry literal": 8,
    "$id": 3,
    "$search": 24,
    "$compute": 3,
    "$levels": 2,
    "$index": 1,
    "$deltatoken": 1,
    "$schemaversion": 1,
    "in $expand": 5,
    "'*' after a path": 1,
    "a selection with options": 3,
    "the selection of": 2,
}
"""Which constructs are well formed but not offered, and in how many cases of the suite they are met first."""

NEEDS_THE_MODEL = "needs the model: "
EXCEPTIONS = {
    "People/O%27Neil": NEEDS_THE_MODEL + "a key as a segment that might be anything",
    "Categories/Smartphone%2FTablet": NEEDS_THE_MODEL + "a key as a segment that might be anything",
    "Model.Rejection": NEEDS_THE_MODEL + "an action that may not stand first",
    "Categories/TheBestProduct()": NEEDS_THE_MODEL + "a function that may only stand first",
    "http://host/service/$metadata#Customers": "fragments never reach a server",
    "$metadata#Customers(Address,Orders)": "fragments never reach a server",
    "$search=#1": "fragments never reach a server",
    "$search=more&more": "a custom option may have any name",
    "$skiptoken=Not&this": "a custom option may have any name",
    "$filter= true": "the blank is the fault, not the character after it",
    "$filter =true": "refused as an unknown option, which has no position",
    "$entity?$format=json": "which options a resource needs is not grammar",
    "$entity?$id=http://myservice/Customers('ALFKI')&$select=CompanyName,ContactName&$expand=Orders": "$id comes first",
    "Products/all()": "the variable is missing one character earlier than stated",
    "-INF": "as a literal it is a number, and refused as a whole",
}
"""Cases with another verdict than the suite's, or another place, each with the reason."""


def cases(shared_data: Path) -> list[dict[str, Any]]:
    file = shared_data / "odata" / "oasis-abnf" / "odata-abnf-testcases.json"
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


@pytest.mark.feature("F-QUERY-18")
def test_the_abnf_suite_is_read_or_refused_at_the_stated_places(shared_data: Path) -> None:
    wrong: list[str] = []
    not_offered: Counter[str] = Counter()
    tally: Counter[str] = Counter()
    for case in cases(shared_data):
        rule, text, place = case["Rule"], case["Input"], case.get("FailAt")
        if rule in OTHER_GRAMMARS or text in EXCEPTIONS:
            tally["other grammar" if rule in OTHER_GRAMMARS else "exception"] += 1
            continue
        read = literal_of(LiteralKind.STRING) if SPATIAL.match(rule) else RULES[rule]
        try:
            read(text)
            verdict = "read" if place is None else "read, which is wrong"
        except Unsupported as refused:
            verdict = "not offered" if place is None else "not offered, which is wrong"
            not_offered[next((what for what in NOT_OFFERED if what in str(refused)), str(refused))] += 1
        except SyntaxFault as fault:
            found = raw_place(text, fault)
            verdict = "refused" if place == found else f"refused at {found}, not {place}"
        tally[verdict] += 1
        if verdict not in ("read", "not offered", "refused"):
            wrong.append(f"{rule} {text!r}: {verdict}")
    assert wrong == []
    assert not_offered == NOT_OFFERED
    assert tally == {"read": 208, "refused": 20, "not offered": 153, "other grammar": 88, "exception": 15}


def test_the_exceptions_are_cases_of_the_suite(shared_data: Path) -> None:
    assert EXCEPTIONS.keys() <= {case["Input"] for case in cases(shared_data)}
    assert OTHER_GRAMMARS.keys() | RULES.keys() <= {case["Rule"] for case in cases(shared_data)}


OLINGO_EXCEPTIONS = {
    ("ESAllPrim/$entity", None): "no grammar of OData 4 has this",
    ("ESAllPrim", "$filter= PropertyInt16 eq 12 "): "the ABNF suite refuses blanks around a value",
}


OLINGO_READ = {
    ("ESTwoKeyNav", "$filter=NavPropertyETKeyNavMany/PropertyInt16 gt 42"): NEEDS_THE_MODEL + "a path through many",
    ("ESTwoKeyNav", "$filter=NavPropertyETKeyNavMany/NavPropertyETTwoKeyNavOne eq null"): NEEDS_THE_MODEL + "the same",
    ("$all/$ref", None): NEEDS_THE_MODEL + "what a resource offers",
    ("$entity/olingo.odata.test1.ETKeyNav/$ref", None): NEEDS_THE_MODEL + "what a resource offers",
    ("$entity/olingo.odata.test1.ETKeyNav", None): "which options a resource needs is not grammar",
}
"""What Olingo's parser, which knows the model, calls a syntax error, and a reader without the model cannot."""


def test_what_olingo_takes_is_read_or_not_offered_and_what_is_no_grammar_is_refused(shared_data: Path) -> None:
    suite = json.loads((shared_data / "odata" / "olingo4" / "uri-cases.json").read_text("utf-8"))
    wrong: list[str] = []
    tally: Counter[tuple[bool, str]] = Counter()
    for case in suite:
        path, query = case["path"] or "", case["query"]
        try:
            read_path(path)
            read_options(query or "")
            verdict = "read"
        except Unsupported:
            verdict = "not offered"
        except InvalidInput as refused:
            verdict = "refused"
            if case["valid"] and (path, query) not in OLINGO_EXCEPTIONS:
                wrong.append(f"{path}?{query}: {refused}")
        tally[case["valid"], verdict] += 1
        if verdict == "read" and case.get("error_category") == "Syntax" and (path, query) not in OLINGO_READ:
            wrong.append(f"{path}?{query}: read, against {case['error_key']}")
    assert wrong == []
    assert tally == {
        (True, "read"): 317,
        (True, "not offered"): 171,
        (True, "refused"): len(OLINGO_EXCEPTIONS),
        (False, "read"): 128,
        (False, "not offered"): 77,
        (False, "refused"): 45,
    }
