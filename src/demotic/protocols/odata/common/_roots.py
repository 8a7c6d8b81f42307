"""Service roots: where a service is, as a path here and as the URL that clients see."""

from __future__ import annotations

from demotic.errors import InvalidInput, NotFound
from demotic.syntax.http import Request

KEPT_ROOTS = 100


class Roots:
    """The root of one service: its ``path``, with slashes at both ends, and its URL by request.

    ``public`` is the whole URL as clients see it, where that differs from what they send as Host (behind a proxy, say).
    """

    def __init__(self, path: str, public: str | None) -> None:
        if not (path.startswith("/") and path.endswith("/")):
            raise InvalidInput(f"the service root {path!r} is no path", hint="begin and end it with a slash")
        if public is not None and not public.startswith(("http://", "https://")):
            raise InvalidInput(f"the public root {public!r} is no URL", hint="begin it with http:// or https://")
        self.path = path
        self._length = len(path)
        self._public = public if public is None or public.endswith("/") else public + "/"
        self._known: dict[tuple[str, str], str] = {}

    def below(self, path: str) -> str:
        """Return what stands below the root in a path. Raises NotFound for another place."""
        if path.startswith(self.path):
            return path[self._length :]
        if f"{path}/" == self.path:
            return ""
        raise NotFound(f"nothing is published at {path}", target="path", hint=f"the service root is {self.path}")

    def url(self, request: Request) -> str:
        """Return the root as the caller sees it. Raises InvalidInput for a Host that is none."""
        return self._known.get((request.scheme, request.host)) or self._new(request)

    def is_kept(self, request: Request) -> bool:
        """Whether the caller's name for the root is one of those that are kept, of which there are not too many."""
        return (request.scheme, request.host) in self._known

    def _new(self, request: Request) -> str:
        root = self._public or f"{request.scheme}://{_checked_host(request.host)}{self.path}"
        if len(self._known) < KEPT_ROOTS:
            self._known[request.scheme, request.host] = root
        return root


def _checked_host(host: str) -> str:
    # The host goes into JSON payloads as it is, so it must be nothing but a host (RFC 3986, section 3.2.2).
    if not host or len(host) > 300 or not all(c.isascii() and (c.isalnum() or c in "-._~[]:%") for c in host):
        raise InvalidInput("the Host field is not a host", target="Host")
    return host
