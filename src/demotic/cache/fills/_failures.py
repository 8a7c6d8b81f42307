"""Exceptions as records: kept only for types that were asked for, and raised again as what they were."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from demotic.cache._errors import Unreadable, WrongCacheUse
from demotic.cache.values import dump_tagged, load_tagged

Negative = Mapping[type[Exception], float]


def checked_negative(negative: Negative) -> Negative:
    """Return which exceptions are kept for how long. Raises `WrongCacheUse`."""
    for kind, ttl in negative.items():
        if not (isinstance(kind, type) and issubclass(kind, Exception)):
            raise WrongCacheUse(f"{kind!r} is no type of exception", target="negative")
        if not ttl > 0:
            raise WrongCacheUse(f"{ttl!r} is no time to live", target="negative", hint="seconds above 0")
    return dict(negative)


def negative_ttl(error: Exception, negative: Negative) -> float | None:
    """Return for how long an exception is kept, by the nearest of its classes; None if it is not."""
    return next((negative[kind] for kind in type(error).__mro__ if kind in negative), None)


def dump_failure(error: Exception) -> bytes:
    """Return an exception as bytes: its class's name, its arguments, its attributes. Raises `Unstorable`."""
    return dump_tagged((_name(type(error)), error.args, dict(vars(error))))


def load_failure(data: bytes, negative: Negative) -> Exception:
    """Return an exception, of a class that is asked for or one below it; nothing else is made. Raises `Unreadable`."""
    try:
        name, args, state = load_tagged(data)
        kind = next((kind for kind in _classes(negative) if _name(kind) == name), None)
        if kind is None:
            raise Unreadable(f"{name} is no exception that is kept here")
        error: Exception = kind.__new__(kind, *args)
        error.args = args
        vars(error).update(state)
        return error
    except (TypeError, ValueError) as mistake:
        raise Unreadable(f"no exception that this program has: {mistake}") from None


def _classes(negative: Negative) -> Iterator[type[Any]]:
    ahead: list[type[Any]] = list(negative)
    while ahead:
        kind = ahead.pop()
        yield kind
        ahead.extend(kind.__subclasses__())


def _name(kind: type) -> str:
    return f"{kind.__module__}:{kind.__qualname__}"
