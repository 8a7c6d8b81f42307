"""Requests with a body: a client that sends slowly holds nobody else up.

A body is read whole before the application is called, into memory and past a bound into a temporary file, so that
nobody waits for a client with anything in hand. Granian gives a body to the thread only that it calls, and cannot be
told to stop waiting for it. So there are threads to spare for as many bodies as are taken at a time: those without a
body always find one. Who has not sent all within the time allowed is answered 408; the thread is free when the client
leaves. Of a body that is longer than the application takes, no more is read than shows it.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

MOST_BODIES: Final = 16
"""How many bodies a worker takes at a time; the others are told to come back."""

IN_MEMORY: Final = 1024 * 1024
_CHUNK: Final = 64 * 1024
_SLOW: Final = b'{"error":{"code":"RequestTimeout","message":"The body did not come in time."}}'
_BUSY: Final = b'{"error":{"code":"TooManyBodies","message":"Too many others are sending bodies; try again shortly."}}'

Answer = Callable[[Any, dict[str, Any]], int]


def has_body(variable: dict[str, Any]) -> bool:
    """Whether a request announces a body that means something: what comes with a GET or DELETE is not waited for."""
    if variable.get("REQUEST_METHOD") in ("GET", "HEAD", "DELETE", "OPTIONS", "TRACE"):
        return False
    length = variable.get("CONTENT_LENGTH")
    return (length is not None and length not in ("", "0")) or "HTTP_TRANSFER_ENCODING" in variable


class Bodies:
    """Reads bodies, and then has ``answer`` called as a server does."""

    def __init__(self, answer: Answer, seconds: float, most: int) -> None:
        self._answer = answer
        self._seconds = seconds
        self._most = most
        self._slots = threading.BoundedSemaphore(MOST_BODIES)
        self._waiting: deque[_Waiting] = deque()
        self._lock = threading.Lock()
        self._watch: threading.Thread | None = None

    def take(self, exchange: Any, variable: dict[str, Any]) -> int:
        """Read the body of a request, and have it answered; return the status."""
        if not self._slots.acquire(blocking=False):
            exchange.response_bytes(503, _fields(_BUSY, ("retry-after", "1")), _BUSY)
            return 503
        waiting = _Waiting(exchange, time.monotonic() + self._seconds)
        with self._lock:
            self._waiting.append(waiting)
            if self._watch is None:
                self._watch = threading.Thread(target=self._watch_on, name="demotic-body-watch", daemon=True)
                self._watch.start()
        try:
            with tempfile.SpooledTemporaryFile(IN_MEMORY) as body:
                try:
                    left = 0 if _is_longer(variable, self._most) else self._most + 1
                    while left and (chunk := variable["wsgi.input"].read(min(left, _CHUNK))):
                        left -= body.write(chunk)
                finally:
                    mine = waiting.end()
                if not mine:
                    return 408
                body.seek(0)
                return self._answer(waiting.exchange, {**variable, "wsgi.input": body})
        finally:
            self._slots.release()

    def _watch_on(self) -> None:
        while True:
            with self._lock:
                while self._waiting and self._waiting[0].ended:
                    self._waiting.popleft()
                # All have the same time, so that the first is the first to run out of it.
                late = self._waiting[0].until - time.monotonic() if self._waiting else self._seconds
                waiting = self._waiting.popleft() if self._waiting and late <= 0 else None
            if waiting is None:
                time.sleep(min(late, self._seconds / 10))
            elif waiting.end():
                with suppress(Exception):  # the client may have left
                    waiting.exchange.response_bytes(408, _fields(_SLOW, ("connection", "close")), _SLOW)


class _Waiting:
    """A body that is awaited: who ends the wait first, the reader or the watch, answers."""

    __slots__ = ("_lock", "ended", "exchange", "until")

    def __init__(self, exchange: Any, until: float) -> None:
        self.exchange = exchange
        self.until = until
        self.ended = False
        self._lock = threading.Lock()

    def end(self) -> bool:
        """End the wait; return whether it had not ended before."""
        with self._lock:
            ended, self.ended = self.ended, True
        return not ended


def _is_longer(variable: dict[str, Any], most: int) -> bool:
    length = str(variable.get("CONTENT_LENGTH") or "")
    return length.isdecimal() and int(length) > most


def _fields(body: bytes, *more: tuple[str, str]) -> list[tuple[str, str]]:
    return [("content-type", "application/json"), ("content-length", str(len(body))), *more]
