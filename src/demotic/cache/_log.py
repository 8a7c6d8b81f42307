"""The log of the cache. Loaded at its first use: most programs that start have nothing to tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from logging import Logger


def log() -> Logger:
    """Return the logger `demotic.cache`."""
    import logging

    return logging.getLogger("demotic.cache")
