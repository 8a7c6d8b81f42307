"""A reactor that runs in a thread for the whole run, and a site on it."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from twisted.internet import reactor
from twisted.internet.defer import maybeDeferred
from twisted.internet.threads import blockingCallFromThread
from twisted.web.resource import Resource
from twisted.web.server import Site

PATIENCE = 60


@pytest.fixture(scope="session")
def running() -> Iterator[None]:
    """The reactor runs."""
    thread = threading.Thread(target=reactor.run, kwargs={"installSignalHandlers": False}, name="reactor")
    thread.start()
    yield
    reactor.callFromThread(reactor.stop)
    thread.join(PATIENCE)
    assert not thread.is_alive()


@pytest.fixture
def within(running: None) -> Callable[..., Any]:
    """Call a function in the reactor's thread and return what its Deferred brings."""
    return lambda function, *args: blockingCallFromThread(reactor, lambda: maybeDeferred(function, *args))


@pytest.fixture
def serve(within: Callable[..., Any]) -> Iterator[Callable[[Resource], int]]:
    """Serve a resource as the root of a site; return the port."""
    ports: list[Any] = []

    def start(root: Resource) -> int:
        def listen() -> int:
            ports.append(reactor.listenTCP(0, Site(root), interface="127.0.0.1"))
            return int(ports[-1].getHost().port)

        return int(within(listen))

    yield start
    for port in ports:
        within(port.stopListening)


@pytest.fixture
def fetch() -> Callable[..., tuple[int, dict[str, str], bytes]]:
    """Ask a port over a connection of its own; return status, fields and body."""

    def ask(port: int, path: str = "/", method: str = "GET", **fields: str) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            headers = {name.replace("_", "-"): value for name, value in fields.items()}
            connection.request(method, path, headers={"Connection": "close", **headers})
            response = connection.getresponse()
            return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
        finally:
            connection.close()

    return ask
