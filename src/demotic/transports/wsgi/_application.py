"""The WSGI application around a handler (PEP 3333).

What it has in common with other transports is in `_conversion`. A body in chunks occupies a server thread for as long
as its client takes to read it, so at most ``streams`` of them run at a time; the others are told to come back (503).
That keeps threads free for everybody else when some clients stop reading.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from demotic.syntax.http import Chunks, Handler, Request, Response, reason
from demotic.transports._conversion import BUSY, Ids, answer, encoded_path, plain, sent
from demotic.transports.wsgi._access import AccessLog

Environ = dict[str, Any]
StartResponse = Callable[..., Any]

logger = logging.getLogger("demotic.wsgi")

STATUS_LINES = {status: f"{status} {reason(status)}" for status in range(200, 600)}
PATIENCE = 0.05
"""Seconds that a request waits for its turn."""

LOOK_EVERY = 0.001
"""Seconds between two looks whether it is free."""


UNPREFIXED = {"CONTENT_TYPE": "content-type", "CONTENT_LENGTH": "content-length"}


@lru_cache(maxsize=256)
def environ_key(name: str) -> str:
    """Return the key under which a WSGI environment keeps a header field."""
    key = name.upper().replace("-", "_")
    return key if key in UNPREFIXED else f"HTTP_{key}"


def _wait(turn: threading.Lock) -> bool:
    """Wait for a turn that another thread has; return whether it was got before patience ran out.

    Looks now and then instead of being woken: a thread that is woken at every release takes the turn from one that is
    about to answer the next request, and each such change of threads costs more than the request.
    """
    until = time.perf_counter() + PATIENCE
    while time.perf_counter() < until:
        time.sleep(LOOK_EVERY)
        if turn.acquire(False):
            return True
    return False


class EnvironFields(Mapping[str, str]):
    """Header fields by lower-case name, read from a WSGI environment when asked for."""

    __slots__ = ("_environ",)

    def __init__(self, environ: Environ) -> None:
        self._environ = environ

    def __getitem__(self, name: str) -> str:
        value: str = self._environ[environ_key(name)]
        return value

    # Said again for speed: the inherited one raises and catches a KeyError for every field that is not there.
    def get(self, name: str, default: Any = None) -> Any:
        """Return the value of a field, or ``default``."""
        return self._environ.get(environ_key(name), default)

    def __iter__(self) -> Iterator[str]:
        for key in self._environ:
            if key in UNPREFIXED:
                yield UNPREFIXED[key]
            elif key.startswith("HTTP_"):
                yield key[5:].lower().replace("_", "-")

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _Announced:
    """A body that does not tell its end, read as far as its length was announced (PEP 3333)."""

    __slots__ = ("_left", "_read")

    def __init__(self, read: Callable[[int], bytes], length: str) -> None:
        self._read = read
        self._left = int(length) if length.isdecimal() else 0

    def __call__(self, size: int) -> bytes:
        """Return at most so many bytes."""
        data = self._read(min(size, self._left)) if self._left else b""
        self._left -= len(data)
        return data


def _reader(environ: Environ) -> Callable[[int], bytes]:
    read: Callable[[int], bytes] = environ["wsgi.input"].read
    if environ.get("wsgi.input_terminated"):
        return read
    return _Announced(read, environ.get("CONTENT_LENGTH") or "")


class WsgiApplication:
    """A WSGI application that answers with ``handler``.

    With ``turns``, one thread at a time computes, and only sending goes on side by side. That is for handlers whose
    work is done in this process: Python's threads do not run it any faster side by side, and where they pass the
    interpreter's lock to and fro (as sqlite3 makes them do at every row) several times slower. A thread that has waited
    ``PATIENCE`` goes ahead all the same, so that one long computation does not stop the others. Leave it off where a
    handler mostly waits for other processes.

    ``log`` takes a line per request, ``None`` for no log. ``streams`` is how many bodies in chunks may be on their way
    at a time (``None``: as many as come); give one less than the server has threads.
    """

    def __init__(
        self, handler: Handler, *, log: AccessLog | None = None, streams: int | None = None, turns: bool = False
    ) -> None:
        self._handler = handler
        self._turn = threading.Lock() if turns else None
        self._log = log
        self._streams = threading.BoundedSemaphore(streams) if streams else None
        self._ids = Ids()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        began = time.perf_counter()
        request = self._request(environ)
        turn = self._turn
        if turn is None or not (turn.acquire(False) or _wait(turn)):
            response = answer(self._handler, request, logger)
        else:
            try:
                response = answer(self._handler, request, logger)
            finally:
                turn.release()
        body = response.body
        if isinstance(body, bytes):
            response.fields.append(("x-request-id", request.id))
            start_response(STATUS_LINES[response.status], response.fields)
            if self._log is not None:
                seconds = time.perf_counter() - began
                self._log.write(request.id, request.method, request.target, response.status, len(body), seconds)
            return [body]
        return self._stream(request, response, body, start_response, began)

    def _request(self, environ: Environ) -> Request:
        # PEP 3333 gives the path decoded, as bytes in Latin-1 disguise; servers that keep the raw target tell it aside.
        raw: str | None = environ.get("REQUEST_URI") or environ.get("RAW_URI")
        if raw is not None and raw.startswith("/"):
            path = sent(raw.partition("?")[0])
        else:  # all that the client sent, as in the raw target: also what the application is mounted at
            path = encoded_path(environ.get("SCRIPT_NAME", "") + environ["PATH_INFO"])
        return Request(
            environ["REQUEST_METHOD"],
            path,
            sent(environ.get("QUERY_STRING", "")),
            EnvironFields(environ),
            environ["wsgi.url_scheme"],
            environ.get("HTTP_HOST") or f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}",
            next(self._ids),
            _reader(environ),
        )

    def _stream(
        self, request: Request, response: Response, body: Chunks, start_response: StartResponse, began: float
    ) -> Iterable[bytes]:
        if self._streams is not None and not self._streams.acquire(blocking=False):
            body.close()
            response, whole = plain(503, BUSY), BUSY
            response.fields += [("retry-after", "1"), ("x-request-id", request.id)]
            start_response(STATUS_LINES[503], response.fields)
            if self._log is not None:
                self._log.write(request.id, request.method, request.target, 503, len(whole), 0.0)
            return [whole]
        response.fields.append(("x-request-id", request.id))
        start_response(STATUS_LINES[response.status], response.fields)
        return _Stream(self, request, response.status, body, began)

    def next_chunk(self, chunks: Iterator[bytes]) -> bytes:
        """Return the next of a body's chunks, computed when it is this thread's turn."""
        turn = self._turn
        if turn is None or not (turn.acquire(False) or _wait(turn)):
            return next(chunks)
        try:
            return next(chunks)
        finally:
            turn.release()

    def finish(self, request: Request, status: int, size: int, began: float) -> None:
        """Note the end of a body in chunks; ``size`` is -1 where it was cut short."""
        if self._streams is not None:
            self._streams.release()
        if self._log is not None:
            self._log.write(request.id, request.method, request.target, status, size, time.perf_counter() - began)


class _Stream:
    """A body in chunks on its way; closes it and logs exactly once, however it ends."""

    __slots__ = ("_application", "_arguments", "_body", "_iterator", "_open", "_size")

    def __init__(self, application: WsgiApplication, request: Request, status: int, body: Chunks, began: float) -> None:
        self._application = application
        self._arguments = (request, status, began)
        self._body = body
        self._iterator = iter(body)
        self._size = 0
        self._open = True

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            chunk = self._application.next_chunk(self._iterator)
        except StopIteration:
            self._finish(self._size)
            raise
        except BaseException:
            # The status line has left: all that is left to do is to break off, so that the client sees a cut body.
            request = self._arguments[0]
            logger.exception("request %s broke off: %s %s", request.id, request.method, request.target)
            self._finish(-1)
            raise
        self._size += len(chunk)
        return chunk

    def close(self) -> None:
        """End the body early; harmless once it has ended."""
        self._finish(-1)

    # A server that drops a body when its client leaves need not call close (PEP 3333 asks it to; not all do).
    __del__ = close

    def _finish(self, size: int) -> None:
        if self._open:
            self._open = False
            self._body.close()
            request, status, began = self._arguments
            self._application.finish(request, status, size, began)
