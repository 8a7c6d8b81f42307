"""Streams over HTTP, in any version: the content of media entities and of stream properties.

OData Protocol 4.01, sections 11.2.3 (media streams) and 11.2.4 (stream properties); RFC 9110, sections 13 (conditions)
and 14 (ranges). Of several ranges none is sent apart: the whole is, as section 14.2 there allows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from demotic.errors import DemoticError, InvalidInput, NotAcceptable, PreconditionFailed, SyntaxFault
from demotic.protocols.odata.common._answer import Call, TupleForm, missing, no_target, read_of
from demotic.protocols.odata.common._streams import validators
from demotic.protocols.odata.common.changes._place import set_of
from demotic.query import BoundRequest
from demotic.service import MediaInfo, Plan, Readable, Representation, Service, Stream, ensure_shared
from demotic.syntax.http import MediaType, Request, Response, format_http_date, parse_media_type
from demotic.syntax.http.conditional import Outcome, Preconditions, evaluate, parse_preconditions
from demotic.syntax.http.negotiation import negotiate
from demotic.syntax.http.ranges import ContentRange, select_ranges

_AT_ONCE: Final = 256 * 1024
"""The most bytes that are sent as one body; what is longer goes out in chunks."""

_ACTIVE: Final = re.compile(r"html|xml|.*\+xml|.*script.*")
"""Subtypes that browsers may run when they are opened: what somebody uploaded must not act for this service."""


class MediaResponse(Response):
    """An answer with what a stream holds, or a part of it."""

    @property
    def length(self) -> int:
        """How many bytes its body has."""
        return int(self.field("content-length") or 0)


class RangeNotSatisfiable(DemoticError):
    """The range that was asked for lies beyond the end of a stream."""

    code = "RangeNotSatisfiable"
    status = 416


def read_media(service: Service, bound: BoundRequest, stream: Stream, fields: Sequence[tuple[str, str]],
               accept: str | None) -> ReadMedia:  # fmt: skip
    """Return what answers requests for a stream; ``fields`` are header fields of every answer."""
    read = read_of(bound)
    ensure_shared(set_of(read.source), stream)
    query = replace(read.query, properties=read.query.type.key, shapes=())
    plan = service.prepare(replace(read, query=query), TupleForm(Representation.NATIVE))
    return ReadMedia(service, plan, stream, tuple(fields), accept)


@dataclass(frozen=True, slots=True)
class ReadMedia:
    """A stream of a single entity. Rows of the plan are keys."""

    service: Service
    plan: Plan
    stream: Stream
    fields: tuple[tuple[str, str], ...]
    accept: str | None

    def respond(self, call: Call, values: Sequence[object]) -> Response:
        """Answer with the content or the part of it that was asked for; 204 where there is none, 304, 412, 416."""
        read = self.plan.read
        key = self.service.one(self.plan, values)
        if key is None:
            raise missing(self.service, read, values) or no_target(read)
        found = self.service.media(set_of(read.source), tuple(key), self.stream)
        if found is None:
            return Response(204, [*self.fields])
        try:
            response = self._answer(call.request, found)
        except BaseException:
            found.close()
            raise
        if isinstance(response.body, bytes):
            found.close()
        return response

    def _answer(self, request: Request, found: Readable) -> Response:
        info = found.info
        state = validators(info)
        outcome = evaluate(_conditions(request), request.method, state)
        told = [*self.fields, ("etag", info.etag)]
        if info.modified is not None:
            told.append(("last-modified", format_http_date(info.modified)))
        if outcome is Outcome.NOT_MODIFIED:
            return Response(304, told)
        if outcome is Outcome.FAILED:
            raise PreconditionFailed("the stream is in another state", target="If-Match", hint=f"it is {info.etag} now")
        _ensure_acceptable(self.accept, info)
        parts = select_ranges(request.method, request.fields, state, info.length)
        if parts == ():
            raise RangeNotSatisfiable(f"the stream has {info.length} bytes", target="Range")
        status, part = 200, range(info.length)
        if parts is not None and len(parts) == 1:
            status, part = 206, parts[0]
            told.append(("content-range", str(ContentRange.of(part, info.length))))
        told += [("content-type", info.content_type), ("content-length", str(len(part))), ("accept-ranges", "bytes")]
        return MediaResponse(status, told + _guards(info), _body(request, found, part))


def _conditions(request: Request) -> Preconditions:
    """Return the conditions of a request to read; of If-None-Match, one that cannot be read asks for nothing."""
    try:
        return parse_preconditions(request.fields)
    except SyntaxFault as fault:
        if fault.target != "if-none-match":
            raise
    fields = {name: value for name, value in request.fields.items() if name != "if-none-match"}
    return parse_preconditions(fields)


def _ensure_acceptable(accept: str | None, info: MediaInfo) -> None:
    try:
        if negotiate(accept, [_type_of(info)], ignoring=("charset",)) is not None:
            return
    except SyntaxFault as fault:
        raise InvalidInput(f"the field cannot be read: {fault.message}", target="Accept") from fault
    raise NotAcceptable(f"the stream is of the type {info.content_type}", target="Accept", hint="accept that, or */*")


def _type_of(info: MediaInfo) -> MediaType:
    try:
        return parse_media_type(info.content_type)
    except (SyntaxFault, InvalidInput):  # written by somebody else
        return MediaType()


def _guards(info: MediaInfo) -> list[tuple[str, str]]:
    """Return what keeps browsers from taking content for another type, or from running it."""
    guards = [("x-content-type-options", "nosniff")]
    if _ACTIVE.fullmatch(_type_of(info).subtype):
        guards.append(("content-security-policy", "sandbox"))
    return guards


def _body(request: Request, found: Readable, part: range) -> bytes | MediaBody:
    if request.method == "HEAD":
        return b""
    chunks = found.chunks(part.start, part.stop)
    return b"".join(chunks) if len(part) <= _AT_ONCE else MediaBody(found, chunks)


class MediaBody:
    """The body of a long answer; it holds the stream open until it is closed."""

    __slots__ = ("_chunks", "_media")

    def __init__(self, media: Readable, chunks: Iterator[bytes]) -> None:
        self._media = media
        self._chunks = chunks

    def __iter__(self) -> Iterator[bytes]:
        return self._chunks

    def close(self) -> None:
        """Let go of the stream; harmless when called again."""
        self._media.close()
