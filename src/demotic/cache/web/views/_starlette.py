"""Starlette, and what is built on it: endpoints take a Request and return a Response."""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from demotic.cache.web._flow import Head
from demotic.cache.web.asgi._request import page_request
from demotic.cache.web.pages import PageRequest
from demotic.cache.web.views._adapter import Adapter, with_session

__all__ = ["ADAPTER"]


class _Starlette:
    def facts(self, request: Any) -> PageRequest:
        return page_request(request.scope)

    def take(self, request: Any, response: Any) -> tuple[Head, bytes] | None:
        # Streams and files have no body; a task that follows a response would not follow the kept one.
        if not isinstance(getattr(response, "body", None), bytes | memoryview) or response.background is not None:
            return None
        fields = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in response.raw_headers]
        return with_session(Head(response.status_code, fields), request.scope.get("session")), bytes(response.body)

    def give(self, request: Any, head: Head, body: bytes) -> Any:
        response = Response(body, head.status)
        response.raw_headers = [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in head.fields
        ]
        return response


ADAPTER: Final[Adapter] = _Starlette()
