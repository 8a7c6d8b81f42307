"""Flask: views take no request, and return whatever `flask.make_response` takes."""

from __future__ import annotations

from typing import Any, Final

import flask
from flask.globals import request_ctx

from demotic.cache.web._flow import Head
from demotic.cache.web.pages import PageRequest
from demotic.cache.web.views._adapter import Adapter, with_session
from demotic.cache.web.wsgi._request import page_request

__all__ = ["ADAPTER"]


class _Flask:
    def facts(self, request: Any) -> PageRequest:
        return page_request(request.environ)

    def take(self, request: Any, response: Any) -> tuple[Head, bytes] | None:
        made = flask.make_response(response)
        if made.is_streamed or made.direct_passthrough:
            return None
        head = Head(made.status_code, list(made.headers), made.status.partition(" ")[2])
        # Not `request_ctx.session`: looking there would count as looking into the session.
        return with_session(head, getattr(request_ctx, "_session", None)), made.get_data()

    def give(self, request: Any, head: Head, body: bytes) -> Any:
        return flask.Response(body, f"{head.status} {head.reason}".strip(), head.fields)


ADAPTER: Final[Adapter] = _Flask()
