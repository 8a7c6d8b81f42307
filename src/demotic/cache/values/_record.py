"""What a cache keeps for a call: the value with its times and versions, a failure, or the mark of a fill under way.

As bytes: `D1`, a CRC-32 over the key and all that follows, a fixed head, the versions of the scopes, the payload. The
checksum takes the key in, so that a damaged value, a foreign one, and one that a confused connection delivered for
another key are all told from ours.
"""

from __future__ import annotations

import math
import os
import struct
import zlib
from enum import IntEnum
from typing import Final

from demotic.cache._errors import Unreadable

MAGIC = b"D1"
_HEAD = struct.Struct(">BB8sdddfH")
_CHECK = struct.Struct(">2sI")
_START = _CHECK.size + _HEAD.size
_COMPRESSED = 1
_MOST_BYTES = 256 * 1024 * 1024


class Kind(IntEnum):
    """What a record stands for."""

    VALUE = 1
    FAILURE = 2
    FILLING = 3


_KINDS = {int(kind): kind for kind in Kind}


class NotKept:
    """Stands for no object: the value is in the payload alone."""


NOT_KEPT: Final = NotKept()


class Record:
    """One entry of a decorated function.

    ``payload`` is the serialised value, ``created`` when the function began to compute it, ``refresh_at`` when it
    becomes worth refreshing, ``expires_at`` when it stops being fresh (it may be kept longer, for use when the function
    fails), ``cost`` the seconds that computing took. ``versions`` are those of its scopes when the computation began.
    ``serial`` is different for every record. ``kept`` is the object itself where all callers may have it.
    """

    __slots__ = (
        "born", "certain_until", "cost", "created", "expires_at", "kept", "kind", "payload", "refresh_at", "scopes",
        "serial", "versions",
    )  # fmt: skip

    def __init__(
        self,
        kind: Kind,
        payload: bytes,
        created: float,
        refresh_at: float = math.inf,
        expires_at: float = math.inf,
        cost: float = 0.0,
        versions: bytes = b"",
        serial: bytes | None = None,
        *,
        born: int = 0,
    ) -> None:
        self.kind = kind
        self.payload = payload
        self.created = created
        self.refresh_at = refresh_at
        self.expires_at = expires_at
        self.cost = cost
        self.versions = versions
        self.serial = os.urandom(8) if serial is None else serial
        self.kept: object = NOT_KEPT
        self.certain_until = -math.inf  # until then nothing but an invalidation can make a difference
        self.born = born  # memory's own version: the invalidations it had seen
        self.scopes: tuple[str, ...] = ()  # in memory, the scopes themselves

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Record):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.__slots__)

    __hash__ = None  # type: ignore[assignment]

    @property
    def size(self) -> int:
        """The bytes of the payload."""
        return len(self.payload)


def pack(record: Record, key: str, *, compress_over: int | None) -> bytes:
    """Return a record as bytes, its payload compressed if it is longer than ``compress_over`` and that saves bytes."""
    payload, flags = record.payload, 0
    if compress_over is not None and len(payload) > compress_over:
        smaller = zlib.compress(payload, 1)
        if len(smaller) < len(payload):
            payload, flags = smaller, _COMPRESSED
    head = _HEAD.pack(
        record.kind,
        flags,
        record.serial,
        record.created,
        record.refresh_at,
        record.expires_at,
        record.cost,
        len(record.versions),
    )
    rest = head + record.versions + payload
    return _CHECK.pack(MAGIC, _checksum(key, rest)) + rest


def unpack(data: bytes, key: str) -> Record:
    """Return the record of these bytes. Raises `Unreadable` for all that `pack` did not write for this key."""
    if len(data) < _START or data[:2] != MAGIC:
        raise Unreadable("not a record of this cache", target=key)
    rest = data[_CHECK.size :]
    if _CHECK.unpack_from(data)[1] != _checksum(key, rest):
        raise Unreadable("a damaged record, or one of another key", target=key)
    kind, flags, serial, created, refresh_at, expires_at, cost, length = _HEAD.unpack_from(rest)
    start = _HEAD.size + length
    versions, payload = rest[_HEAD.size : start], rest[start:]
    try:
        whole = _decompress(payload) if flags & _COMPRESSED else payload
        return Record(_KINDS[kind], whole, created, refresh_at, expires_at, cost, versions, serial)
    except (KeyError, ValueError, zlib.error) as error:
        raise Unreadable(f"a record of another release: {error!r}", target=key) from None


def take(data: bytes, key: str, versions: bytes, now: float, skew: float) -> tuple[bytes, float] | None:
    """Return the payload and cost of a value that is valid and fresh and nothing more is to be told of; else None.

    This is `unpack` and the checks of a record for the one case that nearly all calls are.
    """
    if len(data) < _START or data[:2] != MAGIC:
        return None
    check, rest = _CHECK.unpack_from(data)[1], data[_CHECK.size :]
    if check != zlib.crc32(rest, zlib.crc32(key.encode())):
        return None
    kind, flags, _, created, refresh_at, expires_at, cost, length = _HEAD.unpack_from(rest)
    start = _HEAD.size + length
    if kind != 1 or rest[_HEAD.size : start] != versions:
        return None
    if not (created - skew <= now < expires_at and now < refresh_at):
        return None
    return (_decompress(rest[start:]) if flags & _COMPRESSED else rest[start:]), cost


def _checksum(key: str, rest: bytes) -> int:
    return zlib.crc32(rest, zlib.crc32(key.encode()))


def _decompress(data: bytes) -> bytes:
    """Decompress, but not without end: a few bytes can stand for gigabytes."""
    stream = zlib.decompressobj()
    whole = stream.decompress(data, _MOST_BYTES)
    if not stream.eof:
        raise ValueError(f"more than {_MOST_BYTES} bytes, or cut short")
    return whole
