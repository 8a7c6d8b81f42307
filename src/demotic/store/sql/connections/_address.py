"""The address of a database: a URL, or the path of a SQLite file.

``sqlite:///relative.db``, ``sqlite:////absolute.db``, a plain path, or SQLite's own
``file:NAME?mode=memory&cache=shared`` for a database in memory that its maker holds open. Opening never creates
anything.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from demotic.errors import InvalidInput
from demotic.store.sql._errors import DatabaseMissing, NotADatabase, UnknownScheme

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):(//)?")
_MAGIC = b"SQLite format 3\x00"
OFFERED = ("sqlite",)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a SQLite database is: the URI it is opened by, its name for people and for the namespace, and its file.

    One in memory has none.
    """

    uri: str
    name: str
    path: Path | None = None


def read_address(text: str | os.PathLike[str]) -> Address:
    """Return the address that a URL or path stands for.

    Raises `UnknownScheme` for another kind of database, `DatabaseMissing` if there is no such file, `NotADatabase` if
    it is something else.
    """
    raw = os.fspath(text)
    if raw.startswith("file:") and "mode=memory" in raw:
        return Address(raw, re.split(r"[?]", raw.removeprefix("file:"))[0] or "memory")
    found = _SCHEME.match(raw)
    if found and (found.group(2) or found.group(1).lower() in OFFERED) and not Path(raw).exists():
        return _from_url(raw, found.group(1))
    return _file(Path(raw))


def _from_url(raw: str, scheme: str) -> Address:
    if scheme.lower() not in OFFERED:
        raise UnknownScheme(
            f"{scheme}: is no kind of database that is offered", target=raw, hint="offered: sqlite:///FILE, or a path"
        )
    rest = raw.split(":", 1)[1]
    if not rest.startswith("///"):
        raise InvalidInput(f"{raw!r} names no file", target=raw, hint="write sqlite:///FILE, or sqlite:////ABSOLUTE")
    path, _, options = rest[3:].partition("?")
    if options:
        raise InvalidInput(f"unknown options {options!r}", target=raw, hint="an address of SQLite takes none")
    if path in ("", ":memory:"):
        raise InvalidInput(
            "a new database in memory would be empty",
            target=raw,
            hint="write file:NAME?mode=memory&cache=shared for one that is held open elsewhere",
        )
    return _file(Path(unquote(path)))


def _file(path: Path) -> Address:
    if path.is_dir():
        raise NotADatabase(f"{path} is a folder", target=str(path), hint="name a database file")
    if not path.exists():
        raise DatabaseMissing(f"there is no file {path}", target=str(path))
    try:
        with path.open("rb") as file:
            start = file.read(len(_MAGIC))
    except OSError as error:
        raise NotADatabase(f"{path} cannot be read: {error.strerror}", target=str(path)) from error
    if start and start != _MAGIC:
        raise NotADatabase(f"{path} is no SQLite database", target=str(path))
    return Address(f"file:{quote(str(path.absolute()))}?mode=ro", path.stem, path.absolute())
