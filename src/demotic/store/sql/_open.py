"""Opening a database: the address says which kind it is, and that kind how it is opened."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Final

from demotic.errors import InvalidInput, Unsupported
from demotic.model import Model
from demotic.store.sql._store import SqlStore
from demotic.store.sql.connections._address import Address, ServerAddress, read_address
from demotic.store.sql.connections._pool import Limits
from demotic.store.sql.definition._rules import NO_RULES, TableRules
from demotic.store.sql.dialects._opening import Opening

# Loaded when asked for: a driver that nobody needs need not be there.
_KINDS: Final[Mapping[str, str]] = {
    "sqlite": "demotic.store.sql.dialects._open_sqlite",
    "postgresql": "demotic.store.sql.dialects.postgresql._open",
    "mysql": "demotic.store.sql.dialects.mariadb._open",
}
_DRIVERS: Final[Mapping[str, str]] = {"psycopg": "postgres", "MySQLdb": "mysql"}
"""The extra that brings a driver."""


def open_store(
    address: str | os.PathLike[str],
    *,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    view_keys: Mapping[str, Sequence[str]] | None = None,
    namespace: str | None = None,
    model: Model | None = None,
    rules: TableRules = NO_RULES,
    schema: str | None = None,
    read_only: bool = False,
    busy_timeout: float = 5.0,
    time_limit: float = 30.0,
    pool_size: int | None = None,
    pool_timeout: float = 5.0,
    pool_max_age: float = 3600.0,
) -> SqlStore:
    """Open a database and reflect its tables, or with a ``model``, find its tables there.

    ``address`` is a URL (``sqlite:///shop.db``, ``postgresql://user:password@host/database``,
    ``mariadb://user:password@host/database``) or the path of a SQLite file; a missing file is not created.
    ``include`` and ``exclude`` are patterns of table names (``*``, ``?``). ``view_keys`` states the key columns of
    views, which are left out otherwise. ``namespace`` is the model's, by default made of the database's name.
    ``model`` is what the tables are published as, instead of what reflection finds: they are sought by the names that
    `create_tables` gives them, with the same ``rules``; whatever else is there is left alone.
    ``schema`` names the schema whose tables are meant, by default that in which the user's tables are sought first.
    ``read_only`` keeps the store from changing anything.
    ``busy_timeout`` is how many seconds to wait for a writer (at most the time limit), ``time_limit`` how many a
    statement may run. ``pool_size`` is how many connections there may be at a time, ``pool_timeout`` how many seconds
    to wait for one of them, and ``pool_max_age`` after how many one is closed.

    Raises `DatabaseMissing`, `NotADatabase`, `UnknownScheme`, `InvalidSelection` or `NothingToPublish`, each naming the
    culprit, `TablesDiffer` with all differences between a model and the tables, and `Unavailable` if the database is
    locked or cannot be reached.
    """
    if model is not None and (include or exclude or view_keys or namespace):
        raise InvalidInput("a model says what is published", hint="leave out include, exclude, view_keys and namespace")
    place = read_address(address)
    kind = "sqlite" if isinstance(place, Address) else place.kind
    most = pool_size if pool_size is not None else 64 if kind == "sqlite" else 32
    opening = Opening(
        tuple(include),
        tuple(exclude),
        {name: tuple(columns) for name, columns in (view_keys or {}).items()},
        namespace,
        model,
        rules,
        schema,
        read_only,
        min(busy_timeout, time_limit),
        time_limit,
        Limits(most, pool_timeout, pool_max_age),
    )
    try:
        opener: Callable[[Address | ServerAddress, Opening], SqlStore] = import_module(_KINDS[kind]).open_place
    except ModuleNotFoundError as error:
        extra = _DRIVERS.get(error.name or "")
        if extra is None:
            raise
        raise Unsupported(f"the driver for {kind} is not installed", hint=f"pip install 'demotic[{extra}]'") from None
    return opener(place, opening)
