"""Files and folders anywhere fsspec reaches, by paths that cannot leave their root."""

from demotic.files._async import AsyncPath
from demotic.files._errors import (
    FileExists,
    FilesExtraMissing,
    FilesFault,
    FolderNotEmpty,
    IsAFolder,
    NoSuchFile,
    NotAFolder,
    NotOffered,
    NotPermitted,
    OutsideRoot,
    ReadOnlyFiles,
    StorageFault,
    UnportableName,
    UnsafeArchive,
    UnsafePath,
)
from demotic.files._info import FileInfo
from demotic.files._local import LocalFiles, local_files, temporary_files
from demotic.files._names import collision_key, unportable, unsafe
from demotic.files._open import memory_files, open_files, path_of_uri, path_of_url, wrap
from demotic.files._path import FilePath
from demotic.files._rules import NATIVE, POSIX, WINDOWS, PathRules
from demotic.files._system import FileSystem
from demotic.files._zip import ArchiveLimits, unzip, write_zip, zip_files

__all__ = [
    "NATIVE",
    "POSIX",
    "WINDOWS",
    "ArchiveLimits",
    "AsyncPath",
    "FileExists",
    "FileInfo",
    "FilePath",
    "FileSystem",
    "FilesExtraMissing",
    "FilesFault",
    "FolderNotEmpty",
    "IsAFolder",
    "LocalFiles",
    "NoSuchFile",
    "NotAFolder",
    "NotOffered",
    "NotPermitted",
    "OutsideRoot",
    "PathRules",
    "ReadOnlyFiles",
    "StorageFault",
    "UnportableName",
    "UnsafeArchive",
    "UnsafePath",
    "collision_key",
    "local_files",
    "memory_files",
    "open_files",
    "path_of_uri",
    "path_of_url",
    "temporary_files",
    "unportable",
    "unsafe",
    "unzip",
    "wrap",
    "write_zip",
    "zip_files",
]
