"""The files of a folder as media entities, read from the file system at every question.

Nothing outside of the folder can be reached: links are neither shown nor followed, nor are names that begin with a dot,
nor what is neither file nor folder. The key is the path from the folder, ``/`` for itself. A path is given in one form
only: another one (``/a/../b``, ``/a/``) has no entity.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from demotic.errors import LimitExceeded
from demotic.files import FileInfo, FilePath, FilesFault, FileSystem, local_files
from demotic.query import Query
from demotic.store.files._media import FileMedia
from demotic.store.files._model import folder_model
from demotic.store.media import OWN
from demotic.store.providers import Provider, ProviderStore, equalities
from demotic.store.providers._provider import Values

MOST_ENTRIES: Final = 100_000
_FOLDER: Final = "folder"


class FolderFiles(Provider):
    """The files of a folder, or of any file system of `demotic.files`.

    ``most_entries`` is how many files and folders a question may look at. Beyond that it is refused (`LimitExceeded`).
    """

    def __init__(
        self,
        root: str | os.PathLike[str] | FileSystem,
        *,
        most_entries: int = MOST_ENTRIES,
    ) -> None:
        self._system = root if isinstance(root, FileSystem) else local_files(root, names="native", links="refuse")
        self._most_entries = most_entries

    def entities(self) -> Iterator[Values]:
        """Return the folder itself, then all that is in it, from the top down."""
        return self._below("/")

    def get(self, key: tuple[Any, ...]) -> Values | None:
        """Return what is at a path."""
        return self._at(key[0])

    def query(self, query: Query, values: Sequence[object]) -> Iterable[Values]:
        """Return what is at a path if the filter names one, else everything."""
        path = equalities(query, values).get("Path")
        if path is None:
            return self.entities()
        found = self._at(path)
        return () if found is None else (found,)

    def related(self, entity: Values, navigation: str) -> Iterable[Values] | Values | None:
        """Return what is in a folder, or the folder that something is in."""
        path = entity["Path"]
        if navigation == "Parent":
            return None if path == "/" else self._at(path.rpartition("/")[0] or "/")
        return list(self._inside(path)) if entity["IsFolder"] else ()

    # --- how it is done

    def _at(self, path: object) -> Values | None:
        if not isinstance(path, str) or not path.startswith("/"):
            return None
        names = path[1:].split("/") if path != "/" else []
        if not all(map(_is_shown, names)):
            return None
        place = self._system.root
        try:
            for name in names:  # step by step: what a link leads to is not in the folder
                place = place / name
                info = place.stat()
                if info.is_link or info.kind not in ("file", _FOLDER):
                    return None
            return self._entity(place, path, place.stat())
        except FilesFault:
            return None

    def _below(self, top: str) -> Iterator[Values]:
        first = self._at(top)
        waiting = [first] if first is not None else []
        number = 0
        while waiting:
            entity = waiting.pop()
            number += 1
            if number > self._most_entries:
                raise LimitExceeded(
                    f"there are more than {self._most_entries} files and folders",
                    hint="ask for the children of one folder",
                )
            yield entity
            if entity["IsFolder"]:
                waiting += reversed(list(self._inside(entity["Path"])))

    def _inside(self, path: str) -> Iterator[Values]:
        place = self._place(path)
        try:
            found = self._system.entries(place)
        except FilesFault:  # gone meanwhile, or not for us to read
            return
        for name, info in found:
            if _is_shown(name) and not info.is_link and info.kind in ("file", _FOLDER):
                yield self._entity(place / name, f"{path.rstrip('/')}/{name}", info)

    def _place(self, path: str) -> FilePath:
        place = self._system.root
        for name in filter(None, path.split("/")):
            place = place / name
        return place

    def _entity(self, place: FilePath, path: str, info: FileInfo) -> Values:
        is_folder = info.kind == _FOLDER
        content = None if is_folder else FileMedia(place, path, info)
        return {
            "Path": path,
            "Name": path.rpartition("/")[2],
            "IsFolder": is_folder,
            "Size": None if is_folder else info.size,
            "MediaType": None if content is None else content.info.content_type,
            "Modified": info.modified,
            "Created": info.created,
            OWN.name: content,
        }


def _is_shown(name: str) -> bool:
    """Whether a name is shown: no dot at its beginning, and nothing in it that UTF-8 has no bytes for."""
    return bool(name) and not name.startswith(".") and not any(0xD800 <= ord(letter) <= 0xDFFF for letter in name)


def folder_store(root: str | os.PathLike[str] | FileSystem, **limits: int) -> ProviderStore:
    """Return the files of a folder as a store with the one set ``Files``, for reading.

    ``limits`` are those of `FolderFiles`. Raises `NoSuchFile` or `NotAFolder` for a root that is none.

    >>> with folder_store("docs") as store, store.transaction() as tx:   # doctest: +SKIP
    ...     print([file["Path"] for file in tx["Files"].where("Size gt 10000").values()])
    """
    return ProviderStore(folder_model(), {"Files": FolderFiles(root, **limits)})
