"""Connections to database servers: what PostgreSQL and MariaDB have in common."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from demotic.errors import DemoticError, InternalFault, InvalidInput
from demotic.store.sql.connections._address import ServerAddress
from demotic.store.sql.connections._pool import LOG

Translation: TypeAlias = Callable[[str], DemoticError]
_TEXT_OPTIONS: Final = ("schema",)


def checked_options(place: ServerAddress, known: Mapping[str, type]) -> dict[str, Any]:
    """Return the options of an address, read. Raises `InvalidInput` for one that is unknown or of another form."""
    found: dict[str, Any] = {}
    for name, text in place.options.items():
        if name not in known:
            raise InvalidInput(
                f"unknown option {name!r}", target=place.shown, hint=f"known: {', '.join(('schema', *known))}"
            )
        if known[name] is int and not re.fullmatch(r"\d{1,6}", text):
            raise InvalidInput(f"{name}={text!r} is no whole number", target=place.shown)
        found[name] = known[name](text)
    return found


def unexpected(error: BaseException) -> InternalFault:
    """Return our error for one that no table knows; what it says is for the log alone."""
    LOG.error("unexpected error of the database: %s", error)
    return InternalFault("the database failed")
