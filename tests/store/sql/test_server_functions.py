"""What servers compute: every function of queries is in a dialect's table or refused with a reason, and casts agree.

The casts, `has`, searches and computed properties are asked of the servers, with the values that the evaluator gives.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from demotic.protocols.odata import ODataV4
from demotic.query import FUNCTIONS, Apply, Kind, Nulls, Order, Parameter, Query, Read, Signature, Source, Variable
from demotic.service import Service
from demotic.store.sql import SqlStore, open_store
from demotic.store.sql._errors import NotInThisStore
from demotic.store.sql.dialects.mariadb import _functions as mariadb_functions
from demotic.store.sql.dialects.postgresql import _functions as postgresql_functions
from demotic.syntax.http import Request

from .support import NATIVE, ask

# Comparisons and logic are the statements' own, the same for all; what takes nothing is a constant or the time.
ASKED = {
    (name, " ".join(kind.name for kind in signature.parameters))
    for name, function in FUNCTIONS.items()
    if function.nulls is Nulls.PROPAGATE
    for signature in function.signatures
    if signature.parameters
}
DIALECTS: dict[str, tuple[set[tuple[str, str]], Mapping[tuple[str, str], str]]] = {
    "postgresql": (
        {*postgresql_functions.TEXTS, *postgresql_functions.OF_ICU},
        postgresql_functions.REFUSED,
    ),
    "mariadb": (set(mariadb_functions.TEXTS), mariadb_functions.REFUSED),
}


@pytest.mark.feature("F-SQL-32")
@pytest.mark.parametrize("name", DIALECTS)
def test_every_function_is_computed_or_refused_with_a_reason(name: str) -> None:
    computed, refused = DIALECTS[name]
    assert sorted(computed & set(refused)) == []
    assert sorted(ASKED - computed - set(refused)) == [], "put it into the dialect's table, or say why not"
    assert sorted((computed | set(refused)) - ASKED) == [], "no query asks for it"
    assert all(len(reason) > 10 for reason in refused.values())


MOMENT = datetime(2024, 2, 29, 23, 59, 59, 120000, tzinfo=UTC)
NUMBERS = (
    "0 -0 +7 007 127 128 -128 -129 255 256 32767 32768 2147483648 9223372036854775807 9223372036854775808 1.50 2.5"
)
NUMBERS += " 1e3 1E-3 -1.5e+2 1e400 -1e400 1e-400 4e38 3.4028235e38 1e-46 .5 1. 1e 1e12345 INF -INF NaN inf 0x10 1_0"
DAYS = "2024-02-29 2023-02-29 1900-02-29 2000-02-29 0001-01-01 0000-01-01 9999-12-31 2024-04-31 2024-4-1 12024-01-01"
TIMES = "00:00 07:59:59 23:59:59.999999 24:00 12:60 12:00:60 12:00:00.1234567 12:00:00.123456000000 12:00:00. 1:00"
STAMPS = "2024-02-29T07:59Z 2024-02-29t07:59:01.5z 2024-02-29T00:00:00+23:59 2024-02-29T00:00:00-16:30"
STAMPS += " 0001-01-01T00:00:00+00:01 9999-12-31T23:59:59.999999-00:01 2024-02-29T07:59 2024-02-29 2023-02-29T00:00Z"
SPANS = "PT0S P1DT2H3M4.5S -PT0.000001S P1D PT1H P P1Y PT P1DT -P999999999D P999999999DT24H PT1.1234567S PT1.10000000S"
SPANS += " +P1D P0DT36H PT5M p1d"
OTHERS = "true false TRUE t YQ== YQ YR YWI= YWI YWJj _-_- +/+/ YWJjZ 6F9619FF-8b86-d011-b42d-00c04fc964ff"
OTHERS += " {6F9619FF-8b86-d011-b42d-00c04fc964ff} 6F9619FF8b86d011b42d00c04fc964ff"
TEXTS = [
    *" ".join((NUMBERS, DAYS, TIMES, STAMPS, SPANS, OTHERS)).split(),
    "",
    " 1",
    "1 ",
    "1\n",
    "true\n",
    "true ",
    "é",
]
SAMPLES: dict[str, list[Any]] = {
    "String": TEXTS,
    "Int64": [0, 1, -1, 127, 128, -128, -129, 255, 256, 32768, 2**31, 2**53 + 1, 2**63 - 1, -(2**63)],
    "Decimal": [Decimal(text) for text in ("0", "0.5", "-0.5", "1.50", "2.5", "100", "-128.5", "255.49", "1e20")],
    "Double": [
        0.0,
        0.5,
        -0.5,
        1.5,
        2.5,
        0.49999999999999994,
        1e15,
        1e16,
        123456789012345.67,
        1e-4,
        1e-5,
        0.1,
        255.5,
        -128.5,
        1e22,
        3.5e38,
        1e-46,
        1e300,
        2.0**63,
        -(2.0**63),
        5e-324,
    ],
    "Boolean": [True, False],
    "Guid": [UUID("6f9619ff-8b86-d011-b42d-00c04fc964ff")],
    "Date": [date(1, 1, 1), date(2024, 2, 29), date(9999, 12, 31)],
    "TimeOfDay": [time(), time(7, 59), time(10, 20, 30), time(23, 59, 59, 999999), time(1, 2, 3, 500)],
    "DateTimeOffset": [MOMENT, MOMENT.replace(microsecond=0, second=0), datetime(1, 1, 1, tzinfo=UTC)],
    "Duration": [timedelta(), timedelta(days=2), timedelta(hours=25, microseconds=-1), timedelta(minutes=-90)],
    "Binary": [b"", b"a", b"ab", b"abc", b"\xff\xfe\xfd" * 30],
}
INFINITE = [float("inf"), float("-inf")]
CALLS = sorted((name, kinds) for name, kinds in ASKED if name.startswith("cast_"))


@pytest.fixture(scope="module", params=DIALECTS)
def server(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def store(request: pytest.FixtureRequest, server: str) -> Iterator[SqlStore]:
    script = "CREATE TABLE t (id INT PRIMARY KEY, word VARCHAR(20), flags INT);\n"
    script += "INSERT INTO t VALUES (1, 'Straße', 5), (2, 'two words', 2), (3, NULL, NULL), (4, 'TWO', 7)"
    with open_store(request.getfixturevalue(server).new_database(script)) as opened:
        yield opened


def overload(name: str, kinds: str) -> Signature:
    """Return the overload that takes arguments of these types."""
    (found,) = (s for s in FUNCTIONS[name].signatures if " ".join(kind.name for kind in s.parameters) == kinds)
    return found


def values(store: SqlStore, name: str, kinds: str, cases: list[tuple[Any, ...]]) -> list[Any]:
    """Return what a function gives for each list of arguments, as the value that a page of rows ends with."""
    assert store.model.container is not None
    place = store.model.container.sets["t"]
    signature = overload(name, kinds)
    given = tuple(Parameter(slot, kind) for slot, kind in enumerate(signature.parameters))
    order = (Order(Apply(name, given, signature.result)),)
    query = Query(place.type, Variable("$it", 0, place.type), (), None, order)
    plan = store.prepare(Read(Source(place), query, Kind.COLLECTION), NATIVE)
    found = []
    for case in cases:
        with store.run(plan, case, page=1) as result:
            list(result.batches())
            assert result.after is not None
            found.append(result.after[0])
    return found


def expected(name: str, kinds: str, value: Any) -> Any:
    """Return what the evaluator gives, NaN being null everywhere."""
    result = overload(name, kinds).python(value)
    return None if result != result else result


@pytest.mark.feature("F-SQL-32")
@pytest.mark.parametrize(("name", "kinds"), CALLS)
def test_a_cast_gives_what_the_evaluator_gives(server: str, store: SqlStore, name: str, kinds: str) -> None:
    if (name, kinds) in DIALECTS[server][1]:
        with pytest.raises(NotInThisStore, match="exactly: "):
            values(store, name, kinds, [])
        return
    infinite = INFINITE if kinds == "Double" and server == "postgresql" else []
    given = [*SAMPLES[kinds], *infinite]
    wanted = [expected(name, kinds, value) for value in given]
    got = values(store, name, kinds, [(value,) for value in given])
    assert list(zip(given, got, strict=True)) == list(zip(given, wanted, strict=True))


@pytest.mark.feature("F-SQL-32")
def test_flags_are_asked_for(store: SqlStore) -> None:
    pairs = [(a, b) for a in (0, 1, 5, -1, 2**62, -(2**63)) for b in (0, 1, 4, 6, -1, -(2**63))]
    assert values(store, "has", "Int64 Int64", pairs) == [a & b == b for a, b in pairs]


@pytest.mark.feature("F-QUERY-32")
@pytest.mark.parametrize(
    ("search", "found"), [("two", [2, 4]), ('"two words"', [2]), ("NOT two", [1, 3]), ("STRA OR words", [1, 2])]
)
def test_servers_search(store: SqlStore, search: str, found: list[int]) -> None:
    assert [row["id"] for row in ask(store, f"t?$search={search}&$orderby=id")] == found


@pytest.mark.feature("F-QUERY-33")
def test_servers_compute(store: SqlStore) -> None:
    query = "$compute=flags mul 2 as Twice,cast(id,Edm.String) as Text&$filter=Twice gt 4&$orderby=Twice desc"
    response = ODataV4(Service(store))(
        Request("GET", "/odata/v4/t", f"{query}&$select=id,Twice,Text".replace(" ", "+"))
    )
    body = response.body if isinstance(response.body, bytes) else b"".join(response.body)
    assert response.status == 200, body
    rows = [(row["id"], row["Twice"], row["Text"]) for row in json.loads(body)["value"]]
    assert rows == [(4, 14, "4"), (1, 10, "1")]
