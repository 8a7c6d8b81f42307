"""The address of a database: a URL, or the path of a SQLite file.

``sqlite:///relative.db``, ``sqlite:////absolute.db``, a plain path, or SQLite's own
``file:NAME?mode=memory&cache=shared`` for a database in memory that its maker holds open;
``postgresql://user:password@host:port/database``, ``mysql://…`` and ``mariadb://…``, in which the host may be left out
(this machine), and given as an option instead where it is the path of a socket. Opening never creates anything, and no
message shows a password.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from demotic.errors import InvalidInput
from demotic.store.sql._errors import DatabaseMissing, NotADatabase, UnknownScheme

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):(//)?")
_MAGIC = b"SQLite format 3\x00"
OFFERED = ("sqlite",)
SERVERS: Final[Mapping[str, str]] = MappingProxyType(
    {"postgresql": "postgresql", "postgres": "postgresql", "mysql": "mysql", "mariadb": "mysql"}
)
"""The kind of server that the scheme of a URL stands for."""
_SECRET = re.compile(r"(?<=//)(?P<user>[^:@/]*):.*(?=@)")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a SQLite database is: the URI it is opened by, its name for people and for the namespace, and its file.

    One in memory has none.
    """

    uri: str
    name: str
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """Where a database is that a server keeps: ``kind`` is the server's, ``options`` are those of the URL."""

    kind: str
    host: str
    port: int | None
    user: str
    password: str = field(repr=False)
    name: str
    options: Mapping[str, str]
    shown: str
    """The URL without the password."""


def without_password(url: str) -> str:
    """Return a URL as messages may show it."""
    return _SECRET.sub(lambda found: f"{found['user']}:…", url)


def _server(raw: str, kind: str) -> ServerAddress:
    shown = without_password(raw)
    try:
        parts = urlsplit(raw)
        port = parts.port
    except ValueError as error:
        raise InvalidInput(f"{shown} is no address: {error}", target=shown) from None
    name = unquote(parts.path.removeprefix("/"))
    if not name or "/" in name or parts.fragment:
        raise InvalidInput(
            f"{shown} names no database", target=shown, hint=f"write {parts.scheme}://user:password@host/database"
        )
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    host = options.pop("host", "") or unquote(parts.hostname or "")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return ServerAddress(kind, host, port, user, password, name, options, shown)


def read_address(text: str | os.PathLike[str]) -> Address | ServerAddress:
    """Return the address that a URL or path stands for.

    Raises `UnknownScheme` for another kind of database, `DatabaseMissing` if there is no such file, `NotADatabase` if
    it is something else.
    """
    raw = os.fspath(text)
    if raw.startswith("file:") and "mode=memory" in raw:
        return Address(raw, re.split(r"[?]", raw.removeprefix("file:"))[0] or "memory")
    found = _SCHEME.match(raw)
    if found and found.group(2) and found.group(1).lower() in SERVERS:
        return _server(raw, SERVERS[found.group(1).lower()])
    if found and (found.group(2) or found.group(1).lower() in OFFERED) and not Path(raw).exists():
        return _from_url(raw, found.group(1))
    return _file(Path(raw))


def read_file_address(text: str | os.PathLike[str]) -> Address:
    """Return the address of a SQLite file. Raises as `read_address` does, and `UnknownScheme` for that of a server."""
    found = read_address(text)
    if isinstance(found, ServerAddress):
        raise UnknownScheme("only SQLite files are offered here", target=found.shown, hint="write sqlite:///FILE")
    return found


def _from_url(raw: str, scheme: str) -> Address:
    if scheme.lower() not in OFFERED:
        raise UnknownScheme(
            f"{scheme}: is no kind of database that is offered",
            target=without_password(raw),
            hint="offered: sqlite:///FILE or a path, postgresql://…, mysql://…, mariadb://…",
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
