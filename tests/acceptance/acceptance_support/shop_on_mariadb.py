"""The sample shop on a MariaDB server: its tables in that dialect, with the rows of its file."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from importlib.resources import files
from pathlib import Path
from typing import Any

TABLE = re.compile(r"CREATE TABLE (\S+|\"[^\"]+\") \(.*?\n\);", re.DOTALL)


def _script(quote: str, **types: str) -> str:
    text = (files("demotic.sample") / "schema.sql").read_text(encoding="utf-8")
    text = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    made = [found[0] for found in TABLE.finditer(text)]
    for name, other in types.items():
        made = [re.sub(rf"\b{name}\b", other, table) for table in made]
    return ";\n".join(table.removesuffix(";").replace('"', quote) for table in made)


def _instant(value: Any) -> Any:
    found = isinstance(value, str) and re.fullmatch(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d(?:\.\d+)?)Z", value)
    return f"{found[1]} {found[2]}" if found else value


def _fill(server: Any, url: str, shop: Path, quote: str) -> None:
    target = server.connect(url.rpartition("/")[2])
    with closing(sqlite3.connect(shop)) as source:
        listed = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY rowid"
        tables = [name for (name,) in source.execute(listed)]
        cursor = target.cursor()
        cursor.execute("SET foreign_key_checks = 0")
        for table in tables:
            columns = [row[1] for row in source.execute(f'PRAGMA table_info("{table}")')]
            rows = [[_instant(value) for value in row] for row in source.execute(f'SELECT * FROM "{table}"')]
            slots = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {quote}{table}{quote} VALUES ({slots})", rows)
    target.close()


def shop_on_mariadb(server: Any, shop: Path) -> str:
    """Make the sample shop on a server and return its URL."""
    url: str = server.new_database(_script("`", TIMESTAMP="DATETIME(6)"))
    _fill(server, url, shop, "`")
    return url
