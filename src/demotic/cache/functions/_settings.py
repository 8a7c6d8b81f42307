"""The backend of functions that name none."""

from __future__ import annotations

import threading

from demotic.cache._errors import WrongCacheUse
from demotic.cache.backends import Backend, Memory, open_backend

_lock = threading.Lock()
_default: list[Backend] = []


def default_backend() -> Backend:
    """Return the backend that functions use which name none: one in memory, until `configure` gives another."""
    with _lock:
        if not _default:
            _default.append(Memory())
        return _default[0]


def set_default(backend: Backend | str) -> Backend:
    """Make a backend, or the one of an address, the default; return it."""
    chosen = chosen_backend(backend)
    with _lock:
        _default[:] = [chosen]
    return chosen


def chosen_backend(backend: Backend | str) -> Backend:
    """Return a backend, or open the one of an address. Raises `WrongCacheUse`."""
    if isinstance(backend, str):
        return open_backend(backend)
    if not isinstance(backend, Backend):
        raise WrongCacheUse(f"{backend!r} is no backend", target="backend", hint="Memory(), Memcached(...), Redis(...)")
    return backend
