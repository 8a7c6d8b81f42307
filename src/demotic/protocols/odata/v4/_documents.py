"""Answers that are documents or plain numbers: the service document, the metadata document, ``$count``.

OData JSON Format 4.01, section 5; OData CSDL XML 4.01 and CSDL JSON 4.01. Both are made once; the service document
carries its context URL, so it is completed with the root of the request.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from demotic.model import Model
from demotic.protocols.odata.common import Call, ensure_match, has_current
from demotic.protocols.odata.v4._answer import VARY
from demotic.service import tag_of
from demotic.syntax.http import Response


def service_document(model: Model, functions: Sequence[str], root: str, *, control_information: bool = True) -> bytes:
    """Return the service document: all entity sets and singletons that the model shows in it, and function imports."""
    document: dict[str, Any] = {"@odata.context": f"{root}$metadata"} if control_information else {}
    container = model.container
    sets = container.sets.values() if container is not None else ()
    singletons = container.singletons if container is not None else ()
    value = [{"name": s.name, "kind": "EntitySet", "url": s.name} for s in sets if s.in_service_document]
    value += [{"name": name, "kind": "Singleton", "url": name} for name in singletons]
    value += [{"name": name, "kind": "FunctionImport", "url": name} for name in functions]
    document["value"] = value
    return msgspec.json.encode(document)


@dataclass(frozen=True, slots=True)
class Document:
    """A document made before it is asked for, by service root.

    ``unasked`` is the version of the document, and the document, for those who name no version.
    """

    make: Callable[[str], bytes]
    content_type: str
    version: str
    unasked: tuple[str, bytes] | None = None

    def respond(self, call: Call, values: Sequence[object]) -> Response:
        """Answer with the document; 304 where the caller has it."""
        version, body = self.version, self.make(call.root)
        if self.unasked is not None and call.request.fields.get("odata-maxversion") is None:
            version, body = self.unasked
        tag = tag_of(body)
        ensure_match(call.request, tag)
        fields = [("content-type", self.content_type), ("odata-version", version), VARY, ("etag", tag)]
        if has_current(call.request, tag):
            return Response(304, fields[1:])
        return Response(200, [*fields, ("content-length", str(len(body)))], body)
