"""What the HTTP middleware of the cache costs, and what it saves: a Flask application with and without it.

The application answers in this process, with a page of 10 KB made from a template. The time is that of the processor,
which other programs do not stretch, for one request from the environment to the last byte. Each figure is the time with
the middleware over the time without, of the same rounds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any
from wsgiref.util import setup_testing_defaults

import flask
from report import Figure

from demotic.cache import Memory
from demotic.cache.web.wsgi import cached_response, compress, conditional

TEMPLATE = "<ul>{% for row in rows %}<li>{{ row }}: {{ row * row }}</li>{% endfor %}</ul>"
ROWS = 400
REQUESTS = 50
TURNS = 8
"""How often a round takes turns: what disturbs one of them does so for a moment."""

Ask = Callable[[], None]


def web_cache(*, rounds: int) -> Iterator[Figure]:
    """Yield the ratios, lowest first where nothing is to be computed."""
    flask_app = flask.Flask("bench")
    template = flask_app.jinja_env.from_string(TEMPLATE)
    flask_app.add_url_rule("/", "page", lambda: flask.render_template(template, rows=range(ROWS)))
    bare = flask_app.wsgi_app
    tag = _tag(conditional(bare))
    variants: dict[str, Ask] = {
        "bare": _asking(bare),
        "web hit": _asking(cached_response(bare, 60, backend=Memory())),
        "web hit, all": _asking(compress(conditional(cached_response(bare, 60, backend=Memory())))),
        "web conditional": _asking(conditional(bare)),
        "web not modified": _asking(conditional(bare), HTTP_IF_NONE_MATCH=tag),
        "web compress, not asked for": _asking(compress(bare)),
        "web compress, gzip": _asking(compress(bare), HTTP_ACCEPT_ENCODING="gzip"),
        "web compress, br": _asking(compress(bare), HTTP_ACCEPT_ENCODING="br"),
        "web compress, zstd": _asking(compress(bare), HTTP_ACCEPT_ENCODING="zstd"),
    }
    times: dict[str, list[float]] = {name: [] for name in variants}
    for ask in variants.values():
        ask()
    for _ in range(rounds * TURNS):
        for name, ask in variants.items():
            times[name].append(_seconds(ask))
    base = min(times.pop("bare"))
    for name, measured in times.items():
        least = min(measured)  # whatever disturbs makes it longer
        yield Figure(name, least / base, "of bare", note=f"{least * 1e6:.0f} µs, bare {base * 1e6:.0f} µs")


def _seconds(ask: Ask) -> float:
    began = time.process_time()
    for _ in range(REQUESTS):
        ask()
    return (time.process_time() - began) / REQUESTS


def _asking(app: Any, **fields: str) -> Ask:
    environ: dict[str, Any] = {"REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": "/", **fields}
    setup_testing_defaults(environ)

    def ask() -> None:
        result = app(dict(environ), lambda *head: lambda data: None)
        for _ in result:
            pass
        close = getattr(result, "close", None)
        if close is not None:
            close()

    return ask


def _tag(app: Any) -> str:
    heads: list[Any] = []
    environ: dict[str, Any] = {"REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": "/"}
    setup_testing_defaults(environ)
    list(app(environ, lambda status, fields: heads.append(dict(fields))))
    return str(heads[0]["ETag"])
