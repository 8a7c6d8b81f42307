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
    UnknownScheme,
)
from demotic.store.sql._store import (
    SqlStore,
    open_store,
)

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
    "UnknownScheme",
    "open_store",
]
