"""A database as OData within a Starlette application. Run it beside a sample database (demotic sample shop.db)."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from demotic.protocols.odata import ODataV4
from demotic.service import Service
from demotic.store.sql import open_store
from demotic.transports.asgi import AsgiApplication


async def hello(request: Request) -> PlainTextResponse:
    """A page of the application's own."""
    return PlainTextResponse("hello")


def application() -> Starlette:
    """Return an application with a page of its own, and the shop below /shop/. The service knows its whole path."""
    store = open_store("shop.db")
    shop = AsgiApplication(ODataV4(Service(store, "Shop"), "/shop/"), on_shutdown=store.close)
    return Starlette(routes=[Route("/hello", hello), Mount("/shop", shop)])


async def ask(app: Any, path: str, query: str = "") -> str:
    """Ask the application as a server would."""
    parts: list[str] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b""}

    async def send(message: dict[str, Any]) -> None:
        parts.append(str(message.get("status", "")) + message.get("body", b"").decode())

    scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "root_path": "", "headers": []}
    await app({**scope, "query_string": query.encode(), "scheme": "http", "server": ("localhost", 80)}, receive, send)
    return " ".join(parts)


if __name__ == "__main__":
    app = application()
    print(asyncio.run(ask(app, "/hello")))
    print(asyncio.run(ask(app, "/shop/Products", "$top=2&$select=Name,Price")))
