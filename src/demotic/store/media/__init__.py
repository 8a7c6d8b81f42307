"""Media streams: contents beside the values of entities, read and written in chunks, of which none is held whole."""

from demotic.store.media._content import (
    BINARY_TYPE,
    CHUNK,
    Content,
    Info,
    Kept,
    Media,
    Readable,
    cut,
    kept,
    media_of,
    readable,
    tag_over,
)
from demotic.store.media._spool import Spool
from demotic.store.media._streams import (
    OWN,
    Fact,
    Stream,
    ensure_shared,
    most_of,
    own_stream,
    stream_named,
    stream_of,
    streams_of,
)

__all__ = [
    "BINARY_TYPE",
    "CHUNK",
    "OWN",
    "Content",
    "Fact",
    "Info",
    "Kept",
    "Media",
    "Readable",
    "Spool",
    "Stream",
    "cut",
    "ensure_shared",
    "kept",
    "media_of",
    "most_of",
    "own_stream",
    "readable",
    "stream_named",
    "stream_of",
    "streams_of",
    "tag_over",
]
