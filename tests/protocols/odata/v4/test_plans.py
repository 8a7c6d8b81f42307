"""Requests that differ in literals only share one compiled plan, and nobody can tell from the answers."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demotic.model import PRIMITIVES
from demotic.protocols.odata import ODataV4
from demotic.query import Call, LambdaStep, ListExpression, Literal, LiteralKind, Options, write_options
from demotic.query import Path as Way
from demotic.service import Service
from demotic.store.sql import open_store

from ....properties import nasty
from ....properties.questions import written
from ....properties.test_same_answer import EXAMPLES, MODEL, QUESTIONS
from .test_cases import ask

DAY = datetime.date(1999, 12, 28)
MOMENT = datetime.datetime(1999, 12, 28, 23, 30)

MANY: list[tuple[str, Callable[[int], str]]] = [
    ("Products({})", str),
    ("Products({})/Name/$value", str),
    ("OrderLines(Order_ID={},LineNumber=1)", str),
    ("Price_List(Product_ID=1,Valid_From={})", lambda n: str(DAY + datetime.timedelta(n))),
    ("Products?$filter=Stock gt {}", str),
    ("Products?$filter=Price gt {}", lambda n: f"{n}.5"),
    ("Products?$filter=Name eq '{}'", lambda n: f"it''s {n}%25 of \N{GREEK SMALL LETTER OMEGA}"),
    ("Products?$filter=Released lt {}", lambda n: str(DAY + datetime.timedelta(n))),
    ("Orders?$filter=OrderDate lt {}", lambda n: f"{(MOMENT + datetime.timedelta(hours=n)).isoformat()}Z"),
    ("EveryType?$filter=GuidValue eq {}", lambda n: str(uuid.UUID(int=n))),
    ("Products?$top={}&$select=ID", str),
    ("Products?$skip={}&$select=ID", str),
    ("Products?$top=1&$expand=Photos($top={};$select=ID)&$select=ID", lambda n: str(n + 2)),
    ("Products?$filter=ID eq @id&@id={}", str),
    ("Products?$filter=Photos/any(p:p/ID eq {})", str),
]


@pytest.fixture(scope="module")
def store(shop: Path) -> Any:
    return open_store(str(shop))


@pytest.mark.feature("F-ODATA-16")
@pytest.mark.spec("OD-148")
@pytest.mark.parametrize(("template", "literal"), MANY, ids=[template for template, _ in MANY])
def test_a_thousand_literals_are_one_plan(store: Any, template: str, literal: Callable[[int], str]) -> None:
    handler = ODataV4(Service(store))
    for number in range(1000):
        target = template.format(literal(number)).replace(" ", "%20" if number % 2 else "+" if "?" in template else " ")
        response, body = ask(handler, {"target": target})
        assert response.status in (200, 404), body
    assert (handler.statistics.compiled, handler.statistics.shapes) == (1, 1)


# Literals of one kind, which the short way must read as the long one does.
KINDS: dict[str, list[str]] = {
    "integers": ["0", "1", "-1", "00", "007", "66", "999999999", "9999999999", "-9223372036854775808", "1e1", "2.0"],
    "long integers": ["9223372036854775807", "9223372036854775808", "12345678901234567890", "-99999999999", "1"],
    "decimals": ["0.5", "-0.5", "28.95", "28.950", "00.1", "99999999999999999999.9", "1.", "1e-2", "INF", "NaN", "7"],
    "texts": [
        *(
            "''",
            "'a'",
            "'it''s'",
            "'''",
            "'%'",
            "'a%2Fb'",
            "'%27%27'",
            "'%00'",
            "'%ff'",
            "'%C3%9F'",
            "'a+b'",
            "'a%2Bb'",
        ),
        *("'5'", "'2024-01-01'", "'null'", "'%26'", "'a;b'", "'a)b'", "'a''", "null", "Name", "'\u00e9'"),
    ],
    "dates": ["2024-02-29", "2023-02-29", "0001-01-01", "9999-12-31", "2010-07-02", "10000-01-01", "'2010-07-02'"],
    "instants": [
        *("2022-01-03T08:30:00Z", "2022-01-03T08:30Z", "2022-01-03T10:30:00%2B02:00", "2022-01-03T10:30:00+02:00"),
        *("2022-01-03T08:30:00.000Z", "2022-01-03T08:30:00.1234567Z", "2022-02-30T00:00:00Z", "2022-01-03T24:00:00Z"),
        *("0001-01-01T00:00:00%2B14:00", "2022-01-03T08:30:00-00:00", "2022-01-03"),
    ],
    "guids": ["0f8fad5b-d9cb-469f-a165-70867728950e", "0F8FAD5B-D9CB-469F-A165-70867728950E", "'x'", "null"],
    "numbers of entities": ["0", "1", "2", "-1", "66", "9999999999", "9223372036854775808", "1.5", "%31", "''"],
}
TEMPLATES: list[tuple[str, str]] = [
    *((f"Products?$select=ID&$filter=ID {name} {{}}", "integers") for name in ("eq", "lt", "in (1,2,", "add 1 eq")),
    ("Products?$select=ID&$filter=Price lt {}", "integers"),
    ("Products?$select=ID&$filter=ID mod {} eq 1", "integers"),
    ("Products?$select=ID&$filter=100 div {} gt ID", "integers"),
    ("Products?$select=ID&$filter=100 div 7 gt {}", "integers"),
    ("Products?$select=ID&$filter=7 div {} gt 1", "integers"),
    ("Products?$select=ID&$filter=substring(Name,1,{}) ne 'x'", "integers"),
    ("Products?$select=ID&$orderby=ID sub {}&$top=3", "integers"),
    ("Products({})", "integers"),
    ("OrderLines(Order_ID=1,LineNumber={})", "integers"),
    ("EveryType?$select=ID&$filter=Int64Value ge {}", "long integers"),
    ("EveryType({})/ID", "long integers"),
    ("Products?$select=ID&$filter=Price gt {}", "decimals"),
    ("Products?$select=ID&$filter=Weight gt {}", "decimals"),
    ("Products?$select=ID&$filter=ID gt {}", "decimals"),
    ("Products?$select=ID&$filter=Name gt {}", "texts"),
    ("Products?$select=ID&$filter=contains(Name,{})", "texts"),
    ("Products?$select=ID&$filter=concat(Name,{}) eq 'a'", "texts"),
    ("Products?$select=ID&$filter=matchesPattern(Name,{})", "texts"),
    ("Products?$select=ID&$filter=Name in ({},'b')", "texts"),
    ("Products?$select=ID&$filter=Name eq @t&@t={}", "texts"),
    ("Products?$select=ID&$filter=Released eq {}", "dates"),
    ("Products?$select=ID&$filter=year({}) gt ID", "dates"),
    ("Price_List(Product_ID=1,Valid_From={})", "dates"),
    ("Orders?$select=ID&$filter=OrderDate le {}", "instants"),
    ("Orders?$select=ID&$filter=hour({}) eq 8 and ID lt 3", "instants"),
    ("EveryType?$select=ID&$filter=GuidValue ne {}", "guids"),
    ("Products?$select=ID&$top={}", "numbers of entities"),
    ("Products?$select=ID&$skip={}&$count=true", "numbers of entities"),
    ("Products?$select=ID&$top={}&$filter=ID gt 1", "numbers of entities"),
    ("Products?$top=1&$select=ID&$expand=Photos($top={};$select=ID)", "numbers of entities"),
]


@pytest.mark.parametrize(("template", "kind"), TEMPLATES, ids=[template for template, _ in TEMPLATES])
def test_a_known_shape_answers_byte_for_byte_as_an_unknown_one(store: Any, template: str, kind: str) -> None:
    literals = KINDS[kind]
    template += ")" * (template.count("(") - template.count(")"))
    alone = {text: ask(ODataV4(Service(store)), {"target": template.format(text)}) for text in literals}
    for first in literals:
        handler = ODataV4(Service(store))
        ask(handler, {"target": template.format(first)})
        for text in literals:
            assert ask(handler, {"target": template.format(text)}) == alone[text], (first, text)


# --- the same at random


def varied(node: Any, draw: Callable[[st.SearchStrategy[Any]], Any]) -> Any:
    """Return a syntax tree with other literals of the same kinds."""
    match node:
        case Literal(kind=kind) if kind in DRAWN:
            return written(PRIMITIVES[DRAWN[kind]], draw(QUESTIONS.value(DRAWN[kind])))
        case Call(name="matchesPattern"):
            return node
        case Call(name, arguments, at):
            return Call(name, tuple(varied(item, draw) for item in arguments), at)
        case ListExpression(items, at):
            return ListExpression(tuple(varied(item, draw) for item in items), at)
        case Way(steps, at):
            return Way(tuple(varied(step, draw) for step in steps), at)
        case LambdaStep(predicate=predicate) if predicate is not None:
            return replace(node, predicate=varied(predicate, draw))
        case _:
            return node


DRAWN = {
    LiteralKind.INTEGER: "Int64",
    LiteralKind.DECIMAL: "Decimal",
    LiteralKind.DOUBLE: "Double",
    LiteralKind.STRING: "String",
    LiteralKind.DATE: "Date",
    LiteralKind.DATE_TIME_OFFSET: "DateTimeOffset",
    LiteralKind.TIME_OF_DAY: "TimeOfDay",
    LiteralKind.DURATION: "Duration",
    LiteralKind.GUID: "Guid",
}


@pytest.fixture(scope="module")
def nasty_store(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return open_store(str(nasty.write_sqlite(tmp_path_factory.mktemp("plans") / "nasty.db")))


@given(QUESTIONS.questions(MODEL.container.sets["Things"].type), st.data())
@settings(max_examples=EXAMPLES // 3)
def test_other_literals_in_a_known_shape_are_answered_as_in_an_unknown_one(
    nasty_store: Any, options: Options, data: st.DataObject
) -> None:
    handler = ODataV4(Service(nasty_store))
    ask(handler, {"target": f"Things?{write_options(options)}"})
    for _ in range(3):
        other = replace(
            options,
            filter=varied(options.filter, data.draw),
            orderby=tuple(replace(item, expression=varied(item.expression, data.draw)) for item in options.orderby),
        )
        target = f"Things?{write_options(other)}"
        for written_so in (target, target.replace("%27", "'").replace("%20", "+")):
            assert ask(handler, {"target": written_so}) == ask(ODataV4(Service(nasty_store)), {"target": written_so})
