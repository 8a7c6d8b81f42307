"""What a cached page may depend on, of a request in any form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

__all__ = ["PageRequest"]


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A request for a page.

    ``path`` is decoded and begins at the root of the site; ``target`` is the path as it was sent, where the server
    tells; ``root`` is where the application is mounted. ``query`` is still encoded. ``field`` reads a field by its
    lower-case name. ``has_body`` tells whether something was sent along.
    """

    method: str
    path: str
    query: str = ""
    scheme: str = "http"
    host: str = ""
    target: str = ""
    field: Callable[[str], str | None] = field(default=lambda name: None)
    has_body: bool = False
    root: str = ""

    def parameters(self, names: tuple[str, ...]) -> list[tuple[str, str]]:
        """Return the parameters of the query that have some names, decoded and in the order they were sent."""
        return [pair for pair in parse_qsl(self.query, keep_blank_values=True) if pair[0] in names]
