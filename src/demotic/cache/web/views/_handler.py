"""Our own handlers: functions from `demotic.syntax.http.Request` to `Response`."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import unquote

from demotic.cache.web._flow import Head
from demotic.cache.web.pages import PageRequest
from demotic.cache.web.views._adapter import Adapter
from demotic.syntax.http import Response

__all__ = ["ADAPTER"]


class _Handler:
    def facts(self, request: Any) -> PageRequest:
        fields = request.fields
        return PageRequest(
            request.method,
            unquote(request.path, errors="surrogateescape"),
            request.query,
            request.scheme,
            request.host,
            request.path,
            fields.get,
            fields.get("content-length") not in (None, "", "0") or fields.get("transfer-encoding") is not None,
        )

    def take(self, request: Any, response: Any) -> tuple[Head, bytes] | None:
        return (Head(response.status, response.fields), response.body) if isinstance(response.body, bytes) else None

    def give(self, request: Any, head: Head, body: bytes) -> Any:
        return Response(head.status, head.fields, body)


ADAPTER: Final[Adapter] = _Handler()
