"""The driver of WSGI (PEP 3333): takes an application's response through a `Flow`, whatever way it is handed over.

An application may call `start_response` before it returns or when its first piece is asked for, may call it again with
an exception, and may use the old `write` callable: all end in the same flow.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Any, TypeAlias

from demotic.cache.web._fields import Fields, content_length
from demotic.cache.web._flow import Answer, Asked, Flow, Head, Middleware, Step
from demotic.syntax.http import reason

__all__ = ["Environ", "StartResponse", "WsgiApp", "WsgiFilter", "environ_key", "read_head", "send_head"]

Environ: TypeAlias = dict[str, Any]
StartResponse: TypeAlias = Callable[..., Any]
WsgiApp: TypeAlias = Callable[[Environ, StartResponse], Iterable[bytes]]


class WsgiFilter:
    """A WSGI application that passes requests and responses of another through a middleware."""

    def __init__(self, app: WsgiApp, middleware: Middleware) -> None:
        self._app = app
        self._middleware = middleware

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        step = self._middleware(Asked(environ["REQUEST_METHOD"], lambda name: environ.get(environ_key(name))))
        if step is None:
            return self._app(environ, start_response)
        if isinstance(step, Answer):
            send_head(start_response, step.head)
            return [b"" if environ["REQUEST_METHOD"] == "HEAD" else step.body]
        exchange = _Exchange(step, start_response)
        result = self._app(_seen(environ, step), exchange.start_response)
        if exchange.begun:
            exchange.decide(_size(result))
            if exchange.untouched:
                exchange.send_head()
                return result
        return _Body(result, exchange)


class _Exchange:
    """One response between its application and its server."""

    def __init__(self, step: Step, start_response: StartResponse) -> None:
        self._step = step
        self._start_response = start_response
        self._head: Head | None = None
        self._flow: Flow | None = None
        self._sent = False
        self._write: Callable[[bytes], Any] = _unbegun

    @property
    def begun(self) -> bool:
        """Whether the application has begun its response."""
        return self._head is not None

    @property
    def wanted(self) -> bool:
        """Whether any more of the body is needed."""
        return self._flow is None or self._flow.wanted

    @property
    def untouched(self) -> bool:
        """Whether the body can be handed on as it is."""
        return self._flow is not None and self._flow.untouched and not self._sent

    def start_response(self, status: str, headers: Fields, exc_info: Any = None) -> Callable[[bytes], object]:
        """Take the beginning of the application's response; once it is sent, only the server can say what happens."""
        if self._sent and exc_info is not None:
            self._start_response(status, headers, exc_info)
        self._head, self._flow = read_head(status, headers), None
        return self._take_write

    def _take_write(self, chunk: bytes) -> None:
        out = self.push(chunk)
        if self.send_head() and out:
            self._write(out)

    def decide(self, size: int | None) -> Flow:
        """Choose the flow, once; ``size`` is the length of the body where the iterable tells it."""
        if self._flow is None:
            if self._head is None:
                raise AssertionError("the WSGI application sent a body without calling start_response")
            stated = content_length(self._head.fields)
            self._flow = self._step.flow(self._head, size if stated is None else stated)
        return self._flow

    def push(self, chunk: bytes) -> bytes:
        """Pass a piece of the body on and return what is to be sent of it."""
        return self.decide(None).push(chunk)

    def end(self) -> bytes:
        """Pass the end of the body on and return the rest to send."""
        return self.decide(None).end()

    def send_head(self) -> bool:
        """Send the head if it is known and not sent yet; tell whether it is sent."""
        head = self._flow.head if self._flow is not None else None
        if not self._sent and head is not None:
            self._sent = True
            self._write = send_head(self._start_response, head)
        return self._sent


class _Body:
    """The pieces of a body that the server gets; closes the application's body however it ends."""

    def __init__(self, result: Iterable[bytes], exchange: _Exchange) -> None:
        self._result = result
        self._exchange = exchange
        self._pieces = self._run()

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces

    def close(self) -> None:
        """Release the application's body."""
        self._pieces.close()
        close = getattr(self._result, "close", None)
        if close is not None:
            close()

    def _run(self) -> Generator[bytes, None, None]:
        exchange = self._exchange
        for chunk in self._result if exchange.wanted else ():
            out = exchange.push(chunk)
            if exchange.send_head() and out:
                yield out
            if not exchange.wanted:
                break
        rest = exchange.end()
        exchange.send_head()
        yield rest


def environ_key(name: str) -> str:
    """Return the key of a request field, given by its lower-case name; not for Content-Type and Content-Length."""
    return "HTTP_" + name.upper().replace("-", "_")


def read_head(status: str, headers: Fields) -> Head:
    """Return what an application gave to `start_response`."""
    code, _, phrase = status.partition(" ")
    return Head(int(code), list(headers), phrase)


def send_head(start_response: StartResponse, head: Head) -> Callable[[bytes], Any]:
    """Begin a response and return the server's `write`."""
    write: Callable[[bytes], Any] = start_response(f"{head.status} {head.reason or reason(head.status)}", head.fields)
    return write


def _seen(environ: Environ, step: Step) -> Environ:
    """Return the environment that the application sees; the client's own stays as it is, for what stands outside."""
    if step.method is None and not step.fields:
        return environ
    changed = {environ_key(name): value for name, value in step.fields.items()}
    if step.method is not None:
        changed["REQUEST_METHOD"] = step.method
    return {key: value for key, value in (environ | changed).items() if value is not None}


def _unbegun(chunk: bytes) -> None:
    raise AssertionError("the response has not begun")


def _size(result: Iterable[bytes]) -> int | None:
    return sum(map(len, result)) if isinstance(result, (list, tuple)) else None
