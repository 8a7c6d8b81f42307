"""The statements that make and drop the tables of a layout, in the order in which they can be run.

SQLAlchemy writes them, each dialect in its own words. Tables come after those that they refer to; where they refer to
each other in a circle, the foreign keys that close it are added at the end (SQLite takes them at once: a table need not
be there to be referred to). Each foreign key gets an index unless the key or a unique constraint begins with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.schema import (
    AddConstraint,
    CreateIndex,
    CreateTable,
    DropConstraint,
    DropTable,
    sort_tables_and_constraints,
)
from sqlalchemy.types import UserDefinedType

from demotic.model import BOOLEAN, DATE_TIME_OFFSET, GUID, INTEGER_RANGES
from demotic.store.changes import default_of
from demotic.store.sql.definition._plans import ColumnPlan, Layout, TablePlan
from demotic.store.sql.definition._preferred import encoded_new

_DIALECTS: Final[dict[str, Any]] = {"sqlite": sqlite, "postgresql": postgresql, "mariadb": mysql, "mysql": mysql}
_NAMES: Final = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}
_ON_DELETE: Final = {"Cascade": "CASCADE", "SetNull": "SET NULL", "SetDefault": "SET DEFAULT"}
_RANDOM_GUID: Final = {
    "sqlite": "(lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' "
    "|| substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))))",
    "postgresql": "gen_random_uuid()",
    "mariadb": "(uuid())",
    "mysql": "(uuid())",
}


MY: Final = ("mariadb", "mysql")


class Plain(UserDefinedType[Any]):
    """A type given as text."""

    cache_ok = True

    def __init__(self, text: str) -> None:
        self.text = text

    def get_col_spec(self, **_: Any) -> str:
        """Return the text."""
        return self.text


def create_statements(layout: Layout, *, only: Iterable[str] | None = None) -> list[str]:
    """Return the statements that make the tables of a layout, ``only`` those of these names."""
    tables = _tables(layout, only)
    made: list[Any] = []
    for table, constraints in _sorted(layout, tables):
        if table is None:
            made += [AddConstraint(constraint) for constraint in constraints]
        else:
            made.append(CreateTable(table, include_foreign_key_constraints=constraints))
            made += [CreateIndex(index) for index in sorted(table.indexes, key=lambda index: str(index.name))]
    return _texts(layout, made)


def drop_statements(layout: Layout, *, only: Iterable[str] | None = None) -> list[str]:
    """Return the statements that drop the tables of a layout, those first that refer to others."""
    dropped: list[Any] = []
    for table, constraints in reversed(_sorted(layout, _tables(layout, only))):
        if table is None:
            dropped += [DropConstraint(constraint) for constraint in constraints]
        else:
            dropped.append(DropTable(table))
    return _texts(layout, dropped)


def _texts(layout: Layout, elements: Sequence[Any]) -> list[str]:
    dialect = _DIALECTS[layout.dialect].dialect()
    lines = (str(element.compile(dialect=dialect)).strip() for element in elements)
    return ["\n".join(line.rstrip().replace("\t", "  ") for line in text.splitlines()) for text in lines]


def _sorted(layout: Layout, tables: list[sa.Table]) -> list[tuple[sa.Table | None, list[Any]]]:
    """Return tables with the foreign keys to be made with them, and at the end those that have to be made apart."""
    order: Callable[[list[sa.Table]], Any] = sort_tables_and_constraints
    found = [(table, list(constraints)) for table, constraints in order(tables)]
    if layout.dialect != "sqlite":
        return found
    return [(table, list(table.foreign_key_constraints)) for table, _ in found if table is not None]


def _tables(layout: Layout, only: Iterable[str] | None) -> list[sa.Table]:
    metadata = sa.MetaData(naming_convention=_NAMES)
    made = {name: _table(metadata, layout, plan) for name, plan in layout.tables.items()}
    for name, plan in layout.tables.items():
        for reference in plan.references:
            targets = [made[reference.table].c[column] for column in reference.targets]
            on_delete = _ON_DELETE.get(reference.on_delete or "")
            made[name].append_constraint(
                sa.ForeignKeyConstraint([made[name].c[c] for c in reference.columns], targets, ondelete=on_delete)
            )
    wanted = set(layout.tables) if only is None else set(only)
    return [table for name, table in made.items() if name in wanted]


def _table(metadata: sa.MetaData, layout: Layout, plan: TablePlan) -> sa.Table:
    columns = [_column(layout.dialect, plan, column) for column in plan.columns]
    parts: list[Any] = [sa.PrimaryKeyConstraint(*plan.key)]
    parts += [sa.UniqueConstraint(*names) for names in plan.unique]
    indexed = {reference.columns for reference in plan.references if not _begins(plan, reference.columns)}
    options: dict[str, Any] = {"mysql_engine": "InnoDB", "mysql_default_charset": "utf8mb4"}
    table: sa.Table = sa.Table(plan.name, metadata, *columns, *parts, quote=True, **options)
    for names in sorted(indexed):
        sa.Index(None, *(table.c[name] for name in names))
    return table


def _begins(plan: TablePlan, columns: tuple[str, ...]) -> bool:
    """Whether the key or a unique constraint of a table begins with these columns."""
    return any(names[: len(columns)] == columns for names in (plan.key, *plan.unique))


def is_counted(plan: TablePlan, column: ColumnPlan) -> bool:
    """Whether a column is a key whose numbers the database makes, counting upwards."""
    return (
        column.made
        and column.expression is None
        and plan.key == (column.name,)
        and column.kind is not None
        and column.kind.name in INTEGER_RANGES
    )


def _column(dialect: str, plan: TablePlan, column: ColumnPlan) -> sa.Column[Any]:
    if is_counted(plan, column):
        kind: Any = sa.Integer() if dialect == "sqlite" or column.type == "INTEGER" else sa.BigInteger()
        counting = [] if dialect in MY else [sa.Identity(always=False)]
        if dialect == "sqlite":
            counting = []
        return sa.Column(column.name, kind, *counting, nullable=False, autoincrement=True, quote=True)
    default = sa.text(_escaped(column.expression)) if column.expression is not None else _made(dialect, column)
    return sa.Column(
        column.name,
        Plain(column.type),
        nullable=column.nullable,
        server_default=default if default is not None else _constant(dialect, column),
        autoincrement=False,
        quote=True,
    )


def _escaped(expression: str) -> str:
    return expression.replace(":", "\\:")


def _made(dialect: str, column: ColumnPlan) -> sa.TextClause | None:
    """Return the expression of a value that the database makes where none is given."""
    if not column.made:
        return None
    if column.kind is GUID:
        return sa.text(_escaped(_RANDOM_GUID[dialect]))
    if column.kind is DATE_TIME_OFFSET:
        return sa.text(_escaped(_now(dialect, column)))
    return None


def _now(dialect: str, column: ColumnPlan) -> str:
    digits = 6 if column.property.facets.precision is None else min(column.property.facets.precision, 6)
    if dialect in MY:
        return f"(utc_timestamp({digits}))"
    if dialect == "postgresql":
        return "CURRENT_TIMESTAMP"
    if not digits:
        return "(strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))"
    text = f"substr(strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000', 1, {20 + digits})"
    return f"({text} || 'Z')"


def _constant(dialect: str, column: ColumnPlan) -> Any:
    """Return the default that the model states, as the column keeps it."""
    if column.kind is None:
        item = column.property
        return _quoted(dialect, "[]") if item.collection and not column.nullable else None
    value = None if column.hidden or column.heir else default_of(column.property)
    if value is None or isinstance(value, bytes):
        return None
    if isinstance(value, bool) or column.kind is BOOLEAN:
        return sa.text(("true" if value else "false") if dialect == "postgresql" else str(int(bool(value))))
    if isinstance(value, timedelta) and dialect in MY:
        return sa.text(str(value // timedelta(microseconds=1)))
    if isinstance(value, (int, float, Decimal)):
        return sa.text(str(value))
    return _quoted(dialect, _text(dialect, column, value))


def _quoted(dialect: str, text: str) -> Any:
    literal = "'" + text.replace("'", "''") + "'"
    if dialect in MY:
        literal = f"({literal})".replace("\\", "\\\\")  # in parentheses, since texts of any length take no other
    return sa.text(_escaped(literal))


def _text(dialect: str, column: ColumnPlan, value: Any) -> str:
    """Return the text of a default: on SQLite in the form that a new column has."""
    if dialect == "sqlite":
        return str(encoded_new(column, value))
    if dialect in MY and isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(" ")
    assert column.property.primitive is not None
    return column.property.primitive.format(value)
