"""How a worker of granian calls our application: fewer steps for each request, and streams beside its own threads.

Granian has one thread (or as many as it is told to have) that calls a WSGI application and then iterates over a body in
chunks. A client that stops reading holds that thread. More threads would help, but they cost more than they bring where
an application computes in process (`demotic.transports.wsgi`, on turns). So a body in chunks is sent from a thread made
for it, and there are threads to spare for bodies of requests (`_bodies`). What granian adds to every environment, all
variables of the process, is left out.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Any

from granian.server import mp
from granian.wsgi import ResponseIterWrap

from demotic.cli._bodies import Bodies, has_body

Application = Callable[..., Any]
Runner = Callable[[Any, dict[str, Any]], int]

BODY_LENGTH = 32 * 1024 * 1024
_WRAP = "_wsgi_call_wrap"
iterated: Callable[[Any], Any] = ResponseIterWrap


def call_directly(body_timeout: float = 30.0, body_length: int = BODY_LENGTH) -> None:
    """Make the workers of this process call applications with `runner_for`; harmless when called again.

    Granian has no setting for it, so one internal function of it is replaced. The tests of `demotic serve` hold that
    this works with the version at hand.
    """
    setattr(mp, _WRAP, lambda application, *_options: runner_for(application, body_timeout, body_length))


def runner_for(application: Application, body_timeout: float = 30.0, body_length: int = BODY_LENGTH) -> Runner:
    """Return what granian calls for each request, with its side of the exchange and the request's environment.

    ``body_timeout`` is how many seconds a client may take to send a body, and ``body_length`` how many bytes of it the
    application takes.
    """
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

    def answer(exchange: Any, variable: dict[str, Any]) -> int:
        sent = _Sent()
        body = application(constant | variable, sent)
        if isinstance(body, list):
            exchange.response_bytes(sent.status, sent.fields, body[0] if len(body) == 1 else b"".join(body))
        else:
            answer = (sent.status, sent.fields, iterated(body))
            threading.Thread(target=exchange.response_iter, args=answer, name="demotic-stream", daemon=True).start()
        return sent.status

    bodies = Bodies(answer, body_timeout, body_length)

    def run(exchange: Any, variable: dict[str, Any]) -> int:
        return bodies.take(exchange, variable) if has_body(variable) else answer(exchange, variable)

    return run


class _Sent:
    """The ``start_response`` of one request: keeps what the application says."""

    __slots__ = ("fields", "status")
    status: int
    fields: list[tuple[str, str]]

    def __call__(self, status: str, fields: list[tuple[str, str]], exc_info: Any = None) -> None:
        self.status = int(status[:3])
        self.fields = fields
