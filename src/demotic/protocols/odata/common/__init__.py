"""What all versions of OData share: compiled operations kept by shape, pages, places, bodies, errors."""

from demotic.protocols.odata.common._answer import (
    Call,
    Container,
    Operation,
    TupleForm,
    ensure_match,
    ensure_parent,
    has_current,
    missing,
    no_target,
    read_of,
    target_of,
    without_body,
)
from demotic.protocols.odata.common._body import read_bytes, read_json, read_pieces, with_body
from demotic.protocols.odata.common._errors import error_fields, shortened
from demotic.protocols.odata.common._kept import Compiled, Fill, Shapes, Statistics
from demotic.protocols.odata.common._media import MediaResponse, ReadMedia, read_media
from demotic.protocols.odata.common._pages import Closed, Rows, left_of, next_link
from demotic.protocols.odata.common._refill import refill
from demotic.protocols.odata.common._roots import Roots
from demotic.protocols.odata.common._segments import with_key_predicates
from demotic.protocols.odata.common._shapes import decoded, lift, match
from demotic.protocols.odata.common._streams import addressed_stream, validators
from demotic.protocols.odata.common._values import descend, raw

__all__ = [
    "Call",
    "Closed",
    "Compiled",
    "Container",
    "Fill",
    "MediaResponse",
    "Operation",
    "ReadMedia",
    "Roots",
    "Rows",
    "Shapes",
    "Statistics",
    "TupleForm",
    "addressed_stream",
    "decoded",
    "descend",
    "ensure_match",
    "ensure_parent",
    "error_fields",
    "has_current",
    "left_of",
    "lift",
    "match",
    "missing",
    "next_link",
    "no_target",
    "raw",
    "read_bytes",
    "read_json",
    "read_media",
    "read_of",
    "read_pieces",
    "refill",
    "shortened",
    "target_of",
    "validators",
    "with_body",
    "with_key_predicates",
    "without_body",
]
