"""The application that `demotic serve` runs: the OData service and the pages beside it, under one roof.

Each worker process builds its own from the same settings, which are plain values and travel as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

from demotic.cli._source import Source
from demotic.cli._start_page import elsewhere, health_check, no_icon, start_page
from demotic.protocols.odata import ODataV4
from demotic.service import Limits, Service
from demotic.store import Store
from demotic.syntax.http import Handler
from demotic.transports.wsgi import AccessLog, Mount, WsgiApplication

SERVICE_PATH = "odata/v4/"
SERVICE_FOLDER = "/odata/"

MOST_STREAMS = 32
"""How many long answers a worker sends at a time; each holds a thread, a connection and a state of the data."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What to serve and how: a worker needs nothing else.

    ``page_size`` is the most entities in an answer (``None``: no limit), ``root_url`` the public address of the start
    page, with a slash at its end. ``threads`` is how many requests a worker answers at a time.
    """

    source: Source
    title: str
    page_size: int | None = 5000
    root_url: str | None = None
    threads: int = 1
    log: bool = True


def handler_for(store: Store, settings: Settings) -> Handler:
    """Return the handler that publishes a store."""
    service = Service(store, settings.title, Limits(page_size=settings.page_size))
    public = settings.root_url
    odata = ODataV4(service, f"/{SERVICE_PATH}", public_root=public + SERVICE_PATH if public else None)
    return Mount(
        {
            "/": start_page(service, path=SERVICE_PATH, public_url=public),
            "/favicon.ico": no_icon,
            "/healthz": health_check,
            SERVICE_FOLDER: elsewhere(f"/{SERVICE_PATH}"),
            f"/{SERVICE_PATH}": odata,
        }
    )


def application(settings: Settings) -> WsgiApplication:
    """Open the store and return the WSGI application over it. Raises `DemoticError` if the store cannot be opened."""
    store = settings.source.open()
    handler = handler_for(store, settings)
    log = AccessLog() if settings.log else None
    return WsgiApplication(handler, log=log, streams=MOST_STREAMS, turns=store.in_process)
