"""Methods that pass through POST, for callers or networks that know no others. [MS-ODATA], section 2.2.5.8."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from demotic.errors import InvalidInput
from demotic.syntax.http import Request

_TUNNELLED: Final = ("PUT", "MERGE", "PATCH", "DELETE", "GET")


def tunnelled(request: Request) -> Request:
    """Return a POST that says which method it stands for (X-HTTP-Method) as a request with that method."""
    fields = request.fields
    method = fields.get("x-http-method") or fields.get("x-http-method-override")
    if method is None or request.method != "POST":
        return request
    if method.upper() not in _TUNNELLED:
        hint = f"it may be {', '.join(_TUNNELLED)}"
        raise InvalidInput(f"{method[:40]!r} is not tunnelled through POST", target="X-HTTP-Method", hint=hint)
    return replace(request, method=method.upper())
