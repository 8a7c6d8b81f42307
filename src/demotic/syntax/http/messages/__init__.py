"""Messages of HTTP/1.1 on the wire, without I/O (RFC 9112): start lines, framing, chunks, a reader and a writer."""

from demotic.syntax.http.messages._chunked import (
    NOT_IN_TRAILERS,
    ChunkHeader,
    format_chunk,
    format_last_chunk,
    parse_chunk_header,
)
from demotic.syntax.http.messages._framing import (
    Framing,
    content_length,
    framing,
    keeps_alive,
)
from demotic.syntax.http.messages._methods import (
    METHODS,
    MethodTraits,
    check_content,
    is_idempotent,
    is_safe,
)
from demotic.syntax.http.messages._reader import (
    Content,
    End,
    Event,
    Head,
    MessageReader,
    ReadLimits,
)
from demotic.syntax.http.messages._start_line import (
    RequestLine,
    StatusLine,
    origin_form,
    parse_request_line,
    parse_status_line,
)
from demotic.syntax.http.messages._writer import (
    MAX_KEPT,
    MessageWriter,
)

__all__ = [
    "MAX_KEPT",
    "METHODS",
    "NOT_IN_TRAILERS",
    "ChunkHeader",
    "Content",
    "End",
    "Event",
    "Framing",
    "Head",
    "MessageReader",
    "MessageWriter",
    "MethodTraits",
    "ReadLimits",
    "RequestLine",
    "StatusLine",
    "check_content",
    "content_length",
    "format_chunk",
    "format_last_chunk",
    "framing",
    "is_idempotent",
    "is_safe",
    "keeps_alive",
    "origin_form",
    "parse_chunk_header",
    "parse_request_line",
    "parse_status_line",
]
