"""The envelope of a JSON response, and the answer for what is not there.

OData Protocol 4.01, section 11.2 (requesting data); OData JSON Format 4.01, section 4.5.1 (context URLs).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from demotic.protocols.odata import common
from demotic.protocols.odata.common import Call, no_target
from demotic.protocols.odata.v4._negotiation import Format
from demotic.protocols.odata.v4._rows import Metadata
from demotic.query import Read
from demotic.service import Service
from demotic.syntax.http import Response

# What a cache must compare before it answers with a stored response (RFC 9110, section 12.5.5).
VARY = ("vary", "Accept, OData-MaxVersion")
VARY_BY_PREFERENCE = ("vary", "Accept, OData-MaxVersion, Prefer")


@dataclass(frozen=True, slots=True)
class Envelope:
    """The constant parts of JSON responses of one shape: format, context fragment, header fields."""

    format: Format
    fragment: str
    vary: tuple[str, str] = VARY
    """The header field that says what of a request decided on the form."""
    told: bytes = b""
    """Further control information, each with a comma after it."""
    controlled: bool = field(init=False)
    """Whether payloads carry control information at all."""
    constant: tuple[tuple[str, str], ...] = field(init=False)
    """The header fields that all responses have."""
    _context: bytes = field(init=False)

    def __post_init__(self) -> None:
        # Made once here, for every response of the shape.
        fields = (("content-type", self.format.content_type), ("odata-version", self.format.version), self.vary)
        object.__setattr__(self, "controlled", self.format.metadata is not Metadata.NONE)
        object.__setattr__(self, "_context", f'$metadata#{self.fragment}",'.encode() + self.told)
        object.__setattr__(self, "constant", fields)

    def opening(self, call: Call) -> bytes:
        """Return the beginning of the payload object, up to where its content starts."""
        return b'{"@odata.context":"' + call.root.encode() + self._context if self.controlled else b"{"

    def fields(self, length: int | None) -> list[tuple[str, str]]:
        """Return the header fields of a response with that many bytes, ``None`` where it is not known."""
        return [*self.constant] if length is None else [*self.constant, ("content-length", str(length))]


def missing(
    service: Service, read: Read, values: Sequence[object], envelope: Envelope, *, absent_is_null: bool = True
) -> Response:
    """Answer for an entity that is not there: 204 where a navigation has no target, else NotFound."""
    error = common.missing(service, read, values)
    if error is not None:
        raise error
    if absent_is_null:
        return Response(204, [("odata-version", envelope.format.version)])
    raise no_target(read)
