"""What differs from database to database in the statements themselves. SQLite for now.

A dialect renders statements as text with positional placeholders, and says how a list of parent keys reaches a
statement. Types, functions and storages have tables of their own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql import compiler

from demotic.store.sql.statements._scope import Binding, Binds
from demotic.store.sql.storage._storage import Sql, literal

Binder = Callable[..., tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Statement:
    """Compiled text, and the function that makes its parameters: ``bind(values, limit, keys, now)``.

    ``timed`` says that it uses ``now``.
    """

    text: str
    bind: Binder
    timed: bool = False


class Sqlite:
    """SQLite from version 3.37 on."""

    def __init__(self) -> None:
        self._dialect = sqlite.dialect(paramstyle="qmark")

    def render(self, query: Any, binds: Binds) -> Statement:
        """Return a statement as text with its placeholders in order."""
        compiled = query.compile(dialect=self._dialect)
        assert isinstance(compiled, compiler.SQLCompiler)
        bindings = [binds[name] for name in compiled.positiontup or ()]
        return Statement(str(compiled), binder(bindings), any(binding.source == "now" for binding in bindings))

    def key_list(self, binds: Binds) -> Any:
        """Return a subquery over single parent keys."""
        rows = sa.func.json_each(binds.add("keys")).table_valued("value")
        return sa.select(rows.c.value)

    def key_rows(self, binds: Binds, width: int) -> tuple[Any, Sql, list[Sql]]:
        """Return a table of parent keys of several parts: itself, the number of a row, and its parts."""
        rows = sa.func.json_each(binds.add("keys")).table_valued("key", "value", name="parents")
        parts: list[Sql] = [sa.func.demotic_item(rows.c.value, literal(str(n))) for n in range(width)]
        number: Any = rows.c.key
        return rows, number, parts

    def pass_keys(self, keys: Sequence[Any]) -> str:
        """Return the parameter for a list of parent keys."""
        return msgspec.json.encode(keys).decode()

    def pass_rows(self, rows: Sequence[tuple[Any, ...]]) -> str:
        """Return the parameter for a list of parent keys of several parts."""
        return json.dumps([json.dumps([_exact(part) for part in row]) for row in rows])


def _exact(value: Any) -> Any:
    if isinstance(value, float):  # SQLite's own reading of a double's digits may be off in the last place
        return {"d": repr(value)}
    return {"b": value.hex()} if isinstance(value, bytes) else value


def binder(bindings: Sequence[Binding]) -> Binder:
    """Return a function from the inputs of a run to the tuple of a statement's parameters."""
    scope: dict[str, Any] = {f"e{n}": binding.encode for n, binding in enumerate(bindings)}
    parts = [b.source if b.encode is None else f"e{n}({b.source})" for n, b in enumerate(bindings)]
    # The text is made of our own sources, such as v[0]: nothing of a request is in it.
    exec(f"def bind(v, limit, keys, now): return ({''.join(part + ', ' for part in parts)})", scope)
    result: Binder = scope["bind"]
    return result
