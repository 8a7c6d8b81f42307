"""URIs: percent-encoding and its profiles."""

from demotic.syntax.uri._percent import (
    PATH_SEGMENT,
    QUERY_NAME,
    QUERY_VALUE,
    UNRESERVED,
    percent_decode,
    percent_encode,
)

__all__ = [
    "PATH_SEGMENT",
    "QUERY_NAME",
    "QUERY_VALUE",
    "UNRESERVED",
    "percent_decode",
    "percent_encode",
]
