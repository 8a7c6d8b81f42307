"""Which table and column stands behind each object of the model: what reflection finds and compilation reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from demotic.model import EntitySet, EntityType, NavigationProperty, Property
from demotic.store.media import Stream
from demotic.store.sql.storage._storage import SqlToSql, Storage, quoted


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A column: its name in the database, its property, and how it keeps values."""

    name: str
    property: Property
    storage: Storage
    collation: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Chunks:
    """The table that keeps what streams hold, by the names of its columns: ``key`` is that of the entity.

    ``streams`` are those that are kept; what is known of them is in columns of the entity's row, by their facts.
    """

    clause: sa.TableClause
    key: tuple[str, ...]
    stream: str
    number: str
    content: str
    streams: Mapping[str, Stream]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A published table or view; a view is not ``writable``. ``null_key`` lists key columns that the database lets be
    null; such rows are no entities. A flattened complex property has no column, but ``parts``: columns by the path of
    properties that leads to them. A column whose property is not the type's own is a foreign key that the model does
    not show, or tells of a stream, whose content is in ``media``. ``kind`` is the column that tells an entity's type
    where there are types derived from the table's, whose properties have columns too; ``kinds`` has, for each of these
    types and the table's own, the names found in it.
    """

    name: str
    type: EntityType
    columns: Mapping[Property, Column]
    key: tuple[Column, ...]
    null_key: tuple[Column, ...] = ()
    writable: bool = True
    clause: sa.TableClause = field(repr=False, default_factory=lambda: sa.table(""))
    parts: Mapping[tuple[Property, ...], Column] = field(default_factory=dict)
    media: Chunks | None = None
    kind: str = ""
    kinds: Mapping[EntityType, tuple[str, ...]] = field(default_factory=dict)

    def is_of(self, alias: Any, kind: EntityType) -> list[Any]:
        """Return the conditions, none or one, that a row is an entity of a type."""
        if kind in self.type.lineage():
            return []
        names = self.kinds.get(kind, ())
        return [alias.c[self.kind].in_([quoted(name) for name in names])] if names else [sa.false()]

    def foreign(self, kind: EntityType) -> dict[str, object]:
        """Return what the columns hold, in a row of a type, of properties that other derived types have: nothing."""
        if not self.kind:
            return {}
        own = {*kind.all_properties().values()}
        others = {item for heir in self.kinds for item in heir.all_properties().values()} - own
        kept = [*(((item,), column) for item, column in self.columns.items()), *self.parts.items()]
        return {column.name: None for path, column in kept if path[0] in others}

    def navigation(self) -> dict[NavigationProperty, None]:
        """Return the navigation properties of the entities, of whatever type they are."""
        return {item: None for kind in (self.type, *self.kinds) for item in kind.all_navigation().values()}

    def column(self, path: tuple[Property, ...]) -> Column | None:
        """Return the column at the end of a path, ``None`` where that is no column of its own."""
        return self.columns.get(path[0]) if len(path) == 1 else self.parts.get(path)

    def alias(self, name: str) -> Any:
        """Return the table under another name."""
        return self.clause.alias(name)


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """How a navigation property is followed.

    ``pairs`` are equal columns, (of the source, of the target); ``own`` says that those of the source are a foreign key
    to those of the target. With ``through``, the source is joined to that link
    table by ``pairs`` (of the source, of the link), and the link to the target by ``onward`` (of the link, of the
    target). ``exact`` says that source values and the values they meet are alike outside of SQLite too. ``collations``
    are those by which ``pairs`` compare, and ``onward_collations`` those of ``onward``, where it is not by code point:
    a foreign key is compared by the collation of what it refers to. ``forms`` and ``onward_forms`` are those in which
    pairs compare that are not alike (see `_meeting`); empty where all are. ``kinds`` are the database's names of the
    types of the columns met, where keys are passed by them.
    """

    pairs: tuple[tuple[str, str], ...]
    own: bool = False
    through: sa.TableClause | None = None
    onward: tuple[tuple[str, str], ...] = ()
    exact: bool = True
    collations: tuple[str, ...] = ()
    onward_collations: tuple[str, ...] = ()
    forms: tuple[tuple[SqlToSql, SqlToSql] | None, ...] = ()
    onward_forms: tuple[tuple[SqlToSql, SqlToSql] | None, ...] = ()
    kinds: tuple[str, ...] = ()

    def leaving(self, place: int, column: Any) -> Any:
        """Return a column that the link starts from, in the form in which it compares."""
        form = self.forms[place] if self.forms else None
        return column if form is None else form[0](column)

    def met(self, place: int, column: Any) -> Any:
        """Return a column that the link first meets, in the form in which it compares."""
        form = self.forms[place] if self.forms else None
        return column if form is None else form[1](column)


@dataclass(frozen=True, slots=True)
class DatabaseMap:
    """All of it, what was left out with the reasons, and what its owner should know of what is published."""

    tables: dict[EntityType, Table]
    sets: dict[EntitySet, Table]
    links: dict[NavigationProperty, Link]
    left_out: tuple[tuple[str, str], ...] = ()
    notes: list[tuple[str, str]] = field(default_factory=list)


def outline(database: DatabaseMap) -> tuple[object, ...]:
    """Return what two databases have in common that can stand in for each other: equal for equal ones."""
    tables = [
        (entity_set.name, table.name, [c.name for c in table.key], [c.name for c in table.null_key], _columns(table))
        for entity_set, table in database.sets.items()
    ]
    links = [
        (
            navigation.name,
            navigation.target.name,
            link.pairs,
            link.onward,
            link.exact,
            link.collations,
            [f is not None for f in link.forms],
        )
        for navigation, link in database.links.items()
    ]
    return tables, links


def _columns(table: Table) -> list[tuple[object, ...]]:
    return [
        (column.name, item.name, item.type.qualified_name, item.nullable, item.facets, column.collation,
         column.storage.name, column.storage.type.name, column.storage.shape)
        for item, column in table.columns.items()
    ]  # fmt: skip


@dataclass(slots=True)
class Identities:
    """What was found: tables whose key is repeated, with an example, and what the owner should know of others."""

    repeated: dict[str, str] = field(default_factory=dict)
    notes: list[tuple[str, str]] = field(default_factory=list)
