"""What a shared backend needs of its servers, for threads (`Link`) and for tasks (the same methods, awaited).

The direct verbs find their server by the key. The verbs of decorated functions name it (``home``), since a record and
the versions of its scopes lie on one server, so that each server can be used, lost and emptied without the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class Link(Protocol):
    """The connections to the servers. All methods raise `CacheUnreachable`."""

    def glance(self, home: int, key: str, beside: str) -> tuple[bytes | None, bytes | None]:
        """Do as `read`, by the shortest way there is: this is the one step of nearly all calls."""
        ...

    def read(self, home: int, key: str, beside: str) -> tuple[bytes | None, bytes | None]:
        """Return the values of two keys of one server, in one round trip if it can be."""
        ...

    def read_many(self, home: int, keys: Sequence[str]) -> dict[str, bytes]:
        """Return the values of several keys of one server."""
        ...

    def write(self, home: int, values: Mapping[str, bytes], ttl: float | None) -> bool:
        """Keep values on one server."""
        ...

    def claim(self, home: int, key: str, value: bytes, ttl: float | None) -> bool:
        """Keep a value if there is none."""
        ...

    def swap(self, home: int, key: str, old: bytes, new: bytes, ttl: float | None) -> bool:
        """Keep a value in the place of exactly this one."""
        ...

    def remove(self, home: int, key: str, old: bytes) -> bool:
        """Forget a key that has exactly this value."""
        ...

    def forget(self, home: int, key: str) -> bool:
        """Forget a key; return whether there was a value."""
        ...

    def close(self) -> Any:
        """Close the connections."""
        ...
