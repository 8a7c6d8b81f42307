"""Content put aside: in memory up to a bound, beyond it in a temporary file, so that nobody waits for who is slow."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from typing import Final

from demotic.store.media._content import CHUNK

IN_MEMORY: Final = 4 * CHUNK


class Spool:
    """Bytes put aside; the file is gone when it is closed."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed by `close`
        try:
            for piece in pieces:
                self._file.write(piece)
            self._file.seek(0)
        except BaseException:
            self._file.close()
            raise

    def read(self, size: int) -> bytes:
        """Return at most so many bytes, none at the end."""
        return self._file.read(size)

    def rewind(self) -> None:
        """Begin anew: a transaction that others were in the way of is run again."""
        self._file.seek(0)

    def __iter__(self) -> Iterator[bytes]:
        while chunk := self._file.read(CHUNK):
            yield chunk

    def close(self) -> None:
        """Remove it; harmless when called again."""
        self._file.close()

    __del__ = close  # of one that nobody came to use
