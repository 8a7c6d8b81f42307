"""What can go wrong with files. Where Python's own exception says the same, ours is one of those too.

    FilesFault                  500  anything below; `path` is the path as it was given
    ├── UnsafePath              400  a path that could mean something else than it says
    │   └── OutsideRoot         400  a path that leads out of the root
    ├── UnportableName          400  a new name that other systems could not hold, or would take for another
    ├── NoSuchFile              404  nothing is there (FileNotFoundError)
    ├── FileExists              409  something is there already (FileExistsError)
    ├── NotAFolder              400  a file where a folder is needed (NotADirectoryError)
    ├── IsAFolder               400  a folder where a file is needed (IsADirectoryError)
    ├── FolderNotEmpty          409  a folder that still holds something (OSError)
    ├── NotPermitted            403  the system does not let us (PermissionError)
    │   └── ReadOnlyFiles       403  the file system is only for reading
    ├── NotOffered              501  this kind of file system cannot do it
    ├── UnsafeArchive           400  an archive that is damaged, too large, or holds entries that are not safe
    └── StorageFault            503  the system failed for another reason (OSError)

`FilesExtraMissing` says that the library is not installed.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from demotic.errors import DemoticError, Unsupported

__all__ = [
    "FileExists",
    "FilesExtraMissing",
    "FilesFault",
    "FolderNotEmpty",
    "IsAFolder",
    "NoSuchFile",
    "NotAFolder",
    "NotOffered",
    "NotPermitted",
    "OutsideRoot",
    "ReadOnlyFiles",
    "StorageFault",
    "UnportableName",
    "UnsafeArchive",
    "UnsafePath",
]


class FilesExtraMissing(Unsupported):
    """The library that file systems are reached by is not installed: it comes with the extra `files`."""

    code = "FilesExtraMissing"


class FilesFault(DemoticError):
    """Something about files went wrong; ``path`` is the path as it was given."""

    code = "FilesFault"

    def __init__(self, message: str, *, path: object = None, hint: str | None = None) -> None:
        super().__init__(message, target=None if path is None else str(path), hint=hint)
        self.path = path


class UnsafePath(FilesFault):
    """A path that could mean something else than it says."""

    code = "UnsafePath"
    status = 400


class OutsideRoot(UnsafePath):
    """A path that leads out of the root of its file system."""

    code = "OutsideRoot"


class UnportableName(FilesFault):
    """A new name that other systems could not hold, or would take for one that is there."""

    code = "UnportableName"
    status = 400


class NoSuchFile(FilesFault, FileNotFoundError):
    """There is no such file or folder."""

    code = "NoSuchFile"
    status = 404


class FileExists(FilesFault, FileExistsError):
    """Something is there already."""

    code = "FileExists"
    status = 409


class NotAFolder(FilesFault, NotADirectoryError):
    """There is a file where a folder is needed."""

    code = "NotAFolder"
    status = 400


class IsAFolder(FilesFault, IsADirectoryError):
    """There is a folder where a file is needed."""

    code = "IsAFolder"
    status = 400


class FolderNotEmpty(FilesFault, OSError):
    """The folder still holds something."""

    code = "FolderNotEmpty"
    status = 409


class NotPermitted(FilesFault, PermissionError):
    """The system does not permit it."""

    code = "NotPermitted"
    status = 403


class ReadOnlyFiles(NotPermitted):
    """The file system is only for reading."""

    code = "ReadOnlyFiles"


class NotOffered(FilesFault):
    """This kind of file system cannot do it."""

    code = "NotOffered"
    status = 501


class UnsafeArchive(FilesFault):
    """An archive that is damaged, too large, or holds entries that are not safe; ``details`` has them."""

    code = "UnsafeArchive"
    status = 400


class StorageFault(FilesFault, OSError):
    """The system failed while it worked on a file."""

    code = "StorageFault"
    status = 503


# The first that fits counts: errors by number, as a plain OSError has one, then by class.
BY_NUMBER: Final[dict[int, tuple[type[FilesFault], str]]] = {
    errno.ENOTEMPTY: (FolderNotEmpty, "is not empty"),
    errno.EROFS: (ReadOnlyFiles, "is on a file system only for reading"),
    errno.ELOOP: (UnsafePath, "is a link that leads to itself"),
    errno.ENAMETOOLONG: (UnsafePath, "is a name too long for this system"),
}
BY_CLASS: Final[dict[type[Exception], tuple[type[FilesFault], str]]] = {
    FileNotFoundError: (NoSuchFile, "is not there"),
    FileExistsError: (FileExists, "is there already"),
    NotADirectoryError: (NotAFolder, "is not a folder, or is below a file"),
    IsADirectoryError: (IsAFolder, "is a folder"),
    PermissionError: (NotPermitted, "is not for us"),
    NotImplementedError: (NotOffered, "cannot be treated so on this kind of file system"),
    OSError: (StorageFault, "cannot be read or written"),
}


@contextmanager
def translated(path: object) -> Iterator[None]:
    """Raise our own error for one of the system's or of the library's, saying which path it is about."""
    try:
        yield
    except FilesFault:
        raise
    except (OSError, NotImplementedError) as error:
        fault, words = _ours(error)
        reason = f": {error}" if fault is StorageFault else ""
        raise fault(f"{str(path)!r} {words}{reason}", path=path) from error


def _ours(error: Exception) -> tuple[type[FilesFault], str]:
    numbered = BY_NUMBER.get(getattr(error, "errno", None) or 0)
    return numbered or next(ours for theirs, ours in BY_CLASS.items() if isinstance(error, theirs))
