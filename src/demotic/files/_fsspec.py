"""The library behind it all, loaded when the first file system is opened."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from demotic.files._errors import FilesExtraMissing

__all__ = ["implementation", "load"]


def load() -> Any:
    """Return the fsspec module. Raises `FilesExtraMissing` where it is not installed."""
    try:
        return import_module("fsspec")
    except ModuleNotFoundError:
        raise FilesExtraMissing(
            "file systems need fsspec, which is not installed", hint="pip install 'demotic[files]'"
        ) from None


def implementation(protocol: str, **options: Any) -> Any:
    """Return a file system of fsspec's that is shared with nobody."""
    return load().filesystem(protocol, skip_instance_cache=True, **options)
