"""The application that `demotic serve` runs: the OData service and the pages beside it, under one roof.

Each worker process builds its own from the same settings, which are plain values and travel as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from demotic.cli._access import OPEN, Access, Page
from demotic.cli._source import Source
from demotic.cli._start_page import elsewhere, health_check, no_icon, start_page
from demotic.protocols.odata import ODataV2, ODataV4
from demotic.service import Limits, Service
from demotic.service.access import Speaker
from demotic.store import Store
from demotic.syntax.http import Handler, Request, Response
from demotic.transports.cors import Cors
from demotic.transports.wsgi import AccessLog, Mount, WsgiApplication

_LOCAL_HOST = re.compile(r"(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?", re.IGNORECASE)
_NOT_FROM_THERE = (
    b'{"error":{"code":"ForeignHost","message":"Data is changed under the addresses of this machine only '
    b'(localhost, 127.0.0.1), unless --writable is given."}}'
)
SERVICE_PATH = "odata/v4/"
FORMER_PATH = "odata/v2/"
"""Where the same service is in OData 2.0, for tools that do not speak a later version."""
SERVICE_FOLDER = "/odata/"

MOST_STREAMS = 32
"""How many long answers a worker sends at a time; each holds a thread, a connection and a state of the data."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What to serve and how: a worker needs nothing else.

    ``page_size`` is the most entities in an answer (``None``: no limit), ``root_url`` the public address of the start
    page, with a slash at its end. ``threads`` is how many requests a worker answers at a time. ``read_only`` offers no
    changes. ``only_here`` takes changes only from pages of this machine's own addresses. ``access`` says who is let in
    and what they may do, ``cors`` whose pages may read answers in browsers. ``body_timeout`` is how many
    seconds a client may take to send a body, ``key_as_segment`` takes keys as segments of paths. ``media_size`` is the
    most megabytes of a stream that is sent.
    """

    source: Source
    title: str
    page_size: int | None = 5000
    root_url: str | None = None
    threads: int = 1
    log: bool = True
    read_only: bool = False
    only_here: bool = False
    access: Access = OPEN
    cors: tuple[str, ...] = ()
    cors_credentials: bool = False
    body_timeout: float = 30.0
    body_threads: int | None = None
    key_as_segment: bool = False
    media_size: int = 64

    @property
    def limits(self) -> Limits:
        """The limits of the service."""
        return Limits(page_size=self.page_size, media_length=self.media_size * 1024 * 1024)


def handler_for(store: Store, settings: Settings) -> Handler:
    """Return the handler that publishes a store. Raises `DemoticError` for access rules and files that do not do."""
    service = Service(
        store,
        settings.title,
        settings.limits,
        settings.read_only,
        key_as_segment=settings.key_as_segment,
    )
    public = settings.root_url
    published = settings.access.published(service)

    def spoken(speak: Callable[..., Speaker], path: str) -> Handler:
        handler = published(partial(speak, root=f"/{path}", public_root=public + path if public else None))
        if settings.only_here and not settings.read_only:
            handler = changes_from_here(handler)
        if settings.cors:
            handler = Cors(handler, settings.cors, credentials=settings.cors_credentials)
        return handler

    return Mount(
        {
            "/": published(lambda seen: Page(start_page(seen, path=SERVICE_PATH, public_url=public))),
            "/favicon.ico": no_icon,
            "/healthz": health_check,
            SERVICE_FOLDER: elsewhere(f"/{SERVICE_PATH}"),
            f"/{SERVICE_PATH}": spoken(ODataV4, SERVICE_PATH),
            f"/{FORMER_PATH}": spoken(ODataV2, FORMER_PATH),
        }
    )


def changes_from_here(handler: Handler) -> Handler:
    """Return a handler that refuses changes under names that are not this machine's own.

    A page from elsewhere whose name was made to lead here (DNS rebinding) has its own name in the Host field.
    """

    def checked(request: Request) -> Response:
        if request.method in ("GET", "HEAD") or _LOCAL_HOST.fullmatch(request.host):
            return handler(request)
        return Response(403, [("content-type", "application/json")], _NOT_FROM_THERE)

    return checked


def application(settings: Settings) -> WsgiApplication:
    """Open the store and return the WSGI application over it. Raises `DemoticError` if the store cannot be opened."""
    store = settings.source.open()
    handler = handler_for(store, settings)
    log = AccessLog() if settings.log else None
    return WsgiApplication(handler, log=log, streams=MOST_STREAMS, turns=store.in_process)
