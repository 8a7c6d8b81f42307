"""The reactor, looked up when it is first needed: importing it chooses one for the whole program."""

from __future__ import annotations

from typing import Any

__all__ = ["the_reactor"]


def the_reactor() -> Any:
    """Return the reactor of the program."""
    from twisted.internet import reactor

    return reactor
