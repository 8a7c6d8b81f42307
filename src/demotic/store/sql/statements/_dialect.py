"""The seam between statements and databases: what a dialect says about the text, the parameters and the types.

One class per database, in `demotic.store.sql.dialects`. Everything here has the form that most databases share; a
dialect overrides what its own does otherwise.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.sql import compiler

from demotic.model import EnumType, PrimitiveType
from demotic.query import Signature
from demotic.store.sql._errors import NotInThisStore
from demotic.store.sql.statements._operands import Operand
from demotic.store.sql.statements._scope import Binding, Binds
from demotic.store.sql.storage._mapping import Table
from demotic.store.sql.storage._storage import Sql, Storage, unchanged

if TYPE_CHECKING:
    from demotic.store.sql.storage._mapping import Link

Binder = Callable[..., tuple[Any, ...]]
Encode = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Statement:
    """Compiled text, and the function that makes its parameters: ``bind(values, limit, keys, now)``.

    ``timed`` says that it uses ``now``.
    """

    text: str
    bind: Binder
    timed: bool = False


class Dialect(ABC):
    """What differs from database to database in statements.

    ``canonical`` are the forms of computed values by type, ``abort`` what stands after INSERT and UPDATE.
    ``locks_rows`` says that rows are locked one by one, ``returns`` that INSERT can give back what it made.
    """

    name: ClassVar[str]
    canonical: Mapping[PrimitiveType, Storage]
    abort: ClassVar[str] = ""
    in_process: ClassVar[bool] = False
    locks_rows: ClassVar[bool] = True
    returns: ClassVar[bool] = True

    def counting_on(self, table: Table) -> str | None:
        """Return the statement after which keys are counted on from the greatest, ``None`` where they always are."""
        return None

    # --- text

    @property
    @abstractmethod
    def sqlalchemy(self) -> Any:
        """SQLAlchemy's own dialect, with positional placeholders."""

    def render(self, query: Any, binds: Binds) -> Statement:
        """Return a statement as text with its placeholders in order."""
        compiled = query.compile(dialect=self.sqlalchemy)
        assert isinstance(compiled, compiler.SQLCompiler)
        bindings = [binds[name] for name in compiled.positiontup or ()]
        return Statement(str(compiled), binder(bindings), any(binding.source == "now" for binding in bindings))

    def binds(self) -> Binds:
        """Return the placeholders of a new statement."""
        return Binds(self)

    def limit(self, rows: int) -> Any:
        """Return the parameter for a number of rows, ``-1`` for all."""
        return rows

    # --- parameters

    def typed(self, placeholder: Sql, cast: str) -> Sql:
        """Return a placeholder whose database type is told, where the database would not know it."""
        return placeholder

    @abstractmethod
    def encoder(self, given: PrimitiveType, wanted: PrimitiveType) -> Encode | None:
        """Return what turns a native value of one type into the canonical form of another that it promotes to."""

    def encoder_as_kept(self, storage: Storage, kind: PrimitiveType | None) -> Encode | None:
        """Return what turns a native value into the form of a column, ``None`` if that is the value itself."""
        return None if storage.encode is unchanged else storage.encode

    def cast_as_kept(self, storage: Storage, kind: PrimitiveType | None) -> str:
        """Return the database type of a value that is compared with a column as it is kept."""
        return storage.cast

    # --- types

    def as_kept(self, storage: Storage, kind: PrimitiveType, *, exact: bool) -> bool:
        """Whether a column compares as it stands, with values of a type that its own promotes to."""
        if kind.numeric_rank:
            return storage.number
        return storage.ordered and storage.type is kind

    def alike(self, left: Storage, right: Storage) -> bool:
        """Whether two columns compare with each other as they stand."""
        return left is right or (left.number and right.number)

    @abstractmethod
    def promoted(self, sql: Any, given: PrimitiveType, wanted: PrimitiveType) -> Any:
        """Return a canonical value of one type in the canonical form of another that it promotes to."""

    def sides(self, kind: PrimitiveType, left: Operand, right: Operand) -> tuple[Any, Any]:
        """Return two operands in the canonical form of the type that they are compared as."""
        sides = (self.promoted(o.storage.canonical(o.sql), o.storage.type, kind) for o in (left, right))
        return self.collated(kind, *sides)

    def collated(self, kind: PrimitiveType, left: Any, right: Any) -> tuple[Any, Any]:
        """Return two canonical values so that they compare like what they stand for."""
        return left, right

    def truth(self, flag: Any) -> Sql:
        """Return the condition that a Boolean value is true."""
        result: Sql = flag
        return result

    def falsehood(self, flag: Any) -> Sql:
        """Return the condition that a Boolean value is false."""
        result: Sql = sa.not_(flag)
        return result

    def boolean(self, value: bool) -> Sql:
        """Return a Boolean value."""
        return sa.true() if value else sa.false()

    def null(self, kind: PrimitiveType) -> Any:
        """Return null, as a value of a type."""
        return sa.null()

    @abstractmethod
    def constant(self, kind: PrimitiveType, value: Any) -> Sql:
        """Return a value of ours (never of a caller's) in canonical form."""

    @abstractmethod
    def build(self, name: str, signature: Signature, arguments: list[Sql]) -> Sql:
        """Return a function applied to canonical arguments, in canonical form. Raises `NotInThisStore`."""

    # --- values kept as lists, and as JSON

    def array_items(self, array: Any, name: str) -> tuple[Any, Sql, Sql]:
        """Return the values of a list of the database's own as a table: see `json_items`."""
        raise NotInThisStore("values of a list that is not kept as JSON")

    @abstractmethod
    def json_items(self, json: Any, name: str) -> tuple[Any, Sql, Sql]:
        """Return the values of a JSON array as a table of that name: itself, the place of a value, and it as JSON.

        Places count from 0. The table is empty for what is no array.
        """

    @abstractmethod
    def json_member(self, json: Any, name: str) -> Any:
        """Return a member of a JSON object as JSON; null where there is none."""

    @abstractmethod
    def json_absent(self, json: Any) -> Sql:
        """Return the condition that there is no value in JSON, or null."""

    @abstractmethod
    def json_scalar(self, json: Any, kind: PrimitiveType | EnumType) -> Sql:
        """Return a scalar in JSON in the canonical form of its type; null for what is no value of that.

        Raises `NotInThisStore` where that is not exact.
        """

    # --- order

    def comparable(self, sql: Any, storage: Storage) -> Any:
        """Return what rows are ordered by."""
        return sql

    def ordering(self, sql: Any, *, descending: bool, nullable: bool) -> Any:
        """Return an item of ORDER BY in which null is lowest."""
        return sql.desc() if descending else sql.asc()

    # --- keys of parents

    @abstractmethod
    def among(self, column: Any, binds: Binds, link: Link) -> Sql:
        """Return the condition that a column holds one of the parents' keys."""

    @abstractmethod
    def key_rows(self, binds: Binds, link: Link) -> tuple[Any, Sql, list[Sql]]:
        """Return a table of parent keys of several parts: itself, the number of a row, and its parts."""

    @abstractmethod
    def pass_keys(self, keys: Sequence[Any]) -> Any:
        """Return the parameter for a list of parent keys."""

    @abstractmethod
    def pass_rows(self, rows: Sequence[tuple[Any, ...]]) -> Any:
        """Return the parameter for a list of parent keys of several parts."""

    def passable(self, keys: Sequence[Any]) -> list[Any]:
        """Return the keys that lead anywhere, each once."""
        return [key for key in dict.fromkeys(keys) if key is not None]


def binder(bindings: Sequence[Binding]) -> Binder:
    """Return a function from the inputs of a run to the tuple of a statement's parameters."""
    scope: dict[str, Any] = {f"e{n}": binding.encode for n, binding in enumerate(bindings)}
    parts = [b.source if b.encode is None else f"e{n}({b.source})" for n, b in enumerate(bindings)]
    # The text is made of our own sources, such as v[0]: nothing of a request is in it.
    exec(f"def bind(v, limit, keys, now): return ({''.join(part + ', ' for part in parts)})", scope)
    result: Binder = scope["bind"]
    return result
