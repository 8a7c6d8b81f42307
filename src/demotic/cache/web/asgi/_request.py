"""What an ASGI scope says of a page (HTTP connection scope, version 2.5)."""

from __future__ import annotations

from demotic.cache.web.asgi._filter import Scope, field_reader
from demotic.cache.web.pages import PageRequest

__all__ = ["page_request"]


def page_request(scope: Scope) -> PageRequest:
    """Return the request of a scope; the path begins at the root of the site, wherever the application is mounted."""
    field = field_reader(scope)
    path, root = scope["path"], scope.get("root_path", "")
    server = scope.get("server")
    return PageRequest(
        scope["method"],
        path if path.startswith(root) else root + path,
        scope.get("query_string", b"").decode("latin-1"),
        scope.get("scheme", "http"),
        field("host") or (f"{server[0]}:{server[1]}" if server else ""),
        scope.get("raw_path", b"").decode("latin-1"),
        field,
        field("content-length") not in (None, "", "0") or field("transfer-encoding") is not None,
        root,
    )
