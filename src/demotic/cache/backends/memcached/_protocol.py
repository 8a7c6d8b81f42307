"""memcached's text protocol without I/O: commands as bytes, and a reader of what comes back.

(memcached, doc/protocol.txt of release 1.6.) Replies come in the order of the commands, so many can be under way on
one connection: the reader is told what kind of reply each command has.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["line", "values"]
_VALUE = re.compile(rb"VALUE (\S+) \d+ (\d+)\r\n")


@dataclass(slots=True)
class Found:
    """The reply to a retrieval: values with their cas ids (0 without), by key; or statistics."""

    values: dict[str, tuple[bytes, int]] = field(default_factory=dict)
    stats: dict[str, object] = field(default_factory=dict)
    error: bytes | None = None


class Garbled(ConnectionError):
    """What a server sent follows no rule of the protocol."""


def retrieve(keys: Iterable[str], *, cas: bool = False) -> bytes:
    """Return the command that reads keys."""
    return f"{'gets' if cas else 'get'} {' '.join(keys)}\r\n".encode()


def glance(data: bytes, key: bytes) -> tuple[bytes | None, bytes | None] | None:
    """Return the values of this key and of another from a reply to `retrieve`; None if it is not whole.

    Raises `Garbled` for what is no such reply.
    """
    value = beside = None
    start = 0
    while not data.startswith(b"END\r\n", start):
        line = _VALUE.match(data, start)
        if line is None:
            if b"\r\n" in data[start:]:
                raise Garbled(f"no line of a value: {data[start : start + 80]!r}")
            return None
        first = line.end()
        start = first + int(line[2]) + 2
        if line[1] == key:
            value = data[first : start - 2]
        else:
            beside = data[first : start - 2]
    if len(data) != start + 5:
        raise Garbled("more than one reply")
    return value, beside


def store(verb: str, key: str, value: bytes, exptime: int, cas: int | None = None) -> bytes:
    """Return the command that stores a value: set, add, replace, append, prepend, or cas with its id."""
    unique = "" if cas is None else f" {cas}"
    return b"%b%b\r\n" % (f"{verb} {key} 0 {exptime} {len(value)}{unique}\r\n".encode(), value)


def command(*words: object) -> bytes:
    """Return a command of one line."""
    return (" ".join(map(str, words)) + "\r\n").encode()


class Reader:
    """Cuts what comes from a server into replies."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._expected: deque[Kind] = deque()
        self._found = Found()

    def expect(self, kind: Kind) -> None:
        """Take note that one more reply of this kind is to come."""
        self._expected.append(kind)

    def feed(self, data: bytes) -> Iterator[bytes | Found]:
        """Take bytes, and yield the replies that are complete. Raises `Garbled`."""
        self._buffer += data
        while (reply := self._next()) is not None:
            self._expected.popleft()
            yield reply
        if self._buffer and not self._expected:
            raise Garbled(f"a reply that nobody asked for: {bytes(self._buffer[:40])!r}")

    def _next(self) -> bytes | Found | None:
        while self._expected and (end := self._buffer.find(b"\r\n")) >= 0:
            line = bytes(self._buffer[:end])
            if self._expected[0] == "line":
                del self._buffer[: end + 2]
                return line
            if line.startswith(b"VALUE "):
                if not self._take_value(line, end + 2):
                    return None
                continue
            del self._buffer[: end + 2]
            if line.startswith(b"STAT "):
                _, name, value = (line + b" ").split(b" ", 2)
                self._found.stats[name.decode()] = value.strip().decode()
                continue
            if line != b"END":
                self._found.error = line
            found, self._found = self._found, Found()
            return found
        return None

    def _take_value(self, line: bytes, start: int) -> bool:
        """Take a value with its block of data; return whether it was there as a whole."""
        try:
            _, key, _, length, *cas = line.split(b" ")
            end = start + int(length)
            unique = int(cas[0]) if cas else 0
        except ValueError as error:
            raise Garbled(f"no line of a value: {line[:80]!r}") from error
        if len(self._buffer) < end + 2:
            return False
        if self._buffer[end : end + 2] != b"\r\n":
            raise Garbled("a value of another length than announced")
        self._found.values[key.decode()] = bytes(self._buffer[start:end]), unique
        del self._buffer[: end + 2]
        return True
