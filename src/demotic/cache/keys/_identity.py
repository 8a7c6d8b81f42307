"""What a cached function is called, everywhere and in every release: its module, its qualified name, its version.

A name must lead to one function. A module-level function's does. One that is defined inside another function and uses
its variables is a different function each time; so are lambdas. In memory, each such function gets a number of its own;
in a cache that processes share it needs a name (`name=`), or it would be handed its sibling's values.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import CodeType, FunctionType
from typing import Any

from demotic.cache._errors import WrongCacheUse
from demotic.cache.keys._encode import module_name

_codes: dict[str, list[CodeType | None]] = {}
_lock = threading.Lock()


def identify(function: Callable[..., Any], name: str | None, *, shared: bool) -> str:
    """Return the name that a function's keys begin with. Raises `WrongCacheUse` where it would be ambiguous."""
    if name is not None:
        return name
    qualified = getattr(function, "__qualname__", None)
    if qualified is None:
        raise WrongCacheUse(f"{function!r} has no name of its own", hint="give it one: name=")
    full = f"{module_name(function.__module__)}:{qualified}"
    closed = isinstance(function, FunctionType) and bool(function.__code__.co_freevars)
    if shared and (closed or "<lambda>" in qualified):
        free = ", ".join(function.__code__.co_freevars) or "other lambdas"
        raise WrongCacheUse(
            f"{full} is not the only function of its name, so other processes cannot know it",
            target=free,
            hint="give it a name that says which it is: name=",
        )
    return full if shared else _numbered(full, getattr(function, "__code__", None), closed)


def _numbered(name: str, code: CodeType | None, closed: bool) -> str:
    """Return the name, with a number where another function had it already."""
    with _lock:
        earlier = _codes.setdefault(name, [])
        if earlier and not closed and code is not None and code in earlier:
            position = earlier.index(code)
        else:
            earlier.append(code)
            position = len(earlier) - 1
    return f"{name}#{position + 1}" if position else name
