"""The changes of a transaction in a SQL database, row by row: see `demotic.store.changes.Writer`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from typing import Any

from demotic.errors import InvalidInput
from demotic.model import (
    INTEGER_RANGES,
    ComplexType,
    EntitySet,
    EntityType,
    InvalidValue,
    NavigationProperty,
    Property,
)
from demotic.store._errors import ConstraintBroken, ReadOnly, RequiredLink, TransactionClosed
from demotic.store.changes import Holder, Keeping, NativeKey, Tie, Writer, has_computed_default, not_there
from demotic.store.media import Media, Stream, tag_over
from demotic.store.sql._errors import NotInThisStore
from demotic.store.sql.changes._dml import Dml
from demotic.store.sql.changes._writing import Writing
from demotic.store.sql.connections._pool import Outcome
from demotic.store.sql.running._media import chunks_of
from demotic.store.sql.statements._dialect import Statement
from demotic.store.sql.storage._mapping import Chunks, Column, DatabaseMap, Link, Table
from demotic.store.sql.storage._storage import Unfit


class SqlWriter(Writer):
    """The primitive changes of one transaction."""

    keeps_media = True

    def __init__(self, database: DatabaseMap, dml: Dml, writing: Writing) -> None:
        self._database = database
        self._dml = dml
        self._writing = writing
        self._numbers = count()
        self._numbered: set[Table] = set()

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """Return a block that leaves nothing if it ends with an exception."""
        name = f"demotic_{next(self._numbers)}"
        self._writing.mark(name)
        try:
            yield
        except BaseException:
            with suppress(TransactionClosed):  # then all of it is undone already
                self._writing.undo(name)
            raise
        self._writing.forget(name)

    def keeping(self, navigation: NavigationProperty) -> Keeping:
        """Say how links are kept: in a foreign key of the one side or the other, or in a link table."""
        link = self._database.links[navigation]
        if link.through is not None:
            return Keeping(Holder.APART)
        target = self._database.tables[navigation.target]
        source = self._source(navigation)
        columns, table = (near_columns(link), source) if link.own else (far_columns(link), target)
        names = {column.name: item.name for item, column in table.columns.items()}
        return Keeping(Holder.SOURCE if link.own else Holder.TARGET, tuple(names[column] for column in columns))

    def lock(self, entity_set: EntitySet, key: NativeKey) -> None:
        """See that nobody else changes a row; where rows cannot be locked, that nobody writes to the database."""
        self._writing.lock()
        table = self._database.sets[entity_set]
        if self._dml.dialect.locks_rows and table.writable:
            self._found(table, key, _key_names(table), lock=True)

    def insert(
        self, entity_set: EntitySet, values: Mapping[str, object], ties: Sequence[Tie], kind: EntityType
    ) -> NativeKey:
        """Add a row."""
        table = self._writable(entity_set)
        kept = table.foreign(kind) | self._kept(table, values, kind)
        if table.kind:
            kept[table.kind] = kind.qualified_name
        for tie in ties:
            self._fill(table, kept, tie)
        given = {column.name for column in table.key} <= {name for name, value in kept.items() if value is not None}
        if not given:  # a null would take the place of what the database makes
            kept = {name: value for name, value in kept.items() if value is not None or name not in _key_names(table)}
        if _is_counted(table):
            if given:
                self._numbered.add(table)
            elif table in self._numbered:
                self._count_on(table)
        returning = () if given or not self._dml.dialect.returns else _key_names(table)
        done = self._change(table, self._dml.insert(table.clause, tuple(kept), returning), tuple(kept.values()))
        held = done.rows[0] if returning else _key_made(table, kept, done)
        # What was given is known; a driver may take another form than it gives (MariaDB's takes dates as text).
        return tuple(
            _native(column, value) if values.get(column.property.name) is None else values[column.property.name]
            for column, value in zip(table.key, held, strict=True)
        )

    def settle(self) -> None:
        """See that keys which the database makes from now on are none of those that were given."""
        for table in list(self._numbered):
            self._count_on(table)

    def _count_on(self, table: Table) -> None:
        self._numbered.discard(table)
        text = self._dml.dialect.counting_on(table)
        if text is not None:
            self._writing.command(text)

    def update(self, entity_set: EntitySet, key: NativeKey, values: Mapping[str, object], kind: EntityType) -> None:
        """Change columns of a row."""
        table = self._writable(entity_set)
        self._set(table, key, self._kept(table, values, kind))

    def delete(self, entity_set: EntitySet, key: NativeKey) -> None:
        """Remove a row, and its entries in link tables."""
        table = self._writable(entity_set)
        for navigation in table.navigation():
            link = self._database.links.get(navigation)
            if link is not None and link.through is not None:
                mine = self._held(table, key, near_columns(link))
                names = tuple(there for _, there in link.pairs)
                self._run(table, self._dml.delete(link.through, names), mine)
        held = self._held(table, key, _key_names(table))
        self._change(table, self._dml.delete(table.clause, _key_names(table)), held, removing=True)

    def link(self, entity_set: EntitySet, key: NativeKey, navigation: NavigationProperty, target: NativeKey) -> None:
        """Link two rows."""
        link = self._database.links[navigation]
        source, far = self._writable(entity_set), self._database.tables[navigation.target]
        if link.through is not None:
            self._link_through(source, key, link, far, target)
        elif link.own:
            self._refer(source, key, near_columns(link), self._held(far, target, far_columns(link)), far, link)
        else:
            if not navigation.collection:
                self._release(source, key, link, far)
            held = self._held(source, key, near_columns(link))
            self._refer(far, target, far_columns(link), held, source, link, backwards=True)

    def unlink(self, entity_set: EntitySet, key: NativeKey, navigation: NavigationProperty, target: NativeKey) -> None:
        """Remove the link between two rows."""
        link = self._database.links[navigation]
        source, far = self._writable(entity_set), self._database.tables[navigation.target]
        if link.through is not None:
            entry = self._entry(source, key, link, far, target)
            self._run(source, self._dml.delete(link.through, tuple(entry)), tuple(entry.values()))
        elif link.own:
            self._clear(source, key, near_columns(link), navigation)
        else:
            self._clear(far, target, far_columns(link), navigation)

    # --- streams

    def put_media(
        self, entity_set: EntitySet, key: NativeKey, stream: Stream, media: Media, most: int | None = None
    ) -> None:
        """Set what a stream holds: chunks beside the row, and what is known of it within."""
        table = self._writable(entity_set)
        chunks, held = self._emptied(table, key, stream)
        columns = (*chunks.key, chunks.stream, chunks.number, chunks.content)
        insert = self._dml.insert(chunks.clause, columns, ())
        passing = tag_over(media, most, f"{stream.name} of {entity_set.name}")
        for number, chunk in enumerate(passing):
            self._run(table, insert, (*held, stream.name, number, chunk))
        info = passing.info()
        self._tell(table, key, stream, (info.content_type, info.etag, info.length, info.modified))

    def remove_media(self, entity_set: EntitySet, key: NativeKey, stream: Stream) -> None:
        """Let a stream hold nothing."""
        table = self._writable(entity_set)
        self._emptied(table, key, stream)
        self._tell(table, key, stream, (None, None, None, None))

    def _emptied(self, table: Table, key: NativeKey, stream: Stream) -> tuple[Chunks, tuple[Any, ...]]:
        """Remove the chunks of a stream; return where they were, and the entity's key as it is kept."""
        chunks = chunks_of(table, stream)
        held = self._held(table, key, _key_names(table))
        self._run(table, self._dml.delete(chunks.clause, (*chunks.key, chunks.stream)), (*held, stream.name))
        return chunks, held

    def _tell(self, table: Table, key: NativeKey, stream: Stream, facts: Sequence[object]) -> None:
        kept = {}
        for item, value in zip(stream.facts, facts, strict=True):
            column = table.columns[item]
            kept[column.name] = _encoded(column, value)
        self._set(table, key, kept)

    # --- links

    def _fill(self, table: Table, kept: dict[str, object], tie: Tie) -> None:
        """Set the columns that keep a link in a new row. Raises InvalidInput if they were given otherwise."""
        link = self._database.links[tie.navigation]
        if tie.backwards:
            names, there, columns = far_columns(link), self._source(tie.navigation), near_columns(link)
        else:
            names, there, columns = near_columns(link), self._database.tables[tie.navigation.target], far_columns(link)
        held = self._alike(table, names, there, columns, self._held(there, tie.key, columns))
        for name, value in zip(names, held, strict=True):
            if kept.get(name) is not None and kept[name] != value:
                raise InvalidInput(
                    f"{name} is given, but follows from {tie.navigation.name}", target=name, hint="give one of them"
                )
            kept[name] = value

    def _refer(
        self,
        table: Table,
        key: NativeKey,
        names: tuple[str, ...],
        held: Sequence[object],
        there: Table,
        link: Link,
        *,
        backwards: bool = False,
    ) -> None:
        columns = near_columns(link) if backwards else far_columns(link)
        values = dict(zip(names, self._alike(table, names, there, columns, held), strict=True))
        old = self._held(table, key, names)
        changed = {name for name, value in zip(names, old, strict=True) if values[name] != value}
        if changed & set(_key_names(table)):
            raise RequiredLink(f"the link is part of the key of {table.type.name}, which cannot change")
        self._set(table, key, values)

    def _clear(self, table: Table, key: NativeKey, names: tuple[str, ...], navigation: NavigationProperty) -> None:
        by_name = {column.name: column for column in table.columns.values()}
        loose = [name for name in names if by_name[name].property.nullable and name not in _key_names(table)]
        if not loose:
            raise RequiredLink(
                f"{', '.join(names)} of {table.type.name} must not be null, so that {navigation.name} cannot be undone",
                target=navigation.name,
            )
        self._set(table, key, dict.fromkeys(loose))

    def _release(self, source: Table, key: NativeKey, link: Link, far: Table) -> None:
        """Undo the link to a single row that another takes the place of."""
        held = self._held(source, key, near_columns(link))
        names = far_columns(link)
        cleared = self._dml.update(far.clause, names, names)
        self._run(far, cleared, (*(None for _ in names), *held))

    def _link_through(self, source: Table, key: NativeKey, link: Link, far: Table, target: NativeKey) -> None:
        assert link.through is not None
        entry = self._entry(source, key, link, far, target)
        if not self._run(source, self._dml.holds(link.through, tuple(entry)), tuple(entry.values())).rows:
            self._run(source, self._dml.insert(link.through, tuple(entry), ()), tuple(entry.values()))

    def _entry(self, source: Table, key: NativeKey, link: Link, far: Table, target: NativeKey) -> dict[str, object]:
        """Return the columns of a link table's row, and what they hold."""
        mine = self._held(source, key, near_columns(link))
        theirs = self._held(far, target, tuple(there for _, there in link.onward))
        names = (*(there for _, there in link.pairs), *(here for here, _ in link.onward))
        return dict(zip(names, (*mine, *theirs), strict=True))

    def _alike(
        self, table: Table, names: Sequence[str], there: Table, columns: Sequence[str], held: Sequence[object]
    ) -> tuple[object, ...]:
        """Return what columns of another table hold in the forms of the columns that refer to them."""
        mine = {column.name: column for column in table.columns.values()}
        theirs = {column.name: column for column in there.columns.values()}
        return tuple(
            _in_form(mine[name], theirs[column], value)
            for name, column, value in zip(names, columns, held, strict=True)
        )

    def _source(self, navigation: NavigationProperty) -> Table:
        """Return the table that a navigation property starts from."""
        tables = self._database.tables.items()
        return next(table for kind, table in tables if navigation in kind.all_navigation().values())

    # --- rows

    def _writable(self, entity_set: EntitySet) -> Table:
        table = self._database.sets[entity_set]
        if not table.writable:
            raise ReadOnly(f"{entity_set.name} is a view", hint="change the tables that it shows")
        return table

    def _kept(self, table: Table, values: Mapping[str, object], kind: EntityType) -> dict[str, object]:
        """Return the columns that keep the values of an entity of a type, and the forms in which they do."""
        known = kind.all_properties()
        kept: dict[str, object] = {}
        for name, value in values.items():
            kept.update(_columns(table, (known[name],), value))
        return kept

    def _set(self, table: Table, key: NativeKey, kept: Mapping[str, object]) -> None:
        names = _key_names(table)
        held = self._held(table, key, names)
        self._change(table, self._dml.update(table.clause, tuple(kept), names), (*kept.values(), *held))

    def _held(self, table: Table, key: NativeKey, columns: tuple[str, ...]) -> tuple[Any, ...]:
        """Return what columns of a row hold. Raises `NoSuchEntity`."""
        rows = self._found(table, key, columns)
        if not rows:
            raise not_there(next(item for item, found in self._database.sets.items() if found is table), key)
        result: tuple[Any, ...] = rows[0]
        return result

    def _found(self, table: Table, key: NativeKey, columns: tuple[str, ...], *, lock: bool = False) -> list[Any]:
        try:
            return self._run(table, self._dml.locate(table, columns, exact=False, lock=lock), key).rows
        except Unfit:
            return self._run(table, self._dml.locate(table, columns, exact=True, lock=lock), key).rows

    def _change(
        self, table: Table, statement: Statement, values: Sequence[object], *, removing: bool = False
    ) -> Outcome:
        """Change a row. Raises `ConstraintBroken` if the database passed the change over."""
        done = self._run(table, statement, values, removing=removing)
        if done.count == 0 or (done.count < 0 and not done.rows):
            raise ConstraintBroken(f"a rule of the database ignores the change of {table.type.name}")
        return done

    def _run(self, table: Table, statement: Statement, values: Sequence[object], *, removing: bool = False) -> Outcome:
        try:
            return self._writing.execute(statement, values)
        except self._writing.refusals as error:
            raise self._writing.explain(error, table, self._database, removing=removing) from error


def _is_counted(table: Table) -> bool:
    """Whether the database makes the keys of a table by counting."""
    item = table.key[0].property
    whole = item.primitive is not None and item.primitive.name in INTEGER_RANGES
    return len(table.key) == 1 and whole and has_computed_default(item)


def _key_made(table: Table, kept: Mapping[str, object], done: Outcome) -> list[object]:
    """Return the key columns of a row that was inserted by a database that tells no more than what it counted.

    Raises `NotInThisStore` if a part of the key was made in another way.
    """
    key = [kept.get(column.name) for column in table.key]
    lacking = [column for column, value in zip(table.key, key, strict=True) if value is None]
    if lacking and (len(lacking) > 1 or done.made is None):
        name = lacking[-1].property.name
        raise NotInThisStore(f"the database makes {name}, but does not tell it", target=name, hint=f"give a {name}")
    return [done.made if value is None else value for value in key]


def near_columns(link: Link) -> tuple[str, ...]:
    """Return the columns of the table that a link starts from."""
    return tuple(near for near, _ in link.pairs)


def far_columns(link: Link) -> tuple[str, ...]:
    """Return the columns that a link first meets."""
    return tuple(far for _, far in link.pairs)


def _key_names(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.key)


def _columns(table: Table, path: tuple[Property, ...], value: Any) -> Iterator[tuple[str, object]]:
    """Yield the columns that keep a property's value, and the forms in which they do."""
    column = table.column(path)
    if column is not None:
        yield column.name, _encoded(column, value)
        return
    kind = path[-1].type
    assert isinstance(kind, ComplexType)
    for name, item in kind.all_properties().items():
        yield from _columns(table, (*path, item), None if value is None else value.get(name))


def _encoded(column: Column, value: object) -> object:
    """Return a native value as a column keeps it. Raises `InvalidValue` where it cannot."""
    name = column.property.name
    if isinstance(value, float) and value != value:
        raise InvalidValue(f"{name}: the database keeps no NaN", target=name, hint="give null")
    if value is None:
        return None
    try:
        return (column.storage.write or column.storage.encode)(value)
    except Unfit:
        raise InvalidValue(
            f"{name}: {value} has more digits than its column keeps", target=name, hint="round it"
        ) from None


def _native(column: Column, held: object) -> object:
    """Return the native value of what a column holds."""
    storage = column.storage
    if storage.through:
        return storage.raw(held) if storage.raw is not None else str(held)
    return storage.read(held)


def _in_form(mine: Column, theirs: Column, held: object) -> object:
    """Return what another column holds in the form of the column that refers to it, where the types are the same."""
    if held is None or mine.property.type is not theirs.property.type or mine.storage is theirs.storage:
        return held
    native = _native(theirs, held)
    return held if native is None else _encoded(mine, native)
