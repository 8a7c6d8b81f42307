"""A model of what tables have not: complex and enumeration types, lists of values, keys of every type. In memory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, Flag
from typing import Annotated, Any
from uuid import UUID

from demotic.model import INT16, MaxLength, Model, complex_type, declare, entity
from demotic.store.memory import MemoryStore


class Level(Enum):
    guest = 0
    member = 1
    chair = 2


class Skill(Flag):
    none = 0
    cook = 1
    sing = 2
    swim = 4


@complex_type()
class Place:
    City: str
    Street: str | None


@complex_type()
class Contact:
    Email: str | None
    Home: Place | None


@entity(key="Name", set="Members")
class Members:
    Name: str
    Level: Level
    Skills: Skill | None
    Contact: Contact | None
    Nicknames: list[str]
    Shift: timedelta | None
    Guests: list[Members]


@dataclass(frozen=True)
class Kept:
    """The values that a key of one type takes here."""

    type: Any
    values: tuple[Any, ...]


KEYS = {
    "Texts": Kept(
        str, ("", "a", "it's", "a/b", "50% off", "a?b#c&d=e", "a+b c", "Ω 🎂", "'", "''", "(x)", "a,b;c", "\\", '"')
    ),
    "Integers": Kept(int, (0, -1, 2**63 - 1, -(2**63))),
    "Smalls": Kept(Annotated[int, INT16], (-32768, 7)),
    "Booleans": Kept(bool, (True, False)),
    "Decimals": Kept(Decimal, (Decimal("0.10"), Decimal("-7.5"), Decimal("12345678901234567890.5"))),
    "Dates": Kept(date, (date(1, 1, 1), date(2024, 2, 29))),
    "Times": Kept(time, (time(0), time(23, 59, 59, 999_999))),
    "Instants": Kept(
        datetime, (datetime(2024, 2, 29, 12, 30, tzinfo=UTC), datetime(1969, 12, 31, 23, 59, 59, 500, tzinfo=UTC))
    ),
    "Durations": Kept(timedelta, (timedelta(0), timedelta(days=-1, hours=3), timedelta(microseconds=1))),
    "Guids": Kept(UUID, (UUID(int=0), UUID("0f8fad5b-d9cb-469f-a165-70867728950e"))),
    "Levels": Kept(Level, (0, 2)),
}


def _keyed(name: str, kept: Kept) -> type:
    single = {"Key": kept.type, "Note": Annotated[str | None, MaxLength(20)]}
    return entity(key="Key", set=name)(type(name, (), {"__annotations__": single}))


def _paired(name: str, kept: Kept) -> type:
    """Return an entity whose key has the type twice."""
    double = {"First": kept.type, "Second": kept.type}
    return entity(key=("First", "Second"), set=f"Pairs{name}")(type(f"Pairs{name}", (), {"__annotations__": double}))


def model() -> Model:
    """Return the model."""
    keyed = [make(name, kept) for name, kept in KEYS.items() for make in (_keyed, _paired)]
    return declare("Club", Level, Skill, Place, Contact, Members, *keyed)


MEMBERS: list[dict[str, Any]] = [
    {
        "Name": "Zoë O'Hara/Voß",
        "Level": 2,
        "Skills": 5,
        "Contact": {"Email": None, "Home": {"City": "Köln", "Street": None}},
        "Nicknames": ["Zo", "it's"],
        "Shift": timedelta(hours=6, minutes=30),
    },
    {"Name": "Ada", "Level": 0, "Skills": None, "Contact": None, "Nicknames": [], "Shift": None},
]


def in_memory() -> MemoryStore:
    """Return the store."""
    data: dict[str, Any] = {"Members": MEMBERS}
    for name, kept in KEYS.items():
        data[name] = [{"Key": value, "Note": str(n)} for n, value in enumerate(kept.values)]
        data[f"Pairs{name}"] = [{"First": a, "Second": b} for a in kept.values[:5] for b in kept.values[-2:]]
    store = MemoryStore(model(), data)
    with store.transaction() as tx:
        tx["Members"].link("Ada", "Guests", "Zoë O'Hara/Voß")
    return store
