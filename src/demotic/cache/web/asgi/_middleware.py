"""The middleware for ASGI applications: each takes an application and returns one."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from demotic.cache.web._codings import available
from demotic.cache.web._compress import Compression
from demotic.cache.web._conditional import Conditional
from demotic.cache.web._worth import WORTH
from demotic.cache.web.asgi._filter import AsgiApp, AsgiFilter

__all__ = ["compress", "conditional"]


def conditional(app: AsgiApp, *, largest: int = 1 << 20, head_as_get: bool = True) -> AsgiApp:
    """Return the application with conditional GET and HEAD (RFC 9110, section 13).

    Responses get an entity tag where the application gives none: a strong one, computed from a body of at most
    ``largest`` bytes that is not a stream. A client that has the response already gets 304. HEAD is asked of the
    application as GET, so that it has the same tag, unless ``head_as_get`` is false.
    """
    return AsgiFilter(app, Conditional(largest, head_as_get))


def compress(
    app: AsgiApp, *, minimum: int = 500, types: Collection[str] = WORTH, codings: Sequence[str] | None = None
) -> AsgiApp:
    """Return the application with its responses compressed for clients that take it (RFC 9110, section 12.5.3).

    ``minimum`` is the least size, ``types`` the content types that are worth it, ``codings`` our order of preference
    among those installed. Raises `InvalidInput` for a coding that is not available.
    """
    return AsgiFilter(app, Compression(minimum, types, available() if codings is None else codings))
