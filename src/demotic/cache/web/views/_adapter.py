"""What an adapter knows of its framework, and how the adapter of a request is found."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from functools import cache
from typing import Any, Final, Protocol

from demotic.cache._errors import WrongCacheUse
from demotic.cache.web._fields import vary_on
from demotic.cache.web._flow import Head
from demotic.cache.web.pages import PageRequest

__all__ = ["Adapter", "find_adapter", "with_session"]


class Adapter(Protocol):
    """How requests of a framework are read, and its responses taken apart and put together."""

    def facts(self, request: Any) -> PageRequest:
        """Return what a page may depend on."""
        ...

    def take(self, request: Any, response: Any) -> tuple[Head, bytes] | None:
        """Return head and body of a response, `None` for a stream or what else cannot be kept."""
        ...

    def give(self, request: Any, head: Head, body: bytes) -> Any:
        """Return a response of the framework."""
        ...


ADAPTERS: Final = {
    "demotic": "demotic.cache.web.views._handler",
    "django": "demotic.cache.web.views._django",
    "starlette": "demotic.cache.web.views._starlette",
}
"""The adapter's module, by the package that the class of a request comes from."""

FLASK: Final = "demotic.cache.web.views._flask"
HINT: Final = "give adapter=, or decorate the whole application with that of demotic.cache.web.wsgi or .asgi"


def find_adapter(view: str, arguments: Sequence[object]) -> tuple[Adapter, Any]:
    """Return the adapter for a call and its request: an argument, or the one that Flask has at hand.

    Raises `WrongCacheUse` where there is none.
    """
    for argument in arguments:
        kind: Any = type(argument)
        found = _adapter_of(kind)
        if found is not None:
            return found, argument
    if (flask := sys.modules.get("flask")) is not None and flask.has_request_context():
        return _load(FLASK), flask.request
    raise WrongCacheUse(f"{view} was called without a request that is known here", hint=HINT)


@cache
def _adapter_of(kind: type[Any]) -> Adapter | None:
    packages = (cls.__module__.partition(".")[0] for cls in kind.__mro__ if "Request" in cls.__name__)
    module = next((ADAPTERS[package] for package in packages if package in ADAPTERS), None)
    return None if module is None else _load(module)


@cache
def _load(module: str) -> Adapter:
    adapter: Adapter = importlib.import_module(module).ADAPTER
    return adapter


def with_session(head: Head, session: object) -> Head:
    """Return the head of a response made with a session: one that was looked into depends on the client's cookie.

    Frameworks say so themselves, but later than a view's response is taken.
    """
    if not getattr(session, "accessed", False):
        return head
    return Head(head.status, vary_on(head.fields, "Cookie"), head.reason)
