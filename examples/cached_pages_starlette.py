"""Users and their e-mail addresses, as a Starlette application whose pages are kept until an address changes."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from demotic.cache import registry
from demotic.cache.web import cached_response
from demotic.cache.web.asgi import compress, conditional

EMAILS = {"bob": "bob@example.com", "ann": "ann@example.com"}


@cached_response(ttl=3600, tags=lambda request: [f"user:{request.path_params['user']}"])
async def show(request: Request) -> PlainTextResponse:
    """The page of a user."""
    user = request.path_params["user"]
    print(f"rendering the page of {user}")
    return PlainTextResponse(f"{user}: {EMAILS[user]}")


async def change(request: Request) -> PlainTextResponse:
    """A new address."""
    user = request.path_params["user"]
    EMAILS[user] = request.query_params["email"]
    await registry.aio.invalidate_tags(f"user:{user}")
    return PlainTextResponse("changed")


app = Starlette(
    routes=[Route("/users/{user}", show), Route("/users/{user}/email", change, methods=["POST"])],
    middleware=[Middleware(compress), Middleware(conditional)],
)


async def ask(method: str, path: str, query: str = "") -> str:
    """Ask the application as a server would, and return the body."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "query_string": query.encode(), "headers": []}
    await app(scope, receive, send)
    return b"".join(message.get("body", b"") for message in sent).decode()


async def main() -> None:
    """Ask for the same page a few times, many at once."""
    print(set(await asyncio.gather(*(ask("GET", "/users/bob") for _ in range(50)))))
    print(await ask("POST", "/users/bob/email", "email=bob@example.org"))
    print(await ask("GET", "/users/bob"))


if __name__ == "__main__":
    asyncio.run(main())
