"""`FilePath`: what can be done with a file or folder."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, Final

from demotic.errors import InvalidInput
from demotic.files._copy import copied, moved, tree_copied
from demotic.files._errors import FileExists, FilesFault, NoSuchFile, NotAFolder
from demotic.files._info import FileInfo
from demotic.files._lexical import LexicalPath
from demotic.files._search import globbed, removed, walked
from demotic.files._temporary import new_folder
from demotic.syntax.uri import URI

__all__ = ["FilePath"]

MODES: Final = {f"{kind}{plus}" for kind in "rwax" for plus in ("", "+")}


class FilePath(LexicalPath):
    """A path of a file system, and the file or folder that may be there. Made by `FileSystem.path` and by joining.

    All that touches the file system may raise `UnsafePath`, `OutsideRoot` and, where it makes something,
    `UnportableName`; other errors are told at each method.
    """

    __slots__ = ()

    def __fspath__(self) -> str:
        return self.system.native(self)

    @property
    def uri(self) -> URI:
        """The file URL of this path, made absolute; its host is the name of the file system, none for the local one."""
        return self.system.uri(self)

    def real(self) -> FilePath:
        """Return the path from the root without links, in the case that the system compares in."""
        resolved = getattr(self.system, "resolved", None)
        return resolved(self) if resolved else self.absolute().folded()

    # What is there

    def stat(self) -> FileInfo:
        """Return kind, size and times. Raises `NoSuchFile`."""
        return self.system.info(self)

    def _kind(self) -> str | None:
        try:
            return self.stat().kind
        except (NoSuchFile, NotAFolder):
            return None

    def exists(self) -> bool:
        """Return whether anything is there."""
        return self._kind() is not None

    def is_file(self) -> bool:
        """Return whether a file is there."""
        return self._kind() == "file"

    def is_folder(self) -> bool:
        """Return whether a folder is there."""
        return self._kind() == "folder"

    def children(self) -> list[FilePath]:
        """Return what the folder holds, sorted by name. Raises `NotAFolder`, `NoSuchFile`."""
        return [self / name for name, _ in self.system.entries(self)]

    def walk(self) -> Iterator[tuple[FilePath, list[FilePath], list[FilePath]]]:
        """Yield each folder from here down, with the folders and the files in it; see `os.walk`.

        Folders that the caller takes off the list are not entered. Links are listed with the files, and not followed.
        """
        return walked(self)

    def glob(self, pattern: str) -> Iterator[FilePath]:
        """Yield what matches a pattern below this folder: `*`, `?` and `[abc]` within a name, `**` for any folders.

        >>> from demotic.files import memory_files
        >>> files = memory_files()
        >>> _ = files.path("/a.txt").write_text("A")
        >>> [str(path) for path in files.root.glob("*.txt")]
        ['/a.txt']
        """
        return globbed(self, pattern)

    # Reading and writing

    def open(
        self, mode: str = "r", *, encoding: str = "utf-8", errors: str = "strict", newline: str | None = None
    ) -> IO[Any]:
        """Open the file as `open` does: for text, or for bytes with `b` in the mode.

        Text is UTF-8 unless said otherwise. A file that is written to changes at once, for others to see; `replacing`
        changes it as a whole. Raises `NoSuchFile`, `FileExists` for mode `x`, `IsAFolder`.
        """
        kind = mode.replace("b", "", 1).replace("t", "", 1)
        if kind not in MODES or ("b" in mode and "t" in mode):
            raise InvalidInput(f"there is no mode {mode!r}", hint="r, w, a or x, with b for bytes and + for both ways")
        raw = self.system.open(self, f"{kind[0]}{kind[1:]}b")
        return raw if "b" in mode else io.TextIOWrapper(raw, encoding=encoding, errors=errors, newline=newline)

    def replacing(self) -> Any:
        """Return a context that gives a file to write bytes to: this file gets them all when the block ends well.

        It keeps its old content if the block raises. Locally others see either the one or the other, never a part.
        """
        return self.system.replacing(self)

    def read_bytes(self) -> bytes:
        """Return the whole file. Raises `NoSuchFile`, `IsAFolder`."""
        with self.open("rb") as file:
            return bytes(file.read())

    def read_text(self, encoding: str = "utf-8") -> str:
        """Return the whole file as text, line ends as they are. Also raises `UnicodeDecodeError`."""
        return self.read_bytes().decode(encoding)

    def write_bytes(self, data: bytes) -> int:
        """Write the whole file, atomically as `replacing` does, and return how many bytes there are."""
        with self.replacing() as file:
            file.write(data)
        return len(data)

    def write_text(self, text: str, encoding: str = "utf-8") -> int:
        """Write the whole file as text, line ends as they are; see `write_bytes`."""
        return self.write_bytes(text.encode(encoding))

    # Folders

    def make_folder(self) -> FilePath:
        """Make a folder, and return this path. Raises `FileExists` if anything is there, `NoSuchFile`."""
        self.system.make_folder(self)
        return self

    def make_folders(self, *, exist_ok: bool = True) -> FilePath:
        """Make a folder and those that it is in, where they are missing, and return this path.

        Raises `FileExists` if a file is there, and without `exist_ok` if a folder is.
        """
        kind = self._kind()
        if kind == "folder" and exist_ok:
            return self
        if kind is not None:
            raise FileExists(f"{self.text!r} is there already", path=self)
        path = self.absolute()
        missing = [path]
        while not path.is_root and not (path := path.parent).is_folder():
            missing.append(path)
        for folder in reversed(missing):
            self.system.make_folder(folder)
        return self

    def make_temporary_folder(self, *, prefix: str = "tmp", suffix: str = "") -> FilePath:
        """Make a folder of a new name in this one, and return it; the caller removes it."""
        return new_folder(self, prefix, suffix)

    @contextmanager
    def temporary_folder(self, *, prefix: str = "tmp", suffix: str = "") -> Iterator[FilePath]:
        """Make a folder of a new name in this one, and remove it with all it holds when the block ends."""
        folder = self.make_temporary_folder(prefix=prefix, suffix=suffix)
        try:
            yield folder
        finally:
            folder.remove_tree(ignore_errors=True)

    # Copying, moving, removing

    def copy_to(self, target: FilePath, *, replace: bool = False) -> FilePath:
        """Copy a file, to any file system, and return the copy; into the target if that is a folder.

        Raises `FileExists` unless `replace` is set.
        """
        return copied(self, target, replace)

    def copy_tree_to(self, target: FilePath, *, replace: bool = False) -> FilePath:
        """Copy a folder with all it holds to `target`, on any file system. Links are not copied.

        Raises `FileExists` for the first file that is there already, unless `replace` is set.
        """
        return tree_copied(self, target, replace)

    def move_to(self, target: FilePath, *, replace: bool = False) -> FilePath:
        """Move a file or folder, to any file system, and return its new path.

        Within a file system it is renamed; to another it is copied, then removed. Raises `FileExists` unless `replace`
        is set, which replaces files only.
        """
        return moved(self, target, replace)

    def remove(self) -> None:
        """Remove a file, or a link. Raises `IsAFolder`, `NoSuchFile`."""
        self.system.remove_file(self)

    def remove_folder(self) -> None:
        """Remove an empty folder. Raises `NotAFolder`, `FolderNotEmpty`, `NoSuchFile`."""
        self.system.remove_folder(self)

    def remove_tree(self, *, ignore_errors: bool = False) -> None:
        """Remove a folder with all it holds; links are removed, not what they lead to.

        The root itself stays. With `ignore_errors`, what cannot be removed stays, and nobody is told.
        """
        try:
            removed(self, ignore_errors)
        except FilesFault:
            if not ignore_errors:
                raise
