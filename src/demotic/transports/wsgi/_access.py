"""The access log: one line for every request, with the id that the answer carries too.

Lines go to a file descriptor, many at a time: a system call for each would cost as much as a point read does, a record
through the logging package several times that. They are held back for a moment at most, and written when the process
ends. Writing never fails a request: lines that cannot be written are dropped.
"""

from __future__ import annotations

import atexit
import contextlib
import multiprocessing.util
import os
import threading
import time
from collections import deque

DELAY = 0.05


class AccessLog:
    """Writes ``time id method target status bytes milliseconds``, a line each, to a file descriptor.

    ``delay`` is how many seconds lines are held back for at most; with 0 each is written at once.
    """

    __slots__ = ("_delay", "_descriptor", "_lines", "_lock", "_second", "_stamp", "_writer")

    def __init__(self, descriptor: int = 2, *, delay: float = DELAY) -> None:
        self._descriptor = descriptor
        self._delay = delay
        self._second = 0
        self._stamp = ""
        self._lines: deque[str] = deque()
        self._lock = threading.Lock()
        self._writer: threading.Thread | None = None

    def write(self, request_id: str, method: str, target: str, status: int, size: int, seconds: float) -> None:
        """Write one line; ``size`` is in bytes, -1 where the client left before the end."""
        now = int(time.time())
        if now != self._second:
            self._stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now))
            self._second = now
        self._lines.append(f"{self._stamp} {request_id} {method} {target} {status} {size} {seconds * 1000:.2f}ms\n")
        if not self._delay:
            self.flush()
        elif self._writer is None:
            self._start()

    def flush(self) -> None:
        """Write all lines held back."""
        lines = self._lines
        with self._lock, contextlib.suppress(OSError):
            data = "".join([lines.popleft() for _ in range(len(lines))]).encode("utf-8", "backslashreplace")
            while data:
                data = data[os.write(self._descriptor, data) :]

    def _start(self) -> None:
        # Only now, not when the log is made: a server's worker processes are forked in between, and threads are not.
        self._writer = threading.Thread(target=self._write_on, name="demotic-access-log", daemon=True)
        self._writer.start()
        atexit.register(self.flush)
        multiprocessing.util.Finalize(None, self.flush, exitpriority=0)  # a worker process ends without atexit

    def _write_on(self) -> None:
        while True:
            time.sleep(self._delay)
            if self._lines:
                self.flush()
