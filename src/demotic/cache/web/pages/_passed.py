"""Pages that turned out not to be for keeping: for a while, nobody waits for another who makes one.

Who asks for a page that is being made waits for it, since it will be his too. Of a page that is never kept that is not
so, and its readers would be served one after the other.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

from demotic.cache.web.pages._page import Page, Unkept
from demotic.cache.web.pages._rules import Asking

__all__ = ["Passed"]

SECONDS: Final = 5.0
MOST: Final = 10_000


class Passed:
    """Remembers such pages by their keys; ``refusal`` says of a page why it is not kept, `None` if it is."""

    def __init__(self, key: Callable[[Asking], str], refusal: Callable[[Page], str | None]) -> None:
        self._key = key
        self._refusal = refusal
        self._until: dict[str, float] = {}

    def knows(self, asking: Asking) -> bool:
        """Tell whether the page was not kept a moment ago."""
        return bool(self._until) and time.monotonic() < self._until.get(self._key(asking), 0.0)

    def note(self, asking: Asking, page: Any) -> None:
        """Take note of a page that was made, if it is not kept."""
        if asking.made and (isinstance(page, Unkept) or self._refusal(page) is not None):
            if len(self._until) >= MOST:
                self._until.clear()
            self._until[self._key(asking)] = time.monotonic() + SECONDS
