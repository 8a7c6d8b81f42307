"""What is said of how a database is opened, whatever its kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from demotic.model import Model
from demotic.store.sql.connections._pool import Limits
from demotic.store.sql.definition._rules import TableRules


@dataclass(frozen=True, slots=True)
class Opening:
    """The options of `demotic.store.sql.open_store`."""

    include: tuple[str, ...]
    exclude: tuple[str, ...]
    view_keys: Mapping[str, tuple[str, ...]]
    namespace: str | None
    model: Model | None
    rules: TableRules
    schema: str | None
    read_only: bool
    busy_timeout: float
    time_limit: float
    limits: Limits
