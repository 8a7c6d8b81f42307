"""Which names in the package's folder are no part of it: what systems and version control leave behind."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["DEFAULT_IGNORED", "Ignored"]

DEFAULT_IGNORED: Final = r"\..*|__MACOSX"
"""Names that begin with a dot, and the folder that macOS puts into archives."""


class Ignored:
    """A pattern that names of files and folders are held against, as a whole."""

    def __init__(self, pattern: str | re.Pattern[str] = DEFAULT_IGNORED) -> None:
        self.pattern = re.compile(pattern)

    def name(self, name: str) -> bool:
        """Tell whether a single name is ignored."""
        return self.pattern.fullmatch(name) is not None

    def path(self, path: str) -> bool:
        """Tell whether a path is: whether any name in it is, `.` and `..` aside.

        The path is taken by its text alone, so the folder of the process has no say in it.
        """
        return any(self.name(name) for name in path.split("/") if name not in ("", ".", ".."))
