"""HTTP Basic (RFC 7617) over a file of users.

To check a password takes a tenth of a second on purpose, which no client should pay at every request: who was let in is
remembered, by a keyed digest of name and password that only this process can make, until the file changes. Unknown
names take as long as known ones. Who guesses must wait: see `_throttle`.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from pathlib import Path
from secrets import token_bytes
from threading import Lock
from typing import Final

from demotic.errors import DemoticError, Unauthenticated
from demotic.service.identity._identity import Identity
from demotic.service.identity._passwords import PasswordHash, hash_password
from demotic.service.identity._throttle import Throttle
from demotic.service.identity._users import Users, read_users
from demotic.syntax.http.authentication import AuthScheme, basic_challenge, read_basic

_REMEMBERED: Final = 1000


class Basic:
    """Identifies users by name and password. ``users`` is a file, which is read again when it changed.

    Raises NotFound or `UsersFault` if it cannot be read at first; one that becomes unreadable later lets nobody in.
    """

    scheme = "Basic"

    def __init__(self, users: Path, *, realm: str = "Demotic", clock: Callable[[], float] = time.monotonic) -> None:
        self._path = users
        self._realm = realm
        self._secret = token_bytes(32)
        self._lock = Lock()
        self._stamp = _stamp(users)
        self._users = read_users(users)
        self._known: OrderedDict[bytes, Identity] = OrderedDict()
        self._throttle = Throttle(clock)

    def challenge(self, *, failed: bool) -> AuthScheme:
        """Return what asks for name and password."""
        return basic_challenge(self._realm)

    def identify(self, credentials: AuthScheme) -> Identity:
        """Return the user.

        Raises Unauthenticated, which tells not whether the name or the password is wrong, and `TooManyRequests` after
        too many of these.
        """
        name, password = read_basic(credentials)
        users = self._current()
        digest = blake2b(f"{name}:{password}".encode("utf-8", "surrogatepass"), key=self._secret).digest()
        with self._lock:
            known = self._known.get(digest)
        if known is not None:
            return known
        self._throttle.ensure_open(name)
        user = users.users.get(name)
        fits = (_nobody() if user is None else user.hash).fits(password)
        if user is None or not fits:
            self._throttle.failed(name)
            raise Unauthenticated("the name or the password is wrong")
        self._throttle.succeeded(name)
        identity = Identity(name, frozenset(user.roles), dict(user.claims))
        with self._lock:
            if users is self._users:
                self._known[digest] = identity
                if len(self._known) > _REMEMBERED:
                    self._known.popitem(last=False)
        return identity

    def _current(self) -> Users:
        """Return the users of the file as it is now."""
        stamp = _stamp(self._path)
        with self._lock:
            if stamp == self._stamp:
                return self._users
        try:
            users = read_users(self._path)
        except DemoticError:
            users = Users()
        with self._lock:
            self._users, self._stamp = users, stamp
            self._known.clear()
        return users


def _stamp(path: Path) -> tuple[int, ...]:
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_mtime_ns, found.st_size, found.st_ino


@cache
def _nobody() -> PasswordHash:
    return hash_password("nobody's")
