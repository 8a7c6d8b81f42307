"""What a file system tells of an entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

__all__ = ["FileInfo", "info_of", "moment"]

Kind = Literal["file", "folder", "other"]

KINDS: Final[dict[str, Kind]] = {"file": "file", "directory": "folder"}
# The names under which fsspec's implementations tell when a file was written.
MODIFIED: Final = ("mtime", "modified", "last_modified", "LastModified", "updated", "date_time")


@dataclass(frozen=True)
class FileInfo:
    """Kind and size of an entry, and when it was written and made, in UTC, where the system knows that.

    A link has the size of what it leads to. The times in a zip archive have no zone; they are taken for UTC.
    """

    kind: Kind
    size: int
    modified: datetime | None = None
    created: datetime | None = None
    is_link: bool = False


def info_of(told: Mapping[str, Any]) -> FileInfo:
    """Return what an `info` of fsspec's says."""
    return FileInfo(
        kind=KINDS.get(told["type"], "other"),
        size=told.get("size") or 0,
        modified=next((moment(told[name]) for name in MODIFIED if told.get(name)), None),
        created=moment(told.get("created")),
        is_link=bool(told.get("islink")),
    )


def moment(value: object) -> datetime | None:
    """Return a time of any form that implementations use (seconds, a `datetime`, six numbers); None for others."""
    if isinstance(value, tuple):
        try:
            value = datetime(*value[:6])
        except ValueError:  # some archives hold a month of 0
            return None
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    return datetime.fromtimestamp(value, UTC) if isinstance(value, (int, float)) else None
