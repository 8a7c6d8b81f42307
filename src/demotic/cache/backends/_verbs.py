"""The direct verbs of every backend, for threads and for tasks.

Keys are any text, values are bytes. A cache that cannot be reached is one that has nothing and keeps nothing: reading
verbs find nothing, writing verbs return False, and a warning is logged. `ping` tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


class Verbs:
    """The verbs for threads. ``ttl`` is in seconds; without one an entry stays until there is no room for it."""

    def _ask(self, verb: str, otherwise: Any, *args: Any) -> Any:
        raise NotImplementedError

    def get(self, key: str) -> bytes | None:
        """Return the value of a key, or None."""
        found: bytes | None = self._ask("get", None, key)
        return found

    def gets(self, key: str) -> tuple[bytes, object] | None:
        """Return the value of a key and a token for `cas`, or None."""
        found: tuple[bytes, object] | None = self._ask("gets", None, key)
        return found

    def get_many(self, keys: Iterable[str]) -> dict[str, bytes]:
        """Return the values of those keys that there are."""
        found: dict[str, bytes] = self._ask("get_many", {}, list(keys))
        return found

    def set(self, key: str, value: bytes, ttl: float | None = None) -> bool:
        """Keep a value, whatever was there."""
        return bool(self._ask("set", False, key, value, ttl))

    def set_many(self, values: Mapping[str, bytes], ttl: float | None = None) -> bool:
        """Keep several values; return whether all are kept."""
        return bool(self._ask("set_many", False, dict(values), ttl))

    def add(self, key: str, value: bytes, ttl: float | None = None) -> bool:
        """Keep a value if there is none; return whether it is kept."""
        return bool(self._ask("add", False, key, value, ttl))

    def replace(self, key: str, value: bytes, ttl: float | None = None) -> bool:
        """Keep a value if there is one; return whether it is kept."""
        return bool(self._ask("replace", False, key, value, ttl))

    def append(self, key: str, value: bytes) -> bool:
        """Put bytes behind the value of a key; return whether there was one."""
        return bool(self._ask("append", False, key, value))

    def prepend(self, key: str, value: bytes) -> bool:
        """Put bytes before the value of a key; return whether there was one."""
        return bool(self._ask("prepend", False, key, value))

    def cas(self, key: str, value: bytes, token: object, ttl: float | None = None) -> bool:
        """Keep a value if nothing changed since `gets` gave this token; return whether it is kept."""
        return bool(self._ask("cas", False, key, value, token, ttl))

    def incr(self, key: str, by: int = 1) -> int | None:
        """Add to a number kept as decimal digits; return the new one, or None if there is none.

        Raises `WrongCacheUse` if the value is no number.
        """
        found: int | None = self._ask("incr", None, key, by)
        return found

    def decr(self, key: str, by: int = 1) -> int | None:
        """Take from a number, not below 0; return the new one, or None if there is none."""
        found: int | None = self._ask("decr", None, key, by)
        return found

    def touch(self, key: str, ttl: float | None = None) -> bool:
        """Give an entry a new time to live; return whether there was one."""
        return bool(self._ask("touch", False, key, ttl))

    def delete(self, key: str) -> bool:
        """Forget a key; return whether there was a value."""
        return bool(self._ask("delete", False, key))

    def delete_many(self, keys: Iterable[str]) -> int:
        """Forget several keys; return how many had a value."""
        return int(self._ask("delete_many", 0, list(keys)))

    def flush(self) -> bool:
        """Forget everything."""
        return bool(self._ask("flush", False))

    def ping(self) -> dict[str, bool]:
        """Return for each server whether it answers."""
        found: dict[str, bool] = self._ask("ping", {})
        return found

    def stats(self) -> dict[str, dict[str, object]]:
        """Return for each server that answers what it says of itself."""
        found: dict[str, dict[str, object]] = self._ask("stats", {})
        return found


class AsyncVerbs:
    """The same verbs for tasks: see `Verbs`."""

    async def _ask(self, verb: str, otherwise: Any, *args: Any) -> Any:
        raise NotImplementedError

    async def get(self, key: str) -> bytes | None:
        """Return the value of a key, or None."""
        found: bytes | None = await self._ask("get", None, key)
        return found

    async def gets(self, key: str) -> tuple[bytes, object] | None:
        """Return the value of a key and a token for `cas`, or None."""
        found: tuple[bytes, object] | None = await self._ask("gets", None, key)
        return found

    async def get_many(self, keys: Iterable[str]) -> dict[str, bytes]:
        """Return the values of those keys that there are."""
        found: dict[str, bytes] = await self._ask("get_many", {}, list(keys))
        return found

    async def set(self, key: str, value: bytes, ttl: float | None = None) -> bool:
        """Keep a value, whatever was there."""
        return bool(await self._ask("set", False, key, value, ttl))

    async def set_many(self, values: Mapping[str, bytes], ttl: float | None = None) -> bool:
        """Keep several values; return whether all are kept."""
        return bool(await self._ask("set_many", False, dict(values), ttl))

    async def add(self, key: str, value: bytes, ttl: float | None = None) -> bool:
        """Keep a value if there is none; return whether it is kept."""
        return bool(await self._ask("add", False, key, value, ttl))

    async def replace(self, key: str, value: bytes, ttl: float | None = None) -> bool:
        """Keep a value if there is one; return whether it is kept."""
        return bool(await self._ask("replace", False, key, value, ttl))

    async def append(self, key: str, value: bytes) -> bool:
        """Put bytes behind the value of a key; return whether there was one."""
        return bool(await self._ask("append", False, key, value))

    async def prepend(self, key: str, value: bytes) -> bool:
        """Put bytes before the value of a key; return whether there was one."""
        return bool(await self._ask("prepend", False, key, value))

    async def cas(self, key: str, value: bytes, token: object, ttl: float | None = None) -> bool:
        """Keep a value if nothing changed since `gets` gave this token; return whether it is kept."""
        return bool(await self._ask("cas", False, key, value, token, ttl))

    async def incr(self, key: str, by: int = 1) -> int | None:
        """Add to a number kept as decimal digits; return the new one, or None if there is none."""
        found: int | None = await self._ask("incr", None, key, by)
        return found

    async def decr(self, key: str, by: int = 1) -> int | None:
        """Take from a number, not below 0; return the new one, or None if there is none."""
        found: int | None = await self._ask("decr", None, key, by)
        return found

    async def touch(self, key: str, ttl: float | None = None) -> bool:
        """Give an entry a new time to live; return whether there was one."""
        return bool(await self._ask("touch", False, key, ttl))

    async def delete(self, key: str) -> bool:
        """Forget a key; return whether there was a value."""
        return bool(await self._ask("delete", False, key))

    async def delete_many(self, keys: Iterable[str]) -> int:
        """Forget several keys; return how many had a value."""
        return int(await self._ask("delete_many", 0, list(keys)))

    async def flush(self) -> bool:
        """Forget everything."""
        return bool(await self._ask("flush", False))

    async def ping(self) -> dict[str, bool]:
        """Return for each server whether it answers."""
        found: dict[str, bool] = await self._ask("ping", {})
        return found

    async def stats(self) -> dict[str, dict[str, object]]:
        """Return for each server that answers what it says of itself."""
        found: dict[str, dict[str, object]] = await self._ask("stats", {})
        return found

    async def close(self) -> None:
        """Close the connections of this event loop."""
