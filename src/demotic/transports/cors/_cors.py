"""Answers to browsers that ask for pages of other origins (WHATWG Fetch, section 3.2: HTTP CORS protocol).

A page of an origin that is not named learns nothing: its answers carry no permission, so that its browser keeps them
from it. That is not a defence of the service, which must still know who is asking.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from demotic.errors import InvalidInput
from demotic.syntax.http import Handler, Request, Response

_ORIGIN: Final = re.compile(r"[a-z][a-z0-9+.-]*://(?:[a-z0-9._~-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")
_METHODS: Final = "GET, HEAD, POST, PATCH, PUT, DELETE, MERGE"
_TAKEN: Final = (
    "accept, authorization, content-type, dataserviceversion, if-match, if-none-match, isolation, "
    "maxdataserviceversion, odata-isolation, odata-maxversion, odata-version, prefer, x-http-method"
)
_SHOWN: Final = (
    "dataserviceversion, etag, location, odata-entityid, odata-version, preference-applied, retry-after, "
    "www-authenticate, x-request-id"
)
_ASKED: Final = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"


class Cors:
    """A handler that lets pages of some origins read what ``handler`` answers.

    ``origins`` are written as browsers send them (``https://app.example.com``, no path), or are ``"*"`` for all.
    ``credentials`` lets browsers send what they keep for this service, which needs named origins. ``max_age`` is how
    many seconds a browser may remember a permission.

    Raises InvalidInput for what is no origin, and for all origins with credentials.
    """

    __slots__ = ("_credentials", "_every", "_handler", "_max_age", "_origins")

    def __init__(
        self, handler: Handler, origins: Iterable[str], *, credentials: bool = False, max_age: int = 600
    ) -> None:
        self._handler = handler
        self._origins = frozenset(origins)
        self._every = "*" in self._origins
        self._credentials = credentials
        self._max_age = max_age
        for origin in self._origins - {"*"}:
            if not _ORIGIN.fullmatch(origin):
                hint = "write scheme, host in lower case and perhaps port, and nothing else: https://app.example.com"
                raise InvalidInput(f"{origin!r} is no origin", target="origin", hint=hint)
        if self._every and credentials:
            raise InvalidInput(
                "all origins cannot be given credentials", target="origin", hint="name those that are trusted"
            )

    def __call__(self, request: Request) -> Response:
        """Answer a request; a browser's question beforehand is answered here."""
        origin = request.fields.get("origin")
        wanted = request.fields.get("access-control-request-method")
        if request.method == "OPTIONS" and origin is not None and wanted is not None:
            return self._permission(origin)
        response = self._handler(request)
        response.fields += self._granted(origin)
        if origin is not None and self._is_allowed(origin):
            response.fields.append(("access-control-expose-headers", _SHOWN))
        return response

    def _is_allowed(self, origin: str) -> bool:
        return self._every or origin in self._origins

    def _granted(self, origin: str | None) -> list[tuple[str, str]]:
        """Return the fields that let an origin read an answer, and say that it depends on the origin."""
        if self._every:
            return [("access-control-allow-origin", "*")] if origin is not None else []
        fields = [("vary", "Origin")]
        if origin is not None and self._is_allowed(origin):
            fields.append(("access-control-allow-origin", origin))
            if self._credentials:
                fields.append(("access-control-allow-credentials", "true"))
        return fields

    def _permission(self, origin: str) -> Response:
        fields = [item for item in self._granted(origin) if item[0] != "vary"]
        if self._is_allowed(origin):
            fields += [
                ("access-control-allow-methods", _METHODS),
                ("access-control-allow-headers", _TAKEN),
                ("access-control-max-age", str(self._max_age)),
            ]
        return Response(204, [*fields, ("vary", _ASKED)])
