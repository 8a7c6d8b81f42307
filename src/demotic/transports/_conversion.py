"""What every transport over HTTP does alike: targets as they were sent, ids, and answers for what goes wrong.

Three promises are kept whatever a handler does: every request has an id, a line in the access log, and an answer
without a stack trace.
"""

from __future__ import annotations

import itertools
import logging
import os
import re
from typing import Final
from urllib.parse import quote_from_bytes

from demotic.errors import PayloadTooLarge
from demotic.syntax.http import Handler, Request, Response

# RFC 3986 pchar and "/", beside the unreserved characters: what may stand in a path as it is.
_PATH_SAFE: Final = "/!$&'()*+,;=:@~"
_ASCII: Final = "".join(map(chr, range(128)))
# Between quotes (a key that is text) a slash was encoded, or the path would have been cut there: decoding lost that.
_QUOTED: Final = re.compile(r"'[^']*'")
_PLAIN: Final = re.compile(r"[/!$&'()*+,;=:@~A-Za-z0-9._-]*")

FAULT: Final = (
    b'{"error":{"code":"InternalError","message":"The server met an unexpected condition; its log knows more."}}'
)
BUSY: Final = (
    b'{"error":{"code":"TooManyStreams","message":"All streams are taken by other clients; try again shortly."}}'
)
LONG: Final = b'{"error":{"code":"PayloadTooLarge","message":"The body is longer than this server takes."}}'
SLOW: Final = b'{"error":{"code":"RequestTimeout","message":"The body did not come in time."}}'


def sent(text: str) -> str:
    """Return a path or query as it was sent (in Latin-1), with bytes encoded that may not stand in a URL."""
    return text if text.isascii() else quote_from_bytes(text.encode("latin-1"), _ASCII)


def encoded_path(path: str) -> str:
    """Return a path that a server decoded (UTF-8 in Latin-1 disguise, as PEP 3333 has it) as it may have been sent."""
    if not _PLAIN.fullmatch(path):
        path = quote_from_bytes(path.encode("latin-1"), _PATH_SAFE)
    return _QUOTED.sub(_with_slashes_encoded, path) if "'" in path else path


def _with_slashes_encoded(found: re.Match[str]) -> str:
    return found[0].replace("/", "%2F")


def plain(status: int, body: bytes, *more: tuple[str, str]) -> Response:
    """Return an answer of the transport itself."""
    return Response(status, [("content-type", "application/json"), ("content-length", str(len(body))), *more], body)


class Ids:
    """Names for requests: different ones in every process."""

    __slots__ = ("_numbers", "_prefix")

    def __init__(self) -> None:
        self._prefix = os.urandom(3).hex()
        self._numbers = itertools.count(1)

    def __next__(self) -> str:
        return f"{self._prefix}-{next(self._numbers)}"


def answer(handler: Handler, request: Request, logger: logging.Logger) -> Response:
    """Return what a handler answers, and 500 where it fails."""
    try:
        return handler(request)
    except PayloadTooLarge:  # of a body that a transport cut, where the handler has no answer of its own
        return plain(413, LONG, ("connection", "close"))
    except Exception:
        logger.exception("request %s failed: %s %s", request.id, request.method, request.target)
        return plain(500, FAULT)
