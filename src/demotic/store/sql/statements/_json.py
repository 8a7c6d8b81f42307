"""Scalars in JSON on servers: their text, and what the casts of the query language make of it.

A value that `demotic.store.sql.definition` keeps as JSON has there the form of OData JSON Format 4.01, section 7, which
for most types is the text that they are cast from.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from demotic.model import BOOLEAN, STRING, EnumType, PrimitiveType
from demotic.query import FUNCTIONS, Signature
from demotic.store.sql._errors import NotInThisStore
from demotic.store.sql.statements._template import sql
from demotic.store.sql.storage._storage import Sql

Text = Callable[[tuple[str, ...]], Any]
"""Returns the text of a scalar that is of one of these kinds in JSON, and null for anything else."""

_KINDS: Final = {BOOLEAN: ("boolean",)}


def scalar(kind: PrimitiveType | EnumType, text: Text, build: Callable[[str, Signature, list[Sql]], Sql]) -> Sql:
    """Return a scalar in canonical form; ``build`` is the dialect's. Raises `NotInThisStore`."""
    if isinstance(kind, EnumType):
        return _member(kind, text(("string", "number")), build)
    if kind is STRING:
        return sql("{0}", text(("string",)))
    number = ("string", "number") if kind.numeric_rank else ("string",)
    return _cast(kind, text(_KINDS.get(kind, number)), build)


def _cast(kind: PrimitiveType, text: Any, build: Callable[[str, Signature, list[Sql]], Sql]) -> Sql:
    function = FUNCTIONS.get(f"cast_{kind.name}")
    signature = None if function is None else function.resolve([STRING])
    if function is None or signature is None:
        raise NotInThisStore(f"a value of {kind.qualified_name} kept as JSON")
    return build(function.name, signature, [text])


def _member(kind: EnumType, text: Any, build: Callable[[str, Signature, list[Sql]], Sql]) -> Sql:
    """Return the number of a member, whose name JSON has, or the number itself."""
    if kind.is_flags:
        raise NotInThisStore(f"flags of {kind.qualified_name} kept as JSON")
    cases = " ".join(f"WHEN '{name}' THEN {value}" for name, value in kind.members.items())
    return sql(f"CASE {{0}} {cases} ELSE {{1}} END", text, _cast(kind.underlying, text, build))
