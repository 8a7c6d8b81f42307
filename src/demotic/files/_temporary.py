"""New names that nobody has."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from demotic.files._errors import FileExists

if TYPE_CHECKING:
    from demotic.files._path import FilePath

__all__ = ["new_folder", "new_name"]

TRIES: Final = 10


def new_name(prefix: str = "", suffix: str = "") -> str:
    """Return a name that nobody can guess."""
    return f"{prefix}{secrets.token_hex(8)}{suffix}"


def new_folder(folder: FilePath, prefix: str, suffix: str) -> FilePath:
    """Make a folder of a new name in `folder`."""
    for _ in range(TRIES):
        path = folder.below(new_name(prefix, suffix))
        try:
            return path.make_folder()
        except FileExists:
            continue
    raise FileExists(f"{folder.text!r} holds {TRIES} folders of random names already", path=folder)
