"""Answers to reading: collections, entities, properties, raw values, counts, links and the two documents.

[MS-ODATA], sections 2.2.6.3 (verbose JSON) and 2.2.7.2 (retrieving). An operation is made once per URL shape and shared
by threads. Version 1 of the protocol has bare lists where version 2 has ``results``, and neither counts nor pages.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from demotic.errors import InvalidInput, NotFound
from demotic.model import BINARY, Property
from demotic.model.v2 import Projection
from demotic.protocols.odata.common import (
    Call,
    Closed,
    Rows,
    descend,
    ensure_match,
    ensure_parent,
    has_current,
    left_of,
    missing,
    next_link,
    no_target,
)
from demotic.protocols.odata.v2._errors import JSON
from demotic.protocols.odata.v2._rows import encode, joined
from demotic.protocols.odata.v2._writing import raw_text, writer
from demotic.query import Continuation, Read
from demotic.service import Plan, Service, tag_of
from demotic.syntax.http import Response

VARY = ("vary", "Accept, MaxDataServiceVersion")
Fields = list[tuple[str, str]]


def json_fields(version: str, length: int | None) -> Fields:
    """Return the header fields of a JSON response with that many bytes, ``None`` where it is not known."""
    fields = [("content-type", JSON), ("dataserviceversion", version), VARY]
    return fields if length is None else [*fields, ("content-length", str(length))]


def plain_fields(version: str, content_type: str, length: int) -> Fields:
    """Return the header fields of a response that is no JSON."""
    return [("content-type", content_type), ("dataserviceversion", version), ("content-length", str(length))]


def absent(service: Service, read: Read, values: Sequence[object]) -> NotFound:
    """Return the error for an entity that is not there, be it that a navigation leads nowhere."""
    return missing(service, read, values) or no_target(read)


@dataclass(frozen=True, slots=True)
class ReadCollection:
    """A collection of entities, or of links to them, in pages where it must be."""

    service: Service
    plan: Plan
    version: str
    continuation: Continuation

    def respond(self, call: Call, values: Sequence[object]) -> Response:
        """Answer with the rows; a result of more than one batch is encoded while it is sent."""
        result = self.service.run(self.plan, values, page=call.page)
        try:
            batches = result.batches()
            first = next(batches, [])
            if not first:
                ensure_parent(self.service, self.plan.read, values)
            if self.version == "1.0":
                return self._bare([*first, *(row for batch in batches for row in batch)], result.after)
            second = next(batches, None)
            count = b"" if result.count is None else b'"__count":"%d",' % result.count
            opening = b'{"d":{' + count + b'"results":'
            if second is not None:
                streamed, result = result, Closed()
                rows = (first, second, batches)
                body = Rows(streamed, rows, joined, opening, lambda: self._closing(call, values, streamed.after))
                return Response(200, json_fields(self.version, None), body)
            whole = opening + joined(first) + self._closing(call, values, result.after)
        finally:
            result.close()
        return Response(200, json_fields(self.version, len(whole)), whole)

    def _bare(self, rows: list[bytes], after: object) -> Response:
        if after is not None:
            raise InvalidInput(
                "the answer comes in pages, which version 1.0 has not",
                target="MaxDataServiceVersion",
                hint="take version 2.0, or ask for less with $top",
            )
        body = b'{"d":' + joined(rows) + b"}"
        return Response(200, json_fields(self.version, len(body)), body)

    def _closing(self, call: Call, values: Sequence[object], after: tuple[object, ...] | None) -> bytes:
        left = left_of(self.plan.read.query, call, values)
        if after is None or (left is not None and left <= 0):
            return b"}}"
        return b',"__next":' + encode(next_link(call, self.continuation.write(after, values), left)) + b"}}"


@dataclass(frozen=True, slots=True)
class ReadCount:
    """The number of entities in a collection, as plain text."""

    service: Service
    plan: Plan
    version: str

    def respond(self, call: Call, values: Sequence[object]) -> Response:
        """Answer with the number."""
        with self.service.run(self.plan, values) as result:
            count = result.count or 0
        if not count:
            ensure_parent(self.service, self.plan.read, values)
        body = str(count).encode()
        return Response(200, plain_fields(self.version, "text/plain;charset=utf-8", len(body)), body)


@dataclass(frozen=True, slots=True)
class ReadEntity:
    """A single entity, by key or as the target of a navigation property. Rows are pairs of object and entity tag.

    ``conditional`` says that the tag speaks of all that is sent: nothing is expanded.
    """

    service: Service
    plan: Plan
    version: str
    conditional: bool

    def respond(self, call: Call, values: Sequence[object]) -> Response:
        """Answer with the entity; 304 where the caller has it."""
        row = self.service.one(self.plan, values)
        if row is None:
            raise absent(self.service, self.plan.read, values)
        shown, tag = row
        if self.conditional:
            ensure_match(call.request, tag)
            if has_current(call.request, tag):
                return Response(304, [("dataserviceversion", self.version), VARY, ("etag", tag)])
        body = b'{"d":' + shown + b"}"
        return Response(200, [*json_fields(self.version, len(body)), ("etag", tag)], body)


@dataclass(frozen=True, slots=True)
class ReadLink:
    """The link to the target of a navigation property. Rows are links."""

    service: Service
    plan: Plan
    version: str

    def respond(self, call: Call, values: Sequence[object]) -> Response:
        """Answer with its URL."""
        row = self.service.one(self.plan, values)
        if row is None:
            raise absent(self.service, self.plan.read, values)
        body = b'{"d":' + row + b"}"
        return Response(200, json_fields(self.version, len(body)), body)


@dataclass(frozen=True, slots=True)
class ReadProperty:
    """A property of a single entity: ``path`` leads to it, through complex properties perhaps. Rows are tuples."""

    service: Service
    plan: Plan
    version: str
    path: tuple[Property, ...]
    projection: Projection

    def respond(self, call: Call, values: Sequence[object]) -> Response:
        """Answer with ``{"d":{"Name":value}}``."""
        row = self.service.one(self.plan, values)
        if row is None:
            raise absent(self.service, self.plan.read, values)
        item, value = self.path[-1], descend(row[0], self.path)
        write = writer(item, self.projection)
        body = encode({"d": {item.name: value if value is None or write is None else write(value)}})
        return Response(200, json_fields(self.version, len(body)), body)


@dataclass(frozen=True, slots=True)
class ReadValue:
    """The raw value of a primitive property. Rows as for `ReadProperty`."""

    service: Service
    plan: Plan
    version: str
    path: tuple[Property, ...]

    def respond(self, call: Call, values: Sequence[object]) -> Response:
        """Answer with plain text, or bytes for Edm.Binary; null has no raw value ([MS-ODATA], section 2.2.6.4)."""
        row = self.service.one(self.plan, values)
        if row is None:
            raise absent(self.service, self.plan.read, values)
        item, value = self.path[-1], descend(row[0], self.path)
        if value is None:
            raise NotFound(f"{item.name} is null, which has no raw value", target=item.name)
        if item.primitive is BINARY:
            return Response(200, plain_fields(self.version, "application/octet-stream", len(value)), value)
        body = raw_text(item, value).encode()
        return Response(200, plain_fields(self.version, "text/plain;charset=utf-8", len(body)), body)


@dataclass(frozen=True, slots=True)
class Document:
    """A document made before it is asked for."""

    make: Callable[[], bytes]
    content_type: str
    version: str

    def respond(self, call: Call, values: Sequence[object]) -> Response:
        """Answer with the document; 304 where the caller has it."""
        body = self.make()
        tag = tag_of(body)
        fields = [("dataserviceversion", self.version), VARY, ("etag", tag)]
        if has_current(call.request, tag):
            return Response(304, fields)
        return Response(200, [("content-type", self.content_type), *fields, ("content-length", str(len(body)))], body)
