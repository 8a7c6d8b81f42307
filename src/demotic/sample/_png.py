"""Pictures without a picture library: a small square of two colours as a PNG file.

Pinned: Portable Network Graphics (PNG) Specification, Second Edition (ISO/IEC 15948:2003), sections 5 and 11.
"""

from __future__ import annotations

import struct
import zlib

Colour = tuple[int, int, int]

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_BITS_PER_SAMPLE = 8
_TRUECOLOUR = 2
# Stored, not squeezed: compressors differ between builds of zlib, and the sample must have the same bytes everywhere.
_STORED = 0


def chequered(size: int, light: Colour, dark: Colour) -> bytes:
    """Return a PNG picture of ``size`` by ``size`` pixels, chequered in squares of four pixels."""
    lines = (_line(size, y, light, dark) for y in range(size))
    header = struct.pack(">IIBBBBB", size, size, _BITS_PER_SAMPLE, _TRUECOLOUR, 0, 0, 0)
    data = zlib.compress(b"".join(lines), _STORED)
    return _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _line(size: int, y: int, light: Colour, dark: Colour) -> bytes:
    pixels = (light if (x // 4 + y // 4) % 2 else dark for x in range(size))
    return b"\x00" + b"".join(bytes(pixel) for pixel in pixels)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
