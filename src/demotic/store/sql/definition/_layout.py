"""How a model is laid out in tables: one for each entity set, one for each contained navigation, one for each link.

Complex properties are flattened into columns; collections, values of geographic types, and complex types that are open
or contain themselves are kept as JSON text in one column. OData CSDL XML 4.01, sections 6 to 9 and 13.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from demotic.errors import InvalidInput, Unsupported
from demotic.model import (
    BINARY,
    DATE_TIME_OFFSET,
    GUID,
    INTEGER_RANGES,
    STREAM,
    STRING,
    ComplexType,
    EntitySet,
    EntityType,
    Facets,
    Model,
    PathValue,
    PrimitiveType,
    Property,
    Record,
    TypeDefinition,
    ensure,
)
from demotic.query import TYPE_NAME
from demotic.store.changes import has_computed_default, is_computed
from demotic.store.sql.definition._media import add_media
from demotic.store.sql.definition._plans import ColumnPlan, Layout, Path, TablePlan
from demotic.store.sql.definition._rules import NO_RULES, TableRules
from demotic.store.sql.definition._types import KEY_LENGTH, ensure_dialect, sql_type
from demotic.store.sql.definition._ways import add_ways

_ALTERNATE_KEYS: Final = "Org.OData.Core.V1.AlternateKeys"
_MADE: Final = frozenset((*INTEGER_RANGES, GUID.name, DATE_TIME_OFFSET.name))
"""The types of which a database makes values by itself: numbers only as keys."""


def lay_out(model: Model, dialect: str = "sqlite", rules: TableRules = NO_RULES) -> Layout:
    """Return how a model is kept in tables of a database.

    Raises the first finding of `demotic.model.check`, `Unsupported` for what cannot be kept, and InvalidInput where
    two tables, or two columns of one, would have the same name.
    """
    container = ensure(model, bindings=False).container
    if container is None or not container.sets:
        raise InvalidInput("the model has no entity sets", hint="tables are made of entity sets")
    layout = Layout(ensure_dialect(dialect))
    builder = Builder(model, layout, rules)
    for entity_set in container.sets.values():
        table = builder.table((entity_set.name,), entity_set.type, entity_set)
        layout.sets[entity_set] = table
        if entity_set.type in layout.types:
            _ensure_alone(entity_set)
        layout.types.setdefault(entity_set.type, table)
    for table in layout.sets.values():  # what has no set of its own is in that of its base
        for heir in table.heirs:
            layout.types.setdefault(heir, table)
    layout.notes += [(name, "a singleton is kept in no table") for name in container.singletons]
    add_ways(builder)
    add_media(builder)
    for table in layout.tables.values():
        builder.finish(table)
    return layout


def _ensure_alone(entity_set: EntitySet) -> None:
    """Raise Unsupported for a second set of a type with navigation: where it leads would be one set or the other."""
    if entity_set.type.all_navigation():
        raise Unsupported(
            f"{entity_set.name} is a second set of {entity_set.type.name}, which has navigation",
            target=entity_set.name,
            hint="give it a type of its own, derived from the same base",
        )


class Builder:
    """Makes the tables of one layout."""

    def __init__(self, model: Model, layout: Layout, rules: TableRules) -> None:
        self.model = model
        self.layout = layout
        self.rules = rules
        self._names: set[str] = set()

    def table(self, path: tuple[str, ...], kind: EntityType | None, entity_set: EntitySet | None = None) -> TablePlan:
        """Add a table, with the columns of a type's properties."""
        name = self.rules.name(path, self.rules.joined(path))
        if name.casefold() in self._names:
            raise InvalidInput(
                f"{'/'.join(path)} would be a second table {name}", target=name, hint="name one of them otherwise"
            )
        self._names.add(name.casefold())
        table = self.layout.tables[name] = TablePlan(name, path, kind, entity_set)
        if kind is not None:
            if kind.key_paths:
                raise Unsupported(f"the key of {kind.name} lies within a complex property", target=kind.qualified_name)
            table.columns += self._columns(table, kind.all_properties().values(), (), False)
            table.heirs = self.model.heirs(kind)
            self._add_heirs(table)
            table.key = tuple(self._key_column(table, item) for item in kind.key)
            table.unique += [self._unique(table, names) for names in _alternate_keys(table)]
            for item in (kind, *table.heirs):
                if item.open:
                    self.layout.notes.append((item.qualified_name, "its dynamic properties are not kept"))
        return table

    def _add_heirs(self, table: TablePlan) -> None:
        """Add the column that tells types apart, and those of properties that only derived types have."""
        if not table.heirs:
            return
        # No name of the model has an at sign, so it stands in the way of none.
        table.kind = self.rules.name((*table.path, TYPE_NAME.name), TYPE_NAME.name)
        text = sql_type(self.layout.dialect, STRING.name, Facets(KEY_LENGTH))
        table.columns.append(ColumnPlan(table.kind, (TYPE_NAME,), STRING, text, False, hidden=True))
        for heir in table.heirs:
            used = {column.name.casefold() for column in table.columns}
            for column in self._columns(table, heir.properties.values(), (), True):
                taken = column.name.casefold() in used
                name = self.rules.joined((heir.name, column.name)) if taken else column.name
                table.columns.append(replace(column, name=name, heir=True))

    def finish(self, table: TablePlan) -> None:
        """Check the names of a table's columns. Raises InvalidInput for two that differ in case alone."""
        seen: dict[str, ColumnPlan] = {}
        for column in table.columns:
            other = seen.setdefault(column.name.casefold(), column)
            if other is not column:
                raise InvalidInput(
                    f"{table.name} would have two columns {column.name}",
                    target=f"{table.name}.{column.name}",
                    hint="name one of them otherwise",
                )

    def column(self, table: TablePlan, name: str, path: Path, facets: Facets, **facts: bool) -> ColumnPlan:
        """Return a column for a property, or one that stands for a foreign key (``hidden``)."""
        item = path[-1]
        kind = kept_as(item)
        source = (*table.path, *(part.name for part in path))
        given = self.rules.types(source, item) if self.rules.types is not None else None
        expression = self.rules.defaults(source, item) if self.rules.defaults is not None else None
        nullable = facts["nullable"]
        made = is_computed(item) or has_computed_default(item)
        in_key = table.type is not None and len(path) == 1 and item in table.type.key
        if made and expression is None and not nullable and not _can_be_made(kind, in_key):
            raise Unsupported(
                f"nothing makes the values of {'/'.join(source)}, which may not be null",
                target="/".join(source),
                hint="give an expression for it: TableRules(defaults=...)",
            )
        text = given or sql_type(self.layout.dialect, kind.name if kind is not None else "", facets)
        hidden = facts.get("hidden", False)
        return ColumnPlan(name, path, kind, text, nullable and not in_key, made and not hidden, expression, hidden)

    def limited(self, item: Property) -> Facets:
        """Return the facets of a property in a key or an index, where MySQL wants a length."""
        facets = facets_of(item)
        unbounded = facets.max_length is None or facets.max_length < 1
        if (
            self.layout.dialect in ("mariadb", "mysql")
            and unbounded
            and item.primitive is not None
            and not item.primitive.numeric_rank
        ):
            return Facets(KEY_LENGTH, facets.precision, facets.scale, facets.unicode)
        return facets

    def _columns(
        self, table: TablePlan, properties: Iterable[Property], above: Path, nullable: bool
    ) -> Iterator[ColumnPlan]:
        """Yield the columns of properties; those within a complex one that may be null may be too."""
        assert table.type is not None
        indexed = {name for names in _alternate_keys(table) for name in names}
        for item in properties:
            if item.type is STREAM and not above and not item.collection:
                continue  # see `_media`
            path = (*above, item)
            if isinstance(item.type, ComplexType) and is_flat(path):
                yield from self._columns(table, item.type.all_properties().values(), path, nullable or item.nullable)
                continue
            names = tuple(part.name for part in path)
            name = self.rules.name((*table.path, *names), self.rules.joined(names))
            sought = not above and (item in table.type.key or item.name in indexed)
            facets = self.limited(item) if sought else facets_of(item)
            free = nullable or (item.nullable and not item.collection)
            yield self.column(table, name, path, facets, nullable=free)

    def _unique(self, table: TablePlan, names: tuple[str, ...]) -> tuple[str, ...]:
        assert table.type is not None
        found = [table.column_of(item) for name, item in table.type.all_properties().items() if name in names]
        if None in found or len(found) != len(names):
            raise Unsupported(f"an alternate key of {table.name} is not made of its own properties", target=table.name)
        return tuple(column.name for column in found if column is not None)

    def _key_column(self, table: TablePlan, item: Property) -> str:
        found = table.column_of(item)
        if found is None or found.kind is None or found.kind is BINARY:
            raise Unsupported(f"{item.name} cannot be part of the key of a table", target=f"{table.name}.{item.name}")
        return found.name


def facets_of(item: Property) -> Facets:
    """Return the facets of a property: its own, else those of its type definition."""
    theirs = item.type.facets if isinstance(item.type, TypeDefinition) else Facets()
    mine = item.facets
    return Facets(
        mine.max_length if mine.max_length is not None else theirs.max_length,
        mine.precision if mine.precision is not None else theirs.precision,
        mine.scale if mine.scale is not None else theirs.scale,
        mine.unicode,
    )


def kept_as(item: Property) -> PrimitiveType | None:
    """Return the type that a column keeps a property's values as, ``None`` where it keeps them as JSON."""
    kind = item.primitive
    if item.collection or kind is None or kind.name.startswith("Geo"):
        return None
    return BINARY if kind is STREAM else kind


def is_flat(path: Path) -> bool:
    """Whether the complex property at the end of a path is kept in columns of its own."""
    kind = path[-1].type
    assert isinstance(kind, ComplexType)
    within = any(item.type is kind for item in path[:-1])
    return not (path[-1].collection or kind.open or kind.abstract or within or kind.navigation or kind.heirs)


def _can_be_made(kind: PrimitiveType | None, in_key: bool) -> bool:
    return kind is not None and kind.name in _MADE and (in_key or kind.name not in INTEGER_RANGES)


def _alternate_keys(table: TablePlan) -> list[tuple[str, ...]]:
    """Return the property names of each alternate key of a table's type or set (Org.OData.Core.V1.AlternateKeys)."""
    found = []
    owners: list[EntityType | EntitySet | None] = [table.type, table.set]
    for owner in owners:
        for annotation in owner.annotations if owner is not None else ():
            if annotation.term != _ALTERNATE_KEYS or not isinstance(annotation.value, list):
                continue
            for key in annotation.value:
                given = key.values.get("Key") if isinstance(key, Record) else None
                parts = given if isinstance(given, list) else []
                found.append(tuple(_property_name(part) for part in parts if isinstance(part, Record)))
    return [names for names in found if names]


def _property_name(part: Record) -> str:
    name = part.values.get("Name")
    return name.path if isinstance(name, PathValue) else str(name)
