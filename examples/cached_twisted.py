"""Users and their e-mail addresses with Twisted, cached in two styles: the storage, or the response.

Reading an address takes a while, so it is done once. In the first style, the storage's answer is kept, and every page
is rendered from it; in the second, the rendered page is kept. Either way a new address is seen at once.
"""

from __future__ import annotations

from typing import Any
from urllib.request import urlopen

from twisted.internet.defer import Deferred, inlineCallbacks
from twisted.internet.task import deferLater, react
from twisted.internet.threads import deferToThread
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET, Site

from demotic.cache.twisted import cached, cached_response, registry


class Storage:
    """The addresses. A reading takes a moment."""

    def __init__(self, clock: Any) -> None:
        self._clock = clock
        self._emails = {"bob": "bob@example.com"}

    def read(self, user: str) -> Deferred[str]:
        """Bring the address of a user."""
        print(f"  reading the address of {user} from the storage")
        return deferLater(self._clock, 0.01, lambda: self._emails[user])

    def write(self, user: str, email: str) -> None:
        """Change the address of a user."""
        self._emails[user] = email


class CachedStorage(Storage):
    """The first style: what the storage brings is kept, and replaced when it changes."""

    @cached(ttl=3600, exclude_self=True)
    def get(self, user: str) -> Deferred[str]:
        """Bring the address of a user."""
        return self.read(user)

    def set(self, user: str, email: str) -> Deferred[Any]:
        """Change the address of a user, here and in the cache if it is there."""
        self.write(user, email)
        return self.get.replace(email, user)


class Page(Resource):
    """The second style: the page is kept, in the form in which it is sent, and forgotten when its data changes."""

    isLeaf = True

    def __init__(self, storage: Storage) -> None:
        super().__init__()
        self._storage = storage

    @cached_response(ttl=3600, tags=lambda self, request: ["user:bob"])
    def render_GET(self, request: Any) -> Any:
        """Answer later, when the storage has."""

        def write(email: str) -> None:
            request.write(f"bob: {email}".encode())
            request.finish()

        self._storage.read("bob").addCallback(write).addErrback(request.processingFailed)
        return NOT_DONE_YET


def get(address: str) -> str:
    """Ask for a page, as any client would."""
    with urlopen(address) as response:
        return str(response.read().decode())


@inlineCallbacks
def main(reactor: Any) -> Any:
    """Run both."""
    print("cache the storage")
    storage = CachedStorage(reactor)
    for _ in range(2):
        print((yield storage.get("bob")))
    yield storage.set("bob", "bob@example.org")
    print((yield storage.get("bob")))

    print("cache the response")
    port = reactor.listenTCP(0, Site(Page(storage)), interface="127.0.0.1")

    def fetch() -> Deferred[str]:
        return deferToThread(get, f"http://127.0.0.1:{port.getHost().port}/")

    for _ in range(2):
        print((yield fetch()))
    storage.write("bob", "bob@example.net")
    yield registry.invalidate_tags("user:bob")
    print((yield fetch()))
    yield port.stopListening()


if __name__ == "__main__":
    react(main)
