"""A client for memcached that never blocks the reactor: commands follow each other on one connection to each server.

What is said to the servers, and where each key lies, is that of `demotic.cache.Memcached`, so that programs with and
without Twisted share their caches; only the connections are the reactor's.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator
from typing import Any

from twisted.internet.defer import Deferred, gatherResults, inlineCallbacks, succeed
from twisted.internet.endpoints import HostnameEndpoint, connectProtocol
from twisted.internet.error import ConnectionDone
from twisted.internet.protocol import Protocol
from twisted.python.failure import Failure

from demotic.cache._errors import CacheUnreachable
from demotic.cache.backends.memcached import Memcached
from demotic.cache.backends.memcached._protocol import Found, Garbled, Kind, Reader
from demotic.cache.backends.memcached._ring import Address, read_servers
from demotic.cache.backends.memcached._verbs import Exchange, Send, Verbs
from demotic.cache.backends.shared import Breaker
from demotic.cache.twisted._reactor import the_reactor

__all__ = ["DeferredVerbs", "TwistedMemcached"]


class Connection(Protocol):
    """One connection to one server."""

    def __init__(self) -> None:
        self._reader = Reader()
        self._waiting: deque[Deferred[Any]] = deque()
        self.lost: Deferred[None] = Deferred()
        self.is_usable = True

    def dataReceived(self, data: bytes) -> None:
        """Give each reply to who waits for it."""
        try:
            for reply in self._reader.feed(data):
                waiting = self._waiting.popleft()
                if not waiting.called:
                    waiting.callback(reply)
        except (Garbled, UnicodeDecodeError):
            self.abort()

    def connectionLost(self, reason: Any = None) -> None:
        """Tell all who wait."""
        self.is_usable = False
        waiting, self._waiting = self._waiting, deque()
        for one in waiting:
            if not one.called:
                one.errback(ConnectionResetError("the server closed the connection"))
        self.lost.callback(None)

    def send(self, data: bytes, kind: Kind) -> Deferred[Any]:
        """Send a command; the reply comes later."""
        reply: Deferred[Any] = Deferred()
        self._waiting.append(reply)
        self._reader.expect(kind)
        self._wire.write(data)
        return reply

    @property
    def _wire(self) -> Any:
        return self.transport

    def abort(self) -> None:
        """Close at once."""
        self.is_usable = False
        self._wire.abortConnection()


ERRORS: tuple[type[Exception], ...] = (OSError, ConnectionDone, TimeoutError)
"""What means that a server does not answer; what Twisted raises for connections is translated into them."""


class DeferredLink:
    """The verbs of memcached, answered by Deferreds."""

    def __init__(self, verbs: Verbs, servers: list[Address], timeout: float, rest: float) -> None:
        self._verbs = verbs
        self._servers = servers
        self._timeout = timeout
        self._breakers = [Breaker(f"{host}:{port}", ERRORS, rest=rest) for host, port in servers]
        self._connections: dict[int, Connection] = {}
        self._opening: dict[int, list[Deferred[Connection]]] = {}

    @inlineCallbacks
    def ask(self, verb: str, *args: Any) -> Generator[Any, Any, Any]:
        """Do a verb; the Deferred brings its answer, or fails with `CacheUnreachable`."""
        exchange: Exchange[Any] = getattr(self._verbs, verb)(*args)
        try:
            send = next(exchange)
            while True:
                try:
                    reply = yield self._send(send)
                except Exception as error:
                    send = exchange.throw(error)
                else:
                    send = exchange.send(reply)
        except StopIteration as stop:
            return stop.value

    @inlineCallbacks
    def _send(self, send: Send) -> Generator[Any, Any, bytes | Found]:
        with self._breakers[send.home]:
            try:
                reply: bytes | Found = yield self._send_once(send)
            except ConnectionError:
                if not send.again:
                    raise
                reply = yield self._send_once(send)
            return reply

    @inlineCallbacks
    def _send_once(self, send: Send) -> Generator[Any, Any, bytes | Found]:
        connection: Connection = yield self._connection(send.home)
        reply = connection.send(send.data, send.kind)
        timeout = the_reactor().callLater(self._timeout, self._give_up, connection, reply)
        try:
            answer: bytes | Found = yield reply
        finally:
            if timeout.active():
                timeout.cancel()
        return answer

    def _give_up(self, connection: Connection, reply: Deferred[Any]) -> None:
        reply.errback(TimeoutError(f"no reply within {self._timeout} s"))
        connection.abort()  # its replies come too late for all

    def _connection(self, home: int) -> Deferred[Connection]:
        """Return the connection to a server; whoever comes first opens it, and the others wait."""
        open_one = self._connections.get(home)
        if open_one is not None and open_one.is_usable:
            return succeed(open_one)
        wanted: Deferred[Connection] = Deferred()
        waiting = self._opening.setdefault(home, [])
        waiting.append(wanted)
        if len(waiting) == 1:
            host, port = self._servers[home]
            endpoint = HostnameEndpoint(the_reactor(), host, port, timeout=self._timeout)
            connecting: Deferred[Any] = connectProtocol(endpoint, Connection())  # type: ignore[no-untyped-call]
            connecting.addCallbacks(
                lambda connection: self._opened(home, connection), lambda failure: self._not_opened(home, failure)
            )
        return wanted

    def _opened(self, home: int, connection: Connection) -> None:
        self._connections[home] = connection
        for wanted in self._opening.pop(home):
            wanted.callback(connection)

    def _not_opened(self, home: int, failure: Failure) -> None:
        host, port = self._servers[home]
        for wanted in self._opening.pop(home):
            wanted.errback(OSError(f"{host}:{port} takes no connection: {failure.getErrorMessage()}"))

    def close(self) -> Deferred[Any]:
        """Close the connections."""
        closed = []
        for connection in self._connections.values():
            if connection.is_usable:
                connection.abort()
            closed.append(connection.lost)
        self._connections.clear()
        return gatherResults(closed)


class TwistedMemcached(Memcached):
    """A cache on memcached servers for programs with Twisted; the options are those of `demotic.cache.Memcached`.

    Cached functions of `demotic.cache.twisted` use it without blocking the reactor. ``deferred`` has the direct verbs
    (`get`, `set`, `add`, `replace`, `append`, `incr`, `cas`, `touch`, `delete`, `flush`, ...), each of which returns a
    Deferred; a server that does not answer is one that has nothing.
    """

    def __init__(
        self,
        servers: str | Address | list[str | Address] = "127.0.0.1:11211",
        *,
        namespace: str = "demotic",
        timeout: float = 1.0,
        rest: float = 5.0,
        **options: Any,
    ) -> None:
        super().__init__(servers, namespace=namespace, timeout=timeout, rest=rest, **options)
        verbs = Verbs(namespace, self.servers, self._ring)
        self._deferred_link = DeferredLink(verbs, read_servers(servers), timeout, rest)
        self.deferred = DeferredVerbs(self._deferred_link)

    def ask_deferred(self, verb: str, *args: Any) -> Deferred[Any]:
        """Do a verb; the Deferred brings its answer, or fails with `CacheUnreachable`."""
        return self._deferred_link.ask(verb, *args)

    def close_deferred(self) -> Deferred[Any]:
        """Close the connections of the reactor."""
        return self._deferred_link.close()


NOTHING: dict[str, Callable[[], Any]] = {
    "get": lambda: None, "gets": lambda: None, "get_many": dict, "incr": lambda: None, "decr": lambda: None,
    "delete_many": int, "ping": dict, "stats": dict, "set": bool, "set_many": bool, "add": bool, "replace": bool,
    "append": bool, "prepend": bool, "cas": bool, "touch": bool, "delete": bool, "flush": bool,
}  # fmt: skip
"""The direct verbs, and what each brings where the server does not answer."""

# The verbs whose last argument, a time to live, may be left out.
_WITH_TTL = {"set": 3, "set_many": 2, "add": 3, "replace": 3, "cas": 4, "touch": 2}
_WITH_STEP = {"incr", "decr"}


class DeferredVerbs:
    """The direct verbs as `demotic.cache.Verbs` has them; each returns a Deferred."""

    def __init__(self, link: DeferredLink) -> None:
        self._link = link

    def __getattr__(self, verb: str) -> Callable[..., Deferred[Any]]:
        if verb not in NOTHING:
            raise AttributeError(f"there is no verb {verb!r}")
        nothing = NOTHING[verb]

        def ask(*args: Any, ttl: float | None = None, by: int = 1) -> Deferred[Any]:
            given = list(args)
            if len(given) == _WITH_TTL.get(verb, 0) - 1:
                given.append(ttl)
            if verb in _WITH_STEP and len(given) == 1:
                given.append(by)

            def missing(failure: Failure) -> Any:
                failure.trap(CacheUnreachable)  # type: ignore[no-untyped-call]
                return nothing()

            return self._link.ask(verb, *given).addErrback(missing)

        ask.__name__ = verb
        return ask
