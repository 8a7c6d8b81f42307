"""What must not be shared with a child process: flights of threads that do not exist there, sockets, locks."""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")

_kept: weakref.WeakKeyDictionary[Any, Callable[[Any], None]] = weakref.WeakKeyDictionary()


def after_fork(owner: T, reset: Callable[[T], None]) -> None:
    """Call ``reset`` with the owner in every child process, as long as it is there."""
    _kept[owner] = reset


def _reset_all() -> None:
    for owner, reset in list(_kept.items()):
        reset(owner)


if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(after_in_child=_reset_all)
