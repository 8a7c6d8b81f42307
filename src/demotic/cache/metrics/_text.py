"""The counters in Prometheus's text format (version 0.0.4), and applications that serve it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from demotic.cache.metrics._counted import counted
from demotic.cache.metrics._families import FAMILIES, LABEL, PREFIX

__all__ = ["CONTENT_TYPE", "metrics_asgi", "metrics_text", "metrics_wsgi"]

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_ESCAPED: Final = str.maketrans({"\\": r"\\", "\n": r"\n", '"': r"\""})


def metrics_text() -> str:
    """Return the counters of all cached functions of this process."""
    return "".join(f"{line}\n" for line in _lines())


def _lines() -> Iterator[str]:
    functions = [(name.translate(_ESCAPED), counters) for name, counters in counted().items()]
    for family in FAMILIES:
        name = f"{PREFIX}{family.name}_total"
        yield f"# HELP {name} {family.help}"
        yield f"# TYPE {name} counter"
        for function, counters in functions:
            yield f'{name}{{{LABEL}="{function}"}} {counters[family.counter]}'


def metrics_wsgi(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Serve the counters: a WSGI application, for any path."""
    body = metrics_text().encode()
    start_response("200 OK", [("Content-Type", CONTENT_TYPE), ("Content-Length", str(len(body)))])
    return [body]


async def metrics_asgi(scope: Any, receive: Any, send: Any) -> None:
    """Serve the counters: an ASGI application, for any path."""
    body = metrics_text().encode()
    fields = [(b"content-type", CONTENT_TYPE.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": fields})
    await send({"type": "http.response.body", "body": body})
