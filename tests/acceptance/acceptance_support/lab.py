"""A small service that holds what the conformance levels speak of, twice: a model in code over memory, and SQLite.

Both hold the same people, tasks, steps and tags under the same names. What a SQLite table cannot say (an enumeration, a
complex property) is in the former alone.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import IntEnum, IntFlag
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from demotic.model import DECIMAL, On, Partner, Scale, complex_type, declare, entity, enumeration
from demotic.store.memory import MemoryStore


class Status(IntEnum):
    """Where a task stands."""

    OPEN = 1
    RUNNING = 2
    ENDED = 3


@enumeration()
class Rights(IntFlag):
    """What may be done with it."""

    READ = 1
    WRITE = 2


@complex_type()
class Place:
    """Where it happens."""

    street: str
    city: str | None


@entity(key="id", set="People", name="People")
class Person:
    id: str
    name: str
    email: str | None
    boss_id: str | None
    boss: Annotated[Person | None, Partner("People"), On("boss_id", "id")]
    People: Annotated[list[Person], Partner("boss")]
    Tasks: Annotated[list[Task], Partner("owner")]


@entity(key="id", set="Tasks", name="Tasks")
class Task:
    id: int
    title: str | None
    code: UUID | None
    due: date | None
    at: datetime | None
    clock: time | None
    effort: timedelta | None
    done: bool | None
    weight: float | None
    price: Annotated[Decimal, DECIMAL, Scale("variable")] | None
    owner_id: str | None
    status: Status
    rights: Rights
    place: Place | None
    owner: Annotated[Person | None, Partner("Tasks"), On("owner_id", "id")]
    Steps: Annotated[list[Step], Partner("task")]
    Tags: Annotated[list[Tag], Partner("Tasks")]


@entity(key=("task_id", "number"), set="Steps", name="Steps")
class Step:
    task_id: int
    number: int
    text: str | None
    task: Annotated[Task, Partner("Steps"), On("task_id", "id")]


@entity(key="id", set="Tags", name="Tags")
class Tag:
    id: int
    name: str
    Tasks: Annotated[list[Task], Partner("Tags")]


PEOPLE: list[dict[str, Any]] = [
    {"id": "ada", "name": "Ada", "email": "ada@example.org", "boss_id": None},
    {"id": "bo/b", "name": "Bo B.", "email": None, "boss_id": "ada"},
    {"id": "c\\d", "name": "C'est moi", "email": None, "boss_id": "ada"},
    {"id": "100% ?#&+;=é☃", "name": "Odd", "email": "odd@example.org", "boss_id": "bo/b"},
]
TASKS: list[dict[str, Any]] = [
    {
        "id": n,
        "title": title,
        "code": UUID(int=n),
        "due": None if n % 3 == 0 else date(2024, n, 28),
        "at": datetime(2024, 1, n, 12, 30, n, tzinfo=UTC),
        "clock": time(n, 15),
        "effort": timedelta(hours=n, minutes=30),
        "done": None if n == 4 else n % 2 == 0,
        "weight": n / 4,
        "price": None if n == 5 else Decimal(n) / 10,
        "owner_id": [None, "ada", "bo/b"][n % 3],
    }
    for n, title in enumerate(("Ask", "build", "Cut", "Doubt", "Eat", None, "ÄÖÜ ☃", "100%_"), 1)
]
STATUS = {1: Status.OPEN, 2: Status.RUNNING, 3: Status.ENDED}
STEPS: list[dict[str, Any]] = [
    {"task_id": task, "number": number, "text": f"step {number} of {task}"}
    for task in (1, 2, 5)
    for number in (1, 2, 3)
]
TAGS: list[dict[str, Any]] = [{"id": n, "name": name} for n, name in enumerate(("red", "green", "blue"), 1)]
TASK_TAGS = [(1, 1), (1, 2), (2, 1), (5, 3)]

DDL = """
CREATE TABLE People (
  id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, email TEXT, boss_id TEXT REFERENCES People (id)
);
CREATE TABLE Tasks (
  id INTEGER NOT NULL PRIMARY KEY, title TEXT, code UUID, due DATE, at TIMESTAMP, clock TIME, effort INTERVAL,
  done BOOLEAN, weight DOUBLE, price DECIMAL(10, 2), owner_id TEXT REFERENCES People (id)
);
CREATE TABLE Steps (
  task_id INTEGER NOT NULL REFERENCES Tasks (id), number INTEGER NOT NULL, text TEXT, PRIMARY KEY (task_id, number)
);
CREATE TABLE Tags (id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE TaskTags (
  task_id INTEGER NOT NULL REFERENCES Tasks (id), tag_id INTEGER NOT NULL REFERENCES Tags (id),
  PRIMARY KEY (task_id, tag_id)
);
"""


def in_memory() -> MemoryStore:
    """The service's data in memory, over a model declared by the classes above."""
    model = declare("lab", Status, Rights, Place, Person, Task, Step, Tag)
    store = MemoryStore(model)
    with store.transaction() as tx:
        for name, rows in (("People", PEOPLE), ("Tags", TAGS)):
            for row in rows:
                tx[name].insert(row)
        for row in TASKS:
            more = {
                "status": int(STATUS[(row["id"] - 1) % 3 + 1]),
                "rights": row["id"] % 4,
                "place": None if row["id"] == 1 else {"street": f"Street {row['id']}", "city": "Turin"},
            }
            tx["Tasks"].insert({**row, **more})
        for row in STEPS:
            tx["Steps"].insert(row)
        for task, tag in TASK_TAGS:
            tx["Tasks"].link(task, "Tags", tag)
    return store


def _text(value: object) -> object:
    """A value as a SQLite program would write it."""
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds()) // 60
        return f"PT{minutes // 60}H{minutes % 60}M"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return str(value) if isinstance(value, UUID) else value


def in_sqlite(path: Path) -> Path:
    """Write the service's data as a SQLite database."""
    connection = sqlite3.connect(path)
    connection.executescript(DDL)
    links = [{"task_id": task, "tag_id": tag} for task, tag in TASK_TAGS]
    for name, rows in (("People", PEOPLE), ("Tasks", TASKS), ("Steps", STEPS), ("Tags", TAGS), ("TaskTags", links)):
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(
            f"INSERT INTO {name} ({', '.join(rows[0])}) VALUES ({marks})",
            [[_text(value) for value in row.values()] for row in rows],
        )
    connection.commit()
    connection.close()
    return path
