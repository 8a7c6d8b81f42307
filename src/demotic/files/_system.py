"""`FileSystem`: a tree of files behind one root, reached through fsspec."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import IO, Any, ClassVar, Self

from demotic.files._errors import FileExists, IsAFolder, NoSuchFile, NotAFolder, NotOffered, UnsafePath, translated
from demotic.files._info import FileInfo, info_of, moment
from demotic.files._path import FilePath
from demotic.files._root import RootedPaths
from demotic.syntax.uri import URI, file_uri

__all__ = ["FileSystem"]

IN_MEMORY = 1 << 20


class FileSystem(RootedPaths):
    """A file system, or the part of one below a folder, which its paths cannot leave.

    Paths are written with `/`, whatever lies below. `/` is the root of this file system, and relative paths begin in
    its working folder. `..` above the root is refused, and so is every name that could mean something else: see
    `unsafe` and `unportable`, and the two policies there. `with` closes it.

    `fs` is a file system of fsspec's, `base` the folder in it that is the root here. `name` becomes the host in file
    URLs.
    """

    can_rename: ClassVar[bool] = False

    def path(self, *parts: Any) -> FilePath:
        """Return a path of this file system: texts, bytes (in its encoding) or paths of it, joined."""
        return FilePath(self, self.rules.join(*map(self.coerced, parts)) if parts else "")

    @property
    def working_folder(self) -> FilePath:
        """Where relative paths begin."""
        return self.path(self.working_text)

    @property
    def root(self) -> FilePath:
        """The folder that holds all others."""
        return self.path("/")

    def at(self, folder: Any) -> Self:
        """Return this file system with another working folder. Raises `NotAFolder`, `NoSuchFile`."""
        path = self.path(folder).absolute()
        if self.info(path).kind != "folder":
            raise NotAFolder(f"{path} is not a folder", path=path)
        other = self._copy()
        other._working = path.text
        return other

    def rooted(self, folder: Any) -> FileSystem:
        """Return the part below `folder` as a file system of its own, which its paths cannot leave."""
        path = self.path(folder).absolute()
        if self.info(path).kind != "folder":
            raise NotAFolder(f"{path} is not a folder", path=path)
        other = self._copy()
        other._base, other._working = self.locate(path).rstrip("/"), "/"
        return other

    # What can be done

    def info(self, path: FilePath) -> FileInfo:
        """Return what there is to know of an entry. Raises `NoSuchFile`."""
        key = self.locate(path)
        with translated(path):
            told = dict(self.fs.info(key))
            info = info_of(told)
            if info.kind == "file" and info.modified is None:
                with suppress(NotImplementedError, AttributeError, KeyError):
                    info = FileInfo(info.kind, info.size, moment(self.fs.modified(key)), info.created, info.is_link)
            return info

    def _kind(self, key: str) -> str | None:
        try:
            return info_of(self.fs.info(key)).kind
        except (FileNotFoundError, NotADirectoryError):
            return None

    def entries(self, folder: FilePath) -> list[tuple[str, FileInfo]]:
        """Return the entries of a folder by name, sorted. Raises `NotAFolder`, `NoSuchFile`."""
        key = self.locate(folder)
        with translated(folder):
            if self._kind(key) not in (None, "folder"):
                raise NotAFolder(f"{folder.text!r} is not a folder", path=folder)
            listed = self.fs.ls(key, detail=True)
        found = {}
        for told in listed:
            place = told["name"].rstrip("/")
            if place.strip("/") != key.strip("/"):
                found[place.rpartition("/")[2]] = info_of(told)
        return sorted(found.items())

    def open(self, path: FilePath, mode: str) -> IO[bytes]:
        """Open a file for bytes; `mode` is one of `rb`, `wb`, `ab`, `xb`, `r+b`, `w+b`, `a+b`, `x+b`."""
        key = self._opened_key(path, mode)
        with translated(path):
            return self._open_key(key, mode.replace("x", "w"))

    def _opened_key(self, path: FilePath, mode: str) -> str:
        writing = mode != "rb"
        if writing:
            self._check_writable(path)
        if path.is_folder_like:
            raise IsAFolder(f"{path.text!r} names a folder", path=path)
        key = self.locate(path, creating="r" not in mode)
        if writing or self._needs_folders:
            with translated(path):
                self._check_target(path, key, mode)
        return key

    def _check_target(self, path: FilePath, key: str, mode: str) -> None:
        kind = self._kind(key)
        if kind == "folder":
            raise IsAFolder(f"{path.text!r} is a folder", path=path)
        if kind is not None and mode.startswith("x"):
            raise FileExists(f"{path.text!r} is there already", path=path)
        if kind is None and mode != "rb" and self._needs_folders:
            self._check_folder(path, self._folder_of(key))

    @staticmethod
    def _folder_of(key: str) -> str:
        return key.rpartition("/")[0] or "/"

    def _check_folder(self, path: FilePath, folder: str) -> None:
        kind = self._kind(folder)
        if kind is None:
            hint = "make it first: path.parent.make_folders()"
            raise NoSuchFile(f"the folder of {path.text!r} is not there", path=path, hint=hint)
        if kind != "folder":
            raise NotAFolder(f"{path.text!r} is below a file", path=path)

    def _open_key(self, key: str, mode: str) -> IO[bytes]:
        try:
            opened: IO[bytes] = self.fs.open(key, mode)
        except ValueError as error:  # some implementations say so that they are for reading only
            raise NotImplementedError(str(error)) from None
        return opened

    @contextmanager
    def replacing(self, path: FilePath) -> Iterator[IO[bytes]]:
        """Write a file as a whole: it gets its new content when the block ends, and keeps its old one if that fails."""
        key = self._opened_key(path, "wb")
        with SpooledTemporaryFile(IN_MEMORY) as spool:
            yield spool
            spool.seek(0)
            with translated(path), self._open_key(key, "wb") as target:
                copyfileobj(spool, target)

    def make_folder(self, path: FilePath) -> None:
        """Make one folder. Raises `FileExists` if anything is there, `NoSuchFile` if its own folder is not."""
        self._check_writable(path)
        key = self.locate(path, creating=True)
        with translated(path):
            if self._kind(key) is not None:
                raise FileExists(f"{path.text!r} is there already", path=path)
            if self._needs_folders:
                self._check_folder(path, self._folder_of(key))
            self.fs.mkdir(key, create_parents=False)

    def remove_file(self, path: FilePath) -> None:
        """Remove a file, or a link. Raises `IsAFolder`, `NoSuchFile`."""
        self._check_writable(path)
        key = self.locate(path, follow=False)
        with translated(path):
            if self._kind(key) == "folder":
                raise IsAFolder(f"{path.text!r} is a folder", path=path)
            self.fs.rm_file(key)

    def remove_folder(self, path: FilePath) -> None:
        """Remove an empty folder. Raises `NotAFolder`, `FolderNotEmpty`, `NoSuchFile`."""
        self._check_writable(path)
        if path.absolute().is_root:
            raise UnsafePath("the root cannot be removed", path=path)
        key = self.locate(path, follow=False)
        with translated(path):
            if self._kind(key) == "file":
                raise NotAFolder(f"{path.text!r} is not a folder", path=path)
            self.fs.rmdir(key)

    def rename(self, path: FilePath, target: FilePath) -> None:
        """Move a file or folder within this file system, to where nothing is or what may be replaced.

        Raises `NotOffered` unless `can_rename`.
        """
        self._check_writable(path)
        source, goal = self.locate(path, follow=False), self.locate(target, creating=True, follow=False)
        with translated(path):
            if self._needs_folders:
                self._check_folder(target, self._folder_of(goal))
            self._rename_keys(source, goal)

    def _rename_keys(self, source: str, goal: str) -> None:
        # fsspec's `mv` takes names for patterns, so what cannot rename itself is copied instead.
        raise NotImplementedError

    def uri(self, path: FilePath) -> URI:
        """Return the file URL of a path, made absolute: the host is the name of this file system."""
        return file_uri(path.absolute().text, "posix", host=self.name)

    def native(self, path: FilePath) -> str:
        """Return the path for the operating system. Raises `NotOffered` unless it is one of its own."""
        raise NotOffered(f"{path.text!r} is no path of the operating system", path=path, hint="copy it to one that is")
