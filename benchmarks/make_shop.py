"""Write the database that the benchmarks read: a SQLite shop of four tables, the same rows every time.

usage: python make_shop.py shop.db [--orders 50000]

1,000 customers, 500 products, ``--orders`` orders and three items to each. Time stamps are stored as ISO 8601 text with
a Z, decimals as SQLite keeps them (REAL), booleans as 0 and 1: what applications usually leave in such a file.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

CUSTOMERS = 1_000
PRODUCTS = 500
ORDERS = 50_000
ITEMS_PER_ORDER = 3

SCHEMA = """
CREATE TABLE Customers (
  ID integer PRIMARY KEY, name varchar(80) NOT NULL, city varchar(40), country varchar(2));
CREATE TABLE Products (
  ID integer PRIMARY KEY, name varchar(80) NOT NULL, price decimal(10,2) NOT NULL, stock integer NOT NULL,
  discontinued boolean NOT NULL);
CREATE TABLE Orders (
  ID integer PRIMARY KEY, orderDate timestamp NOT NULL, amount decimal(12,2) NOT NULL, status varchar(10) NOT NULL,
  note varchar(200), customer_ID integer NOT NULL REFERENCES Customers (ID));
CREATE TABLE OrderItems (
  ID integer PRIMARY KEY, parent_ID integer NOT NULL REFERENCES Orders (ID),
  product_ID integer NOT NULL REFERENCES Products (ID), quantity integer NOT NULL, price decimal(10,2) NOT NULL);
"""
# Made after the rows: quicker, and the file comes out the same.
INDEXES = """
CREATE INDEX Orders_customer ON Orders (customer_ID);
CREATE INDEX OrderItems_parent ON OrderItems (parent_ID);
CREATE INDEX OrderItems_product ON OrderItems (product_ID);
ANALYZE;
"""
PLACES = (("Cambridge", "UK"), ("Paris", "FR"), ("Köln", "DE"), ("Tokyo", "JP"), ("São Paulo", "BR"))
STATUSES = ("open", "paid", "shipped", "closed")
FIRST_ORDER = datetime(2020, 1, 1)
BETWEEN_ORDERS = timedelta(minutes=37)

Row = tuple[object, ...]


def customers(draw: random.Random) -> Iterator[Row]:
    for number in range(1, CUSTOMERS + 1):
        yield (number, f"Customer {number}", *draw.choice(PLACES))


def products(draw: random.Random) -> Iterator[Row]:
    for number in range(1, PRODUCTS + 1):
        yield number, f"Product {number}", money(draw, 100), draw.randrange(500), draw.random() < 0.1


def orders(draw: random.Random, count: int) -> Iterator[Row]:
    for number in range(1, count + 1):
        ordered = (FIRST_ORDER + number * BETWEEN_ORDERS).strftime("%Y-%m-%dT%H:%M:%SZ")
        note = "note " * draw.randint(1, 7)
        yield number, ordered, money(draw, 1000), draw.choice(STATUSES), note, draw.randint(1, CUSTOMERS)


def items(draw: random.Random, count: int) -> Iterator[Row]:
    for number in range(1, ITEMS_PER_ORDER * count + 1):
        order = (number + ITEMS_PER_ORDER - 1) // ITEMS_PER_ORDER
        yield number, order, draw.randint(1, PRODUCTS), draw.randint(1, 19), money(draw, 100)


def money(draw: random.Random, limit: int) -> float:
    return round(draw.random() * limit, 2)


def write(path: Path, count: int = ORDERS) -> Path:
    """Write the shop with ``count`` orders into a new file at ``path`` and return the path."""
    draw = random.Random(2024)
    tables = {
        "Customers": customers(draw),
        "Products": products(draw),
        "Orders": orders(draw, count),
        "OrderItems": items(draw, count),
    }
    with closing(sqlite3.connect(path)) as db:
        db.executescript(SCHEMA)
        for table, rows in tables.items():
            columns = len(db.execute(f"PRAGMA table_info({table})").fetchall())
            db.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * columns)})", rows)
        db.commit()
        db.executescript(INDEXES)
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the benchmark's SQLite database.")
    parser.add_argument("path", type=Path)
    parser.add_argument("--orders", type=int, default=ORDERS)
    arguments = parser.parse_args()
    if arguments.path.exists():
        parser.error(f"{arguments.path} already exists; delete it first")
    write(arguments.path, arguments.orders)


if __name__ == "__main__":
    main()
