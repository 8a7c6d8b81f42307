"""The model of the nasty data set, as Python classes: what reflecting its SQLite file is expected to find."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from demotic.model import INT16, Model, On, Partner, Precision, Scale, declare, entity

Money = Annotated[Decimal, Precision(12), Scale(4)]


@entity(key="ID", set="Kinds")
class Kinds:
    ID: str
    Title: str | None
    Weight: float | None
    Things: Annotated[list[Things], Partner("Kind")]


@entity(key="ID", set="Things")
class Things:
    ID: int
    Name: str | None
    Other: str | None
    Flag: bool | None
    Small: Annotated[int | None, INT16]
    Whole: int | None
    Price: Money | None
    Cost: Money | None
    Ratio: float | None
    Born: date | None
    Seen: datetime | None
    Changed: datetime | None
    At: time | None
    Span: timedelta | None
    Mark: UUID | None
    Bytes: bytes | None
    Kind_ID: str | None
    Parent_ID: int | None
    Kind: Annotated[Kinds | None, On("Kind_ID", "ID"), Partner("Things")]
    Parent: Annotated[Things | None, On("Parent_ID", "ID"), Partner("Things")]
    Things: Annotated[list[Things], Partner("Parent")]
    Parts: Annotated[list[Parts], Partner("Thing")]
    Tags: Annotated[list[Tags], Partner("Things")]


@entity(key=("Thing_ID", "Number"), set="Parts")
class Parts:
    Thing_ID: int
    Number: Annotated[int, INT16]
    Note: str | None
    Amount: Money | None
    Thing: Annotated[Things, On("Thing_ID", "ID"), Partner("Parts")]


@entity(key="Name", set="Tags")
class Tags:
    Name: str
    Rank: int | None
    Things: Annotated[list[Things], Partner("Tags")]


def model() -> Model:
    """Return the model."""
    return declare("Nasty", Kinds, Things, Parts, Tags)
