"""A model declared as Python classes, its data in memory, served as OData without a database.

Run it anywhere: python examples/model_in_python.py
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from demotic.model import MaxLength, On, Partner, declare, entity
from demotic.protocols.odata import ODataV4
from demotic.service import Service
from demotic.store.memory import MemoryStore
from demotic.syntax.http import Request


@entity(key="ID", set="Authors")
class Author:
    ID: int
    Name: Annotated[str, MaxLength(60)]
    Books: Annotated[list[Book], Partner("Author")]


@entity(key="ID", set="Books")
class Book:
    ID: int
    Title: str
    Published: date | None
    Author_ID: int
    Author: Annotated[Author, On("Author_ID", "ID")]


def main() -> None:
    """Fill the store, ask it from Python, then over OData."""
    store = MemoryStore(declare("Library", Author, Book))
    with store.transaction() as tx:
        tx["Authors"].insert({"ID": 1, "Name": "Ursula K. Le Guin"})
        tx["Books"].insert({"ID": 1, "Title": "The Dispossessed", "Published": date(1974, 5, 1), "Author_ID": 1})
        tx["Books"].insert({"ID": 2, "Title": "Always Coming Home", "Published": None, "Author_ID": 1})

    with store.transaction() as tx:
        for book in tx["Books"].where("startswith(Title,'The')").expand("Author").values():
            print(f"{book['Title']}, by {book['Author']['Name']}, {book['Published']:%Y}")

    service = ODataV4(Service(store, "Library"))
    response = service(Request("GET", "/odata/v4/Authors(1)", "$expand=Books($select=Title)"))
    print(
        response.status, bytes(response.body if isinstance(response.body, bytes) else b"".join(response.body)).decode()
    )


if __name__ == "__main__":
    main()
