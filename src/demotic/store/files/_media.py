"""What files hold, as streams that are read from the file system in chunks when somebody wants them."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from typing import Final
from uuid import uuid4

from demotic.errors import InternalFault
from demotic.files import FileInfo, FilePath
from demotic.store.media import BINARY_TYPE, CHUNK, Info, Readable

_CODED: Final = {"gzip": "application/gzip", "bzip2": "application/x-bzip2", "xz": "application/x-xz"}


def type_of(path: str) -> str:
    """Return the media type that a file's name suggests."""
    found, coding = mimetypes.guess_type(path)
    return (found if coding is None else _CODED.get(coding)) or BINARY_TYPE


class FileMedia(Readable):
    """The content of one file, not opened before it is read.

    Its tag is made of its size and the time of its last change, and so is weak: a file may change twice within what a
    clock tells apart. Where a file system knows no times, a tag is never the same again.
    """

    def __init__(self, place: FilePath, path: str, info: FileInfo) -> None:
        self._place = place
        moment = uuid4().hex if info.modified is None else f"{info.modified.timestamp():.6f}"
        self.info = Info(type_of(path), info.size, f'W/"{info.size:x}-{moment}"', info.modified)

    def chunks(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield the bytes between two positions, exactly so many: a file that became shorter breaks off."""
        left = (self.info.length if stop is None else min(stop, self.info.length)) - start
        with self._place.open("rb") as file:
            file.seek(start)
            while left > 0:
                piece = bytes(file.read(min(CHUNK, left)))
                if not piece:
                    raise InternalFault("a file became shorter while it was read")
                left -= len(piece)
                yield piece
