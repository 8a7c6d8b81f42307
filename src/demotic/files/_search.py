"""Going through folders: walking, patterns, removing trees. Nothing here follows a link."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from fnmatch import fnmatchcase
from itertools import pairwise
from typing import TYPE_CHECKING

from demotic.files._errors import FilesFault, NotAFolder, UnsafePath

if TYPE_CHECKING:
    from demotic.files._path import FilePath

__all__ = ["globbed", "removed", "walked"]


def walked(top: FilePath) -> Iterator[tuple[FilePath, list[FilePath], list[FilePath]]]:
    """Yield each folder with the folders and files in it, from the top down."""
    waiting = [top]
    while waiting:
        folder = waiting.pop()
        folders: list[FilePath] = []
        files: list[FilePath] = []
        for name, info in folder.system.entries(folder):
            inner = info.kind == "folder" and not info.is_link
            (folders if inner else files).append(folder / name)
        yield folder, folders, files
        waiting.extend(reversed(folders))


def globbed(top: FilePath, pattern: str) -> Iterator[FilePath]:
    """Yield what matches the pattern, each once, in the order of walking."""
    wanted = [name for name, after in pairwise([*pattern.split("/"), ""]) if (name, after) != ("**", "**")]
    if any(segment in ("", ".", "..") for segment in wanted):
        raise UnsafePath(f"{pattern!r} is no pattern of names below a folder", path=pattern)
    for folder, folders, files in walked(top):
        names = folder.text[len(top.text) :].strip("/").split("/") if folder is not top else []
        for path in sorted([*folders, *files]):
            if _matches([*names, path.name], wanted):
                yield path
        if "**" not in wanted:  # nothing deeper than the pattern can match
            folders[:] = folders if len(names) + 1 < len(wanted) else []


def _matches(names: list[str], wanted: list[str]) -> bool:
    if not wanted:
        return not names
    if wanted == ["**"]:
        return bool(names)
    if wanted[0] == "**":
        return any(_matches(names[taken:], wanted[1:]) for taken in range(len(names) + 1))
    return bool(names) and fnmatchcase(names[0], wanted[0]) and _matches(names[1:], wanted[1:])


def removed(top: FilePath, ignore_errors: bool) -> None:
    """Remove all below a folder, then the folder, unless it is the root."""
    system = top.system
    if not top.is_folder():
        raise NotAFolder(f"{top.text!r} is not a folder", path=top)
    ignored = (FilesFault,) if ignore_errors else ()
    for folder, _, files in reversed(list(walked(top))):
        for path in files:
            with suppress(*ignored):
                system.remove_file(path)
        if not folder.absolute().is_root:
            with suppress(*ignored):
                system.remove_folder(folder)
