"""All that belongs to one cached function: its options, its keys, its scopes and its fills.

The backend is looked up at the first call, since programs configure the default one after they have imported the
modules whose functions are decorated; `forget_backend` makes the next call look again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from demotic.cache._counters import Counters
from demotic.cache._errors import WrongCacheUse
from demotic.cache._late import Late
from demotic.cache.backends import Backend
from demotic.cache.fills import Call, Filling, Records
from demotic.cache.functions._options import Options, checked_tags
from demotic.cache.functions._settings import default_backend
from demotic.cache.keys import Keys, identify, make_keys, module_name

if TYPE_CHECKING:
    import inspect
else:
    inspect = Late("inspect")

ALL = "all"


def function_scope(name: str) -> str:
    """Return the scope of a function's calls."""
    return f"function {name}"


def class_scope(name: str) -> str:
    """Return the scope of all methods of a class, by its `module:qualified.name`."""
    return f"class {name}"


def tag_scope(tag: str) -> str:
    """Return the scope of a tag."""
    return f"tag {tag}"


class Machine:
    """One cached function."""

    def __init__(self, original: Callable[..., Any], options: Options, *, is_static: bool = False) -> None:
        self.original = original
        self.options = options
        self.asynchronous = inspect.iscoroutinefunction(original) or options.in_thread
        self.signature = inspect.signature(original)
        self.in_class = _class_of(original)
        self.is_static = is_static
        self.name = options.name or _full_name(original)
        self.counters = Counters()
        self.filling: Filling | None = None
        self._lock = threading.Lock()
        self.keys = self._make_keys(self.name)  # what can be told without a backend is told now
        if options.backend is not None:
            self.prepare()

    # -- made at the first call

    def prepare(self) -> Filling:
        """Return what answers calls, made with the backend of the moment."""
        with self._lock:
            if self.filling is None:
                self.filling = self._make_filling(
                    default_backend() if self.options.backend is None else self.options.backend
                )
            return self.filling

    def forget_backend(self) -> None:
        """Look for the default backend again at the next call."""
        if self.options.backend is None:
            with self._lock:
                self.filling = None

    def _make_filling(self, backend: Backend) -> Filling:
        self.name = identify(self.original, self.options.name, shared=backend.shared)
        self.keys = self._make_keys(self.name)
        owner = (class_scope(self.in_class),) if self.in_class else ()
        self._base = (ALL, function_scope(self.name), *owner)
        annotation = _result_type(self.original)
        records = Records(
            self.name,
            backend.shared,
            backend.now,
            self.options.serializer.for_type(annotation),
            self.options.freshness,
            self.options.negative,
            self.counters,
            list(self.options.hooks),
        )
        self.hit = backend.hit
        # Early recomputation draws a number at each hit, which takes a look at the record.
        self.one_look = backend.shared and not self.options.freshness.early
        return Filling(backend, self.options.freshness, records)

    def _make_keys(self, name: str) -> Keys:
        options, ignore = self.options, self.options.ignore
        has_owner = self.in_class and not self.is_static
        first = next(iter(self.signature.parameters), None) if has_owner else None
        if options.exclude_self:
            if first is None:
                raise WrongCacheUse("exclude_self is for methods", target="exclude_self", hint="ignore=(name,)")
            ignore = (first, *ignore)
        return make_keys(
            self.signature,
            name,
            version=options.version,
            ignore=ignore,
            custom=options.key,
            owner=first,
            owner_class=(self.in_class or "").rpartition(":")[2],
        )

    @property
    def backend(self) -> Backend:
        """The backend of the moment."""
        return (self.filling or self.prepare()).backend

    # -- at every call

    def key(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
        """Return the key of a call. Raises TypeError for arguments that do not fit, and `UnkeyableArgument`."""
        if self.filling is None:
            self.prepare()
        return self.keys(args, kwargs)

    def checked(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Return the arguments of a verb. Raises `WrongCacheUse` if a method's verb lacks the instance or the class."""
        if self.in_class and not self.is_static and args:
            wanted = self.in_class.rpartition(":")[2]
            owner = args[0] if isinstance(args[0], type) else type(args[0])
            if self._takes_owner and wanted not in (cls.__qualname__ for cls in owner.__mro__):
                raise WrongCacheUse(
                    f"{args[0]!r} is no {wanted}, which the verbs of {self.name} take first",
                    hint="call the verb on an instance, or write @cached above @classmethod",
                )
        return args, kwargs

    @property
    def _takes_owner(self) -> bool:
        return next(iter(self.signature.parameters), "") in ("self", "cls")

    def uncached(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Run the function as if it were not decorated; the result is awaited."""
        if not self.options.in_thread:
            return self.original(*args, **kwargs)
        from asyncio import to_thread

        return to_thread(self.original, *args, **kwargs)

    def scopes(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[str, ...]:
        """Return what a call is invalidated by together with others. Raises `WrongCacheUse` for tags that are none."""
        tags = self.options.tags
        if not tags:
            return self._base
        found = checked_tags(tags(*args, **kwargs) if callable(tags) else tags)
        return (*self._base, *map(tag_scope, found))

    def call(
        self, key: str, args: tuple[Any, ...], kwargs: dict[str, Any], scopes: tuple[str, ...] | None = None
    ) -> Call:
        """Return a call with all that answering it takes."""
        if scopes is None:
            scopes = self.scopes(args, kwargs)
        if self.options.in_thread:
            return Call(key, scopes, lambda: self.uncached(args, kwargs))
        original = self.original
        return Call(key, scopes, lambda: original(*args, **kwargs))


def _full_name(function: Callable[..., Any]) -> str:
    return f"{module_name(getattr(function, '__module__', None))}:{getattr(function, '__qualname__', function)}"


def _class_of(function: Callable[..., Any]) -> str | None:
    """Return the class in whose body a function was written, as `module:qualified.name`; None if there was none."""
    outer = getattr(function, "__qualname__", "").rpartition(".")[0]
    if not outer or outer.endswith("<locals>"):
        return None
    return f"{module_name(function.__module__)}:{outer}"


def _result_type(function: Callable[..., Any]) -> Any:
    """Return the annotation of a function's result; None if it has none that can be read."""
    annotation = getattr(function, "__annotations__", {}).get("return", Any)
    if not isinstance(annotation, str):
        return annotation
    from typing import get_type_hints

    try:
        return get_type_hints(function).get("return", Any)
    except Exception:  # names that are there for the type checker only
        return Any
