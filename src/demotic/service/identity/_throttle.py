"""Wrong passwords are answered ever later: who guesses gets a try a minute, who mistypes notices nothing.

Failures are counted by name, whether somebody has it or not. After some that are free, each further one closes the
name for twice as long as the one before; while it is closed no password is looked at, not even the right one. Who was
let in before and is remembered by the authenticator does not come here. A name is forgotten when it was let in, and
the one that failed longest ago when there are too many.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from threading import Lock
from typing import Final

from demotic.errors import TooManyRequests

FREE: Final = 5
"""Failures after which nothing happens yet."""

LONGEST: Final = 60.0
"""The most seconds that a name is closed for."""

MOST_NAMES: Final = 10_000


@dataclass(slots=True)
class _Failures:
    number: int = 0
    closed_until: float = 0.0


class Throttle:
    """Counts failures by name. ``clock`` tells seconds that never go back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._names: OrderedDict[bytes, _Failures] = OrderedDict()

    def ensure_open(self, name: str) -> None:
        """Raise `TooManyRequests` for a name that is closed now."""
        with self._lock:
            found = self._names.get(_key(name))
            left = 0.0 if found is None else found.closed_until - self._clock()
        if left > 0:
            wait = math.ceil(left)
            raise TooManyRequests("too many wrong passwords for this name", wait=wait, target="Authorization")

    def failed(self, name: str) -> None:
        """Count a failure, and close the name if there were too many."""
        key = _key(name)
        with self._lock:
            found = self._names.setdefault(key, _Failures())
            self._names.move_to_end(key)
            found.number += 1
            if found.number >= FREE:
                found.closed_until = self._clock() + min(2.0 ** min(found.number - FREE, 16), LONGEST)
            if len(self._names) > MOST_NAMES:
                self._names.popitem(last=False)

    def succeeded(self, name: str) -> None:
        """Forget the failures of a name."""
        with self._lock:
            self._names.pop(_key(name), None)


def _key(name: str) -> bytes:
    """Return what a name is kept by, of one size whatever was sent."""
    return blake2b(name.encode("utf-8", "surrogatepass"), digest_size=16).digest()
