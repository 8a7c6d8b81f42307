"""Notices when the file behind a store is replaced, or taken away, while it is read.

An open file stays what it was when another takes its name, and would be read for ever. So the name is looked up again,
but not for every read: that would cost as much as a tenth of a read by key.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Final

from demotic.store.sql._errors import DatabaseBusy

LOOK_EVERY: Final = 0.001
"""The seconds between two looks at the file's name."""

_Stamp = tuple[int, int, int, int]
_NOTHING: Final[_Stamp] = (0, 0, 0, 0)


class FileWatch:
    """The file that a path leads to, as it was when last looked at. To be used by one thread at a time.

    It is never opened but by SQLite: closing it would end the locks that SQLite has on it, in the whole process.
    """

    def __init__(self, path: Path, uri: str) -> None:
        self._path = path
        self._uri = uri
        self._connection: sqlite3.Connection | None = None
        self._version: int | None = None
        self._stamp = _NOTHING
        self.next_look = 0.0
        self.replaced()

    def replaced(self) -> bool:
        """Return whether it is another file than at the last look. Raises `DatabaseBusy` if there is none."""
        self.next_look = monotonic() + LOOK_EVERY
        before, now = self._stamp, self._stat()
        if now == before:
            return False
        if now[:2] != before[:2]:
            self.close()
            self._version = self._data_version()
            self._stamp = self._stat()
            return True
        return self._copied_over()

    def _copied_over(self) -> bool:
        """Return whether the file was written to, yet not by SQLite, which would have counted the change.

        What is cached of such a file would be taken for its own.
        """
        version = self._data_version()
        if version is None:  # a writer is at work, or the copy is: to be looked at again
            return False
        counted, self._version = version != self._version, version
        # Only now: what is written from here on is seen at the next look.
        self._stamp = self._stat()
        return not counted and not self._has_log()

    def forget(self) -> None:
        """Let the next look find another file, whatever it finds."""
        self._stamp = _NOTHING
        self.next_look = 0.0

    def close(self) -> None:
        """Let go of the file; harmless when called again."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _data_version(self) -> int | None:
        return self._ask("PRAGMA data_version")

    def _has_log(self) -> bool:
        # With a log, changes reach the file later than they are counted.
        return self._path.with_name(f"{self._path.name}-wal").exists()

    def _ask(self, question: str) -> int | None:
        with suppress(sqlite3.Error):
            if self._connection is None:
                self._connection = sqlite3.connect(self._uri, uri=True, timeout=0, check_same_thread=False)
            number: int = self._connection.execute(question).fetchone()[0]
            return number
        return None

    def _stat(self) -> _Stamp:
        try:
            found = self._path.stat()
        except OSError as error:
            self.forget()
            raise DatabaseBusy(f"the database file {self._path.name} cannot be read: {error.strerror}") from error
        return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size
