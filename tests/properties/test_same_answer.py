"""A question has one answer: from memory, from SQLite, through HTTP over either, whole or in pages."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from demotic.model import Model
from demotic.protocols.odata import ODataV4
from demotic.query import Options, write_options
from demotic.service import Service
from demotic.store import Store
from demotic.store.sql import SqlStore, open_store

from . import declared, nasty
from .answers import Answer, over_collection, over_http
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
