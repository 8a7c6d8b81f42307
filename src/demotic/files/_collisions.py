"""Names that some systems take for one: what a folder holds, remembered while new files are made in it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from demotic.files._names import collision_key

__all__ = ["Collisions"]

MOST_FOLDERS: Final = 64


class Collisions:
    """For each folder lately written to, its names by what they share with those they collide with.

    A folder is listed once, however many files are made in it. What others remove meanwhile is noticed, since a folder
    is listed again before a name is refused; what others make meanwhile is not.
    """

    def __init__(self) -> None:
        self._folders: OrderedDict[str, dict[str, str]] = OrderedDict()

    def found(self, folder: str, name: str, names_in: Callable[[str], list[str]]) -> str | None:
        """Return the name in `folder` that a new `name` would collide with, None if it may be made."""
        known = self._folders.get(folder)
        if known is None or known.get(collision_key(name), name) != name:
            # Last of equals, and so the one that counts, is the name itself: if it is there, it is no new one.
            listed = sorted(names_in(folder), key=lambda entry: entry == name)
            known = self._folders[folder] = {collision_key(entry): entry for entry in listed}
            while len(self._folders) > MOST_FOLDERS:
                self._folders.popitem(last=False)
        taken = known.setdefault(collision_key(name), name)
        return None if taken == name else taken
