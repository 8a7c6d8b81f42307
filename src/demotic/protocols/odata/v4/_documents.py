"""Answers that are documents or plain numbers: the service document, the metadata document, ``$count``.

OData JSON Format 4.01, section 5; OData CSDL XML 4.01 and CSDL JSON 4.01. Both are made once; the service document
carries its context URL, so it is completed with the root of the request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from demotic.model import Model
from demotic.protocols.odata.common import Call, ensure_match, has_current
from demotic.protocols.odata.v4._answer import VARY
from demotic.service import tag_of
from demotic.syntax.http import Response


def service_document(model: Model, root: str, *, control_information: bool = True) -> bytes:
    """Return the service document: all entity sets and singletons that the model shows in it."""
    document: dict[str, Any] = {"@odata.context": f"{root}$metadata"} if control_information else {}
    container = model.container
    sets = container.sets.values() if container is not None else ()
    singletons = container.singletons if container is not None else ()
    value = [{"name": s.name, "kind": "EntitySet", "url": s.name} for s in sets if s.in_service_document]
    value += [{"name": name, "kind": "Singleton", "url": name} for name in singletons]
    document["value"] = value
    return msgspec.json.encode(document)


@dataclass(frozen=True, slots=True)
class Document:
    """A document made before it is asked for, by service root."""

    make: Callable[[str], bytes]
    content_type: str
    version: str

    def respond(self, call: Call, values: Sequence[object]) -> Response:
        """Answer with the document; 304 where the caller has it."""
        body = self.make(call.root)
        tag = tag_of(body)
        ensure_match(call.request, tag)
        fields = [("content-type", self.content_type), ("odata-version", self.version), VARY, ("etag", tag)]
        if has_current(call.request, tag):
            return Response(304, fields[1:])
        return Response(200, [*fields, ("content-length", str(len(body)))], body)


@dataclass(frozen=True, slots=True)
class XmlMetadata:
    """The metadata document as XML, by version. Those who name no version get the older one, which all tools read:
    some (OpenUI5 among them) name none when they ask for metadata, and refuse what is not 4.0.
    """

    bodies: Mapping[str, bytes]
    version: str

    def respond(self, call: Call, values: Sequence[object]) -> Response:
        """Answer with the document; 304 where the caller has it."""
        version = self.version if call.request.fields.get("odata-maxversion") is not None else "4.0"
        body = self.bodies[version]
        return Document(lambda _root: body, "application/xml;charset=utf-8", version).respond(call, values)
