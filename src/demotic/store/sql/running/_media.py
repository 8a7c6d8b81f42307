"""Streams opened for reading: what is known of one is read with its entity's row, its chunks when they are wanted.

Chunks are read at once, to be put aside where they are many, so that a client that reads slowly keeps neither a
connection nor a state of the database from others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from demotic.errors import InternalFault
from demotic.model import EntitySet
from demotic.store.changes import not_there
from demotic.store.media import CHUNK, Info, Readable, Spool, Stream, cut
from demotic.store.sql._errors import NotInThisStore
from demotic.store.sql.changes._dml import Dml
from demotic.store.sql.connections._pool import Connections
from demotic.store.sql.running._fetch import log
from demotic.store.sql.statements._dialect import Statement
from demotic.store.sql.storage._mapping import Chunks, Table
from demotic.store.sql.storage._storage import Unfit


def chunks_of(table: Table, stream: Stream) -> Chunks:
    """Return where a stream of a table's entities is kept. Raises `NotInThisStore`."""
    if table.media is None or stream.name not in table.media.streams:
        raise NotInThisStore(
            f"{table.name} has nowhere to keep streams",
            target=stream.name,
            hint="make the tables with create_tables(), which adds what streams need",
        )
    return table.media


def open_media(
    table: Table,
    dml: Dml,
    entity_set: EntitySet,
    key: tuple[object, ...],
    stream: Stream,
    connections: Connections,
    release: Callable[[], object],
) -> Readable | None:
    """Open a stream, ``None`` if it holds nothing. Raises `NoSuchEntity`, `NotInThisStore`."""
    chunks = chunks_of(table, stream)
    facts = [table.columns[item] for item in stream.facts]
    names = (*(column.name for column in table.key), *(column.name for column in facts))
    fetch = partial(_fetch, connections)
    try:
        rows = fetch(dml.locate(table, names, exact=False), key)
    except Unfit:
        rows = fetch(dml.locate(table, names, exact=True), key)
    if not rows:
        raise not_there(entity_set, key)
    row = rows[0]
    held = row[: len(table.key)]
    content_type, etag, length, modified = (
        column.storage.read(value) for column, value in zip(facts, row[len(table.key) :], strict=True)
    )
    if etag is None or length is None:
        return None
    text = dml.value(chunks.clause, chunks.content, (*chunks.key, chunks.stream, chunks.number))
    info = Info(str(content_type), int(length), str(etag), modified)
    return SqlMedia(info, lambda number: fetch(text, (*held, stream.name, number)), release)


def _fetch(connections: Connections, statement: Statement, values: Sequence[object]) -> list[Any]:
    parameters = statement.bind(values, -1, None, None)
    log(statement.text, parameters)
    try:
        return connections.mine().fetch(statement.text, parameters)
    except connections.failures as error:
        raise connections.translate(error) from error


class SqlMedia(Readable):
    """A stream in one state of a database. ``fetch`` reads a chunk by its number, ``release`` gives up the state."""

    def __init__(self, info: Info, fetch: Callable[[int], list[Any]], release: Callable[[], object]) -> None:
        self.info = info
        self._fetch = fetch
        self._release = release
        self._spool: Spool | None = None

    def chunks(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield the bytes between two positions; they are read before this returns."""
        stop = self.info.length if stop is None else min(stop, self.info.length)
        # The size of chunks belongs to the form of the tables: all but the last have as many bytes.
        first, last = start // CHUNK, -(-stop // CHUNK)
        parts = map(self._chunk, range(first, max(first, last)))
        wanted = cut(parts, start - first * CHUNK, stop - first * CHUNK)
        found: Iterator[bytes]
        if last - first > 1:
            self._spool = Spool(wanted)
            found = iter(self._spool)
        else:
            found = iter(list(wanted))
        self._release()
        return found

    def _chunk(self, number: int) -> bytes:
        rows = self._fetch(number)
        if not rows:
            raise InternalFault(f"chunk {number} of a stream is missing")
        return bytes(rows[0][0])

    def close(self) -> None:
        """Release the state, and what was put aside."""
        self._release()
        if self._spool is not None:
            self._spool.close()
