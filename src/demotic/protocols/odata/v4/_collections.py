"""Reading collections: pages, next links, and bodies made while they are sent.

OData Protocol 4.01, sections 11.2.6 (querying collections) and 11.2.6.7 (server-driven paging); OData JSON Format 4.01,
section 13.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from demotic.protocols.odata.v4._answer import Call, Envelope, ensure_parent
from demotic.protocols.odata.v4._negotiation import Format
from demotic.protocols.odata.v4._rows import encode
from demotic.query import Continuation
from demotic.service import Plan, Result, Row, Service
from demotic.syntax.http import Response
from demotic.syntax.uri import percent_decode

PAGING = ("top", "skip", "skiptoken")


@dataclass(frozen=True, slots=True)
class ReadCollection:
    """A collection of entities, in pages where it must be."""

    service: Service
    plan: Plan
    envelope: Envelope
    continuation: Continuation

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
                streamed, result = result, _CLOSED
                body = _Rows(self, call, values, streamed, (opening, first, second, batches))
                return Response(200, self._fields(call, None), body)
            whole = b"".join((opening, encode(first), self.closing(call, values, result.after)))
        finally:
            result.close()
        return Response(200, self._fields(call, len(whole)), whole)

    def closing(self, call: Call, values: Sequence[object], after: tuple[object, ...] | None) -> bytes:
        """Return the end of the payload: a next link if rows were left out, and the closing brace."""
        query = self.plan.read.query
        left: int | None = None
        if query.top is not None and call.page is not None:
            asked = values[query.top.slot]
            assert isinstance(asked, int)
            left = asked - call.page
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


class _Closed(Result):
    """A result without anything to release: stands in once a stream has taken the real one over."""

    count = None
    after = None

    def batches(self) -> Iterator[list[Row]]:
        """Nothing."""
        return iter(())

    def close(self) -> None:
        """Nothing."""


_CLOSED = _Closed()


class _Rows:
    """The body of a long collection: one chunk per batch of rows."""

    __slots__ = ("_call", "_operation", "_parts", "_result", "_values")

    def __init__(
        self,
        operation: ReadCollection,
        call: Call,
        values: Sequence[object],
        result: Result,
        parts: tuple[bytes, list[Row], list[Row], Iterator[list[Row]]],
    ) -> None:
        self._operation = operation
        self._call = call
        self._values = values
        self._result = result
        self._parts = parts

    def __iter__(self) -> Iterator[bytes]:
        opening, first, second, rest = self._parts
        yield opening + encode(first)[:-1]
        yield b"," + encode(second)[1:-1]
        for batch in rest:
            yield b"," + encode(batch)[1:-1]
        yield b"]" + self._operation.closing(self._call, self._values, self._result.after)

    def close(self) -> None:
        """Release the snapshot."""
        self._result.close()


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
        body = str(count).encode()
        version = ("odata-version", self.envelope.format.version)
        fields = [("content-type", "text/plain;charset=utf-8"), version, ("content-length", str(len(body)))]
        return Response(200, fields, body)


def count_member(count: int | None, agreed: Format) -> bytes:
    """Return the count as a member of the payload, nothing where it was not asked for.

    It is text where all Int64 are (JSON Format 4.01, section 3.2).
    """
    if count is None:
        return b""
    return (b'"@odata.count":"%d",' if agreed.exact else b'"@odata.count":%d,') % count


def next_link(call: Call, token: str, left: int | None) -> str:
    """Return the URL of the next page: the same request with a skip token, ``$top`` reduced to what is ``left``."""
    kept = [pair for pair in call.request.query.split("&") if pair and _name(pair) not in PAGING]
    if left is not None:
        kept.append(f"$top={left}")
    kept.append(f"$skiptoken={token}")
    return f"{call.root}{call.rest}?{'&'.join(kept)}"


def _name(pair: str) -> str:
    return percent_decode(pair.partition("=")[0], plus_is_blank=True).strip().removeprefix("$").lower()
