"""Parts of a representation (RFC 9110, section 14): asking for them, choosing and sending them."""

from demotic.syntax.http.ranges._byteranges import (
    BodyPart,
    ByteRanges,
    parse_byteranges,
)
from demotic.syntax.http.ranges._content_range import (
    ContentRange,
    parse_content_range,
)
from demotic.syntax.http.ranges._range import (
    AcceptRanges,
    Range,
    RangeSpec,
    parse_accept_ranges,
    parse_range,
)
from demotic.syntax.http.ranges._select import (
    MAX_RANGES,
    parse_if_range,
    select_ranges,
    still_current,
)

__all__ = [
    "MAX_RANGES",
    "AcceptRanges",
    "BodyPart",
    "ByteRanges",
    "ContentRange",
    "Range",
    "RangeSpec",
    "parse_accept_ranges",
    "parse_byteranges",
    "parse_content_range",
    "parse_if_range",
    "parse_range",
    "select_ranges",
    "still_current",
]
