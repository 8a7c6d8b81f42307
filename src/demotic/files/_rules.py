"""How a system writes paths: the rules of POSIX and of Windows, as functions of texts alone, on any platform.

They rest on the standard library's `posixpath` and `ntpath`. Paths within a root follow the rules of POSIX whatever
the system below; those of Windows are for the local file system without a root.
"""

from __future__ import annotations

import ntpath
import os
import posixpath
import re
from dataclasses import dataclass
from types import ModuleType
from typing import Final

__all__ = ["NATIVE", "POSIX", "WINDOWS", "PathRules"]


@dataclass(frozen=True)
class PathRules:
    """What marks the parts of a path, and what a system can do.

    >>> WINDOWS.is_absolute("C:a"), WINDOWS.split_drive("C:a"), POSIX.split_drive("C:a")
    (False, ('C:', 'a'), ('', 'C:a'))
    """

    name: str
    library: ModuleType
    separators: str
    """The separator, then others that are read as one."""
    has_drives: bool
    has_unc: bool
    folds_case: bool
    has_unicode_names: bool = True
    encoding: str = "utf-8"
    current: str = "."
    parent: str = ".."
    extension_mark: str = "."
    drive_mark: str = ":"

    @property
    def separator(self) -> str:
        """What stands between names."""
        return self.separators[0]

    def join(self, *texts: str) -> str:
        """Join paths; an absolute one discards those before it."""
        return str(self.library.join(*texts)) if texts else ""

    def split(self, text: str) -> tuple[str, str]:
        """Return what stands before the last separator, and the name after it."""
        head, tail = self.library.split(text)
        return head, tail

    def split_extension(self, text: str) -> tuple[str, str]:
        """Return the path without its extension, and that with its mark; a name that begins with the mark has none."""
        root, extension = self.library.splitext(text)
        return root, extension

    def split_drive(self, text: str) -> tuple[str, str]:
        """Return the drive with its mark, and the rest; a UNC path has no drive."""
        if not self.has_drives or self.is_unc(text):
            return "", text
        drive, rest = self.library.splitdrive(text)
        return drive, rest

    def split_unc(self, text: str) -> tuple[str, str]:
        r"""Return machine and share (`\\machine\share`), and the rest; empty for a path that is not UNC."""
        if not self.is_unc(text):
            return "", text
        mount, rest = self.library.splitdrive(text)
        return mount, rest

    def names(self, text: str) -> list[str]:
        """Return the names of a path one by one, without drive and root."""
        rest = self.split_unc(text)[1] if self.is_unc(text) else self.split_drive(text)[1]
        return [name for name in re.split(f"[{re.escape(self.separators)}]", rest) if name]

    def normalized(self, text: str) -> str:
        """Return the path without `.`, doubled separators, and names that `..` takes back."""
        return str(self.library.normpath(text)) if text else ""

    def folded(self, text: str) -> str:
        """Return the path in the case in which the system compares paths."""
        return str(self.library.normcase(text))

    def is_unc(self, text: str) -> bool:
        """Whether the path begins with a machine and a share."""
        return self.has_unc and re.match(r"[\\/]{2}[^\\/]+[\\/]+[^\\/]+", text) is not None

    def is_single_name(self, text: str) -> bool:
        """Whether it is one name, which may be empty, and not the root."""
        return not any(mark in text for mark in self.separators) and not self.split_drive(text)[0]

    def is_folder_like(self, text: str) -> bool:
        """Whether it ends in a separator."""
        return text.endswith(tuple(self.separators))

    def is_root(self, text: str) -> bool:
        """Whether it is nothing but separators, after a drive or a share."""
        rest = self.split_unc(text)[1] if self.is_unc(text) else self.split_drive(text)[1]
        return (bool(rest) or self.is_unc(text)) and not rest.strip(self.separators)

    def is_absolute(self, text: str) -> bool:
        r"""Whether it begins at a root; on Windows one of a drive or a share, so `\name` does not."""
        if not self.has_drives:
            return text.startswith(self.separators[0])
        return self.is_unc(text) or bool(self.split_drive(text)[0] and self._begins_at_root(text))

    def _begins_at_root(self, text: str) -> bool:
        return self.split_drive(text)[1].startswith(tuple(self.separators))


POSIX: Final = PathRules("posix", posixpath, "/", has_drives=False, has_unc=False, folds_case=False)
WINDOWS: Final = PathRules("windows", ntpath, "\\/", has_drives=True, has_unc=True, folds_case=True)
NATIVE: Final = WINDOWS if os.name == "nt" else POSIX
