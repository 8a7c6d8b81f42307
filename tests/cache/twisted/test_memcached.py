"""The client for memcached that never blocks the reactor, with real servers: verbs, sharing, outages."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from twisted.internet.defer import Deferred, DeferredList, succeed

from demotic.cache import MISSING, CacheUnreachable
from demotic.cache import cached as core_cached
from demotic.cache.backends.memcached import Memcached
from demotic.cache.twisted import TwistedMemcached, cached, registry

Within = Callable[..., Any]


class Server:
    """A memcached of one's own; it can be stopped and started on the same port."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        program = shutil.which("memcached")
        if program is None:
            pytest.skip("no program memcached")
        self.process = subprocess.Popen([program, "-u", "nobody", "-l", "127.0.0.1", "-p", str(self.port), "-m", "16"])
        while True:
            assert self.process.poll() is None
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                continue

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


@pytest.fixture(scope="module")
def servers() -> Iterator[list[Server]]:
    started = [Server(), Server()]
    yield started
    for server in started:
        server.stop()


@pytest.fixture
def memcached(servers: list[Server], within: Within, request: pytest.FixtureRequest) -> Iterator[TwistedMemcached]:
    addresses = [server.address for server in servers]
    client = TwistedMemcached(addresses, namespace=f"t{abs(hash(request.node.nodeid)) % 10**9}", timeout=20, rest=0.001)
    yield client
    within(client.close_deferred)
    client.close()


@pytest.mark.feature("F-TWISTED-20")
@pytest.mark.spec("CACHE-012")
def test_the_direct_verbs(memcached: TwistedMemcached, within: Within) -> None:
    verbs = memcached.deferred
    assert within(verbs.get, "a") is None
    assert within(verbs.set, "a", b"1", 60) is True
    assert within(verbs.get, "a") == b"1"
    assert within(verbs.add, "a", b"2") is False
    assert within(verbs.replace, "a", b"3") is True
    assert within(verbs.append, "a", b"4") is True
    assert within(verbs.prepend, "a", b"2") is True
    assert within(verbs.get, "a") == b"234"
    assert (within(verbs.incr, "a"), within(verbs.incr, "a", 10), within(verbs.decr, "a", 5)) == (235, 245, 240)
    _, token = within(verbs.gets, "a")
    assert within(verbs.cas, "a", b"new", token) is True
    assert within(verbs.cas, "a", b"newer", token) is False
    assert within(verbs.touch, "a", 60) is True
    assert within(verbs.set_many, {"b": b"1", "c": b"2", "d e": b"3"}) is True
    assert within(verbs.get_many, ["a", "b", "c", "d e", "f"]) == {"a": b"new", "b": b"1", "c": b"2", "d e": b"3"}
    assert (within(verbs.delete, "a"), within(verbs.delete, "a"), within(verbs.delete_many, ["b", "c", "f"])) == (
        True, False, 2,
    )  # fmt: skip
    assert set(within(verbs.ping).values()) == {True}
    assert len(within(verbs.stats)) == 2
    assert within(verbs.get, "d e") == b"3"
    with pytest.raises(AttributeError, match="there is no verb 'fetch'"):
        verbs.fetch  # noqa: B018


@pytest.mark.feature("F-TWISTED-21")
@pytest.mark.spec("CACHE-002", "CACHE-006", "CACHE-016")
def test_programs_with_and_without_twisted_share_their_values(memcached: TwistedMemcached, within: Within) -> None:
    runs: list[str] = []

    @cached(60, backend=memcached, name="shop:email")
    def email(user: str) -> Deferred[str]:
        runs.append(user)
        return succeed(f"{user}@example.com")

    with Memcached(list(memcached.servers), namespace=memcached.namespace, timeout=20) as other:

        @core_cached(60, backend=other, name="shop:email")
        def same(user: str) -> str:
            raise AssertionError("it is there already")

        for user in ("bob", "ann", "eve"):
            assert within(email, user) == within(email, user) == same(user) == f"{user}@example.com"
        assert runs == ["bob", "ann", "eve"]
        assert same.invalidate("bob") is True
        assert within(email, "bob") == "bob@example.com"
        assert within(registry.invalidate, email) is True
        assert within(email.get, "ann") is MISSING


@pytest.mark.feature("F-TWISTED-21")
@pytest.mark.spec("CACHE-017", "CACHE-018")
def test_many_calls_at_once_share_one_connection_and_one_run(memcached: TwistedMemcached, within: Within) -> None:
    runs: list[int] = []

    @cached(60, backend=memcached, name="shop:square")
    def square(number: int) -> Deferred[int]:
        runs.append(number)
        return succeed(number * number)

    def ask() -> Any:
        return DeferredList([square(number % 10) for number in range(500)], fireOnOneErrback=True)

    assert [value for _, value in within(ask)] == [(number % 10) ** 2 for number in range(500)]
    assert sorted(runs) == list(range(10))


@pytest.mark.feature("F-TWISTED-22")
@pytest.mark.spec("CACHE-021")
def test_a_server_that_goes_away_is_a_miss_and_comes_back(within: Within) -> None:
    server = Server()
    client = TwistedMemcached(server.address, timeout=20, rest=0.001)
    runs: list[int] = []

    @cached(60, backend=client, name="shop:away")
    def number() -> Deferred[int]:
        runs.append(1)
        return succeed(7)

    try:
        assert [within(number) for _ in range(2)] == [7, 7]
        assert len(runs) == 1
        server.stop()
        assert [within(number) for _ in range(2)] == [7, 7]
        assert len(runs) == 3
        assert within(client.deferred.get, "a") is None
        assert within(client.deferred.ping) == {server.address: False}
        with pytest.raises(CacheUnreachable):
            within(client.ask_deferred, "get", "a")
        server.start()
        within(number)
        before = len(runs)
        assert [within(number) for _ in range(2)] == [7, 7]
        assert len(runs) <= before + 1
    finally:
        within(client.close_deferred)
        client.close()
        server.stop()


@pytest.mark.feature("F-TWISTED-22")
def test_a_server_that_never_answers_is_given_up(within: Within) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = TwistedMemcached(f"127.0.0.1:{silent.getsockname()[1]}", timeout=0.05)
        try:
            with pytest.raises(CacheUnreachable, match="does not answer"):
                within(client.ask_deferred, "get", "a")
            assert within(client.deferred.set, "a", b"1") is False
        finally:
            within(client.close_deferred)
            client.close()


@pytest.mark.feature("F-TWISTED-22")
def test_garbage_closes_the_connection(within: Within) -> None:
    from twisted.internet import reactor
    from twisted.internet.protocol import Factory, Protocol

    class Garbage(Protocol):
        def dataReceived(self, data: bytes) -> None:
            assert self.transport is not None
            self.transport.write(b"VALUE what is this\r\n")

    port = within(lambda: reactor.listenTCP(0, Factory.forProtocol(Garbage), interface="127.0.0.1"))
    client = TwistedMemcached(f"127.0.0.1:{port.getHost().port}", timeout=20)
    try:
        assert within(client.deferred.get, "a") is None
    finally:
        within(client.close_deferred)
        within(port.stopListening)
        client.close()
