"""Entity sets in SQL databases: reflection, and reads and changes compiled to SQL."""

from demotic.store.sql._errors import (
    AmbiguousKey,
    DatabaseBusy,
    DatabaseLocked,
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
from demotic.store.sql._open import open_store
from demotic.store.sql._store import SqlStore
from demotic.store.sql.connections._pool import Statistics
from demotic.store.sql.definition._create import create_tables, drop_tables, table_statements
from demotic.store.sql.definition._rules import TableRules

__all__ = [
    "AmbiguousKey",
    "DatabaseBusy",
    "DatabaseLocked",
    "DatabaseMissing",
    "DatabaseReplaced",
    "InvalidSelection",
    "NotADatabase",
    "NotInThisStore",
    "NothingToPublish",
    "QueryTooLong",
    "SqlStore",
    "Statistics",
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
