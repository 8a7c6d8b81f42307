"""A small HTTP client with two ends: an application in this process (PEP 3333), or a server on a port."""

from __future__ import annotations

import http.client
import io
import json
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

ROOT_PATH = "/odata/v4/"
NEXT_LINK = "@odata.nextLink"


@dataclass(frozen=True)
class Reply:
    """A response: header fields by lower-case name."""

    status: int
    fields: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON, numbers with a point as Decimal."""
        return json.loads(self.body, parse_float=Decimal)

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


class Client(ABC):
    """A client of one service. Paths are relative to the service root, ready for the wire."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.root = origin + ROOT_PATH

    @abstractmethod
    def send(self, method: str, target: str, fields: dict[str, str], body: bytes = b"") -> Reply:
        """Send a request for a path and query."""

    def request(self, method: str, path: str, fields: dict[str, str] | None = None, body: bytes = b"") -> Reply:
        """Send a request for a path below the service root, or a URL of the service."""
        if path.startswith(("http://", "https://")):
            assert path.startswith(self.root), f"{path} leads out of the service"
            path = path[len(self.root) :]
        return self.send(method, f"{ROOT_PATH}{path.replace(' ', '%20')}", fields or {}, body)

    def get(self, path: str, fields: dict[str, str] | None = None) -> Reply:
        """Send a GET."""
        return self.request("GET", path, fields)

    def read(self, path: str, fields: dict[str, str] | None = None) -> Any:
        """Return the JSON of a GET that must succeed."""
        reply = self.get(path, fields)
        assert reply.status == 200, f"GET {path} -> {reply.status} {reply.body[:500]!r}"
        return reply.json

    def pages(self, path: str, fields: dict[str, str] | None = None) -> Iterator[list[dict[str, Any]]]:
        """Yield the rows of a collection page by page, as next links lead."""
        following: str | None = path
        while following is not None:
            document = self.read(following, fields)
            yield document["value"]
            following = document.get(NEXT_LINK)

    def rows(self, path: str, fields: dict[str, str] | None = None) -> list[dict[str, Any]]:
        """Return the rows of a collection, of all pages."""
        return [row for page in self.pages(path, fields) for row in page]


class WsgiClient(Client):
    """Calls a WSGI application as a server does."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        super().__init__("http://service.test")
        self._application = application

    def send(self, method: str, target: str, fields: dict[str, str], body: bytes = b"") -> Reply:
        """Send a request for a path and query."""
        path, _, query = target.partition("?")
        sent: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
            sent.append((status, headers))

        chunks = self._application(self._environ(method, path, query, fields, body), start_response)
        try:
            answer = b"".join(chunks)
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()
        ((status, headers),) = sent
        return Reply(int(status[:3]), {name.lower(): value for name, value in headers}, answer)

    def _environ(self, method: str, path: str, query: str, fields: dict[str, str], body: bytes) -> dict[str, Any]:
        return {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "REQUEST_URI": f"{path}?{query}" if query else path,
            "QUERY_STRING": query,
            "SERVER_NAME": "service.test",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "service.test",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            **{_environ_name(name): value for name, value in fields.items()},
        }


def _environ_name(field: str) -> str:
    name = field.upper().replace("-", "_")
    return name if name in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{name}"


class ServerClient(Client):
    """Speaks to a server over one connection that is kept open."""

    def __init__(self, origin: str) -> None:
        super().__init__(origin)
        parts = urlsplit(origin)
        assert parts.hostname
        self._connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)

    def send(self, method: str, target: str, fields: dict[str, str], body: bytes = b"") -> Reply:
        """Send a request for a path and query."""
        self._connection.request(method, target, body=body or None, headers=fields)
        response = self._connection.getresponse()
        answer = response.read()
        return Reply(response.status, {name.lower(): value for name, value in response.getheaders()}, answer)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
