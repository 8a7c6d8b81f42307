"""Files: `file` URLs and the paths of POSIX and Windows, both ways and on any platform (RFC 8089)."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import PurePath, PureWindowsPath
from typing import Final, Literal

from demotic.errors import SyntaxFault
from demotic.syntax.uri._authority import Authority
from demotic.syntax.uri._errors import NotAPath
from demotic.syntax.uri._grammar import Parts
from demotic.syntax.uri._percent import PATH_SEGMENT, percent_decode_bytes, percent_encode
from demotic.syntax.uri._uri import URI, register_scheme
from demotic.syntax.uri.schemes._windows import from_windows, to_windows

__all__ = ["FileURI", "file_uri"]

System = Literal["posix", "windows"]

_HOST: Final = PATH_SEGMENT.replace(":", "").replace("@", "")
NATIVE: Final[System] = "windows" if os.name == "nt" else "posix"


class FileURI(URI):
    """A `file` URL. Its host says whose file it is: empty or `localhost` for this machine, which are the same.

    The parts of a path are names: a code for `/` in one of them stands for no separator, and so for no path.
    Parameters (`;lang=en`), which RFC 2396 knew, are part of the name, as in RFC 8089.
    """

    @property
    def is_local(self) -> bool:
        """Whether it names no other machine."""
        return (self.host or "").lower() in ("", "localhost")

    def to_path(self, system: System = NATIVE) -> str:
        r"""Return the path on a POSIX or a Windows system, by default on the kind that this is.

        On POSIX, bytes that are not UTF-8 come back as Python's own functions have them (`surrogateescape`). On
        Windows the host is the machine of a UNC path. Raises `NotAPath` for another host on POSIX, for codes of a
        separator or of NUL, for a missing drive, and for a query.

        >>> parse_uri("file://server/share/a%20b").to_path("windows")
        '\\\\server\\share\\a b'
        """
        if self.query is not None:
            raise NotAPath(f"{self} has a query", hint="no file has one; leave it out: replace(query=None)")
        if self.authority and (self.authority.userinfo is not None or self.authority.port_text is not None):
            raise NotAPath(f"{self} has more than a host before its path")
        if system == "windows":
            return to_windows("" if self.is_local else self.host or "", self.path, self.text)
        return self._to_posix()

    def _to_posix(self) -> str:
        if not self.is_local:
            raise NotAPath(f"{self} is of another machine", hint="open it as a file system of that name")
        if not self.path.startswith("/"):
            raise NotAPath(f"{self} has no absolute path", hint="write file:///name")
        names = [percent_decode_bytes(name) for name in self.path.split("/")]
        if any(b"/" in name or b"\0" in name for name in names):
            raise NotAPath(f"{self} holds a name that no path may hold", hint="neither '/' nor NUL is in a name")
        return b"/".join(names).decode("utf-8", "surrogateescape")

    def to_local_text(self, encoding: str) -> str:
        """Return the text with the names coded in `encoding` instead of UTF-8, for programs that expect it so.

        It is no URI that another program would understand. Raises `NotAPath` for names that the encoding lacks, and for
        those that are not UTF-8.
        """
        try:
            names = [percent_decode_bytes(name).decode("utf-8").encode(encoding) for name in self.path.split("/")]
        except UnicodeError:
            raise NotAPath(f"{self} has names that cannot be written in {encoding}") from None
        return str(self.replace(path="/".join(percent_encode(name, PATH_SEGMENT) for name in names)))

    def _scheme_normal(self, parts: Parts) -> Parts:
        authority = parts.authority
        if authority is None and parts.path.startswith("/"):
            authority = Authority()
        elif authority is not None and authority.host == "localhost":
            authority = replace(authority, host="")
        return parts._replace(authority=authority, path=parts.path or "/")


def file_uri(path: str | bytes | PurePath = "/", system: System | None = None, *, host: str = "") -> URI:
    r"""Return the `file` URL of an absolute path.

    The kind of system is that of a `PurePath`, otherwise the one that this is. The machine of a UNC path becomes the
    host; `host` names a file system that has a name. Raises `NotAPath` for a path that is not absolute (make it so
    first; this room knows no working directory) or cannot be written.

    >>> str(file_uri(r"C:\Users\Jo Ann\a#1.txt", "windows"))
    'file:///C:/Users/Jo%20Ann/a%231.txt'
    """
    if system is None and isinstance(path, PurePath):
        system = "windows" if isinstance(path, PureWindowsPath) else "posix"
    text = path.decode("utf-8", "surrogateescape") if isinstance(path, bytes) else str(path)
    try:
        machine, coded = ("", _from_posix(text)) if (system or NATIVE) == "posix" else from_windows(text)
        if machine and host:
            raise NotAPath(f"{text!r} is of the machine {machine}, so not of the file system {host}")
        return URI("file", Authority(host=percent_encode(machine or host, _HOST)), coded)
    except (SyntaxFault, UnicodeEncodeError):
        raise NotAPath(f"{text!r} holds half a pair of surrogates") from None


def _from_posix(path: str) -> str:
    if not path.startswith("/"):
        raise NotAPath(f"{path!r} is not absolute", hint="make it so first")
    if "\0" in path:
        raise NotAPath(f"{path!r} holds NUL")
    return percent_encode(path.encode("utf-8", "surrogateescape"), PATH_SEGMENT + "/")


register_scheme("file", FileURI)
