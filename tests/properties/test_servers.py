"""A question has one answer: from memory and from the databases of servers, whole or in pages.

What a server cannot compute exactly it refuses. What the metadata of MariaDB declare approximate is not asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from demotic.model import EntityType, Model
from demotic.query import NOWHERE, Options, SelectItem, write_options
from demotic.store import Store
from demotic.store.sql import SqlStore, open_store

from . import declared, nasty
from .answers import over_collection
from .questions import Questions, told
from .test_same_answer import EXAMPLES, SAMPLES

MODEL = declared.model()
TEXTS = [nasty.without_nul(text) for text in nasty.TEXTS]
QUESTIONS = Questions(MODEL, {**SAMPLES, "String": TEXTS})
SETS = st.sampled_from(["Things", "Things", "Things", "Parts", "Kinds", "Tags"])
NOT_ASKED = re.compile(r"Span|tolower|toupper|divby|[ +]div[ +]|[ +]mul[ +]")


@pytest.fixture(scope="module")
def memory() -> Store:
    return nasty.in_memory(MODEL, nasty.held())


@pytest.fixture(scope="module")
def postgres(postgresql: Any) -> Iterator[SqlStore]:
    with open_store(nasty.write_postgresql(postgresql)) as store:
        yield store


@pytest.fixture(scope="module")
def maria(mariadb: Any) -> Iterator[SqlStore]:
    with open_store(nasty.write_mariadb(mariadb)) as store:
        yield store


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


def test_reflection_finds_the_model_that_classes_declare(postgres: SqlStore, maria: SqlStore) -> None:
    assert described(postgres.model) == described(MODEL)
    expected = described(MODEL)
    del expected["Things"]["Span"]
    assert described(maria.model) == expected


@st.composite
def asked(draw: st.DrawFn) -> tuple[str, Options]:
    name = draw(SETS)
    return name, draw(QUESTIONS.questions(MODEL.container.sets[name].type))


def agree(memory: Store, store: SqlStore, name: str, options: Options, page: int) -> None:
    for asking, size in ((options, None), (replace(options, top=None, skip=None), page)):
        expected, got = over_collection(memory, name, asking), over_collection(store, name, asking, size)
        if got.refused == "NotInThisStore" and not expected.refused:
            event("beyond the server")
            return
        assert got == expected, f"differs on {told(asking)!r}: {write_options(asking)}"
    event("entities" if expected.entities else "no entities")


@pytest.mark.feature("F-SQL-12", "F-SQL-32")
@given(asked(), st.sampled_from((7, 20)))
@settings(max_examples=EXAMPLES // 6)  # a server takes its time
def test_postgresql_gives_the_answer_of_memory(
    memory: Store, postgres: SqlStore, question: tuple[str, Options], page: int
) -> None:
    agree(memory, postgres, *question, page)


@pytest.mark.feature("F-SQL-12", "F-SQL-32")
@given(asked(), st.sampled_from((7, 20)))
@settings(max_examples=EXAMPLES // 6)  # a server takes its time
def test_mariadb_gives_the_answer_of_memory(
    memory: Store, maria: SqlStore, question: tuple[str, Options], page: int
) -> None:
    name, options = question
    options = without_span(options, MODEL.container.sets[name].type)
    if NOT_ASKED.search(write_options(options)):
        return
    agree(memory, maria, name, options, page)


def without_span(options: Options, type: EntityType) -> Options:
    """Return options that show no durations, which MariaDB has no columns for."""
    names = [item.path[0] for item in options.select]
    everything = not names or "*" in names
    shown = [n for n in type.all_properties() if n != "Span"] if everything else [n for n in names if n != "Span"]
    select = tuple(SelectItem((n,), NOWHERE) for n in shown) or (SelectItem(("ID",), NOWHERE),)
    expand = tuple(
        replace(item, options=without_span(item.options, type.all_navigation()[item.path[0]].target))
        for item in options.expand
    )
    return replace(options, select=select if "Span" in type.all_properties() else options.select, expand=expand)
