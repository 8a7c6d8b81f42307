"""A question has one answer: from memory, from SQLite, through HTTP over either, whole or in pages."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from demotic.model import Model
from demotic.protocols.odata import ODataV4
from demotic.query import Options, bind_options, write_options
from demotic.service import Service
from demotic.store import Store
from demotic.store.sql import SqlStore, open_store

from . import declared, nasty
from .answers import MOST_PAGES, Answer, get, native, over_collection, over_http
from .questions import Questions, told, with_aliases

# A long run: DEMOTIC_EXAMPLES=20000 pytest tests/properties
EXAMPLES = int(os.environ.get("DEMOTIC_EXAMPLES", "150"))

SAMPLES = {
    "String": nasty.TEXTS,
    "Int64": nasty.INTEGERS,
    "Decimal": nasty.DECIMALS,
    "Double": nasty.DOUBLES,
    "Boolean": [True, False],
    "Date": nasty.DATES,
    "DateTimeOffset": nasty.INSTANTS,
    "TimeOfDay": nasty.TIMES,
    "Duration": nasty.DURATIONS,
    "Guid": nasty.GUIDS,
}
MODEL = declared.model()
QUESTIONS = Questions(MODEL, SAMPLES)


@dataclass(frozen=True)
class Places:
    """The data set in memory and in SQLite, each with its handler."""

    memory: Store
    sqlite: SqlStore
    memory_http: ODataV4
    sqlite_http: ODataV4


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Places:
    sqlite = open_store(str(nasty.write_sqlite(tmp_path_factory.mktemp("nasty") / "nasty.db")))
    memory = nasty.in_memory(MODEL)
    return Places(memory, sqlite, ODataV4(Service(memory)), ODataV4(Service(sqlite)))


def test_reflection_finds_the_model_that_classes_declare(places: Places) -> None:
    def described(model: Model) -> dict[str, dict[str, tuple[object, ...]]]:
        assert model.container is not None
        return {
            name: {
                **{p.name: (p.type.qualified_name, p.nullable) for p in found.type.all_properties().values()},
                **{w.name: (w.target.name, w.collection) for w in found.type.all_navigation().values()},
                "key": tuple(p.name for p in found.type.key),
            }
            for name, found in model.container.sets.items()
        }

    assert described(places.sqlite.model) == described(MODEL)


def agree(expected: Answer, got: Answer, who: str, options: Options) -> None:
    assert got == expected, f"{who} differs on {told(options)!r}: {write_options(options)}"


SETS = st.sampled_from(["Things", "Things", "Things", "Parts", "Kinds", "Tags"])


@st.composite
def asked(draw: st.DrawFn) -> tuple[str, Options]:
    name = draw(SETS)
    return name, draw(QUESTIONS.questions(MODEL.container.sets[name].type))


@pytest.mark.feature("F-ODATA-17", "F-SQL-12")
@pytest.mark.spec("OD-167", "OD-200", "OD-260")
@given(asked(), st.sampled_from((1, 3, 7, 7, 11, 11, 20)))
@settings(max_examples=EXAMPLES)
def test_a_question_has_the_same_answer_from_memory_sqlite_and_http(
    places: Places, question: tuple[str, Options], page: int
) -> None:
    name, options = question
    type = MODEL.container.sets[name].type
    query = write_options(options)
    expected = over_collection(places.memory, name, options)
    event("refused" if expected.refused else "no entities" if not expected.entities else "entities")
    if expected.refused:
        event(f"refused: {expected.refused}")
    agree(expected, over_http(places.memory_http, type, name, query), "HTTP over memory", options)
    agree(expected, over_http(places.memory_http, type, name, query, page), "HTTP over memory in pages", options)
    agree(expected, over_collection(places.sqlite, name, options), "SQLite", options)
    agree(expected, over_http(places.sqlite_http, type, name, query), "HTTP over SQLite", options)
    agree(expected, over_http(places.sqlite_http, type, name, query, page), "HTTP over SQLite in pages", options)
    whole = replace(options, top=None, skip=None)
    pages = over_collection(places.sqlite, name, whole, page)
    agree(over_collection(places.memory, name, whole), pages, "SQLite in pages", whole)
    if options.filter is not None:
        tree, aliases = with_aliases(options.filter)
        through = write_options(replace(options, filter=tree, aliases=aliases))
        agree(expected, over_http(places.sqlite_http, type, name, through), "a question with aliases", options)


@st.composite
def computing(draw: st.DrawFn) -> tuple[str, Options]:
    name = draw(SETS)
    return name, draw(QUESTIONS.further(MODEL.container.sets[name].type))


@pytest.mark.feature("F-QUERY-32", "F-QUERY-33")
@given(computing(), st.sampled_from((3, 7, 20)))
@settings(max_examples=EXAMPLES)
def test_what_is_searched_and_computed_is_the_same_from_memory_and_sqlite(
    places: Places, question: tuple[str, Options], page: int
) -> None:
    name, options = question
    expected = in_full(places.memory_http, name, options)
    event("refused" if isinstance(expected, str) else "entities" if expected else "no entities")
    query = write_options(options)
    assert in_full(places.sqlite_http, name, options) == expected, query
    assert in_full(places.memory_http, name, options, page) == expected, query
    assert in_full(places.sqlite_http, name, options, page) == expected, query


def in_full(handler: ODataV4, name: str, options: Options, page: int | None = None) -> object:
    """Return all entities with native values, or the code of the refusal."""
    fields = {"prefer": f"maxpagesize={page}"} if page else {}
    query = write_options(options)
    found: list[object] = []
    for _ in range(MOST_PAGES):
        status, body = get(handler, name, query, fields)
        if status != 200:
            return body["error"]["code"]
        bound, _values = bind_options(options, MODEL.container.sets[name].type, MODEL)
        known = {item.name: item for item in bound.delivered}
        found += [{key: native(known[key], value) for key, value in item.items()} for item in body["value"]]
        if "@odata.nextLink" not in body:
            return (body.get("@odata.count"), found)
        query = body["@odata.nextLink"].partition("?")[2]
    raise AssertionError("next links without end")
