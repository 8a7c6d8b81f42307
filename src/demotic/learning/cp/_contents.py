"""Where the files of a package are: in a folder that is changed in place, or in an archive under a layer of changes.

An archive, or anything that is only for reading, is left as it is: what is added lies in a temporary folder, what is
removed or renamed is remembered. So nothing is unpacked, however large the package.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import count
from typing import IO

from demotic.files import FileInfo, FilePath, FilesFault, FileSystem, NoSuchFile, temporary_files
from demotic.learning.cp._ignore import Ignored

__all__ = ["Contents", "Layered"]


class Contents:
    """The files below the root of a file system, changed in place. Paths are those of the package."""

    def __init__(self, files: FileSystem, *, temporary: bool = False) -> None:
        self.files = files
        self._temporary = temporary

    def close(self) -> None:
        """Give up what is held open."""
        self.files.close()

    def listed(self, ignored: Ignored) -> dict[str, FileInfo]:
        """Return all files that are not ignored, by path, in the order of their names. Links are files here."""
        found: dict[str, FileInfo] = {}
        waiting = [""]
        while waiting:
            folder = waiting.pop()
            for name, info in self.files.entries(self.files.root.joined(folder)):
                path = f"{folder}/{name}" if folder else name
                if ignored.name(name):
                    continue
                if info.kind == "folder" and not info.is_link:
                    waiting.append(path)
                else:
                    found[path] = info
        return dict(sorted(found.items()))

    def at(self, path: str) -> FilePath:
        """Return where the content of a path lies, whether or not anything is there."""
        return self.files.root.joined(path)

    @contextmanager
    def replacing(self, path: str) -> Iterator[IO[bytes]]:
        """Write a file as a whole, in folders that are made as needed."""
        place = self.at(path)
        place.parent.make_folders()
        if self._temporary and not place.exists():
            with _written_anew(place) as file:
                yield file
        else:
            with place.replacing() as file:
                yield file

    def remove(self, path: str) -> None:
        """Remove a file, and the folders that this leaves empty. Raises `NoSuchFile`."""
        place = self.at(path)
        place.remove()
        _remove_empty(place.parent)

    def rename(self, path: str, target: str) -> None:
        """Move a file to where nothing is. Raises `FileExists`, `NoSuchFile`."""
        goal = self.at(target)
        goal.parent.make_folders()
        place = self.at(path)
        place.move_to(goal)
        _remove_empty(place.parent)


@contextmanager
def _written_anew(place: FilePath) -> Iterator[IO[bytes]]:
    """Write a file that nobody else sees yet: there is no need to wait until it is on disk."""
    try:
        with place.open("xb") as file:
            yield file
    except BaseException:
        with suppress(FilesFault):
            place.remove()
        raise


def _remove_empty(folder: FilePath) -> None:
    while not folder.absolute().is_root and not folder.children():
        folder.remove_folder()
        folder = folder.parent


class Layered(Contents):
    """The files below the root of a file system that stays as it is, with changes over them."""

    def __init__(self, files: FileSystem) -> None:
        super().__init__(files)
        self._over: FileSystem | None = None
        self._written: dict[str, FilePath] = {}
        self._gone: set[str] = set()
        self._places = count()
        self._below: Mapping[str, FileInfo] | None = None

    def close(self) -> None:
        """Give up what is held open, and what was not exported."""
        if self._over is not None:
            self._over.close()
        super().close()

    def listed(self, ignored: Ignored) -> dict[str, FileInfo]:
        """As of the base; that is listed once, since it does not change."""
        if self._below is None:
            self._below = super().listed(ignored)
        found = {path: info for path, info in self._below.items() if path not in self._gone}
        found.update((path, place.stat()) for path, place in self._written.items())
        return dict(sorted(found.items()))

    def at(self, path: str) -> FilePath:
        """As of the base, unless the path has been written, moved or removed."""
        if (place := self._written.get(path)) is not None:
            return place
        if path in self._gone:
            raise NoSuchFile(f"{path!r} has been removed", path=path)
        return super().at(path)

    @contextmanager
    def replacing(self, path: str) -> Iterator[IO[bytes]]:
        """Write a file over the base."""
        place = self._new_place()
        with _written_anew(place) as file:
            yield file
        self._put(path, place)

    def _new_place(self) -> FilePath:
        # By number, so that names in the archive mean nothing to the system that the temporary folder is on.
        if self._over is None:
            self._over = temporary_files(prefix="demotic-cp-")
        return self._over.path(f"/{next(self._places)}")

    def _put(self, path: str, place: FilePath) -> None:
        self._written[path] = place
        self._gone.discard(path)

    def remove(self, path: str) -> None:
        """Take a file out of what is there."""
        self.at(path).stat()
        self._written.pop(path, None)
        self._gone.add(path)

    def rename(self, path: str, target: str) -> None:
        """Move a file to where nothing is."""
        place = self.at(path)
        place.stat()
        self.remove(path)
        self._put(target, place)
