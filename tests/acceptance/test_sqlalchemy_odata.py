"""sqlalchemy-odata 0.2, SQL from outside over an OData 4 service, reads every set of a real server.

It reads whole sets, asking for 500 entities at a time, and lets SQLite filter and join them; integers it hands over as
text, so they are cast before they order anything. It says itself that it changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from acceptance_support.databases import World

pytest.importorskip("shillelagh_odata", reason="sqlalchemy-odata is not installed (it is in the extra `dev`)")

from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import NotSupportedError

Ask = Callable[[str], list[tuple[Any, ...]]]

# Its dialect is written for an older SQLAlchemy, and its metadata is read over connections that nobody closes.
pytestmark = [
    pytest.mark.filterwarnings("ignore:The dbapi:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def engine_of(origin: str) -> Any:
    return create_engine(f"{origin.replace('http:', 'odata:')}/odata/v4")


def asking(engine: Any) -> Ask:
    def rows(statement: str) -> list[tuple[Any, ...]]:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]

    return rows


@pytest.fixture(scope="module")
def ask(servers: Callable[..., str]) -> Ask:
    """Ask in SQL."""
    return asking(engine_of(servers("chinook")))


@pytest.mark.feature("F-ODATA-32")
def test_it_finds_every_set(servers: Callable[..., str], chinook: World) -> None:
    inspector = inspect(engine_of(servers("chinook")))
    assert set(inspector.get_table_names()) == set(chinook.served.metadata.sets)


@pytest.mark.feature("F-ODATA-32")
def test_it_reads_every_set_to_the_end(ask: Ask, chinook: World) -> None:
    for name, table in chinook.served.tables.items():
        ((number,),) = ask(f'SELECT COUNT(*) FROM "{name}"')
        assert number == chinook.truth.count(table), name


@pytest.mark.feature("F-ODATA-32")
def test_it_follows_the_next_links_of_what_it_asked_for(servers: Callable[..., str], chinook: World) -> None:
    small = asking(engine_of(servers("chinook", "--page-size", "100")))
    assert small("SELECT COUNT(*) FROM Album") == [(chinook.truth.count(chinook.served.tables["Album"]),)] == [(347,)]


QUESTIONS = {
    "filters": "SELECT TrackId, Name, Composer FROM Track WHERE Name LIKE '%Love%' ORDER BY CAST(TrackId AS INTEGER)",
    "joins": """SELECT Title, Artist.Name FROM Album JOIN Artist ON Artist.ArtistId = Album.ArtistId
        WHERE Artist.Name = 'AC/DC' ORDER BY Title""",
    "groups": "SELECT BillingCountry, COUNT(*) FROM Invoice GROUP BY 1 ORDER BY 2 DESC, 1",
    "cuts": """SELECT InvoiceId FROM Invoice WHERE BillingState IS NULL AND Total > 10
        ORDER BY CAST(InvoiceId AS INTEGER) LIMIT 7""",
}


@pytest.mark.feature("F-ODATA-32")
@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_it_asks(ask: Ask, chinook: World, question: str) -> None:
    found = ask(question)
    assert found == chinook.truth.ask(question)
    assert found


@pytest.mark.feature("F-ODATA-32")
def test_it_reads_moments(ask: Ask) -> None:
    assert ask("SELECT InvoiceDate FROM Invoice WHERE InvoiceId = 1") == [(datetime(2021, 1, 1, tzinfo=UTC),)]


CHANGES = {
    "INSERT": "INSERT INTO Genre (GenreId, Name) VALUES (900, 'Chant')",
    "UPDATE": "UPDATE Genre SET Name = 'Chant' WHERE GenreId = 1",
    "DELETE": "DELETE FROM Genre WHERE GenreId = 1",
}


@pytest.mark.feature("F-ODATA-32")
@pytest.mark.parametrize("verb", CHANGES)
def test_it_says_that_it_changes_nothing(ask: Ask, chinook: World, verb: str) -> None:
    with pytest.raises(NotSupportedError, match=f"Adapter does not support ``{verb}`` statements"):
        ask(CHANGES[verb])
    assert ask("SELECT Name FROM Genre ORDER BY Name") == chinook.truth.ask("SELECT Name FROM Genre ORDER BY Name")
