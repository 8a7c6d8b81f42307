"""The paths of a file system: how they are made, and the checks that every one of them passes."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

from demotic.errors import InvalidInput
from demotic.files._collisions import Collisions
from demotic.files._errors import OutsideRoot, ReadOnlyFiles, UnportableName, UnsafePath
from demotic.files._lexical import LexicalPath
from demotic.files._names import NamePolicy, unportable, unsafe
from demotic.files._rules import POSIX, PathRules

if TYPE_CHECKING:
    from demotic.files._path import FilePath

__all__ = ["RootedPaths"]


class RootedPaths:
    """A folder in a file system of fsspec's, which paths cannot leave: the half of `FileSystem` that reads nothing."""

    def __init__(
        self,
        fs: Any,
        *,
        name: str,
        base: str = "",
        names: NamePolicy = "portable",
        is_read_only: bool = False,
        needs_folders: bool = False,
        on_close: Callable[[], None] | None = None,
    ) -> None:
        if names not in ("portable", "native"):
            raise InvalidInput(f"there is no name policy {names!r}", hint="'portable' and 'native' are")
        self.fs = fs
        self.name = name
        self.rules: PathRules = POSIX
        self.names = names
        self.is_read_only = is_read_only
        self._base = base.rstrip("/")
        self._needs_folders = needs_folders
        self._on_close = on_close
        self._working = "/"
        self._collisions = Collisions()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name or 'local'}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give up what is held open. A second call does nothing."""
        on_close, self._on_close = self._on_close, None
        if on_close is not None:
            on_close()

    # Its paths, and other file systems made of it

    def coerced(self, part: Any) -> str:
        """Return the text of one part of a path. Raises `TypeError` for what is no path of this file system."""
        if isinstance(part, LexicalPath):
            if part.system.same_as(self):
                return part.text
            raise TypeError(f"{part!r} is of another file system than {self!r}")
        if isinstance(part, bytes):
            return part.decode(self.rules.encoding, "surrogateescape")
        if isinstance(part, os.PathLike):
            return self.coerced(os.fspath(part))
        if isinstance(part, str):
            return part
        raise TypeError(f"{part!r} is neither text nor bytes nor a path")

    def same_as(self, other: RootedPaths) -> bool:
        """Return whether paths of both mean the same files."""
        return self.fs is other.fs and (self._base, self.name) == (other._base, other.name)

    @property
    def working_text(self) -> str:
        """Where relative paths begin, as text."""
        return self._working

    def read_only(self) -> Self:
        """Return this file system for reading only."""
        other = self._copy()
        other.is_read_only = True
        return other

    def _copy(self) -> Self:
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        other._on_close = None  # who opened it closes it
        other._collisions = Collisions()
        return other

    # What every path passes

    def locate(self, path: FilePath, *, creating: bool = False, follow: bool = True) -> str:
        """Return where the path is, as fsspec has it.

        `creating` checks that a new entry of that name is the same on all systems; `follow` has a meaning where there
        are links. Raises `OutsideRoot`, `UnsafePath` or `UnportableName`.
        """
        names = self._names_of(path)
        for name in names:
            if (reason := unsafe(name, windows=os.name == "nt", policy=self.names)) is not None:
                raise UnsafePath(f"{name!r} in {path.text!r} {reason}", path=path)
        if creating and names and self.names == "portable":
            self._check_new(path, names)
        return self._key(names)

    def _key(self, names: list[str]) -> str:
        # Archives and object stores have no slash before their first name.
        key = f"{self._base}/{'/'.join(names)}"
        return key if self._base or self.fs.root_marker else key.lstrip("/")

    def absolute_text(self, path: LexicalPath) -> str:
        """Return the path from the root, by its text alone. Raises `OutsideRoot`."""
        return "/" + "/".join(self._names_of(path))

    def _names_of(self, path: LexicalPath) -> list[str]:
        names: list[str] = []
        for name in self.rules.names(self.rules.join(self.working_text, path.text)):
            if name == self.rules.parent:
                if not names:
                    raise OutsideRoot(f"{path.text!r} leads out of the root", path=path)
                names.pop()
            elif name != self.rules.current:
                names.append(name)
        return names

    def _check_new(self, path: FilePath, names: list[str]) -> None:
        if (reason := unportable(names[-1])) is not None:
            hint = "choose another name, or open the file system with names='native'"
            raise UnportableName(f"{names[-1]!r} {reason}", path=path, hint=hint)
        folder = self._key(names[:-1])
        if (taken := self._collisions.found(folder, names[-1], self._names_in)) is not None:
            hint = f"systems that do not tell case or Unicode forms apart take it for {taken!r}"
            raise UnportableName(f"{names[-1]!r} collides with {taken!r}", path=path, hint=hint)

    def _names_in(self, key: str) -> list[str]:
        try:
            return [told["name"].rstrip("/").rpartition("/")[2] for told in self.fs.ls(key, detail=True)]
        except (OSError, NotImplementedError):
            return []

    def _check_writable(self, path: FilePath) -> None:
        if self.is_read_only:
            raise ReadOnlyFiles(f"{path.text!r} is on a file system only for reading", path=path)
