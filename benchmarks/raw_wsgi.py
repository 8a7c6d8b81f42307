"""The practical limit: the standard requests answered by hand, with fixed SQL, typed structs and no protocol at all.

    SHOP_DB=shop.db granian --interface wsgi --workers 1 --blocking-threads 1 raw_wsgi:app

Answers /key?id=N, /customer?id=N, /page100, /page5000 and /expand with the values that the OData requests of the same
names ask for. Everything a general server must find out on each request is known here beforehand; the rest (SQLite,
msgspec, granian) is the same, so the ratio of the two shows what the generality costs.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

ORDER = ("ID", "orderDate", "amount", "status", "note", "customer_ID")
CUSTOMER = ("ID", "name", "city", "country")
ITEM = ("ID", "parent_ID", "product_ID", "quantity", "price")


def struct(name: str, fields: Iterable[str]) -> Callable[..., msgspec.Struct]:
    return msgspec.defstruct(name, [(field, object) for field in fields])


Order = struct("Order", ORDER)
Customer = struct("Customer", CUSTOMER)
Item = struct("Item", ITEM)
ExpandedOrder = struct("ExpandedOrder", (*ORDER, "customer", "OrderItems"))

FIFTY = ", ".join("?" * 50)
ONE_ORDER = f"SELECT {', '.join(ORDER)} FROM Orders WHERE ID = ?"
FIRST_ORDERS = f"SELECT {', '.join(ORDER)} FROM Orders ORDER BY ID LIMIT ?"
LARGE_ORDERS = f"SELECT {', '.join(ORDER)} FROM Orders WHERE customer_ID = ? AND amount > 500 ORDER BY ID LIMIT 20"
CUSTOMERS_OF_50 = f"SELECT {', '.join(CUSTOMER)} FROM Customers WHERE ID IN ({FIFTY})"
ITEMS_OF_50 = f"SELECT {', '.join(ITEM)} FROM OrderItems WHERE parent_ID IN ({FIFTY}) ORDER BY parent_ID, ID"

encode = msgspec.json.encode
of_thread = threading.local()


def database() -> sqlite3.Connection:
    """Return the connection of this thread."""
    try:
        connection: sqlite3.Connection = of_thread.connection
    except AttributeError:
        connection = of_thread.connection = sqlite3.connect(os.environ["SHOP_DB"], isolation_level=None)
    return connection


def collection(context: bytes, entities: list[msgspec.Struct]) -> bytes:
    return b'{"@odata.context":"$metadata#' + context + b'","value":' + encode(entities) + b"}"


def key(number: int) -> bytes:
    row = database().execute(ONE_ORDER, (number,)).fetchone()
    return b'{"@odata.context":"$metadata#Orders/$entity",' + encode(Order(*row))[1:]


def customer(number: int) -> bytes:
    return collection(b"Orders", [Order(*row) for row in database().execute(LARGE_ORDERS, (number,))])


def page100(_number: int) -> bytes:
    return collection(b"Orders", [Order(*row) for row in database().execute(FIRST_ORDERS, (100,))])


def page5000(_number: int) -> bytes:
    return collection(b"Orders", [Order(*row) for row in database().execute(FIRST_ORDERS, (5000,))])


def expand(_number: int) -> bytes:
    db = database()
    rows = db.execute(FIRST_ORDERS, (50,)).fetchall()
    customers = {row[0]: Customer(*row) for row in db.execute(CUSTOMERS_OF_50, [row[5] for row in rows])}
    items: dict[int, list[msgspec.Struct]] = {row[0]: [] for row in rows}
    for row in db.execute(ITEMS_OF_50, [row[0] for row in rows]):
        items[row[1]].append(Item(*row))
    expanded = [ExpandedOrder(*row, customers[row[5]], items[row[0]]) for row in rows]
    return collection(b"Orders(customer(),OrderItems())", expanded)


ROUTES = {"/key": key, "/customer": customer, "/page100": page100, "/page5000": page5000, "/expand": expand}


def app(environ: dict[str, Any], start_response: Callable[..., object]) -> list[bytes]:
    """Answer one request (PEP 3333)."""
    body = ROUTES[environ["PATH_INFO"]](int(environ["QUERY_STRING"][3:] or 0))
    start_response("200 OK", [("content-type", "application/json"), ("content-length", str(len(body)))])
    return [body]
