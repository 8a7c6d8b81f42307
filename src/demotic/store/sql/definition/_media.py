"""How streams are kept: what is known of them in columns of their entity's row, their content in a table of chunks.

A row of that table has the key of the entity, the name of the stream, the number of the chunk and its bytes. It goes
with its entity. Tables that were made otherwise need neither the one nor the other: their streams are kept nowhere.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from demotic.model import BINARY, INT32, STRING, Facets, Property
from demotic.store.media import OWN, Stream, streams_of
from demotic.store.sql.definition._plans import MediaPlan, ReferencePlan, TablePlan

if TYPE_CHECKING:
    from demotic.store.sql.definition._layout import Builder

_FACTS: Final = ("media_type", "media_etag", "media_length", "media_modified")
"""The columns of what is known of a stream, in the order of `Stream.facts`; of a property's after its name."""

_NAME: Final = Property("media_stream", STRING, False, facets=Facets(max_length=128))
_NUMBER: Final = Property("media_number", INT32, False)
_BYTES: Final = Property("media_bytes", BINARY, False)


def add_media(builder: Builder) -> None:
    """Add to a layout the columns and tables for the streams of entity sets, whose keys are complete by now."""
    for table in list(builder.layout.sets.values()):
        assert table.type is not None
        streams = streams_of(table.type)
        if streams:
            for stream in streams.values():
                _add_facts(builder, table, stream)
            table.media = MediaPlan(_chunks(builder, table), tuple(streams.values()))


def _add_facts(builder: Builder, table: TablePlan, stream: Stream) -> None:
    before = () if stream is OWN else (stream.name,)
    for item, fact in zip(stream.facts, _FACTS, strict=True):
        name = builder.rules.name((*table.path, *before, fact), builder.rules.joined((*before, fact)))
        plan = builder.column(table, name, (item,), item.facets, nullable=True, hidden=True)
        table.columns.append(replace(plan, optional=True))


def _chunks(builder: Builder, table: TablePlan) -> TablePlan:
    """Add the table of chunks for the streams of a table's entities."""
    chunks = builder.table((*table.path, "media"), None)
    for key in table.key:
        there = table.column(key)
        name = builder.rules.name((*chunks.path, there.property.name), there.name)
        item = Property(there.property.name, there.property.type, False, facets=there.property.facets)
        plan = builder.column(chunks, name, (item,), builder.limited(item), nullable=False, hidden=True)
        chunks.columns.append(replace(plan, type=there.type, kind=there.kind))
    own = tuple(column.name for column in chunks.columns)
    chunks.references.append(ReferencePlan(own, table.name, table.key, "Cascade"))
    for item in (_NAME, _NUMBER, _BYTES):
        name = builder.rules.name((*chunks.path, item.name), item.name)
        chunks.columns.append(builder.column(chunks, name, (item,), item.facets, nullable=False, hidden=True))
    chunks.key = tuple(column.name for column in chunks.columns[:-1])
    return chunks
