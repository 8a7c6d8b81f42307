"""Functions and actions in Python, called over OData: declared by their type hints, in one transaction each.

Run it anywhere: python examples/operations.py
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated

from demotic.errors import Conflict
from demotic.model import FromSet, declare, entity
from demotic.protocols.odata import ODataV4
from demotic.service import Service
from demotic.service.operations import Context, Operations
from demotic.store import Entity
from demotic.store.memory import MemoryStore
from demotic.syntax.http import Request


@entity(key="ID", set="Books")
class Book:
    ID: int
    Title: str
    Price: Decimal
    Stock: int


operations = Operations()
Stored = Annotated[Entity, FromSet("Books")]


class SoldOut(Conflict):
    """There are not that many."""

    code = "SoldOut"


@operations.function
def Bargains(context: Context, below: Decimal = Decimal(10)) -> Annotated[Iterable[Entity], FromSet("Books")]:
    """The books below a price, the cheapest first."""
    books = context["Books"]
    return books.where(books.p.Price < below).order_by("Price").values()


@operations.action(bound=True)
def Sell(context: Context, book: Stored, number: int = 1) -> Stored:
    """Takes copies of a book out of the stock."""
    left = book["Stock"] - number
    if left < 0:
        raise SoldOut(f"there are only {book['Stock']}", target="number")
    return context["Books"].update(book["ID"], {"Stock": left})


def main() -> None:
    """Call them as a client would."""
    books = [
        {"ID": 1, "Title": "The Dispossessed", "Price": Decimal("8.50"), "Stock": 2},
        {"ID": 2, "Title": "Always Coming Home", "Price": Decimal("30.00"), "Stock": 1},
    ]
    service = ODataV4(Service(MemoryStore(declare("Library", Book), {"Books": books}), operations=operations))

    def ask(method: str, path: str, query: str = "", body: object = None) -> None:
        content = b"" if body is None else json.dumps(body).encode()
        fields = {"content-type": "application/json", "content-length": str(len(content))}
        response = service(Request(method, f"/odata/v4/{path}", query, fields, body=io.BytesIO(content).read))
        answer = response.body if isinstance(response.body, bytes) else b"".join(response.body)
        print(response.status, answer.decode())

    ask("GET", "Bargains", "$select=Title")
    ask("GET", "Bargains(below=40)/$count")
    ask("POST", "Books(1)/Sell", "$select=Stock")
    ask("POST", "Books(1)/Sell", body={"number": 2})


if __name__ == "__main__":
    main()
