"""The lexical forms of the standards: text to native value and back, with no I/O and no opinion about meaning."""

from demotic.syntax._scalars import (
    format_binary,
    format_boolean,
    format_decimal,
    format_double,
    format_guid,
    format_integer,
    parse_binary,
    parse_boolean,
    parse_decimal,
    parse_double,
    parse_guid,
    parse_integer,
)
from demotic.syntax._scanner import (
    BinaryScanner,
    Located,
    Scanner,
)
from demotic.syntax._stream_scanner import (
    BinaryStreamScanner,
    StreamScanner,
)
from demotic.syntax._temporal import (
    format_date,
    format_datetime_offset,
    format_duration,
    format_time_of_day,
    parse_date,
    parse_datetime_offset,
    parse_duration,
    parse_time_of_day,
)

__all__ = [
    "BinaryScanner",
    "BinaryStreamScanner",
    "Located",
    "Scanner",
    "StreamScanner",
    "format_binary",
    "format_boolean",
    "format_date",
    "format_datetime_offset",
    "format_decimal",
    "format_double",
    "format_duration",
    "format_guid",
    "format_integer",
    "format_time_of_day",
    "parse_binary",
    "parse_boolean",
    "parse_date",
    "parse_datetime_offset",
    "parse_decimal",
    "parse_double",
    "parse_duration",
    "parse_guid",
    "parse_integer",
    "parse_time_of_day",
]
