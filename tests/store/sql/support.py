"""What tests of the SQL store share: databases from scripts, questions as text, rows as dictionaries."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from demotic.model import EntityType
from demotic.query import Options, Query, bind_request, read_options, read_path
from demotic.store import Representation
from demotic.store.sql import SqlStore, open_store


class Rows:
    """The form of these tests: each row as a dictionary, a count beside its navigation property as ``Name#``."""

    def __init__(self, representation: Representation = Representation.NATIVE) -> None:
        self.representation = representation

    def row(self, query: Query) -> Callable[..., dict[str, Any]]:
        names = [item.name for item in query.properties]
        for item in query.expand:
            names.append(item.navigation.name)
            if item.query.count:
                names.append(f"{item.navigation.name}#")
        return lambda *values: dict(zip(names, values, strict=True))


NATIVE = Rows()
JSON = Rows(Representation.JSON)
EXACT = Rows(Representation.JSON_EXACT)


def make(folder: Path, script: str, name: str = "test.db", **options: Any) -> SqlStore:
    """Write a database and open it."""
    path = folder / name
    with closing(sqlite3.connect(path)) as db:
        db.executescript(script)
    return open_store(path, **options)


class Answer:
    """All rows of an answer, its count, and where the next page starts."""

    def __init__(self, store: SqlStore, text: str, page: int | None = None, form: Rows = NATIVE) -> None:
        path, _, options = text.partition("?")
        asked = read_options(options) if options else Options()
        self.bound = bind_request(read_path(path), asked, model=store.model)
        self.plan = store.prepare(self.bound.read, form)
        with store.run(self.plan, self.bound.values, page=page) as result:
            self.rows = [row for batch in result.batches() for row in batch]
            self.after = result.after
            self.count = result.count


def ask(store: SqlStore, text: str, form: Rows = NATIVE) -> list[dict[str, Any]]:
    """Return the rows that answer ``Path?options``."""
    return Answer(store, text, form=form).rows


def keys(store: SqlStore, text: str) -> list[Any]:
    """Return the first key value of each row of the answer."""
    rows = Answer(store, text)
    name = rows.bound.read.query.type.key[0].name
    return [row[name] for row in rows.rows]


def kind(store: SqlStore, name: str) -> EntityType:
    """Return the type of a set's entities."""
    assert store.model.container is not None
    return store.model.container.sets[name].type
