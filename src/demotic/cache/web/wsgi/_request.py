"""What a WSGI environment says of a page (PEP 3333)."""

from __future__ import annotations

from demotic.cache.web.pages import PageRequest
from demotic.cache.web.wsgi._filter import Environ, environ_key

__all__ = ["page_request"]


def page_request(environ: Environ) -> PageRequest:
    """Return the request of an environment.

    Paths are bytes in Latin-1 disguise; servers that keep the target as it was sent have it in one of two places.
    """
    path = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
    return PageRequest(
        environ["REQUEST_METHOD"],
        path if path.isascii() else path.encode("latin-1").decode("utf-8", "surrogateescape"),
        environ.get("QUERY_STRING", ""),
        environ["wsgi.url_scheme"],
        environ.get("HTTP_HOST") or f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}",
        (environ.get("REQUEST_URI") or environ.get("RAW_URI") or "").partition("?")[0],
        lambda name: environ.get(environ_key(name)),
        environ.get("CONTENT_LENGTH") not in (None, "", "0") or "HTTP_TRANSFER_ENCODING" in environ,
        environ.get("SCRIPT_NAME", ""),
    )
