"""`@cached`: one decorator for functions and methods, for threads and for tasks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Literal, overload

from demotic.cache._counters import Hook
from demotic.cache._errors import WrongCacheUse
from demotic.cache._late import Late
from demotic.cache.backends import Backend
from demotic.cache.fills import Freshness, Negative, checked_negative
from demotic.cache.functions._machine import Machine
from demotic.cache.functions._methods import CachedMethod, CachedProperty
from demotic.cache.functions._options import Options, Tags, checked_names, chosen_serializer
from demotic.cache.functions._registry import registry
from demotic.cache.functions._settings import chosen_backend
from demotic.cache.functions._types import Decorator, ThreadDecorator
from demotic.cache.functions._wrap import wrap
from demotic.cache.values import ByReference, Serializer

if TYPE_CHECKING:
    import inspect
else:
    inspect = Late("inspect")


@overload
def cached(
    ttl: float | None = None,
    *,
    backend: Backend | str | None = None,
    soft_ttl: float | None = None,
    stale_on_error: float = 0.0,
    negative: Negative | None = None,
    jitter: float = 0.0,
    early: float = 0.0,
    lease: float = 30.0,
    patience: float | None = None,
    tags: Tags = (),
    key: Callable[..., object] | None = None,
    ignore: Iterable[str] = (),
    exclude_self: bool = False,
    name: str | None = None,
    version: str | int | None = None,
    serializer: str | Serializer = "msgpack",
    on_event: Hook | None = None,
    in_thread: Literal[False] = False,
) -> Decorator: ...
@overload
def cached(
    ttl: float | None = None,
    *,
    backend: Backend | str | None = None,
    soft_ttl: float | None = None,
    stale_on_error: float = 0.0,
    negative: Negative | None = None,
    jitter: float = 0.0,
    early: float = 0.0,
    lease: float = 30.0,
    patience: float | None = None,
    tags: Tags = (),
    key: Callable[..., object] | None = None,
    ignore: Iterable[str] = (),
    exclude_self: bool = False,
    name: str | None = None,
    version: str | int | None = None,
    serializer: str | Serializer = "msgpack",
    on_event: Hook | None = None,
    in_thread: Literal[True],
) -> ThreadDecorator: ...
def cached(
    ttl: float | None = None,
    *,
    backend: Backend | str | None = None,
    soft_ttl: float | None = None,
    stale_on_error: float = 0.0,
    negative: Negative | None = None,
    jitter: float = 0.0,
    early: float = 0.0,
    lease: float = 30.0,
    patience: float | None = None,
    tags: Tags = (),
    key: Callable[..., object] | None = None,
    ignore: Iterable[str] = (),
    exclude_self: bool = False,
    name: str | None = None,
    version: str | int | None = None,
    serializer: str | Serializer = "msgpack",
    on_event: Hook | None = None,
    in_thread: bool = False,
) -> Any:
    """Return a decorator that caches what a function returns, for ``ttl`` seconds or until it is invalidated.

    ``backend`` is where (an address such as ``"redis://localhost"`` or a `Backend`; by default that of `configure`).
    ``soft_ttl``: from this age on, a value is refreshed in the background while it is still used. ``stale_on_error``:
    for so many seconds after its ttl a value is used if the function fails. ``negative``: which exceptions are cached,
    and for how long. ``jitter``: by which fraction a ttl may be shorter. ``early``: the beta of early recomputation.
    ``lease``: how long other processes wait for one that computes; longer than the function ever takes. ``patience``:
    how long any caller waits for another before it computes for itself (by default as long as the lease).

    ``tags``: names, or a function of the arguments that returns names, by which calls are invalidated together.
    ``key``: a function of the arguments that returns what identifies a call, in their place. ``ignore``: parameters
    that make no difference. ``exclude_self``: all instances share their values. ``name``: what the function is called
    in keys, in place of its module and qualified name. ``version``: change it when the function's results change.
    ``serializer``: "msgpack", "json", or an object such as `SignedPickle` or `ByReference`. ``on_event``: is called
    with each `Event`. ``in_thread``: a plain function becomes one to await, which runs in a worker thread.

    Raises `WrongCacheUse` for what does not go together.
    """
    if callable(ttl) or isinstance(ttl, property | classmethod | staticmethod):
        raise WrongCacheUse("cached is called before it decorates", hint="write @cached()")
    options = Options(
        Freshness(ttl, soft_ttl, stale_on_error, jitter, early, lease, lease if patience is None else patience),
        checked_negative(negative or {}),
        chosen_serializer(serializer),
        None if backend is None else chosen_backend(backend),
        name,
        version,
        key,
        checked_names(ignore, "ignore"),
        exclude_self,
        tags,
        in_thread,
        () if on_event is None else (on_event,),
    )
    return lambda function: decorate(function, options)


def decorate(function: Any, options: Options) -> Any:
    """Return the cached form of a function, method, class method, static method or property."""
    if isinstance(function, property):
        if function.fget is None:
            raise WrongCacheUse("a property without a getter has nothing to cache")
        return CachedProperty(decorate(function.fget, options), function.fset, function.fdel, function.__doc__)
    kind = type(function) if isinstance(function, classmethod | staticmethod) else None
    original = function.__func__ if kind else function
    _check(original, options)
    machine = Machine(original, options, is_static=kind is staticmethod)
    registry.add(machine)
    return CachedMethod(machine, kind) if kind or machine.in_class else wrap(machine)


def _check(original: Any, options: Options) -> None:
    if hasattr(original, "machine"):
        raise WrongCacheUse(f"{original!r} is cached already", hint="one @cached on a function is enough")
    if not callable(original) or isinstance(original, type):
        raise WrongCacheUse(f"{original!r} is no function", hint="@cached decorates functions and methods")
    if inspect.isgeneratorfunction(original) or inspect.isasyncgenfunction(original):
        raise WrongCacheUse(
            f"{original.__qualname__} is a generator, which can be read once only", hint="return a list or a tuple"
        )
    if options.in_thread and inspect.iscoroutinefunction(original):
        raise WrongCacheUse(f"{original.__qualname__} is awaited already", target="in_thread")
    if isinstance(options.serializer, ByReference) and options.backend is not None and options.backend.shared:
        raise WrongCacheUse("ByReference goes with a cache in memory", target="serializer", hint="SignedPickle(secret)")
