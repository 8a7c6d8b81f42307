"""The connections to memcached servers: pymemcache's for threads, our own for tasks.

For threads, each server has a pool of pymemcache clients, of which a thread has one to itself for a command. For tasks,
each event loop has one connection to each server, on which commands follow each other without waiting for replies; a
task that is cancelled leaves its reply to be read and dropped.
"""

from __future__ import annotations

import asyncio
import weakref
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

from pymemcache.client.base import Client  # type: ignore[import-untyped]
from pymemcache.exceptions import MemcacheError  # type: ignore[import-untyped]

from demotic.cache._fork import after_fork
from demotic.cache.backends.memcached._protocol import Found, Garbled, Kind, Reader, glance
from demotic.cache.backends.memcached._ring import Address
from demotic.cache.backends.memcached._verbs import Exchange, Send, Verbs
from demotic.cache.backends.shared import Breaker

T = TypeVar("T")
ERRORS: tuple[type[Exception], ...] = (OSError, EOFError, MemcacheError)


class Socket(Client):  # type: ignore[misc]
    """A client of pymemcache that sends what our verbs write: its connection, its time limits, our commands."""

    def exchange(self, data: bytes, kind: Kind) -> bytes | Found:
        """Send a command and return its reply."""
        if self.sock is None:
            self._connect()
        assert self.sock is not None
        self.sock.sendall(data)
        reader = Reader()
        reader.expect(kind)
        while True:
            received = self.sock.recv(65536)
            if not received:
                raise ConnectionResetError("the server closed the connection")
            for reply in reader.feed(received):
                return reply

    def glance(self, key: bytes, beside: bytes) -> tuple[bytes | None, bytes | None]:
        """Read two keys."""
        if self.sock is None:
            self._connect()
        assert self.sock is not None
        self.sock.sendall(b"get %b %b\r\n" % (key, beside))
        data = b""
        while True:
            received = self.sock.recv(65536)
            if not received:
                raise ConnectionResetError("the server closed the connection")
            data += received
            if data.endswith(b"END\r\n") and (found := glance(data, key)) is not None:
                return found
            if data.endswith(b"\r\n") and not data.startswith((b"VALUE", b"END")):
                raise Garbled(f"an error in the place of values: {data[:80]!r}")


class ThreadLink:
    """The verbs, driven in threads."""

    def __init__(self, verbs: Verbs, servers: list[Address], breakers: list[Breaker], timeout: float) -> None:
        self._verbs = verbs
        self._servers = servers
        self._breakers = breakers
        self._timeout = timeout
        self._idle: list[deque[Socket]] = [deque() for _ in servers]
        after_fork(self, ThreadLink.close)

    def __getattr__(self, verb: str) -> Callable[..., Any]:
        written = getattr(self._verbs, verb)

        def driven(*args: Any) -> Any:
            exchange: Exchange[Any] = written(*args)
            try:
                send = next(exchange)
                while True:
                    try:
                        reply = self._send(send)
                    except Exception as error:
                        send = exchange.throw(error)
                    else:
                        send = exchange.send(reply)
            except StopIteration as stop:
                return stop.value

        setattr(self, verb, driven)
        return driven

    def _send(self, send: Send) -> bytes | Found:
        with self._breakers[send.home]:
            try:
                return self._send_once(send)
            except TimeoutError:
                raise
            except ERRORS:
                self._close(send.home)  # a server that was restarted has dropped all connections
                if not send.again:
                    raise
                return self._send_once(send)

    def glance(self, home: int, key: str, beside: str) -> tuple[bytes | None, bytes | None]:
        """Read two keys of one server."""
        with self._breakers[home]:
            try:
                return self._with_client(home, lambda client: client.glance(key.encode(), beside.encode()))
            except TimeoutError:
                raise
            except ERRORS:
                self._close(home)
                return self._with_client(home, lambda client: client.glance(key.encode(), beside.encode()))

    def _send_once(self, send: Send) -> bytes | Found:
        return self._with_client(send.home, lambda client: client.exchange(send.data, send.kind))

    def _with_client(self, home: int, work: Callable[[Socket], T]) -> T:
        idle = self._idle[home]
        try:
            client = idle.pop()
        except IndexError:
            limit = self._timeout
            client = Socket(self._servers[home], connect_timeout=limit, timeout=limit, no_delay=True)
        try:
            answer = work(client)
        except BaseException:  # of a reply that was not read to its end, nobody must get the rest
            client.close()
            raise
        idle.append(client)
        return answer

    def _close(self, home: int) -> None:
        idle = self._idle[home]
        while idle:
            idle.pop().close()

    def close(self) -> None:
        """Close all connections that no thread uses now."""
        for home in range(len(self._idle)):
            self._close(home)


class Connection(asyncio.Protocol):
    """One connection to one server, in an event loop. A reply that is late by ``limit`` seconds ends it for all."""

    def __init__(self, limit: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._limit = limit
        self._reader = Reader()
        self._waiting: deque[tuple[asyncio.Future[Any], float]] = deque()
        self._transport: asyncio.Transport | None = None
        self._watch: asyncio.TimerHandle | None = None
        self.lost = self._loop.create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Give each reply to who waits for it."""
        try:
            for reply in self._reader.feed(data):
                future, _ = self._waiting.popleft()
                if not future.done():
                    future.set_result(reply)
        except (Garbled, UnicodeDecodeError):
            self.abort()

    def connection_lost(self, error: Exception | None) -> None:
        """Tell all who wait."""
        self._fail(error or ConnectionResetError("the server closed the connection"))
        if self._watch is not None:
            self._watch.cancel()
        if not self.lost.done():
            self.lost.set_result(None)

    def _fail(self, error: Exception) -> None:
        for future, _ in self._waiting:
            if not future.done():
                future.set_exception(error)
        self._waiting.clear()

    @property
    def is_usable(self) -> bool:
        """Whether a command can be sent."""
        return self._transport is not None and not self._transport.is_closing()

    def send(self, data: bytes, kind: Kind) -> asyncio.Future[Any]:
        """Send a command; the reply comes later."""
        assert self._transport is not None
        future: asyncio.Future[Any] = self._loop.create_future()
        self._waiting.append((future, self._loop.time()))
        self._reader.expect(kind)
        self._transport.write(data)
        if self._watch is None:  # one watch for all commands, rather than a timer for each
            self._watch = self._loop.call_later(self._limit, self._look_at_oldest)
        return future

    def _look_at_oldest(self) -> None:
        self._watch = None
        if not self._waiting:
            return
        late = self._waiting[0][1] + self._limit - self._loop.time()
        if late <= 0:
            self._fail(TimeoutError(f"no reply within {self._limit} seconds"))
            self.abort()
        else:
            self._watch = self._loop.call_later(late, self._look_at_oldest)

    def abort(self) -> None:
        """Close at once."""
        if self._transport is not None:
            self._transport.abort()


class TaskLink:
    """The verbs, driven in tasks."""

    def __init__(self, verbs: Verbs, servers: list[Address], breakers: list[Breaker], timeout: float) -> None:
        self._verbs = verbs
        self._servers = servers
        self._breakers = breakers
        self._timeout = timeout
        self._loops: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, dict[int, asyncio.Future[Connection]]]
        self._loops = weakref.WeakKeyDictionary()

    def __getattr__(self, verb: str) -> Callable[..., Any]:
        written = getattr(self._verbs, verb)

        async def driven(*args: Any) -> Any:
            exchange: Exchange[Any] = written(*args)
            try:
                send = next(exchange)
                while True:
                    try:
                        reply = await self._send(send.home, send.data, send.kind, again=send.again)
                    except Exception as error:
                        send = exchange.throw(error)
                    else:
                        send = exchange.send(reply)
            except StopIteration as stop:
                return stop.value

        setattr(self, verb, driven)
        return driven

    async def glance(self, home: int, key: str, beside: str) -> tuple[bytes | None, bytes | None]:
        """Read two keys of one server."""
        found: Any = await self._send(home, f"get {key} {beside}\r\n".encode(), "values", again=True)
        value, other = found.values.get(key), found.values.get(beside)
        return value and value[0], other and other[0]

    async def _send(self, home: int, data: bytes, kind: Kind, *, again: bool) -> bytes | Found:
        with self._breakers[home]:
            try:
                return await self._send_once(home, data, kind)
            except TimeoutError:
                raise
            except ERRORS:
                if not again:
                    raise
                return await self._send_once(home, data, kind)

    async def _send_once(self, home: int, data: bytes, kind: Kind) -> bytes | Found:
        opening = self._loops.setdefault(asyncio.get_running_loop(), {}).get(home)
        ready = opening is not None and opening.done() and not _failed(opening) and opening.result().is_usable
        connection = opening.result() if ready and opening is not None else await self._connection(home)
        reply: bytes | Found = await connection.send(data, kind)
        return reply

    async def _connection(self, home: int) -> Connection:
        """Open the connection of this event loop; whoever comes first does, and the others wait."""
        mine = self._loops.setdefault(asyncio.get_running_loop(), {})
        opening = mine.get(home)
        if opening is None or opening.done():
            opening = mine[home] = asyncio.ensure_future(self._open(home))
        return await asyncio.shield(opening)

    async def _open(self, home: int) -> Connection:
        host, port = self._servers[home]
        async with asyncio.timeout(self._timeout):
            loop = asyncio.get_running_loop()
            _, connection = await loop.create_connection(lambda: Connection(self._timeout), host, port)
        return connection

    async def close(self) -> None:
        """Close the connections of this event loop."""
        for opening in self._loops.pop(asyncio.get_running_loop(), {}).values():
            await asyncio.wait([opening])
            if not _failed(opening):
                connection = opening.result()
                connection.abort()
                await connection.lost


def _failed(opening: asyncio.Future[Connection]) -> bool:
    return opening.cancelled() or opening.exception() is not None
