"""Errors in the form that OData callers read (OData JSON Format 4.01, section 21; Protocol 4.01, section 9.4)."""

from __future__ import annotations

from typing import Any

import msgspec

from demotic.errors import DemoticError, SyntaxFault
from demotic.protocols.odata.common import error_fields, shortened
from demotic.syntax.http import Response

CONTENT_TYPE = "application/json;odata.metadata=minimal;charset=utf-8"


def error_response(error: DemoticError, version: str) -> Response:
    """Return the response that tells the caller what went wrong."""
    body = msgspec.json.encode({"error": error_object(error)})
    fields = [("content-type", CONTENT_TYPE), ("content-length", str(len(body))), ("odata-version", version)]
    fields += error_fields(error)
    return Response(error.status, fields, body)


def error_object(error: DemoticError) -> dict[str, Any]:
    """Return the members of an error object: code, message, target where known, and details."""
    content: dict[str, Any] = {"code": error.code, "message": shortened(str(error))}
    if error.target is not None:
        content["target"] = shortened(error.target)
    details = [error_object(detail) for detail in error.details]
    if isinstance(error, SyntaxFault):
        # The place, shown: a detail of its own so that the message stays one line.
        place = {"code": "Position", "message": error.caret()}
        details.insert(0, place | ({"target": content["target"]} if "target" in content else {}))
    if details:
        content["details"] = details
    return content
