"""Django: views take an HttpRequest and return an HttpResponse."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse

from demotic.cache.web._fields import vary_on
from demotic.cache.web._flow import Head
from demotic.cache.web.pages import PageRequest
from demotic.cache.web.views._adapter import Adapter, with_session

__all__ = ["ADAPTER"]


class _Django:
    def facts(self, request: Any) -> PageRequest:
        meta = request.META
        return PageRequest(
            request.method,
            request.path,
            meta.get("QUERY_STRING", ""),
            request.scheme,
            request.get_host(),
            (meta.get("REQUEST_URI") or meta.get("RAW_URI") or "").partition("?")[0],
            lambda name: request.headers.get(name),
            meta.get("CONTENT_LENGTH") not in (None, "", "0") or "HTTP_TRANSFER_ENCODING" in meta,
        )

    def take(self, request: Any, response: Any) -> tuple[Head, bytes] | None:
        if not hasattr(response, "streaming") or response.streaming:
            return None
        if not getattr(response, "is_rendered", True):
            response.render()
        cookies = [("Set-Cookie", cookie.OutputString()) for cookie in response.cookies.values()]
        head = Head(response.status_code, [*response.items(), *cookies], response.reason_phrase)
        if "CSRF_COOKIE" in request.META and request.META.get("CSRF_COOKIE_NEEDS_UPDATE"):
            head = Head(head.status, vary_on(head.fields, "Cookie"), head.reason)
        return with_session(head, getattr(request, "session", None)), bytes(response.content)

    def give(self, request: Any, head: Head, body: bytes) -> Any:
        return HttpResponse(body, status=head.status, reason=head.reason or None, headers=dict(head.fields))


ADAPTER: Final[Adapter] = _Django()
