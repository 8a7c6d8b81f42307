"""What can go wrong with a database, in the words of the one who runs the service or asks it."""

from __future__ import annotations

from demotic.errors import Conflict, InvalidInput, NotFound, Unavailable, Unsupported


class DatabaseMissing(NotFound):
    """There is no such database file; none is ever created by opening it."""

    code = "DatabaseMissing"


class NotADatabase(InvalidInput):
    """The file is there, but is no database that can be read."""

    code = "NotADatabase"


class NothingToPublish(InvalidInput):
    """The database has no table or view that can be published, or what was asked for left none over."""

    code = "NothingToPublish"


class InvalidSelection(InvalidInput):
    """A pattern of tables to include or exclude, or a key stated for a view, does not fit the database."""

    code = "InvalidSelection"


class TablesDiffer(InvalidInput):
    """The tables of a database are not those of the model that it was opened with. Its details are all differences."""

    code = "TablesDiffer"


class TablesThere(Conflict):
    """Tables that were to be made are there already."""

    code = "TablesThere"


class UnknownScheme(Unsupported):
    """The address names a kind of database that is not offered."""

    code = "UnknownScheme"


class NotInThisStore(Unsupported):
    """What is asked cannot be answered exactly by this database."""

    code = "NotInThisStore"


class DatabaseBusy(Unavailable):
    """The database is locked by another process, or cannot be read now."""

    code = "DatabaseBusy"


class DatabaseLocked(DatabaseBusy):
    """Another transaction has locked what is to be changed, and did not end in time."""

    code = "DatabaseLocked"


class DatabaseReplaced(Unavailable):
    """The database file was replaced, while it was read, by another that has other tables or keeps them otherwise."""

    code = "DatabaseReplaced"


class AmbiguousKey(Conflict):
    """Several rows have one key, so it identifies none of them: one was stated for a view that does not keep to it."""

    code = "AmbiguousKey"


class QueryTooLong(Unavailable):
    """The database was stopped, as the query took longer than the time limit."""

    code = "QueryTooLong"


class StoreClosed(Unavailable):
    """The store has been closed."""

    code = "StoreClosed"
