"""Entity sets in SQL databases: reflection, and reads compiled to SQL. SQLite for now."""

from demotic.store.sql._errors import (
    AmbiguousKey,
    DatabaseBusy,
    DatabaseMissing,
    DatabaseReplaced,
    InvalidSelection,
    NotADatabase,
    NothingToPublish,
    NotInThisStore,
    QueryTooLong,
    StoreClosed,
    TablesDiffer,
    TablesThere,
    UnknownScheme,
)
from demotic.store.sql._store import (
    SqlStore,
    open_store,
)
from demotic.store.sql.definition._create import create_tables, drop_tables, table_statements
from demotic.store.sql.definition._rules import TableRules

__all__ = [
    "AmbiguousKey",
    "DatabaseBusy",
    "DatabaseMissing",
    "DatabaseReplaced",
    "InvalidSelection",
    "NotADatabase",
    "NotInThisStore",
    "NothingToPublish",
    "QueryTooLong",
    "SqlStore",
    "StoreClosed",
    "TableRules",
    "TablesDiffer",
    "TablesThere",
    "UnknownScheme",
    "create_tables",
    "drop_tables",
    "open_store",
    "table_statements",
]
