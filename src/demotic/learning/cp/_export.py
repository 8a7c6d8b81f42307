"""A package as a zip archive: the Package Interchange File of CP 1.2, section 2, in one reproducible form."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import IO, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED

from demotic.files import FileExists, FileInfo, FilePath, NotOffered, local_files, write_zip
from demotic.learning.cp._contents import Contents
from demotic.learning.cp._errors import PackagePathFault
from demotic.learning.cp._names import MANIFEST_NAME

__all__ = ["export"]

EARLIEST: Final = datetime(1980, 1, 1, tzinfo=UTC)
"""What an archive can say at least: when a file was written would make two archives of one package differ."""

PACKED: Final = frozenset(
    {
        *("7z", "bz2", "gz", "jar", "rar", "xz", "zip", "zst"),
        *("aac", "flac", "m4a", "mp3", "ogg", "opus"),
        *("m4v", "mkv", "mov", "mp4", "mpg", "ogv", "webm"),
        *("apng", "avif", "gif", "heic", "jpeg", "jpg", "png", "webp"),
        *("docx", "odp", "ods", "odt", "otp", "pdf", "pptx", "xlsx"),
        *("woff", "woff2"),
    }
)
"""Kinds of files that are compressed already; doing it again takes time and saves nothing."""


def export(
    contents: Contents,
    infos: Mapping[str, FileInfo],
    manifest: bytes,
    target: FilePath | str | os.PathLike[str] | IO[bytes],
    replace: bool,
) -> int:
    """Write the archive."""
    goal = local_files().path(os.fspath(target)) if isinstance(target, (str, os.PathLike)) else target
    if isinstance(goal, FilePath) and _is_within(goal, contents):
        raise PackagePathFault(
            f"{goal.text!r} is in the package's own folder, so it would hold itself",
            target=goal.text,
            hint="write the archive elsewhere",
        )
    if isinstance(goal, FilePath) and not replace and goal.exists():
        raise FileExists(f"{goal.text!r} is there already", path=goal, hint="say replace=True to replace it")
    return write_zip(goal, _entries(contents, infos, manifest), compression=_compression, modified=EARLIEST)


def _is_within(goal: FilePath, contents: Contents) -> bool:
    """Tell whether a path leads below the root of the contents, where both are folders of this machine."""
    try:
        home, place = os.path.realpath(os.fspath(contents.files.root)), os.path.realpath(os.fspath(goal))
    except NotOffered:
        return goal.system.same_as(contents.files)
    return place.startswith(home.rstrip(os.sep) + os.sep)


def _entries(
    contents: Contents, infos: Mapping[str, FileInfo], manifest: bytes
) -> Iterator[tuple[str, FilePath | bytes]]:
    yield MANIFEST_NAME, manifest
    for path in sorted(infos):
        if path != MANIFEST_NAME:
            yield path, contents.at(path)


def _compression(name: str) -> int:
    return ZIP_STORED if name.rpartition(".")[2].lower() in PACKED else ZIP_DEFLATED
