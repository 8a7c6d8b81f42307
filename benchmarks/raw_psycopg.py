"""The standard requests on PostgreSQL answered by hand, over psycopg: `raw_wsgi` with another database, no more.

SHOP_PG=postgresql://… granian --interface wsgi --workers 1 --blocking-threads 1 raw_psycopg:app
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Any

import msgspec
import psycopg
from raw_wsgi import CUSTOMER, ITEM, ORDER, Customer, ExpandedOrder, Item, Order

COLUMNS, OF_CUSTOMER, OF_ITEM = (", ".join(f'"{name}"' for name in names) for names in (ORDER, CUSTOMER, ITEM))
ONE = f'SELECT {COLUMNS} FROM "Orders" WHERE "ID" = %s'
FIRST = f'SELECT {COLUMNS} FROM "Orders" ORDER BY "ID" LIMIT %s'
CUSTOMERS = f'SELECT {OF_CUSTOMER} FROM "Customers" WHERE "ID" = ANY(%s)'
ITEMS = f'SELECT {OF_ITEM} FROM "OrderItems" WHERE "parent_ID" = ANY(%s) ORDER BY "parent_ID", "ID"'
encode = msgspec.json.Encoder(decimal_format="number").encode
of_thread = threading.local()


def database() -> psycopg.Connection[Any]:
    """Return the connection of this thread."""
    try:
        connection: psycopg.Connection[Any] = of_thread.connection
    except AttributeError:
        connection = of_thread.connection = psycopg.connect(os.environ["SHOP_PG"], autocommit=True)
    return connection


def collection(context: bytes, entities: list[msgspec.Struct]) -> bytes:
    return b'{"@odata.context":"$metadata#' + context + b'","value":' + encode(entities) + b"}"


def key(number: int) -> bytes:
    row = database().execute(ONE, (number,)).fetchone()
    assert row is not None
    return b'{"@odata.context":"$metadata#Orders/$entity",' + encode(Order(*row))[1:]


def page100(_number: int) -> bytes:
    return collection(b"Orders", [Order(*row) for row in database().execute(FIRST, (100,)).fetchall()])


def expand(_number: int) -> bytes:
    db = database()
    with db.transaction():
        rows = db.execute(FIRST, (50,)).fetchall()
        customers = {row[0]: Customer(*row) for row in db.execute(CUSTOMERS, ([row[5] for row in rows],)).fetchall()}
        items: dict[int, list[msgspec.Struct]] = {row[0]: [] for row in rows}
        for row in db.execute(ITEMS, ([row[0] for row in rows],)).fetchall():
            items[row[1]].append(Item(*row))
    expanded = [ExpandedOrder(*row, customers[row[5]], items[row[0]]) for row in rows]
    return collection(b"Orders(customer(),OrderItems())", expanded)


ROUTES = {"/key": key, "/page100": page100, "/expand": expand}


def app(environ: dict[str, Any], start_response: Callable[..., object]) -> list[bytes]:
    """Answer one request (PEP 3333)."""
    body = ROUTES[environ["PATH_INFO"]](int(environ["QUERY_STRING"][3:] or 0))
    start_response("200 OK", [("content-type", "application/json"), ("content-length", str(len(body)))])
    return [body]
