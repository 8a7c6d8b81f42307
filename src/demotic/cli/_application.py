"""The application that `demotic serve` runs: the OData service and the pages beside it, under one roof.

Each worker process builds its own from the same settings, which are plain values and travel as they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from demotic.cli._source import Source
from demotic.cli._start_page import elsewhere, health_check, no_icon, start_page
from demotic.protocols.odata import ODataV2, ODataV4
from demotic.service import Limits, Service
from demotic.store import Store
from demotic.syntax.http import Handler, Request, Response
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
    changes. ``only_here`` takes changes only from pages of this machine's own addresses.
    """

    source: Source
    title: str
    page_size: int | None = 5000
    root_url: str | None = None
    threads: int = 1
    log: bool = True
    read_only: bool = False
    only_here: bool = False


def handler_for(store: Store, settings: Settings) -> Handler:
    """Return the handler that publishes a store."""
    service = Service(store, settings.title, Limits(page_size=settings.page_size), settings.read_only)
    public = settings.root_url
    odata: Handler = ODataV4(service, f"/{SERVICE_PATH}", public_root=public + SERVICE_PATH if public else None)
    former: Handler = ODataV2(service, f"/{FORMER_PATH}", public_root=public + FORMER_PATH if public else None)
    if settings.only_here and not settings.read_only:
        odata, former = changes_from_here(odata), changes_from_here(former)
    return Mount(
        {
            "/": start_page(service, path=SERVICE_PATH, public_url=public),
            "/favicon.ico": no_icon,
            "/healthz": health_check,
            SERVICE_FOLDER: elsewhere(f"/{SERVICE_PATH}"),
            f"/{SERVICE_PATH}": odata,
            f"/{FORMER_PATH}": former,
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
