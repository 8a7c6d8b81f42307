"""Files as values: what a candidate uploads."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["File"]


class File(NamedTuple):
    """A file: its bytes, its media type, and the name that it came with."""

    data: bytes
    media_type: str = "application/octet-stream"
    name: str = "data.bin"
