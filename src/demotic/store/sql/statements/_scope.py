"""Scopes: which tables the variables of a query stand for, and the joins that its paths need.

A path over single-valued navigation becomes one LEFT JOIN however often it is used. A join belongs to the scope of the
variable that the path starts from, even when it is met inside a subquery.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any, TypeAlias

import sqlalchemy as sa

from demotic.model import EntityType, NavigationProperty, Property, StructuredType
from demotic.query import OfType, Via
from demotic.store.sql.storage._mapping import DatabaseMap, Link, Table
from demotic.store.sql.storage._storage import Sql, SqlToSql, Storage

if TYPE_CHECKING:
    from demotic.store.sql.statements._dialect import Dialect

Alias: TypeAlias = Any
"""A table under a name of its own in one statement."""


@dataclass(frozen=True, slots=True)
class Binding:
    """What stands behind a placeholder: an expression over the run's inputs, and the encoder of its value, if any.

    The inputs are ``v`` (the values by slot), ``limit``, ``keys`` (of parents, as JSON) and ``now``.
    """

    source: str
    encode: Callable[[Any], Any] | None = None


class Binds:
    """The placeholders of one statement."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self._by_name: dict[str, Binding] = {}

    def add(self, source: str, encode: Callable[[Any], Any] | None = None, cast: str = "") -> Sql:
        """Return a new placeholder; ``cast`` is its database type, where that has to be told."""
        name = f"p{len(self._by_name)}"
        self._by_name[name] = Binding(source, encode)
        return self.dialect.typed(sa.bindparam(name, type_=sa.types.NullType()), cast)

    def slot(self, slot: int, encode: Callable[[Any], Any] | None = None, cast: str = "") -> Sql:
        """Return a new placeholder for the value of a slot."""
        return self.add(f"v[{slot}]", encode, cast)

    def limit(self) -> Sql:
        """Return a new placeholder for the most rows that are wanted."""
        return self.add("limit", self.dialect.limit)

    def __getitem__(self, name: str) -> Binding:
        return self._by_name[name]


class Scope:
    """One variable: its table, and the tables joined to it so far."""

    def __init__(
        self, database: DatabaseMap, names: count[int], table: Table, entities: Callable[[Table], Alias]
    ) -> None:
        self._database = database
        self._names = names
        self._entities = entities
        self.table = table
        self.alias: Alias = entities(table)
        self.source: Any = self.alias
        self.members: list[Alias] = [self.alias]
        self._reached: dict[Via, tuple[Table, Alias]] = {(): (table, self.alias)}

    def new_alias(self, clause: sa.TableClause) -> Alias:
        """Return a link table under a name that nothing else in the statement has."""
        return clause.alias(f"t{next(self._names)}")

    def reach(self, via: Via) -> tuple[Table, Alias]:
        """Return the table at the end of single-valued navigation, joining what is not yet joined.

        What casts at the end let pass is told by `guards`.
        """
        found = self._reached.get(via)
        if found is None and isinstance(via[-1], OfType):
            found = self._reached[via] = self.reach(via[:-1])
        elif found is None:
            _, near = self.reach(via[:-1])
            navigation = via[-1]
            assert isinstance(navigation, NavigationProperty)
            link = self._database.links[navigation]
            table = self._database.tables[navigation.target]
            far = self._entities(table)
            tied = equal(near, far, link.pairs, link.collations, link.forms)
            tied += [*self.guards(via[:-1]), *table.is_of(far, navigation.target)]
            self.source = self.source.outerjoin(far, sa.and_(*tied, *has_key(table, far, link)))
            self.members.append(far)
            found = self._reached[via] = (table, far)
        return found

    def guards(self, via: Via, item: Property | None = None) -> list[Sql]:
        """Return the conditions of the casts that a way ends with, but for what is true of all that have ``item``."""
        found: list[Sql] = []
        while via and isinstance(cast := via[-1], OfType):
            table, alias = self.reach(via[:-1])
            if item is None or cast.type not in _owner(cast.type, item).lineage():
                found += table.is_of(alias, cast.type)
            via = via[:-1]
        return found

    def follow(self, near: Alias, link: Link) -> list[Sql]:
        """Add the link table of a many-to-many link; return the conditions that tie it all to ``near``."""
        if link.through is None:
            return equal(near, self.alias, link.pairs, link.collations, link.forms)
        through = self.new_alias(link.through)
        self.onward(through, link)
        return equal(near, through, link.pairs, link.collations, link.forms)

    def onward(self, through: Alias, link: Link) -> None:
        """Join a link table to the table of the scope."""
        tied = equal(through, self.alias, link.onward, link.onward_collations, link.onward_forms)
        self.source = sa.join(through, self.source, sa.and_(*tied))
        self.members.append(through)


def _owner(kind: EntityType, item: Property) -> StructuredType:
    """Return which of a type and its bases has a property as its own."""
    return next(base for base in kind.lineage() if item in base.properties.values())


@dataclass(frozen=True, slots=True)
class Values:
    """A variable that stands for the values of a collection: the table of them, a value's place, and the value.

    It is kept as ``storage`` says, or else as JSON.
    """

    source: Any
    place: Sql
    item: Sql
    storage: Storage | None = None

    @property
    def members(self) -> list[Alias]:
        """The tables that the values come from."""
        return [self.source]


def has_key(table: Table, alias: Alias, link: Link) -> list[Sql]:
    """Return the conditions that a row met has a key, where the database lets it be null and the link does not."""
    met = {name for _, name in link.pairs}
    return [alias.c[column.name].is_not(None) for column in table.null_key if column.name not in met]


def equal(
    near: Alias,
    far: Alias,
    pairs: tuple[tuple[str, str], ...],
    collations: tuple[str, ...] = (),
    forms: tuple[tuple[SqlToSql, SqlToSql] | None, ...] = (),
) -> list[Sql]:
    """Return the conditions that pairs of columns are equal, by these collations and in these forms where given."""
    conditions = []
    for (a, b), name, form in zip(pairs, collations or ("",) * len(pairs), forms or (None,) * len(pairs), strict=True):
        left, right = (near.c[a], far.c[b]) if form is None else (form[0](near.c[a]), form[1](far.c[b]))
        conditions.append(collated(left, name) == right)
    return conditions


def collated(column: Any, name: str) -> Any:
    """Return a column compared by a collation, if one is named."""
    return column.collate(name) if name else column
