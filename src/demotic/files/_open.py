"""Other file systems than the local one: in memory, and whatever fsspec reaches."""

from __future__ import annotations

import os
from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any

from demotic.files._errors import NoSuchFile, NotAFolder
from demotic.files._fsspec import implementation, load
from demotic.files._local import AllLocalFiles, LocalFiles
from demotic.files._names import NamePolicy
from demotic.files._path import FilePath
from demotic.files._system import FileSystem
from demotic.syntax.uri import URI, Authority, FileURI, NotAPath, parse_uri

__all__ = ["memory_files", "open_files", "path_of_uri", "path_of_url", "wrap"]


class MemoryFiles(FileSystem):
    """Files in memory, shared with nobody."""

    can_rename = True

    def __init__(self, name: str, names: NamePolicy) -> None:
        fs = implementation("memory")
        fs.store, fs.pseudo_dirs = {}, [""]  # else all of them in a process share one store
        super().__init__(fs, name=name, names=names, needs_folders=True)

    def _open_key(self, key: str, mode: str) -> IO[bytes]:
        # For reading, each gets a file of its own: fsspec gives all of them the same, with one position.
        return BytesIO(self.fs.cat_file(key)) if mode == "rb" else super()._open_key(key, mode)

    def _rename_keys(self, source: str, goal: str) -> None:
        for held in (self.fs.store, self.fs.pseudo_dirs):
            moved = [key for key in held if key == source or key.startswith(f"{source}/")]
            for key in moved:
                if isinstance(held, dict):
                    held[goal + key[len(source) :]] = held.pop(key)
                else:
                    held[held.index(key)] = goal + key[len(source) :]


def memory_files(*, name: str = "memory", names: NamePolicy = "portable") -> FileSystem:
    """Open an empty file system in memory; what it holds goes with it.

    >>> files = memory_files()
    >>> files.path("/notes.txt").write_text("Hello")
    5
    >>> files.path("/notes.txt").uri
    FileURI('file://memory/notes.txt')
    """
    return MemoryFiles(name, names)


def wrap(
    fs: Any, base: str = "", *, name: str | None = None, names: NamePolicy = "portable", read_only: bool = False
) -> FileSystem:
    """Give a file system of fsspec's, below the folder `base`, the paths and checks of this package.

    The name, which becomes the host in file URLs, is that of its protocol unless given.
    """
    protocol = fs.protocol if isinstance(fs.protocol, str) else fs.protocol[0]
    return FileSystem(fs, name=protocol if name is None else name, base=base, names=names, is_read_only=read_only)


def open_files(url: str, *, names: NamePolicy = "portable", read_only: bool = False, **options: Any) -> FileSystem:
    """Open the folder that `url` names, below which all paths then are: of any protocol that fsspec knows.

    A path or a `file:` URL opens local files. `options` go to fsspec's implementation (credentials, say). Raises
    `NotAPath`, `NoSuchFile`, `NotAFolder`; `ImportError` from fsspec where the protocol needs a package of its own, and
    `ValueError` for a protocol that it does not know.
    """
    if "://" not in url and "::" not in url and not url.startswith("file:"):
        return _local(url, names, read_only)
    if url.lower().startswith("file:"):
        uri = parse_uri(url)
        if not isinstance(uri, FileURI):
            raise NotAPath(f"{url} is no file URL")
        return _local(uri.to_path(), names, read_only)
    fs, base = load().core.url_to_fs(url, **options)
    return wrap(fs, base, names=names, read_only=read_only)


def path_of_url(url: str, *, names: NamePolicy = "portable", **options: Any) -> FilePath:
    """Return the path of the file or folder that `url` names, in a file system whose root is the folder that it is in.

    Nothing need be there. Takes and raises what `open_files` does.
    """
    if "://" not in url and "::" not in url and not url.startswith("file:"):
        url = os.path.abspath(url)
        return LocalFiles(os.path.dirname(url), names=names).path("/" + os.path.basename(url))
    if url.lower().startswith("file:"):
        uri = parse_uri(url)
        if not isinstance(uri, FileURI):
            raise NotAPath(f"{url} is no file URL")
        return path_of_url(uri.to_path(), names=names)
    fs, key = load().core.url_to_fs(url, **options)
    folder, _, name = key.rstrip("/").rpartition("/")
    return wrap(fs, folder, names=names).path(f"/{name}")


def _local(path: str, names: NamePolicy, read_only: bool) -> FileSystem:
    if not os.path.isdir(path):
        fault = NotAFolder if os.path.exists(path) else NoSuchFile
        raise fault(f"{path!r} is no folder that is there", path=path)
    files = LocalFiles(path, names=names)
    return files.read_only() if read_only else files


def _path_within(url: FileURI) -> str:
    local = url.replace(authority=Authority())
    assert isinstance(local, FileURI)
    return local.to_path("posix")


def path_of_uri(uri: URI | str, systems: Mapping[str, FileSystem] | None = None) -> FilePath:
    r"""Return the path that a file URL means: its host chooses among `systems`, by name, in any case.

    An empty host, or `localhost`, means the local files: those of the name "" among `systems`, otherwise all of this
    machine. A host that is no system's name is a machine of the network where the local system knows such
    (`\\machine\share`). Raises `NotAPath`, and `OutsideRoot` for a path that is not below the root of local files.
    """
    url = parse_uri(uri) if isinstance(uri, str) else uri
    if not isinstance(url, FileURI):
        raise NotAPath(f"{url} is no file URL")
    named = {name.lower(): system for name, system in (systems or {}).items()}
    host = (url.host or "").lower()
    system = named.get(host)
    if system is not None and host and not isinstance(system, LocalFiles):
        return system.path(_path_within(url))
    local = system or named.get("") or AllLocalFiles()
    if not isinstance(local, LocalFiles):
        return local.path(_path_within(url))
    return local.from_native(url.to_path())
