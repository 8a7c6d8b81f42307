"""One small application in both of its forms, and one way to ask either: what the tests of the web part share."""

from __future__ import annotations

import asyncio
import hashlib
import json
import wsgiref.validate
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any
from wsgiref.util import setup_testing_defaults

import brotli
from backports import zstd

DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda body: zlib.decompress(body, 31),
    "br": brotli.decompress,
    "zstd": zstd.decompress,
    "identity": bytes,
}


@dataclass
class Got:
    """A response as a client has it; fields by lower-case name."""

    status: int
    fields: dict[str, str]
    body: bytes

    @property
    def plain(self) -> bytes:
        """The body with its content coding undone."""
        return DECODERS[self.fields.get("content-encoding", "identity")](self.body) if self.body else b""


@dataclass
class Scripted:
    """An application that always answers the same, and remembers what it was asked; it is the same in both forms.

    ``chunks`` are the pieces of the body. A ``stream`` makes them one at a time; otherwise they come all at once.
    """

    status: int = 200
    fields: dict[str, str] = field(default_factory=dict)
    chunks: tuple[bytes, ...] = (b"",)
    stream: bool = False
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    sent: int = 0
    closed: int = 0

    def wsgi(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        fields = {key[5:].lower().replace("_", "-"): v for key, v in environ.items() if key.startswith("HTTP_")}
        self.asked.append((environ["REQUEST_METHOD"], fields))
        start_response(f"{self.status} Scripted", list(self.fields.items()))
        if environ["REQUEST_METHOD"] == "HEAD" or self.status in (204, 304):
            return []
        return self._pieces() if self.stream else list(self.chunks)

    def _pieces(self) -> Iterator[bytes]:
        try:
            for chunk in self.chunks:
                self.sent += 1
                yield chunk
        finally:
            self.closed += 1

    async def asgi(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        fields = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        self.asked.append((scope["method"], fields))
        headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in self.fields.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        chunks = (b"",) if scope["method"] == "HEAD" or self.status in (204, 304) else self.chunks
        if not self.stream:
            chunks = (b"".join(chunks),)
        for number, chunk in enumerate(chunks, 1):
            self.sent += 1
            await send({"type": "http.response.body", "body": chunk, "more_body": number < len(chunks)})


def environ_of(method: str = "GET", path: str = "/", query: str = "", **fields: str) -> dict[str, Any]:
    """Return a WSGI environment; field names are written with underscores."""
    environ: dict[str, Any] = {"REQUEST_METHOD": method, "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": query}
    setup_testing_defaults(environ)
    environ["wsgi.input"] = BytesIO(b"")
    return environ | {f"HTTP_{name.upper()}": value for name, value in fields.items()}


def ask_wsgi(app: Any, method: str = "GET", path: str = "/", query: str = "", **fields: str) -> Got:
    """Ask a WSGI application as a server would, with every rule of PEP 3333 checked on both sides of it."""
    begun: list[tuple[str, list[tuple[str, str]]]] = []
    written: list[bytes] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
        begun.append((status, headers))
        return written.append

    result = wsgiref.validate.validator(app)(environ_of(method, path, query, **fields), start_response)
    try:
        pieces = list(result)
    finally:
        result.close()
    status, headers = begun[-1]
    return Got(int(status[:3]), {name.lower(): value for name, value in headers}, b"".join([*written, *pieces]))


def scope_of(method: str = "GET", path: str = "/", query: str = "", **fields: str) -> dict[str, Any]:
    """Return the scope of an ASGI request; field names are written with underscores."""
    headers = [(name.lower().replace("_", "-").encode(), value.encode("latin-1")) for name, value in fields.items()]
    return {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.4"}, "http_version": "1.1", "method": method,
        "scheme": "http", "path": path, "raw_path": path.encode(), "root_path": "", "query_string": query.encode(),
        "headers": [(b"host", b"127.0.0.1"), *headers], "client": ("127.0.0.1", 5), "server": ("127.0.0.1", 80),
    }  # fmt: skip


async def asked_asgi(app: Any, method: str = "GET", path: str = "/", query: str = "", **fields: str) -> Got:
    """Ask an ASGI application as a server would."""
    messages: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        messages.append(message)

    await app(scope_of(method, path, query, **fields), receive, send)
    start, *rest = messages
    assert start["type"] == "http.response.start"
    assert [m["type"] for m in rest] == ["http.response.body"] * len(rest)
    assert [m.get("more_body", False) for m in rest] == [True] * (len(rest) - 1) + [False]
    headers = {name.decode(): value.decode("latin-1") for name, value in start["headers"]}
    return Got(start["status"], headers, b"".join(m.get("body", b"") for m in rest))


def ask_asgi(app: Any, method: str = "GET", path: str = "/", query: str = "", **fields: str) -> Got:
    """Ask an ASGI application in an event loop of its own."""
    return asyncio.run(asked_asgi(app, method, path, query, **fields))


CASES = Path(__file__).parent / "cases"


def cases(name: str) -> list[dict[str, Any]]:
    """Return the cases of a file."""
    found: list[dict[str, Any]] = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    return found


def run_case(case: dict[str, Any], form: str, middleware: Callable[[Any], Any], ask: Callable[..., Got]) -> None:
    """Ask what a case asks, and compare what came with what it expects."""
    given, asked = case.get("given", {}), case.get("ask", {})
    app, whole = _scripted(given)
    tag = f'"{hashlib.blake2b(whole, digest_size=16).hexdigest()}"'
    fields = {name.replace("-", "_"): value.replace("TAG", tag) for name, value in asked.get("fields", {}).items()}
    got = ask(middleware(getattr(app, form)), asked.get("method", "GET"), **fields)
    expect = case["expect"]
    wanted = {name: value and value.replace("TAG", tag) for name, value in expect.get("fields", {}).items()}
    assert (got.status, {name: got.fields.get(name) for name in wanted}) == (expect.get("status", 200), wanted)
    if "body" in expect:
        assert got.plain == {"whole": whole, "none": b""}.get(expect["body"], expect["body"].encode())
    seen = case.get("seen", {})
    method, saw = app.asked[-1] if app.asked else (None, {})
    assert method == seen.get("method", method)
    assert {name: saw.get(name) for name in seen.get("fields", {})} == seen.get("fields", {})


def _scripted(given: dict[str, Any]) -> tuple[Scripted, bytes]:
    whole = given.get("body", "").encode() * given.get("times", 1)
    size = -(-len(whole) // given.get("chunks", 1)) or 1
    chunks = tuple(whole[at : at + size] for at in range(0, len(whole), size)) or (b"",)
    fields = dict(given.get("fields", {}))
    if given.get("stated"):
        fields["Content-Length"] = str(len(whole))
    if whole and "Content-Type" not in fields:
        fields["Content-Type"] = "text/plain"
    return Scripted(given.get("status", 200), fields, chunks, stream="chunks" in given), whole
