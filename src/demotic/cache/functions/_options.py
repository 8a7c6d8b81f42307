"""What `@cached` was asked for, checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from demotic.cache._counters import Hook
from demotic.cache._errors import WrongCacheUse
from demotic.cache.backends import Backend
from demotic.cache.fills import Freshness, Negative
from demotic.cache.values import Json, Msgpack, Serializer

Tags = Callable[..., Iterable[str]] | Sequence[str]
MOST_TAGS = 60

SERIALIZERS: dict[str, Callable[[], Serializer]] = {"msgpack": Msgpack, "json": Json}


class Options(NamedTuple):
    """The options of one decorated function; `demotic.cache.cached` tells what each means."""

    freshness: Freshness
    negative: Negative
    serializer: Serializer
    backend: Backend | None = None
    name: str | None = None
    version: str | int | None = None
    key: Callable[..., object] | None = None
    ignore: tuple[str, ...] = ()
    exclude_self: bool = False
    tags: Tags = ()
    in_thread: bool = False
    hooks: tuple[Hook, ...] = ()


def chosen_serializer(choice: str | Serializer) -> Serializer:
    """Return a serializer by its name, or as it was given. Raises `WrongCacheUse`."""
    if isinstance(choice, str):
        if choice not in SERIALIZERS:
            hint = 'SignedPickle(secret) is the safe form of "pickle"' if choice == "pickle" else None
            known = ", ".join(SERIALIZERS)
            raise WrongCacheUse(f"there is no serializer {choice!r}", target="serializer", hint=hint or f"{known}")
        return SERIALIZERS[choice]()
    if not hasattr(choice, "dumps") or not hasattr(choice, "for_type"):
        raise WrongCacheUse(f"{choice!r} is no serializer", target="serializer", hint="SignedPickle(secret), say")
    return choice


def checked_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Return tags in one order, each once. Raises `WrongCacheUse` for what is no list of texts."""
    if isinstance(tags, str | bytes):
        raise WrongCacheUse(f"tags are a list of texts, not {tags!r} alone", target="tags", hint=f"[{tags!r}]")
    found = tuple(dict.fromkeys(tags))
    for tag in found:
        if not isinstance(tag, str):
            raise WrongCacheUse(f"a tag is a text, not {tag!r}", target="tags")
    if len(found) > MOST_TAGS:
        raise WrongCacheUse(f"{len(found)} tags for one call, and {MOST_TAGS} is the most", target="tags")
    return tuple(sorted(found))


def checked_names(names: Any, option: str) -> tuple[str, ...]:
    """Return the names of parameters. Raises `WrongCacheUse`."""
    if isinstance(names, str) or not all(isinstance(name, str) for name in names):
        raise WrongCacheUse(f"{option} is a list of names of parameters", target=option)
    return tuple(names)
