"""The paths, options, functions and literals of OData 2: ``cases/*.json`` in the form that README.md tells."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demotic.errors import InvalidInput, LimitExceeded, SyntaxFault
from demotic.query import (
    ExpandItem,
    LiteralKind,
    Options,
    ReadLimits,
    RepeatedOption,
    SelectItem,
    UnknownOption,
    write_expression,
)
from demotic.query.v2 import (
    parse_time,
    read_as,
    read_expand,
    read_filter,
    read_literal,
    read_options,
    read_path,
    read_select,
    write_literal,
)

FOLDER = Path(__file__).parent / "cases"


def cases(name: str) -> list[Any]:
    found = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return [pytest.param(case, id=case["text"]) for case in found]


@pytest.mark.feature("F-QUERY-21")
@pytest.mark.spec("OD-134", "OD-270")
@pytest.mark.parametrize("case", cases("expressions"))
def test_an_expression_is_read_into_the_tree_of_later_versions(case: dict[str, str]) -> None:
    assert write_expression(read_filter(case["text"])) == case["tree"]


@pytest.mark.feature("F-QUERY-21")
@pytest.mark.spec("OD-058", "OD-060", "OD-072", "OD-136")
@pytest.mark.parametrize("case", cases("literals"))
def test_a_literal_has_its_kind_and_value(case: dict[str, str]) -> None:
    found = read_literal(case["text"])
    assert (found.kind.name, repr(found.value)) == (case["kind"], case["value"])
    assert found.text in case["text"]
    if found.kind not in (LiteralKind.NULL, LiteralKind.BOOLEAN):
        assert repr(read_as(found.kind, found.text).value) == case["value"]


@pytest.mark.feature("F-QUERY-21")
@pytest.mark.parametrize("case", cases("faults"))
def test_a_fault_is_told_with_its_place(case: dict[str, Any]) -> None:
    with pytest.raises(SyntaxFault) as caught:
        read_options([(case["option"], case["text"])])
    assert caught.value.target == case["option"]
    assert caught.value.position == case["position"], str(caught.value)
    assert case["message"] in str(caught.value)


SECONDS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)).map(lambda value: value.replace(tzinfo=UTC))
VALUES = {
    "Edm.Binary": st.binary(max_size=20),
    "Edm.Boolean": st.booleans(),
    "Edm.Byte": st.integers(0, 255),
    "Edm.DateTime": SECONDS,
    "Edm.DateTimeOffset": SECONDS,
    "Edm.Decimal": st.decimals(allow_nan=False, allow_infinity=False, places=4),
    "Edm.Double": st.floats(allow_nan=False),
    "Edm.Guid": st.uuids(),
    "Edm.Int32": st.integers(-(2**31), 2**31 - 1),
    "Edm.Int64": st.integers(-(2**63), 2**63 - 1),
    "Edm.String": st.text(max_size=20),
    "Edm.Time": st.timedeltas(timedelta(), timedelta(hours=23, minutes=59)),
}


@pytest.mark.feature("F-QUERY-21")
@pytest.mark.spec("OD-072")
@pytest.mark.parametrize("name", VALUES)
@given(data=st.data())
def test_a_value_is_read_back_from_its_literal(name: str, data: st.DataObject) -> None:
    value = data.draw(VALUES[name])
    assert read_literal(write_literal(name, value)).value == value


def test_dates_and_times_of_day_are_written_as_the_former_types() -> None:
    assert write_literal("Edm.DateTime", datetime(2024, 2, 29).date()) == "datetime'2024-02-29T00:00:00'"
    assert write_literal("Edm.Time", time(7, 5)) == "time'PT7H5M'"
    assert write_literal("Edm.Decimal", Decimal("1E+3")) == "1000M"
    assert parse_time("7:05") == timedelta(hours=7, minutes=5)


def test_expanded_paths_become_nested_options() -> None:
    inner = ExpandItem(("B",), Options(), 0)
    assert read_expand("A/B,C") == (
        ExpandItem(("A",), Options(expand=(inner,)), 0),
        ExpandItem(("C",), Options(), 4),
    )
    assert read_expand("A,A/B,A/B/C,A")[0].options.expand[0].options.expand[0].path == ("C",)


def test_selected_paths_go_where_they_lead() -> None:
    found = read_options("$select=X,A/Y,A/*,B&$expand=A,B,C/D")
    assert [item.path for item in found.select] == [("X",), ("A",), ("B",)]
    assert [item.path for item in found.expand] == [("A",), ("B",)], "what is not selected is not expanded"
    assert [item.path for item in found.expand[0].options.select] == [("Y",), ("*",)]
    assert found.expand[1].options.select == ()
    assert [item.path for item in read_options("$select=*&$expand=A").expand] == [("A",)]
    assert read_select("Address/City") == (SelectItem(("Address", "City"), 0),)


@pytest.mark.feature("F-QUERY-22")
def test_names_of_options_have_their_dollar_and_their_case() -> None:
    found = read_options("%24top=5&%24inlinecount=allpages&filter=x&sap-client=100&@p=1&search=a%20b&$format=json")
    assert found.top is not None and (found.top.value, found.count, found.format) == (5, True, "json")
    assert dict(found.custom) == {"filter": "x", "sap-client": "100", "@p": "1", "search": "a b"}
    assert not read_options("$inlinecount=none").count


@pytest.mark.feature("F-QUERY-22")
@pytest.mark.spec("OD-270")
@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("$count=true", "$inlinecount=allpages"),
        ("$search=x", "substringof"),
        ("$Filter=a", "did you mean $filter"),
        ("$nonsense=1", "OData 2 has"),
        ("$apply=x", "no aggregation"),
    ],
)
def test_an_unknown_option_is_refused_with_what_to_write(query: str, hint: str) -> None:
    with pytest.raises(UnknownOption) as caught:
        read_options(query)
    assert hint in str(caught.value)


def test_an_option_is_given_once() -> None:
    with pytest.raises(RepeatedOption):
        read_options("$top=1&$top=2")


@pytest.mark.feature("F-QUERY-23")
@pytest.mark.spec("OD-266", "OD-269")
@pytest.mark.parametrize(
    ("path", "names", "links"),
    [
        ("", [], False),
        ("Sets", ["Sets"], False),
        ("Sets()", ["Sets"], False),
        ("Sets(1)/Way(2L)/Name/$value", ["Sets", "Way", "Name", "$value"], False),
        ("Sets(A=1,B='x')", ["Sets"], False),
        ("Sets( A = 1 , B = 'x' )", ["Sets"], False),
        ("Sets%28'a%2Fb%3F%27%27'%29/$count", ["Sets", "$count"], False),
        ("Sets(1)/$links/Way", ["Sets", "Way"], True),
        ("Sets(1)/%24links/Way(2)", ["Sets", "Way"], True),
        ("Sets(1)/$links/Way/$count", ["Sets", "Way", "$count"], True),
        ("$metadata", ["$metadata"], False),
    ],
)
def test_a_path_is_read_into_segments(path: str, names: list[str], links: bool) -> None:
    found = read_path(path)
    assert ([item.name for item in found.path.segments], found.links) == (names, links)


def test_keys_are_literals_of_the_version() -> None:
    key = read_path("Sets(guid'0f8fad5b-d9cb-469f-a165-70867728950e')").path.segments[0].key
    assert key is not None and key.positional is not None and key.positional.text[0] == "'"
    key = read_path("Sets(A=datetime'2000-01-01T00:00',B='it''s')").path.segments[0].key
    assert key is not None and [name for name, _ in key.named] == ["A", "B"]


@pytest.mark.feature("F-QUERY-23")
@pytest.mark.parametrize(
    ("path", "position"),
    [
        ("Sets(1)/", 8),
        ("Sets//A", 5),
        ("$links/A", 0),
        ("Sets(1)/$links", 14),
        ("Sets(1)/$links/A/$links/B", 17),
        ("Sets(1)/$links/A/B", 18),
        ("Sets(1)/$ref", 8),
        ("Sets(1", 6),
        ("Sets(1,2)", 6),
        ("Sets('a/b')", 7),
        ("Sets('%zz')", 7),
        ("Sets(x)", 5),
        ("Sets(A=1,2)", 9),
    ],
)
def test_what_is_no_path_is_refused_with_its_place(path: str, position: int) -> None:
    with pytest.raises(SyntaxFault) as caught:
        read_path(path)
    assert caught.value.position == position, str(caught.value)


def test_limits_hold() -> None:
    limits = ReadLimits(depth=20, length=1000)
    with pytest.raises(LimitExceeded):
        read_filter("(" * 21 + "a" + ")" * 21, limits=limits)
    with pytest.raises(LimitExceeded):
        read_filter("a" + " add 1" * 30 + " eq 1", limits=limits)
    with pytest.raises(LimitExceeded):
        read_path("a" * 1001, limits=limits)
    assert write_expression(read_filter(" or ".join(["a eq 1"] * 50), limits=limits))


@pytest.mark.feature("F-QUERY-21")
@given(st.text("aA1'(),/ .-:$+%TZLMXnoteqdatimguid", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (read_filter, read_path, read_literal, read_select, read_expand):
        try:
            read(text)
        except InvalidInput as fault:
            assert fault.message
