"""Errors in the form that OData callers read (OData JSON Format 4.01, section 21; Protocol 4.01, section 9.4)."""

from __future__ import annotations

from typing import Any

import msgspec

from demotic.errors import DemoticError, MethodNotAllowed, SyntaxFault
from demotic.syntax.http import Response

# A message may quote what was sent, which may be as long as a URL may be.
LONGEST_TEXT = 600
CONTENT_TYPE = "application/json;odata.metadata=minimal;charset=utf-8"


def error_response(error: DemoticError, version: str) -> Response:
    """Return the response that tells the caller what went wrong."""
    body = msgspec.json.encode({"error": error_object(error)})
    fields = [("content-type", CONTENT_TYPE), ("content-length", str(len(body))), ("odata-version", version)]
    if isinstance(error, MethodNotAllowed):
        fields.append(("allow", ", ".join(error.allowed)))
    if error.status == 503:
        fields.append(("retry-after", "1"))
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


def shortened(text: str) -> str:
    """Return a text without its middle if it is long: what matters stands at both ends."""
    if len(text) <= LONGEST_TEXT:
        return text
    return f"{text[: LONGEST_TEXT // 2]} … {text[-LONGEST_TEXT // 2 :]}"
