"""A request that a resource renders to while its page is made: what is written is collected, not sent.

It reads like the request that came (everything but writing is passed on to it), always as a GET. When the response
turns out to be too long to be kept, it goes on to the client directly from there on. Nobody tells a resource that the
client has left while its page is made: others may wait for the same page.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from twisted.internet.defer import Deferred
from twisted.web.http import RESPONSES
from twisted.web.http_headers import Headers
from twisted.web.iweb import IRequest
from twisted.web.server import NOT_DONE_YET
from zope.interface import implementer

from demotic.cache.twisted._reactor import the_reactor
from demotic.cache.web._fields import vary_on
from demotic.cache.web._flow import Head
from demotic.cache.web.pages import TOO_LONG, Page, Rules, Unkept, page_of
from demotic.syntax.http import format_http_date

__all__ = ["Capture", "send_head"]


@implementer(IRequest)
class Capture:
    """Stands for ``real`` while a page is made; ``page`` brings the `Page`, or `Unkept` if it went to the client."""

    def __init__(self, real: Any, rules: Rules) -> None:
        self.real = real
        self.rules = rules
        self.method = b"GET"
        self.code = 200
        self.code_message = b"OK"
        self.responseHeaders = Headers()
        self.cookies: list[bytes] = []
        self.page: Deferred[Page | Unkept] = Deferred()
        self.finished = 0
        self._body = bytearray()
        self._uses_session = False
        self._passing = False
        self._hidden = frozenset(name.encode() for name in rules.hidden)
        self._producer: Any = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    # -- what is read

    def getHeader(self, key: Any) -> Any:
        """Return a request field, unless a page for everybody must not depend on it."""
        name = key.lower() if isinstance(key, bytes) else key.lower().encode("latin-1")
        return None if name in self._hidden else self.real.getHeader(key)

    def getSession(self, *args: Any, **kwargs: Any) -> Any:
        """Return the session; the page is then one client's."""
        self._uses_session = True
        return self.real.getSession(*args, **kwargs)

    def notifyFinish(self) -> Deferred[None]:
        """Return a Deferred for the end of the response."""
        ended: Deferred[None] = Deferred()

        def end(result: Any) -> Any:
            ended.callback(None)
            return result

        self.page.addBoth(end)
        return ended

    # -- what is written

    def setResponseCode(self, code: int, message: bytes | None = None) -> None:
        """Set the status."""
        self.code = code
        self.code_message = message if message is not None else RESPONSES.get(code, b"Unknown Status")

    def setHeader(self, name: Any, value: Any) -> None:
        """Set a field of the response."""
        self.responseHeaders.setRawHeaders(name, [value])

    def addCookie(self, k: Any, v: Any, **attributes: Any) -> None:
        """Set a cookie: the page is then one client's."""
        self.real.addCookie(k, v, **attributes)
        self.cookies.append(self.real.cookies[-1])

    def redirect(self, url: Any) -> None:
        """Answer with a redirection."""
        self.setResponseCode(302)
        self.setHeader(b"location", url)

    def setETag(self, etag: bytes) -> None:
        """Set the entity tag; conditions are decided when the page is sent."""
        self.setHeader(b"etag", etag)

    def setLastModified(self, when: float) -> None:
        """Set the time of the last change."""
        self.setHeader(b"last-modified", format_http_date(datetime.fromtimestamp(when, UTC)))

    def write(self, data: bytes) -> None:
        """Take a piece of the body."""
        if not isinstance(data, bytes):
            raise TypeError(f"a response is written in bytes, not {type(data).__name__}")
        if self._passing:
            self.real.write(data)
            return
        self._body += data
        if len(self._body) > self.rules.largest or self.rules.is_stream(self._head()):
            self._pass_on()

    def finish(self) -> None:
        """Take the end of the body."""
        self.finished = 1
        if self._passing:
            self.real.finish()
            self.page.callback(Unkept(None, TOO_LONG))
        else:
            self.page.callback(page_of(self._head(), bytes(self._body), self.rules.vary))

    def processingFailed(self, reason: Any) -> None:
        """Take the failure of a resource that answers later."""
        self.page.errback(reason)

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        """Let a producer write; one that waits to be asked is asked as fast as the reactor turns."""
        if self._passing:
            self.real.registerProducer(producer, streaming)
            return
        self._producer = producer
        if not streaming:
            self._pull()

    def unregisterProducer(self) -> None:
        """Take the end of a producer."""
        self._producer = None
        if self._passing:
            self.real.unregisterProducer()

    def _pull(self) -> None:
        if self._producer is not None:
            self._producer.resumeProducing()
            the_reactor().callLater(0, self._pull)

    # -- what comes of it

    def rendered(self, result: Any) -> Deferred[Page | Unkept]:
        """Take what `render_GET` returned, and return the Deferred of the page."""
        if result is not NOT_DONE_YET:
            self.write(result)
            self.finish()
        return self.page

    def _head(self) -> Head:
        raw = self.responseHeaders.getAllRawHeaders()
        fields = [(name.decode("latin-1"), value.decode("latin-1")) for name, values in raw for value in values]
        fields += [("Set-Cookie", cookie.decode("latin-1")) for cookie in self.cookies]
        if self._uses_session:
            fields = vary_on(fields, "Cookie")
        return Head(self.code, fields, self.code_message.decode("latin-1"))

    def _pass_on(self) -> None:
        self._passing = True
        head = self._head()
        send_head(self.real, Head(head.status, [pair for pair in head.fields if pair[0] != "Set-Cookie"], head.reason))
        self.real.write(bytes(self._body))


def send_head(request: Any, head: Head) -> None:
    """Set the status and the fields of a response."""
    request.setResponseCode(head.status, (head.reason or "").encode("latin-1") or None)
    names = {name.lower() for name, _ in head.fields}
    for name in names:
        values = [value for known, value in head.fields if known.lower() == name]
        request.responseHeaders.setRawHeaders(name, values)
