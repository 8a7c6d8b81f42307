"""How a worker of granian calls our application: fewer steps for each request, and streams beside its own threads.

Granian has one thread (or as many as it is told to have) that calls a WSGI application and then iterates over a body in
chunks. A client that stops reading holds that thread. More threads would help, but they cost more than they bring where
an application computes in process (`demotic.transports.wsgi`, on turns). So a body in chunks is sent from a thread made
for it. And what granian adds to every environment, all variables of the process, is left out.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Any

from granian.server import mp
from granian.wsgi import ResponseIterWrap

Application = Callable[..., Any]
Runner = Callable[[Any, dict[str, Any]], int]

_WRAP = "_wsgi_call_wrap"
iterated: Callable[[Any], Any] = ResponseIterWrap


def call_directly() -> None:
    """Make the workers of this process call applications with `runner_for`; harmless when called again.

    Granian has no setting for it, so one internal function of it is replaced. The tests of `demotic serve` hold that
    this works with the version at hand.
    """
    setattr(mp, _WRAP, lambda application, *_options: runner_for(application))


def runner_for(application: Application) -> Runner:
    """Return what granian calls for each request, with its side of the exchange and the request's environment."""
    constant: dict[str, Any] = {
        "SCRIPT_NAME": "",
        "SERVER_SOFTWARE": "granian",
        "wsgi.errors": sys.stderr,
        "wsgi.input_terminated": True,
        "wsgi.multiprocess": True,
        "wsgi.multithread": True,
        "wsgi.run_once": False,
        "wsgi.version": (1, 0),
    }

    def run(exchange: Any, variable: dict[str, Any]) -> int:
        sent = _Sent()
        body = application(constant | variable, sent)
        if isinstance(body, list):
            exchange.response_bytes(sent.status, sent.fields, body[0] if len(body) == 1 else b"".join(body))
        else:
            answer = (sent.status, sent.fields, iterated(body))
            threading.Thread(target=exchange.response_iter, args=answer, name="demotic-stream", daemon=True).start()
        return sent.status

    return run


class _Sent:
    """The ``start_response`` of one request: keeps what the application says."""

    __slots__ = ("fields", "status")
    status: int
    fields: list[tuple[str, str]]

    def __call__(self, status: str, fields: list[tuple[str, str]], exc_info: Any = None) -> None:
        self.status = int(status[:3])
        self.fields = fields
