"""Copies within a file system and between two."""

from __future__ import annotations

from shutil import copyfileobj
from typing import TYPE_CHECKING

from demotic.files._errors import FileExists, IsAFolder, UnsafePath

if TYPE_CHECKING:
    from demotic.files._path import FilePath

__all__ = ["copied", "moved", "tree_copied"]


def _goal(source: FilePath, target: FilePath, replace: bool) -> FilePath:
    """Return where a copy goes: into the target if that is a folder. Refuses to replace unless told so."""
    goal = target / source.absolute().name if target.is_folder() else target
    if _same(source, goal):
        raise FileExists(f"{source.text!r} cannot be copied or moved onto itself", path=goal)
    if goal.is_folder():
        raise IsAFolder(f"{goal.text!r} is a folder", path=goal)
    if not replace and goal.exists():
        raise FileExists(f"{goal.text!r} is there already", path=goal, hint="say replace=True to replace it")
    return goal


def _same(one: FilePath, other: FilePath) -> bool:
    return one.system.same_as(other.system) and one.real() == other.real()


def copied(source: FilePath, target: FilePath, replace: bool) -> FilePath:
    """Copy one file."""
    if source.is_folder():
        raise IsAFolder(f"{source.text!r} is a folder", path=source, hint="copy_tree_to copies folders")
    goal = _goal(source, target, replace)
    with source.open("rb") as file, goal.replacing() as copy:
        copyfileobj(file, copy)
    return goal


def tree_copied(source: FilePath, target: FilePath, replace: bool) -> FilePath:
    """Copy a folder and all below, but for links."""
    _check_not_within(source, target)
    top = source.absolute()
    for folder, _, _ in top.walk():
        names = folder.rules.names(folder.text)[len(top.rules.names(top.text)) :]
        place = target.joined(*names).make_folders()
        for name, info in folder.system.entries(folder):
            if info.kind == "file" and not info.is_link:
                copied(folder / name, place / name, replace)
    return target


def _check_not_within(source: FilePath, target: FilePath) -> None:
    mine, theirs = (path.absolute().text.rstrip("/\\") + path.rules.separator for path in (source, target))
    if source.system.same_as(target.system) and theirs.startswith(mine):
        raise UnsafePath(f"{target.text!r} is within {source.text!r}, and cannot hold it", path=target)


def moved(source: FilePath, target: FilePath, replace: bool) -> FilePath:
    """Move a file or a folder."""
    is_folder = source.is_folder()
    if not is_folder:
        source.stat()  # it must be there
        goal = _goal(source, target, replace)
    else:
        goal = target / source.absolute().name if target.is_folder() else target
        _check_not_within(source, goal)
        if goal.exists():
            raise FileExists(f"{goal.text!r} is there already", path=goal)
    if source.system.same_as(goal.system) and source.system.can_rename:
        source.system.rename(source, goal)
    elif is_folder:
        tree_copied(source, goal, replace=False)
        source.remove_tree()
    else:
        copied(source, goal, replace)
        source.remove()
    return goal
