"""How a model's objects are called and typed in a database: the defaults, and the hooks that change them.

A *source path* says what is to be named or typed: ``(set,)`` is its table; ``(set, property, ...)`` a column, through
complex properties; ``(set, navigation)`` a link table, or the table of what is contained; ``(set, navigation, end,
key)`` a column of a link table, where ``end`` is ``source`` or ``target``; ``(set, navigation, key)`` the foreign key
column of a navigation property without a referential constraint. By default the name of the table is left out of its
columns', and the parts are joined by an underscore.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from demotic.errors import InvalidInput
from demotic.model import Property

Path: TypeAlias = tuple[str, ...]
NameHook: TypeAlias = Callable[[Path], str | None] | Mapping[Path, str]
TypeHook: TypeAlias = Callable[[Path, Property], str | None]
DefaultHook: TypeAlias = Callable[[Path, Property], str | None]


@dataclass(frozen=True, slots=True)
class TableRules:
    """How tables are named and columns typed, where it is not as by default.

    ``names`` gives the name of a table or column for a source path, or ``None`` for the default; a mapping does too.
    ``types`` gives the SQL type of a column, ``defaults`` the SQL expression that makes its value where none is given;
    both as text of the database at hand, put into the statements as it is. ``joiner`` joins the parts of default names.
    """

    names: NameHook | None = None
    types: TypeHook | None = None
    defaults: DefaultHook | None = None
    joiner: str = "_"

    def name(self, path: Path, default: str) -> str:
        """Return the name for a source path. Raises InvalidInput if the hook gives something else than a name."""
        hook = self.names
        given = hook.get(path) if isinstance(hook, Mapping) else hook(path) if hook is not None else None
        if given is None:
            return default
        if not isinstance(given, str) or not given or "\0" in given:
            raise InvalidInput(f"{given!r} is no name for {'/'.join(path)}", target="/".join(path))
        return given

    def joined(self, parts: Path) -> str:
        """Return the default name made of these parts."""
        return self.joiner.join(parts)


NO_RULES = TableRules()
