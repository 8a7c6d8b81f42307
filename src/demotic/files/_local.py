"""The files of this machine: below a root, which no path and no link leads out of, or all of them.

Links are followed as long as they stay within the root. A path is checked, then used: who can change links below the
root at the very moment between the two is not kept out; `links="refuse"` leaves less room for it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from tempfile import mkdtemp
from typing import IO, Any, Final, Literal

from demotic.errors import InvalidInput
from demotic.files._errors import IsAFolder, NoSuchFile, NotAFolder, OutsideRoot, UnsafePath, translated
from demotic.files._fsspec import implementation
from demotic.files._lexical import LexicalPath
from demotic.files._names import NamePolicy
from demotic.files._path import FilePath
from demotic.files._root import RootedPaths
from demotic.files._rules import NATIVE
from demotic.files._system import FileSystem
from demotic.files._temporary import new_name
from demotic.syntax.uri import URI, file_uri

__all__ = ["AllLocalFiles", "LocalFiles", "local_files", "temporary_files"]

LinkPolicy = Literal["inside", "refuse"]
LINK_POLICIES: Final = ("inside", "refuse")


class LocalFiles(FileSystem):
    """The files below a folder of this machine."""

    can_rename = True

    def __init__(
        self,
        root: str,
        *,
        names: NamePolicy = "portable",
        links: LinkPolicy = "inside",
        on_close: Callable[[], None] | None = None,
    ) -> None:
        if links not in LINK_POLICIES:
            raise InvalidInput(f"there is no link policy {links!r}", hint="'inside' and 'refuse' are")
        base = os.path.realpath(root)
        super().__init__(implementation("file"), name="", base=base, names=names, on_close=on_close)
        self.links = links
        self._fence = base.rstrip(os.sep)

    def locate(self, path: FilePath, *, creating: bool = False, follow: bool = True) -> str:
        """Return the path of the operating system, after `FileSystem.locate` and a look at the links on the way."""
        key = os.path.normpath(super().locate(path, creating=creating))
        folder, name = os.path.split(key)
        try:
            os.fsencode(key)
        except UnicodeEncodeError:
            raise UnsafePath(
                f"{path.text!r} holds half a character, which this system cannot write", path=path
            ) from None
        real = os.path.realpath(key) if follow else os.path.join(os.path.realpath(folder), name)
        fence = os.path.normcase(self._fence)
        if (
            key != self._base
            and os.path.normcase(real) != fence
            and not os.path.normcase(real).startswith(fence + os.sep)
        ):
            raise OutsideRoot(f"{path.text!r} is a link that leads out of the root, or is below one", path=path)
        if self.links == "refuse" and os.path.normcase(real) != os.path.normcase(key):
            raise UnsafePath(f"{path.text!r} is a link, or is below one", path=path, hint="links='inside' follows them")
        return key

    def rooted(self, folder: Any) -> LocalFiles:  # also of all local files, where the class is another
        """Return the part below `folder` as a file system of its own."""
        path = self.path(folder)
        if self.info(path).kind != "folder":
            raise NotAFolder(f"{path} is not a folder", path=path)
        inner = LocalFiles(self.locate(path), names=self.names, links=self.links)
        return inner.read_only() if self.is_read_only else inner

    def same_as(self, other: RootedPaths) -> bool:
        """Return whether paths of both mean the same files."""
        return type(other) is type(self) and self._base == other._base

    def _opened_key(self, path: FilePath, mode: str) -> str:
        key = super()._opened_key(path, mode)
        with translated(path):
            self._check_regular(path, key)
        return key

    def _check_regular(self, path: FilePath, key: str) -> None:
        # A pipe would let us wait for ever, a device does who knows what.
        if os.path.exists(key) and not os.path.isfile(key) and not os.path.isdir(key):
            raise UnsafePath(f"{path.text!r} is a pipe, a socket or a device, no file", path=path)

    def open(self, path: FilePath, mode: str) -> IO[bytes]:
        """Open a file for bytes."""
        key = self._opened_key(path, mode)
        with translated(path):
            return open(key, mode)

    @contextmanager
    def replacing(self, path: FilePath) -> Iterator[IO[bytes]]:
        """Write a new file beside this one, on disk when the block ends, and put it in this one's place then."""
        key = os.path.realpath(self._opened_key(path, "wb"))
        beside = os.path.join(os.path.dirname(key), new_name(".", ".part"))
        try:
            with translated(path):
                file = open(beside, "xb")  # noqa: SIM115  closed below, where other errors are translated
            with file:
                yield file
                with translated(path):
                    file.flush()
                    os.fsync(file.fileno())
            with translated(path):
                if os.path.exists(key):
                    shutil.copymode(key, beside)
                os.replace(beside, key)
        finally:
            with suppress(FileNotFoundError):
                os.remove(beside)

    def remove_file(self, path: FilePath) -> None:
        """Remove a file, or a link."""
        self._check_writable(path)
        key = self.locate(path, follow=False)
        with translated(path):
            if os.path.isdir(key) and not os.path.islink(key):
                raise IsAFolder(f"{path.text!r} is a folder", path=path)
            os.remove(key)

    def make_folder(self, path: FilePath) -> None:
        """Make one folder."""
        self._check_writable(path)
        key = self.locate(path, creating=True)
        with translated(path):
            os.mkdir(key)

    def remove_folder(self, path: FilePath) -> None:
        """Remove an empty folder."""
        self._check_writable(path)
        if path.absolute().is_root:
            raise UnsafePath("the root cannot be removed", path=path)
        key = self.locate(path, follow=False)
        with translated(path):
            os.rmdir(key)

    def _rename_keys(self, source: str, goal: str) -> None:
        os.replace(source, goal)

    def uri(self, path: FilePath) -> URI:
        """Return the file URL of the path that the operating system knows."""
        return file_uri(self.native(path), NATIVE.name)  # type: ignore[arg-type]

    def native(self, path: FilePath) -> str:
        """Return the path for the operating system."""
        return self.locate(path)

    def resolved(self, path: FilePath) -> FilePath:
        """Return the path from the root without links."""
        real = os.path.normcase(os.path.realpath(self.locate(path)))
        return self.path("/" + real[len(self._fence) :].replace(os.sep, "/").lstrip("/"))

    def from_native(self, text: str) -> FilePath:
        """Return the path here of a path of the operating system. Raises `OutsideRoot`."""
        real = os.path.join(os.path.realpath(os.path.dirname(text)), os.path.basename(text))
        if real != self._fence and not real.startswith(self._fence + os.sep):
            raise OutsideRoot(f"{text!r} is not below the root", path=text)
        return self.path("/" + real[len(self._fence) :].replace(os.sep, "/").lstrip("/"))


class AllLocalFiles(LocalFiles):
    """All files of this machine, by the paths of its operating system; relative ones begin in the process's folder.

    Nothing is checked here but NUL: it is for paths that a person gives, not for those that come from elsewhere.
    """

    def __init__(self) -> None:
        super().__init__(os.sep, names="native")
        self._base = self._fence = ""
        self.rules = NATIVE
        self._working = ""

    @property
    def working_text(self) -> str:
        """Where relative paths begin: the folder of the process, or that of `at`."""
        return self._working or os.getcwd()

    @property
    def root(self) -> FilePath:
        """The root that the working folder is below; Windows has several."""
        text = self.working_text
        while (head := self.rules.split(text)[0]) != text:
            text = head
        return self.path(text)

    def rooted(self, folder: Any) -> LocalFiles:
        """Return the files below `folder` as a file system of its own, with all the checks that this one lacks."""
        inner = local_files(self.native(self.path(folder)))
        return inner.read_only() if self.is_read_only else inner

    def absolute_text(self, path: LexicalPath) -> str:
        """Return the absolute path, by its text alone."""
        return self.rules.normalized(self.rules.join(self.working_text, path.text))

    def locate(self, path: FilePath, *, creating: bool = False, follow: bool = True) -> str:
        """Return the absolute path."""
        if "\0" in path.text:
            raise UnsafePath(f"{path.text!r} holds NUL, which ends a name on many systems", path=path)
        return path.absolute().text

    def _check_regular(self, path: FilePath, key: str) -> None:
        pass

    def resolved(self, path: FilePath) -> FilePath:
        """Return the absolute path without links."""
        return self.path(os.path.normcase(os.path.realpath(self.locate(path))))

    def from_native(self, text: str) -> FilePath:
        """Return the path here of a path of the operating system."""
        return self.path(text)


def local_files(
    root: str | os.PathLike[str] | None = None, *, names: NamePolicy = "portable", links: LinkPolicy = "inside"
) -> LocalFiles:
    """Open the files below `root`, or all files of this machine where none is given.

    `names` says which names are taken (see `unsafe`, `unportable`), `links` whether links are followed (`inside`: as
    long as they do not lead out of the root) or refused. Raises `NoSuchFile`, `NotAFolder`, `FilesExtraMissing`.
    """
    if root is None:
        return AllLocalFiles()
    text = os.fspath(root)
    if not os.path.exists(text):
        raise NoSuchFile(f"the root {text!r} is not there", path=text)
    if not os.path.isdir(text):
        raise NotAFolder(f"the root {text!r} is not a folder", path=text)
    return LocalFiles(text, names=names, links=links)


def temporary_files(*, prefix: str = "demotic-", suffix: str = "") -> LocalFiles:
    """Open a new folder among this machine's temporary ones; closing it removes it with all it holds."""
    folder = mkdtemp(suffix, prefix)
    return LocalFiles(folder, on_close=lambda: shutil.rmtree(folder, ignore_errors=True))
