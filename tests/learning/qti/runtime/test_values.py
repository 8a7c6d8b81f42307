"""Values: text, JSON and Python forms are the same value; what is none is refused."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.learning.qti.runtime.cases_of import cases_of

from demotic.learning.qti.model import BaseType, Cardinality
from demotic.learning.qti.runtime import (
    File,
    Value,
    ValueFault,
    container,
    from_json,
    parse_single,
    record,
    single,
    to_json,
)
from demotic.learning.qti.runtime.values import format_single, parse_data

IDENTIFIERS = st.from_regex(r"[A-Za-z_][A-Za-z0-9_.-]{0,8}", fullmatch=True)
INTEGERS = st.integers(-(2**31), 2**31 - 1)
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=20)
DATA: dict[BaseType, st.SearchStrategy[Any]] = {
    BaseType.BOOLEAN: st.booleans(),
    BaseType.DIRECTED_PAIR: st.tuples(IDENTIFIERS, IDENTIFIERS),
    BaseType.DURATION: st.floats(0, 1e9),
    BaseType.FILE: st.builds(File, st.binary(max_size=30), st.just("text/plain"), st.just("a b.txt")),
    BaseType.FLOAT: st.floats(allow_nan=False),
    BaseType.IDENTIFIER: IDENTIFIERS,
    BaseType.INTEGER: INTEGERS,
    BaseType.PAIR: st.tuples(IDENTIFIERS, IDENTIFIERS),
    BaseType.POINT: st.tuples(INTEGERS, INTEGERS),
    BaseType.STRING: TEXTS,
    BaseType.URI: st.just("http://example.org/a?b#c"),
}
SINGLES = st.one_of([strategy.map(lambda data, kind=kind: single(kind, data)) for kind, strategy in DATA.items()])
KINDS = st.sampled_from([Cardinality.MULTIPLE, Cardinality.ORDERED])
CONTAINERS = st.one_of(
    [
        st.builds(lambda how, items, kind=kind: container(how, kind, items), KINDS, st.lists(strategy, min_size=1))
        for kind, strategy in DATA.items()
    ]
)
RECORDS = st.dictionaries(IDENTIFIERS, SINGLES, min_size=1, max_size=3).map(record)


@pytest.mark.spec("QTI2-084", "QTI2-086", "QTI2-088", "QTI2-093", "QTI2-094")
@pytest.mark.feature("F-QTIRUN-12")
@given(SINGLES)
def test_a_single_value_is_the_same_after_text(value: Value) -> None:
    assert value.base_type is not None
    assert parse_single(value.base_type, format_single(value)) == value


@pytest.mark.spec("QTI2-085", "QTI2-096", "QTI2-097")
@given(st.one_of(SINGLES, CONTAINERS, RECORDS))
def test_a_value_is_the_same_after_json(value: Value) -> None:
    again = from_json(json.loads(json.dumps(to_json(value))))
    assert again == value
    assert hash(again) == hash(value)


TYPES = {
    "Boolean": BaseType.BOOLEAN, "DirectedPair": BaseType.DIRECTED_PAIR, "Duration": BaseType.DURATION,
    "Float": BaseType.FLOAT, "Integer": BaseType.INTEGER, "Pair": BaseType.PAIR, "Point": BaseType.POINT,
    "String": BaseType.STRING, "Uri": BaseType.URI, "Identifier": BaseType.IDENTIFIER,
}  # fmt: skip


WORDS: dict[str, Any] = {
    "BaseType": BaseType, "Cardinality": Cardinality,
    "ComplexReferenceIdentifier": lambda text: parse_data(BaseType.IDENTIFIER, text),
}  # fmt: skip


def test_words_and_references_of_the_cases_are_read_or_refused(shared_data: Path) -> None:
    cases = [case for case in cases_of(shared_data, "value-parse", "value-parse-invalid") if case["type"] in WORDS]
    for case in cases:
        try:
            WORDS[case["type"]](case["text"])
        except ValueError:
            assert case["kind"] == "value-parse-invalid", case["id"]
        else:
            assert case["kind"] == "value-parse", case["id"]
    assert len(cases) > 60


@pytest.mark.spec("QTI2-008", "QTI2-009", "QTI2-010", "QTI2-089", "QTI2-090")
def test_texts_of_the_cases_are_read_or_refused(shared_data: Path) -> None:
    cases = [case for case in cases_of(shared_data, "value-parse", "value-parse-invalid") if case["type"] in TYPES]
    wrong = []
    for case in cases:
        try:
            data = parse_data(TYPES[case["type"]], case["text"])
        except ValueFault:
            if case["kind"] == "value-parse":
                wrong.append(case["id"])
            continue
        expected = case.get("expect")
        if case["kind"] == "value-parse-invalid" or (
            isinstance(expected, (int, float)) and not math.isclose(data, expected)
        ):
            wrong.append(case["id"])
    dotted = [case["id"] for case in cases if case["type"] == "Identifier" and "." in case["text"]]
    assert sorted(wrong) == sorted(dotted), "R-24: an identifier may have dots"


NO_VALUES = [
    (BaseType.INTEGER, 1.0), (BaseType.FLOAT, 1), (BaseType.BOOLEAN, 1), (BaseType.INTEGER, True),
    (BaseType.INTEGER, 2**31), (BaseType.PAIR, ("A",)), (BaseType.POINT, (1.0, 2)), (BaseType.FILE, b""),
    (BaseType.STRING, 1), (BaseType.DURATION, "1"),
]  # fmt: skip


@pytest.mark.parametrize(("base_type", "data"), NO_VALUES)
def test_what_is_of_another_type_is_refused(base_type: BaseType, data: Any) -> None:
    with pytest.raises(ValueFault):
        single(base_type, data)


@pytest.mark.spec("QTI2-087", "QTI2-091")
def test_nothing_is_null_and_pairs_have_no_order() -> None:
    assert single(BaseType.STRING, "") is None
    assert container(Cardinality.MULTIPLE, BaseType.STRING, [None]) is None
    assert record({"A": None}) is None
    assert single(BaseType.PAIR, ("B", "A")) == single(BaseType.PAIR, ("A", "B"))
    assert single(BaseType.DIRECTED_PAIR, ("B", "A")) != single(BaseType.DIRECTED_PAIR, ("A", "B"))
    with pytest.raises(ValueFault, match="container"):
        record({"A": container(Cardinality.ORDERED, BaseType.INTEGER, [1])})


NO_JSON = [1, [], {"cardinality": "x"}, {"cardinality": "single", "baseType": "x", "value": 1},
           {"cardinality": "multiple", "baseType": "integer", "value": 1}, {"cardinality": "record", "value": [1]},
           {"baseType": "file", "value": {"data": 1}}]  # fmt: skip


@pytest.mark.parametrize("data", NO_JSON)
def test_json_that_is_no_value_is_refused(data: Any) -> None:
    with pytest.raises(ValueFault):
        from_json(data)
