"""Reading single entities and their properties.

OData Protocol 4.01, sections 11.2.2 (entities), 11.2.4 (properties and raw values) and 11.4.1.1 (entity tags); OData
JSON Format 4.01, sections 6, 7 and 11.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from demotic.errors import NotFound
from demotic.model import Property, StructuredType
from demotic.protocols.odata.common import Call, descend, ensure_match, has_current, raw
from demotic.protocols.odata.v4._answer import Envelope, missing
from demotic.protocols.odata.v4._collections import count_member, plain_number
from demotic.protocols.odata.v4._misfits import Told
from demotic.protocols.odata.v4._rows import encode, key_literal, typing_of
from demotic.service import Plan, Row, Service, View, tag_of
from demotic.syntax.http import Response


@dataclass(frozen=True, slots=True)
class ReadEntity:
    """A single entity, by key or as the target of a single-valued navigation property.

    Where what is sent is not what its entity tag is made of, rows are ``paired``: first the one, then the other.
    """

    service: Service
    plan: Plan
    envelope: Envelope
    conditional: bool
    paired: bool

    def respond(self, call: Call, values: Sequence[object]) -> Response:
        """Answer with the entity; 304 where the caller has it, 204 where a navigation leads nowhere."""
        row = self.service.one(self.plan, values)
        if row is None:
            return missing(self.service, self.plan.read, values, self.envelope)
        content, tag = self._content(row)
        if self.conditional:
            ensure_match(call.request, tag)
            if has_current(call.request, tag):
                envelope = self.envelope
                return Response(304, [("odata-version", envelope.format.version), envelope.vary, ("etag", tag)])
        return self._entity(call, content, tag)

    def shown(self, call: Call, view: View, values: Sequence[object]) -> Response:
        """Answer with the entity that was just written, as it is in a view, under no condition."""
        row = view.one(self.plan, values)
        if row is None:
            raise NotFound("what was written cannot be seen", target=self.plan.read.source.set.name)
        return self._entity(call, *self._content(row))

    def _content(self, row: Row) -> tuple[bytes, str]:
        """Return a row encoded, and its entity tag."""
        if self.paired:
            return encode(row[0]), tag_of(encode(row[1]))
        content = encode(row)
        return content, tag_of(encode(row.plain) if row.__class__ is Told else content)

    def _entity(self, call: Call, content: bytes, tag: str) -> Response:
        envelope = self.envelope
        opening = envelope.opening(call)
        if envelope.controlled:
            opening += b'"@odata.etag":' + encode(tag) + (b"," if len(content) > 2 else b"")
        body = opening + content[1:]
        if self.conditional:
            return Response(200, [*envelope.constant, ("content-length", str(len(body))), ("etag", tag)], body)
        return Response(200, envelope.fields(len(body)), body)


@dataclass(frozen=True, slots=True)
class ReadReference:
    """The reference to a single entity: its id, and nothing else (JSON Format 4.01, section 14)."""

    service: Service
    plan: Plan
    envelope: Envelope

    def respond(self, call: Call, values: Sequence[object]) -> Response:
        """Answer with the id; 204 where a navigation leads nowhere."""
        row = self.service.one(self.plan, values)
        if row is None:
            return missing(self.service, self.plan.read, values, self.envelope)
        body = self.envelope.opening(call) + encode(row)[1:]
        return Response(200, self.envelope.fields(len(body)), body)


@dataclass(frozen=True, slots=True)
class ReadProperty:
    """A property of a single entity: ``path`` leads to it, through complex properties perhaps.

    Rows are tuples of the key values, then the first property of the path, then the number of its values if that is
    asked for. ``inside`` is the select list of the context URL, ``cast`` the segment that tells the entity's type, if
    it is derived from that of its set.
    """

    service: Service
    plan: Plan
    envelope: Envelope
    path: tuple[Property, ...]
    inside: str = ""
    cast: str = ""

    def respond(self, call: Call, values: Sequence[object]) -> Response:
        """Answer with ``{"value": …}``, or the object itself for a complex value; 204 where it is null."""
        row = self.service.one(self.plan, values)
        if row is None:
            return missing(self.service, self.plan.read, values, self.envelope, absent_is_null=False)
        type_ = self.plan.read.query.type
        value, count = valued(self.plan, row, self.path)
        if value is None:
            return Response(204, [("odata-version", self.envelope.format.version)])
        kind = self.path[-1].type
        typing = typing_of(kind, self.envelope.format.metadata) if isinstance(kind, StructuredType) else None
        value = value if typing is None else typing(value)
        context = Envelope(self.envelope.format, self._fragment(key_literal(type_.key, row[: len(type_.key)])))
        content = encode(value)[1:] if isinstance(value, dict) else b'"value":' + encode(value) + b"}"
        content = count_member(count, self.envelope.format) + content
        body = context.opening(call) + content
        return Response(200, context.fields(len(body)), body)

    def _fragment(self, key: str | None) -> str:
        if key is None:
            # An entity without an address: only the type of the value can be told (Protocol 4.01, section 10.15).
            last = self.path[-1]
            name = f"Collection({last.type.qualified_name})" if last.collection else last.type.qualified_name
            return name + self.inside
        return "/".join([self.envelope.fragment + key + self.cast, *(step.name for step in self.path)]) + self.inside


def valued(plan: Plan, row: Any, path: tuple[Property, ...]) -> tuple[Any, int | None]:
    """Return the value of a property that a row has, and the number of its values if that was asked for."""
    query = plan.read.query
    place = len(query.properties) if query.parts else len(query.properties) - 1
    if not query.parts or len(path) == 1:
        return descend(row[place], path), row[place + 1] if query.parts and query.parts[0].count else None
    owner = descend(row[place], path[:-1])
    if owner is None:
        return None, None
    counts = [found for name in ("@count", "@odata.count") if (found := owner.get(path[-1].name + name)) is not None]
    return owner[path[-1].name], int(counts[0]) if counts else None


@dataclass(frozen=True, slots=True)
class ReadValueCount:
    """The number of values in a collection property, as plain text (Protocol 4.01, section 11.2.10)."""

    service: Service
    plan: Plan
    envelope: Envelope
    path: tuple[Property, ...]

    def respond(self, call: Call, values: Sequence[object]) -> Response:
        """Answer with the number."""
        row = self.service.one(self.plan, values)
        if row is None:
            return missing(self.service, self.plan.read, values, self.envelope, absent_is_null=False)
        return plain_number(valued(self.plan, row, self.path)[1] or 0, self.envelope)


@dataclass(frozen=True, slots=True)
class ReadValue:
    """The raw value of a primitive property (Protocol 4.01, section 11.2.4.1). Rows as for `ReadProperty`, native."""

    service: Service
    plan: Plan
    envelope: Envelope
    path: tuple[Property, ...]

    def respond(self, call: Call, values: Sequence[object]) -> Response:
        """Answer with plain text, or bytes for Edm.Binary; 204 where it is null."""
        row = self.service.one(self.plan, values)
        if row is None:
            return missing(self.service, self.plan.read, values, self.envelope, absent_is_null=False)
        value = descend(row[-1], self.path)
        version = ("odata-version", self.envelope.format.version)
        if value is None:
            return Response(204, [version])
        body, content_type = raw(self.path[-1], value)
        return Response(200, [("content-type", content_type), version, ("content-length", str(len(body)))], body)
