"""A client of few means: one connection that stays open, and the time each answer took."""

from __future__ import annotations

import http.client
import time
from types import TracebackType
from typing import Self

from servers import HOST, BenchError, Server


class Client:
    """Asks ``server`` over one connection that is kept alive. A context manager."""

    def __init__(self, server: Server, timeout: float = 60) -> None:
        self._server = server
        self._connection = http.client.HTTPConnection(HOST, server.port, timeout=timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def get(self, target: str) -> bytes:
        """Return the body of ``target``; raise `BenchError` for any status but 200."""
        return self.timed(target)[0]

    def timed(self, target: str) -> tuple[bytes, float]:
        """Return the body of ``target`` and the seconds until it was whole."""
        body, _, whole = self.streamed(target)
        return body, whole

    def streamed(self, target: str) -> tuple[bytes, float, float]:
        """Return the body of ``target``, the seconds until its first byte, and until it was whole."""
        began = time.perf_counter()
        try:
            self._connection.request("GET", target)
            response = self._connection.getresponse()
            start = response.read(1)
            first = time.perf_counter() - began
            body = start + response.read()
        except (OSError, http.client.HTTPException) as error:
            raise BenchError(f"{self._server.name} broke off at {target}: {error!r}") from error
        whole = time.perf_counter() - began
        if response.status != 200:
            raise BenchError(f"{self._server.name} answers {target} with {response.status}: {body[:300]!r}")
        return body, first, whole
