"""The two databases: the scripts that make them, the keys of their views, and all forms in which tests look at one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from acceptance_support.http import WsgiClient
from acceptance_support.naming import Served
from acceptance_support.truth import Truth
from demotic.store import Store

NORTHWIND_VIEWS: dict[str, tuple[str, ...]] = {
    "Alphabetical list of products": ("ProductID",),
    "Category Sales for 1997": ("CategoryName",),
    "Current Product List": ("ProductID",),
    "Customer and Suppliers by City": ("CompanyName", "ContactName", "Relationship"),
    "Invoices": ("OrderID", "ProductID"),
    "Order Details Extended": ("OrderID", "ProductID"),
    "Order Subtotals": ("OrderID",),
    "Orders Qry": ("OrderID",),
    "Product Sales for 1997": ("CategoryName", "ProductName"),
    "ProductDetails_V": ("ProductID",),
    "Products Above Average Price": ("ProductName",),
    "Products by Category": ("ProductName",),
    "Quarterly Orders": ("CustomerID",),
    "Sales Totals by Amount": ("OrderID",),
    "Sales by Category": ("CategoryID", "ProductName"),
    "Summary of Sales by Quarter": ("OrderID",),
    "Summary of Sales by Year": ("OrderID",),
}
DATABASES: dict[str, tuple[tuple[str, ...], dict[str, tuple[str, ...]]]] = {
    "northwind": (("northwind/create.sql", "northwind/update.sql"), NORTHWIND_VIEWS),
    "chinook": (("chinook/Chinook_Sqlite.sql",), {}),
}


@dataclass(frozen=True)
class World:
    """A database in every form that the tests look at it in."""

    name: str
    path: Path
    truth: Truth
    store: Store
    client: WsgiClient
    served: Served


ON_POSTGRESQL = "chinook on PostgreSQL"
_SET_UP = ("DROP DATABASE", "CREATE DATABASE", "\\c ")
_TYPES = {"timestamp without time zone": "DATETIME", "character varying": "VARCHAR", "integer": "INT"}


def chinook_on_postgresql(server: Any, script: str) -> str:
    """Make Chinook on a PostgreSQL server by its own script, without what makes the database; return its URL."""
    url: str = server.new_database()
    lines = [line for line in script.splitlines() if not line.startswith(_SET_UP)]
    server.run("\n".join(lines), url.rpartition("/")[2])
    return url


def copied(server: Any, url: str, path: Path) -> Path:
    """Copy a PostgreSQL database as plain SQL tells it to a SQLite file, to be looked at with the same tools."""
    name = url.rpartition("/")[2]
    with closing(sqlite3.connect(path)) as db:
        for (table,) in server.run("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1", name):
            columns = server.run(
                "SELECT column_name, data_type, is_nullable FROM information_schema.columns"
                f" WHERE table_name = '{table}' ORDER BY ordinal_position",
                name,
            )
            keys = server.run(_KEYS_OF.format(table), name)
            parts = [f"{c} {_TYPES.get(t, t)}{' NOT NULL' if n == 'NO' else ''}" for c, t, n in columns]
            for kind, column_names, target, targets in keys:
                if kind == "p":
                    parts.append(f"PRIMARY KEY ({', '.join(column_names)})")
                else:
                    there = f"{target} ({', '.join(targets)})"
                    parts.append(f"FOREIGN KEY ({', '.join(column_names)}) REFERENCES {there}")
            db.execute(f"CREATE TABLE {table} ({', '.join(parts)})")
            rows = server.run(f"SELECT * FROM {table}", name)
            kept = [[_in_sqlite(value) for value in row] for row in rows]
            db.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})", kept)
        db.commit()
    return path


_KEYS_OF = """
SELECT contype::text, (SELECT array_agg(attname ORDER BY n) FROM unnest(conkey) WITH ORDINALITY k(num, n)
    JOIN pg_attribute ON attrelid = conrelid AND attnum = num)::text[], confrelid::regclass::text,
  (SELECT array_agg(attname ORDER BY n) FROM unnest(confkey) WITH ORDINALITY k(num, n)
    JOIN pg_attribute ON attrelid = confrelid AND attnum = num)::text[]
FROM pg_constraint WHERE conrelid = '{0}'::regclass AND contype IN ('p', 'f') ORDER BY contype DESC, conname
"""


def _in_sqlite(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return float(value) if isinstance(value, Decimal) else value
