"""Reading collections: pages, next links, and bodies made while they are sent.

OData Protocol 4.01, sections 11.2.6 (querying collections) and 11.2.6.7 (server-driven paging); OData JSON Format 4.01,
section 13.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from demotic.protocols.odata.common import Call, Closed, Rows, ensure_parent, left_of, next_link
from demotic.protocols.odata.v4._answer import Envelope
from demotic.protocols.odata.v4._negotiation import Format
from demotic.protocols.odata.v4._rows import encode
from demotic.query import Continuation
from demotic.service import Plan, Row, Service, tag_of
from demotic.syntax.http import Response


@dataclass(frozen=True, slots=True)
class ReadCollection:
    """A collection of entities, in pages where it must be; ``write`` makes JSON of a list of rows."""

    service: Service
    plan: Plan
    envelope: Envelope
    continuation: Continuation
    write: Callable[[list[Row]], bytes] = encode

    def respond(self, call: Call, values: Sequence[object]) -> Response:
        """Answer with the rows; a result of more than one batch is encoded while it is sent."""
        result = self.service.run(self.plan, values, page=call.page)
        try:
            batches = result.batches()
            first = next(batches, [])
            second = next(batches, None)
            if not first:
                ensure_parent(self.service, self.plan.read, values)
            opening = self.envelope.opening(call) + count_member(result.count, self.envelope.format) + b'"value":'
            if second is not None:
                streamed, result = result, Closed()
                rows = (first, second, batches)
                body = Rows(streamed, rows, self.write, opening, lambda: self.closing(call, values, streamed.after))
                return Response(200, self._fields(call, None), body)
            whole = b"".join((opening, self.write(first), self.closing(call, values, result.after)))
        finally:
            result.close()
        return Response(200, self._fields(call, len(whole)), whole)

    def closing(self, call: Call, values: Sequence[object], after: tuple[object, ...] | None) -> bytes:
        """Return the end of the payload: a next link if rows were left out, and the closing brace."""
        left = left_of(self.plan.read.query, call, values)
        if after is None or (left is not None and left <= 0):
            return b"}"
        link = next_link(call, self.continuation.write(after, values), left)
        return b',"@odata.nextLink":' + encode(link) + b"}"

    def _fields(self, call: Call, length: int | None) -> list[tuple[str, str]]:
        fields = self.envelope.fields(length)
        if call.preferred is not None and call.preferred == call.page:
            # The prefix belongs to 4.0 (Protocol 4.01, section 8.2.8.5).
            prefix = "odata." if self.envelope.format.version == "4.0" else ""
            fields.append(("preference-applied", f"{prefix}maxpagesize={call.preferred}"))
        return fields


def encode_tagged(rows: list[Any]) -> bytes:
    """Return rows as JSON, each with its entity tag: they are pairs, of what is shown and what the tag is made of."""
    return encode([_tagged(encode(shown), tag_of(encode(whole))) for shown, whole in rows])


def _tagged(content: bytes, tag: str) -> msgspec.Raw:
    comma = b"," if len(content) > 2 else b""
    return msgspec.Raw(b'{"@odata.etag":' + encode(tag) + comma + content[1:])


@dataclass(frozen=True, slots=True)
class ReadCount:
    """The number of entities in a collection, as plain text (Protocol 4.01, section 11.2.10)."""

    service: Service
    plan: Plan
    envelope: Envelope

    def respond(self, call: Call, values: Sequence[object]) -> Response:
        """Answer with the number."""
        with self.service.run(self.plan, values) as result:
            count = result.count or 0
        if not count:
            ensure_parent(self.service, self.plan.read, values)
        return plain_number(count, self.envelope)


def plain_number(number: int, envelope: Envelope) -> Response:
    """Answer with a number as plain text."""
    body = str(number).encode()
    version = ("odata-version", envelope.format.version)
    fields = [("content-type", "text/plain;charset=utf-8"), version, ("content-length", str(len(body)))]
    return Response(200, fields, body)


def count_member(count: int | None, agreed: Format) -> bytes:
    """Return the count as a member of the payload, nothing where it was not asked for.

    It is text where all Int64 are (JSON Format 4.01, section 3.2).
    """
    if count is None:
        return b""
    return (b'"@odata.count":"%d",' if agreed.exact else b'"@odata.count":%d,') % count
