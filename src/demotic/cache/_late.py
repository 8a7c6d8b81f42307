"""Libraries that are loaded when they are first needed, so that importing the cache is quick."""

from __future__ import annotations

import importlib
from typing import Any


class Late:
    """Stands for a library until something of it is asked for."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        value = getattr(importlib.import_module(self._name), attribute)
        setattr(self, attribute, value)
        return value
