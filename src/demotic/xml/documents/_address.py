"""What a document begins with, and where it is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from demotic.syntax.uri import URI

__all__ = ["Declaration", "address", "file_path"]


@dataclass(frozen=True, slots=True)
class Declaration:
    """An XML declaration (XML 1.0, section 2.8)."""

    version: str = "1.0"
    encoding: str | None = None
    standalone: bool | None = None


def address(value: URI | str | Path | None) -> URI | None:
    """Return an address; a path is made absolute first."""
    if value is None:
        return None
    from demotic.syntax.uri import URI, parse_uri

    if isinstance(value, URI):
        return value
    if isinstance(value, str):
        found = parse_uri(value) if "://" in value or value.startswith(("urn:", "data:", "file:", "cid:")) else None
        if found is not None and found.is_absolute:
            return found
    return parse_uri(Path(value).absolute().as_uri())


def file_path(uri: URI) -> Path | None:
    """Return the path that a file URI stands for, if it is one."""
    from demotic.syntax.uri import percent_decode

    return Path(percent_decode(uri.path)) if uri.scheme == "file" and not uri.host else None
