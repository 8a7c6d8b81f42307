"""Servers that tests start, each on a port of its own and with nothing in it; where there is none, the test skips."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

HOST = "127.0.0.1"
GUARD = 60.0


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])


class Server:
    """A server program; `start`, `kill` and start again keep its port."""

    def __init__(self, command: Callable[[int], list[str]], port: int | None = None) -> None:
        self.port = port or free_port()
        self.address = f"{HOST}:{self.port}"
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Server:
        """Start it, and wait until it listens."""
        self._process = subprocess.Popen(
            self._command(self.port), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL
        )
        end = time.monotonic() + GUARD
        while True:
            try:
                socket.create_connection((HOST, self.port), timeout=GUARD).close()
                return self
            except OSError:
                assert self._process.poll() is None and time.monotonic() < end, "the server does not start"
                time.sleep(0.01)

    def kill(self) -> None:
        """End it at once."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(GUARD)
            self._process = None


def program(name: str) -> str:
    """Return the path of a program, or skip."""
    return shutil.which(name) or pytest.skip(f"no program {name}")


def memcached(port: int) -> list[str]:
    """Return the command of a memcached."""
    return [program("memcached"), "-u", "nobody", "-l", HOST, "-p", str(port), "-U", "0", "-m", "64"]


def redis(port: int) -> list[str]:
    """Return the command of a Redis that writes nothing to disk."""
    return [program("redis-server"), "--port", str(port), "--bind", HOST, "--save", "", "--appendonly", "no"]


@contextmanager
def running(*commands: Callable[[int], list[str]]) -> Iterator[list[Server]]:
    """Start servers for a block."""
    servers = [Server(command) for command in commands]
    try:
        yield [server.start() for server in servers]
    finally:
        for server in servers:
            server.kill()
