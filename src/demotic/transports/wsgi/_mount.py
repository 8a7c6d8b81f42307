"""Several handlers under one roof, told apart by path prefix."""

from __future__ import annotations

from collections.abc import Mapping

from demotic.syntax.http import Handler, Request, Response

NOT_FOUND = b"Nothing is published at this address.\n"


class Mount:
    """A handler that passes each request to the handler with the longest matching prefix.

    ``handlers`` maps prefixes to handlers: one that ends in ``/`` takes everything below it (and the same address
    without the slash), any other takes that very path only.
    """

    __slots__ = ("_exact", "_prefixes")

    def __init__(self, handlers: Mapping[str, Handler]) -> None:
        self._exact = {path: handler for path, handler in handlers.items() if not path.endswith("/") or path == "/"}
        trees = {path: handler for path, handler in handlers.items() if path.endswith("/") and path != "/"}
        self._exact |= {path[:-1]: handler for path, handler in trees.items()}
        self._prefixes = sorted(trees.items(), key=lambda item: -len(item[0]))

    def __call__(self, request: Request) -> Response:
        """Answer with the handler that the path belongs to, or 404."""
        path = request.path
        exact = self._exact.get(path)
        if exact is not None:
            return exact(request)
        for prefix, handler in self._prefixes:
            if path.startswith(prefix):
                return handler(request)
        fields = [("content-type", "text/plain; charset=utf-8"), ("content-length", str(len(NOT_FOUND)))]
        return Response(404, fields, NOT_FOUND)
