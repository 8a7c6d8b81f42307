"""Errors in the forms of OData 2: JSON for most callers, XML for those who read nothing else.

[MS-ODATA], section 2.2.8.1. What is more than one line of text (the place in a text, details) goes into ``innererror``.
"""

from __future__ import annotations

from typing import Any, Final
from xml.sax.saxutils import escape

import msgspec

from demotic.errors import DemoticError, SyntaxFault
from demotic.protocols.odata.common import error_fields, shortened
from demotic.syntax.http import Response

JSON: Final = "application/json;charset=utf-8"
_XML: Final = "application/xml;charset=utf-8"
_NAMESPACE: Final = "http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"


def error_response(error: DemoticError, version: str, *, xml: bool = False) -> Response:
    """Return the response that tells the caller what went wrong."""
    body = _as_xml(error) if xml else msgspec.json.encode({"error": _object(error)})
    fields = [
        ("content-type", _XML if xml else JSON),
        ("content-length", str(len(body))),
        ("dataserviceversion", version),
        *error_fields(error),
    ]
    return Response(error.status, fields, body)


def _object(error: DemoticError) -> dict[str, Any]:
    content: dict[str, Any] = {"code": error.code, "message": {"lang": "en", "value": shortened(str(error))}}
    inner = _inner(error)
    return content | {"innererror": inner} if inner else content


def _inner(error: DemoticError) -> dict[str, Any]:
    inner: dict[str, Any] = {}
    if error.target is not None:
        inner["target"] = shortened(error.target)
    if isinstance(error, SyntaxFault):
        inner["position"] = error.caret()
    if error.details:
        inner["errordetails"] = [_detail(detail) for detail in error.details]
    return inner


def _detail(error: DemoticError) -> dict[str, Any]:
    shown = {"code": error.code, "message": shortened(str(error))}
    return shown if error.target is None else shown | {"target": shortened(error.target)}


def _as_xml(error: DemoticError) -> bytes:
    inner = _inner(error)
    target = f"<innererror><target>{_text(inner['target'])}</target></innererror>" if "target" in inner else ""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><error xmlns="{_NAMESPACE}"><code>{_text(error.code)}</code>'
        f'<message xml:lang="en">{_text(shortened(str(error)))}</message>{target}</error>'
    ).encode()


def _text(text: str) -> str:
    # What XML 1.0 cannot carry is shown by a sign of its own.
    shown = "".join(
        c if c in "\t\n" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff" else "�" for c in text
    )
    return escape(shown)
