"""The content codings that can be applied while a response is sent: gzip always, brotli and zstd where installed.

gzip is RFC 1952, br RFC 7932, zstd RFC 8878 with the window of at most 8 MB that RFC 9659 asks for in HTTP. Levels are
chosen for pages made on the spot, where a level more costs more time than the bytes saved take to travel.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Final

from demotic.cache.web._flow import Encoder

try:
    import brotli
except ModuleNotFoundError:
    brotli = None

try:
    from backports import zstd
except ModuleNotFoundError:
    zstd = None  # type: ignore[assignment]

__all__ = ["PREFERENCE", "available", "encoder"]

PREFERENCE: Final = ("zstd", "br", "gzip")
"""Our order where a client likes several equally well."""

ZSTD_LEVEL: Final = 3
ZSTD_WINDOW_LOG: Final = 23
BROTLI_QUALITY: Final = 4
GZIP_LEVEL: Final = 6
GZIP_FRAME: Final = 16 + zlib.MAX_WBITS


class _Gzip:
    def __init__(self, flush: bool) -> None:
        self._deflate = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, GZIP_FRAME)
        self._flush = flush

    def encode(self, chunk: bytes) -> bytes:
        done = self._deflate.compress(chunk)
        return done + self._deflate.flush(zlib.Z_SYNC_FLUSH) if self._flush and chunk else done

    def finish(self) -> bytes:
        return self._deflate.flush()


class _Brotli:
    def __init__(self, flush: bool) -> None:
        self._compressor = brotli.Compressor(quality=BROTLI_QUALITY)
        self._flush = flush

    def encode(self, chunk: bytes) -> bytes:
        done: bytes = self._compressor.process(chunk)
        return done + self._compressor.flush() if self._flush and chunk else done

    def finish(self) -> bytes:
        rest: bytes = self._compressor.finish()
        return rest


class _Zstd:
    def __init__(self, flush: bool) -> None:
        parameter = zstd.CompressionParameter
        self._compressor = zstd.ZstdCompressor(
            options={parameter.compression_level: ZSTD_LEVEL, parameter.window_log: ZSTD_WINDOW_LOG}
        )
        self._flush = flush

    def encode(self, chunk: bytes) -> bytes:
        if self._flush and chunk:
            return self._compressor.compress(chunk, zstd.ZstdCompressor.FLUSH_BLOCK)
        return self._compressor.compress(chunk)

    def finish(self) -> bytes:
        return self._compressor.flush()


_ENCODERS: Final[dict[str, Callable[[bool], Encoder]]] = {
    **({"zstd": _Zstd} if zstd is not None else {}),
    **({"br": _Brotli} if brotli is not None else {}),
    "gzip": _Gzip,
}


def available() -> tuple[str, ...]:
    """Return the codings that can be used here, in our order of preference."""
    return tuple(_ENCODERS)


def encoder(coding: str, *, flush: bool = False) -> Encoder:
    """Return a new encoder; with ``flush`` all of a piece is sent when the piece is, at some cost in size."""
    return _ENCODERS[coding](flush)
