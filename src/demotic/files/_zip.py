"""Zip archives: read as a file system, written as a stream, unpacked within limits (PKWARE's APPNOTE 6.3).

An archive comes from elsewhere, so all its entries are looked at before the first is read: names that lead elsewhere,
two entries that are one file on some system, links, encryption, and sizes that would fill a disk.
"""

from __future__ import annotations

import os
import stat
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BufferedIOBase
from lzma import LZMAError
from shutil import copyfileobj
from typing import IO, Any, Final, Literal, Self, cast
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from demotic.errors import InvalidInput
from demotic.files._errors import FilesFault, UnsafeArchive
from demotic.files._fsspec import implementation
from demotic.files._info import FileInfo, moment
from demotic.files._names import collision_key, unportable
from demotic.files._path import FilePath
from demotic.files._system import FileSystem

__all__ = ["ArchiveLimits", "unzip", "write_zip", "zip_files"]

Source = FilePath | str | os.PathLike[str] | IO[bytes]


@dataclass(frozen=True)
class ArchiveLimits:
    """How much an archive may hold: entries, bytes when unpacked, bytes for each that is packed, folders in folders."""

    entries: int = 10_000
    size: int = 1 << 30
    ratio: int = 1000
    depth: int = 100


LIMITS: Final = ArchiveLimits()
PIECE: Final = 1 << 18
UTF_8: Final = 1 << 11  # the flag of an entry whose name is said to be in it


class Kept:
    """A file that stays open: fsspec closes those that it reads from, when it is no longer used."""

    def __init__(self, file: IO[bytes]) -> None:
        self.read, self.seek, self.tell = file.read, file.seek, file.tell

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


@contextmanager
def _damage_told(path: FilePath) -> Iterator[None]:
    """Raise `UnsafeArchive` for what `zipfile` and the decompressors raise."""
    try:
        yield
    except (BadZipFile, EOFError, LZMAError, zlib.error) as error:
        raise UnsafeArchive(f"{str(path)!r} is damaged in its archive: {error}", path=path) from None


class Entry(BufferedIOBase):
    """An entry opened for reading, which tells of damage where it comes to it."""

    def __init__(self, file: IO[bytes], path: FilePath) -> None:
        self._file: Any = file
        self._path = path

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return bool(self._file.seekable())

    def read(self, size: int | None = -1, /) -> bytes:
        with _damage_told(self._path):
            return bytes(self._file.read(-1 if size is None else size))

    def read1(self, size: int = -1, /) -> bytes:
        with _damage_told(self._path):
            return bytes(self._file.read1(size))

    def seek(self, offset: int, whence: int = 0, /) -> int:
        with _damage_told(self._path):
            return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        return int(self._file.tell())

    def close(self) -> None:
        self._file.close()
        super().close()


class ZipFiles(FileSystem):
    """The entries of an archive, for reading."""

    def __init__(self, fs: Any, name: str, on_close: Callable[[], None]) -> None:
        super().__init__(fs, name=name, is_read_only=True, on_close=on_close)
        self._folders: dict[str, dict[str, FileInfo]] | None = None

    def entries(self, folder: FilePath) -> list[tuple[str, FileInfo]]:
        """As for any file system. The archive is gone through once, not for each folder."""
        listed = self._listed().get(self.locate(folder).strip("/"))
        return super().entries(folder) if listed is None else sorted(listed.items())

    def _listed(self) -> dict[str, dict[str, FileInfo]]:
        if self._folders is None:
            found: dict[str, dict[str, FileInfo]] = {"": {}}
            for entry in self.fs.zip.infolist():
                path = entry.filename.rstrip("/")
                info = FileInfo("file", entry.file_size, moment(entry.date_time))
                found_in = _folder_of(found, path.rpartition("/")[0])
                if entry.is_dir():
                    _folder_of(found, path)
                else:
                    found_in[path.rpartition("/")[2]] = info
            self._folders = found
        return self._folders

    def open(self, path: FilePath, mode: str) -> IO[bytes]:
        """As for any file system; also raises `UnsafeArchive`, now or while reading, for an entry that is damaged."""
        with _damage_told(path):
            opened: Any = Entry(super().open(path, mode), path)
        return cast("IO[bytes]", opened)


def _folder_of(found: dict[str, dict[str, FileInfo]], path: str) -> dict[str, FileInfo]:
    """Return the entries of a folder, made with all folders around it where it is not known yet."""
    if path not in found:
        found[path] = {}
        around, _, name = path.rpartition("/")
        _folder_of(found, around)[name] = FileInfo("folder", 0)
    return found[path]


def zip_files(
    source: Source,
    *,
    name: str = "zip",
    unsafe: Literal["refuse", "leave_out"] = "refuse",
    limits: ArchiveLimits = LIMITS,
) -> FileSystem:
    """Open a zip archive as a file system for reading; `with` closes it.

    It lies at a path, or in a file opened for bytes, which then stays the caller's to close. Entries that are not safe
    are refused with all of them told, or left out, as `unsafe` says; too many or too much is always refused. Raises
    `UnsafeArchive`.
    """
    if unsafe not in ("refuse", "leave_out"):
        raise InvalidInput(f"there is no way {unsafe!r} to treat unsafe entries", hint="'refuse' and 'leave_out' are")
    with ExitStack() as opened:
        file: Any = source
        if isinstance(source, FilePath):
            file = opened.enter_context(source.open("rb"))
        elif isinstance(source, (str, os.PathLike)):
            file = opened.enter_context(open(source, "rb"))
        fs = _checked(file, unsafe == "leave_out", limits, _place(source))
        opened.callback(fs.close)
        return ZipFiles(fs, name, opened.pop_all().close)


def _place(source: Source) -> str:
    """Return what messages call the archive: an opened file need not have a name, nor one that is text."""
    name = source if isinstance(source, (FilePath, str, os.PathLike)) else getattr(source, "name", None)
    return str(name) if isinstance(name, (FilePath, str, os.PathLike)) else "the archive"


def _checked(file: Any, leave_out: bool, limits: ArchiveLimits, place: str) -> Any:
    try:
        fs = implementation("zip", fo=Kept(file))
    except (BadZipFile, NotImplementedError, ValueError, EOFError) as error:
        raise UnsafeArchive(f"{place} is no zip archive that can be read: {error}", path=place) from None
    try:
        _decode_names(fs.zip)
        _check(fs.zip, leave_out, limits, place)
        _check_overlap(fs.zip, file, place)
    except UnsafeArchive:
        fs.close()
        raise
    return fs


def _check(archive: ZipFile, leave_out: bool, limits: ArchiveLimits, place: str) -> None:
    entries = archive.infolist()
    size = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    for figure, most, words in (
        (len(entries), limits.entries, "entries"),
        (size, limits.size, "bytes unpacked"),
        (size // max(packed, 1), limits.ratio, "bytes for each packed one"),
        (max((entry.orig_filename.count("/") for entry in entries), default=0), limits.depth, "folders in one another"),
    ):
        if figure > most:
            raise UnsafeArchive(f"{place} has {figure} {words}, of which {most} are allowed", path=place)
    faults = {id(entry): reason for entry, reason in _faults(entries)}
    if faults and not leave_out:
        told = tuple(FilesFault(f"{entry.filename!r} {faults[id(entry)]}") for entry in entries if id(entry) in faults)
        fault = UnsafeArchive(f"{place} is not safe: {told[0].message}", path=place)
        fault.details = told
        raise fault
    archive.filelist = [entry for entry in entries if id(entry) not in faults]
    archive.NameToInfo = {entry.filename: entry for entry in archive.filelist}


def _decode_names(archive: ZipFile) -> None:
    """Read names as the UTF-8 that they are in, where the archive does not say so (APPNOTE, appendix D)."""
    for entry in archive.infolist():
        entry.filename = _utf_8(entry, entry.filename)


def _utf_8(entry: ZipInfo, name: str) -> str:
    if entry.flag_bits & UTF_8 or name.isascii():
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _check_overlap(archive: ZipFile, file: Any, place: str) -> None:
    """Refuse entries that share their bytes: a small archive of those can be unpacked to any size."""
    length = file.seek(0, os.SEEK_END)
    packed = sum(entry.compress_size for entry in archive.infolist())
    if packed > length:
        raise UnsafeArchive(f"{place} has entries that overlap: {packed} bytes in an archive of {length}", path=place)


Seen = dict[str, tuple[str, bool]]
"""Paths that there are, and whether each is a folder's, by what they share with those that they collide with."""


def _faults(entries: list[ZipInfo]) -> Iterator[tuple[ZipInfo, str]]:
    """Yield the entries that are not safe, each with the reason."""
    seen: Seen = {}
    for entry in entries:
        # `filename` ends at a NUL and has the system's separators; the check is for what the archive says.
        names = _utf_8(entry, entry.orig_filename).removesuffix("/").split("/")
        reason = _fault(entry, names) or _collision(names, entry.is_dir(), seen)
        if reason is not None:
            yield entry, reason


def _fault(entry: ZipInfo, names: list[str]) -> str | None:
    for name in names:
        if (reason := unportable(name)) is not None:
            return f"has a name that {reason}" if name else "begins at a root, or has an empty name"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "is a link"
    return "is encrypted" if entry.flag_bits & 1 else None


def _collision(names: list[str], is_folder: bool, seen: Seen) -> str | None:
    paths = ["/".join(names[:depth]) for depth in range(1, len(names) + 1)]
    found = {collision_key(path): (path, True) for path in paths}
    found[collision_key(paths[-1])] = (paths[-1], is_folder)
    for key, path in found.items():
        if seen.get(key, path) != path or (key in seen and not path[1]):
            return f"is the same as {seen[key][0]!r} on some systems"
    seen.update(found)
    return None


def write_zip(
    target: FilePath | IO[bytes],
    entries: Iterable[tuple[str, FilePath | bytes]],
    *,
    compression: int | Callable[[str], int] = ZIP_DEFLATED,
    modified: datetime | None = None,
) -> int:
    """Write an archive of named files or bytes, in order, and return how many there are.

    Nothing is held in memory as a whole, neither a file nor the archive; a target that is a path gets it when it is
    complete. `compression` may be a function that says it for each name. With `modified`, which all entries then bear,
    the same content gives the same bytes; else each bears when its file was written. Raises `UnsafeArchive` for a name
    that would not be safe to unpack.
    """
    if isinstance(target, FilePath):
        with target.replacing() as file:
            return write_zip(file, entries, compression=compression, modified=modified)
    seen: Seen = {}
    count = 0
    with ZipFile(target, "w") as archive:
        for name, content in entries:
            entry = _new_entry(name, content, modified)
            entry.compress_type = compression(name) if callable(compression) else compression
            names = name.split("/")
            if (reason := _fault(entry, names) or _collision(names, False, seen)) is not None:
                raise UnsafeArchive(f"{name!r} {reason}", path=name)
            _write_entry(archive, entry, content)
            count += 1
    return count


def _new_entry(name: str, content: FilePath | bytes, modified: datetime | None) -> ZipInfo:
    if modified is None and isinstance(content, FilePath):
        modified = content.stat().modified
    earliest = (1980, 1, 1, 0, 0, 0)  # what an archive can say at least
    entry = ZipInfo(name, max(earliest, modified.timetuple()[:6]) if modified else earliest)
    entry.create_system = 3  # Unix, wherever it is written, as the mode says
    entry.external_attr = 0o644 << 16
    return entry


def _write_entry(archive: ZipFile, entry: ZipInfo, content: FilePath | bytes) -> None:
    with archive.open(entry, "w", force_zip64=True) as packed:
        if isinstance(content, FilePath):
            with content.open("rb") as file:
                copyfileobj(file, packed, PIECE)
        else:
            packed.write(content)


def unzip(
    source: Source,
    folder: FilePath,
    *,
    unsafe: Literal["refuse", "leave_out"] = "refuse",
    limits: ArchiveLimits = LIMITS,
) -> FilePath:
    """Unpack an archive into a folder, which is made where it is missing, and return the folder.

    Nothing that is there already is replaced. Raises `UnsafeArchive` before anything is written, `FileExists`.
    """
    with zip_files(source, unsafe=unsafe, limits=limits) as archive:
        return archive.root.copy_tree_to(folder)
