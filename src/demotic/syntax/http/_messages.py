"""HTTP messages as values: what a transport hands to a protocol, and gets back.

Semantics as in RFC 9110; no bytes are framed here. The target stays percent-encoded, because a protocol must split a
path before it decodes it (RFC 3986, section 2.4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Protocol, TypeAlias


@dataclass(slots=True)
class Request:
    """A request as it came.

    ``path`` and ``query`` are percent-encoded (``query`` without its question mark). ``fields`` gives header values by
    lower-case name, and ``body`` reads at most that many bytes of the content. ``id`` names the request in logs and
    answers.
    """

    method: str
    path: str
    query: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    scheme: str = "http"
    host: str = "localhost"
    id: str = ""
    body: Callable[[int], bytes] = lambda _size: b""

    @property
    def target(self) -> str:
        """The path and query as they stood in the request line."""
        return f"{self.path}?{self.query}" if self.query else self.path


class Chunks(Protocol):
    """A body that is made while it is sent. Whoever takes it must close it, exhausted or not."""

    def __iter__(self) -> Iterator[bytes]: ...

    def close(self) -> None: ...


Body: TypeAlias = bytes | Chunks


@dataclass(slots=True)
class Response:
    """A response to send: status, header fields in order, and the body, whole or in chunks."""

    status: int
    fields: list[tuple[str, str]]
    body: Body = b""

    def field(self, name: str) -> str | None:
        """Return the first value of a header field, by name in any case, or ``None``."""
        wanted = name.lower()
        return next((value for key, value in self.fields if key.lower() == wanted), None)


Handler: TypeAlias = Callable[[Request], Response]


def reason(status: int) -> str:
    """Return the reason phrase of a status code, empty where HTTP names none."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
