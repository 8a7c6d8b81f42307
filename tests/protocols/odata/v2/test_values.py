"""Values of every type travel to the service and back in OData 2; what does not fit is refused with its place."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demotic.errors import Unsupported
from demotic.model import BYTE, INT16, INT32, SBYTE, SINGLE, declare, entity
from demotic.protocols.odata import ODataV2
from demotic.query import Read
from demotic.service import Form, Plan, Service
from demotic.store.memory import MemoryStore
from demotic.syntax.http import Request


@entity(key="ID", set="Values")
class Values:
    ID: int
    Boolean: bool | None
    Byte: Annotated[int | None, BYTE]
    SByte: Annotated[int | None, SBYTE]
    Int16: Annotated[int | None, INT16]
    Int32: Annotated[int | None, INT32]
    Int64: int | None
    Decimal: Decimal | None
    Double: float | None
    Single: Annotated[float | None, SINGLE]
    Instant: datetime | None
    Day: date | None
    Clock: time | None
    Span: timedelta | None
    Guid: UUID | None
    Binary: bytes | None
    String: str | None


MODEL = declare("Types", Values)
# Milliseconds are as fine as `/Date(…)/` is.
INSTANTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)).map(
    lambda value: value.replace(microsecond=value.microsecond // 1000 * 1000, tzinfo=UTC)
)
TYPES: dict[str, st.SearchStrategy[Any]] = {
    "Boolean": st.booleans(),
    "Byte": st.integers(0, 255),
    "SByte": st.integers(-128, 127),
    "Int16": st.integers(-(2**15), 2**15 - 1),
    "Int32": st.integers(-(2**31), 2**31 - 1),
    "Int64": st.integers(-(2**63), 2**63 - 1),
    "Decimal": st.decimals(allow_nan=False, allow_infinity=False, places=5),
    "Double": st.floats(),
    "Single": st.floats(width=32),
    "Instant": INSTANTS,
    "Day": st.dates(),
    "Clock": st.times(),
    "Span": st.timedeltas(timedelta(days=-400), timedelta(days=400)),
    "Guid": st.uuids(),
    "Binary": st.binary(max_size=30),
    "String": st.text(max_size=30),
}


def send(handler: ODataV2, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    data = b"" if body is None else json.dumps(body).encode()
    fields = {"content-type": "application/json", "content-length": str(len(data))}
    request = Request(method, f"/odata/v2/{path}", "", fields, "http", "x.example", body=io.BytesIO(data).read)
    response = handler(request)
    content = response.body if isinstance(response.body, bytes) else b"".join(response.body)
    return response.status, json.loads(content) if content else None


@pytest.mark.feature("F-VERBOSE-04", "F-VERBOSE-12")
@pytest.mark.spec("OD-050", "OD-051", "OD-052", "OD-053", "OD-054")
@pytest.mark.parametrize("name", TYPES)
@given(data=st.data())
@settings(max_examples=40)
def test_a_value_is_sent_and_taken_back(name: str, data: st.DataObject) -> None:
    value = data.draw(TYPES[name])
    store = MemoryStore(MODEL, {"Values": [{"ID": 1, name: value}, {"ID": 2}]})
    handler = ODataV2(Service(store))
    status, found = send(handler, "GET", "Values(1L)")
    assert status == 200
    sent = found["d"][name]
    assert send(handler, "MERGE", "Values(2L)", {name: sent})[0] == 204
    assert send(handler, "GET", "Values(2L)")[1]["d"][name] == sent
    with store.transaction() as tx:
        kept = tx["Values"][2][name]
    assert kept == value or (kept != kept and value != value)


@pytest.mark.feature("F-VERBOSE-12", "F-VERBOSE-14")
@pytest.mark.spec("OD-049", "OD-053", "OD-055", "OD-060", "OD-061")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Boolean", "yes"),
        ("Boolean", 1),
        ("Byte", 256),
        ("Byte", "-1"),
        ("SByte", 128),
        ("Int16", "32768"),
        ("Int32", 2**31),
        ("Int32", "1.5"),
        ("Int32", True),
        ("Int64", "9223372036854775808"),
        ("Decimal", "1.0M"),
        ("Decimal", "1,5"),
        ("Double", "x"),
        ("Single", 1e39),
        ("Instant", "2024-02-30T00:00:00Z"),
        ("Instant", 5),
        ("Day", "/Date(1)/"),
        ("Clock", "PT24H"),
        ("Clock", "25:00"),
        ("Span", "a day"),
        ("Guid", "x"),
        ("Binary", "!"),
        ("Binary", 5),
        ("String", 5),
        ("String", {"a": 1}),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(name: str, value: Any) -> None:
    handler = ODataV2(Service(MemoryStore(MODEL, {"Values": [{"ID": 1}]})))
    status, found = send(handler, "MERGE", "Values(1)", {name: value})
    assert status == 400
    assert (found["error"]["code"], found["error"]["innererror"]["target"]) == ("InvalidValue", name)
    assert send(handler, "GET", "Values(1)")[1]["d"][name] is None


class Unfiltered(MemoryStore):
    """A store that cannot filter."""

    def prepare(self, read: Read, form: Form) -> Plan:
        if read.query.filter is not None:
            raise Unsupported("this store does not filter", target="$filter")
        return super().prepare(read, form)


@pytest.mark.feature("F-VERBOSE-14")
@pytest.mark.spec("OD-282", "OD-285")
def test_what_a_store_does_not_offer_is_told_as_that() -> None:
    handler = ODataV2(Service(Unfiltered(MODEL, {"Values": [{"ID": 1}]})))
    request = Request("GET", "/odata/v2/Values", "$filter=ID%20eq%201", {}, "http", "x.example")
    response = handler(request)
    assert response.status == 501
    assert isinstance(response.body, bytes)
    assert json.loads(response.body)["error"]["code"] == "NotImplemented"
    assert send(handler, "GET", "Values")[0] == 200
