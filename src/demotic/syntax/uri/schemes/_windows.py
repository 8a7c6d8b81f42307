"""Windows paths and the parts of file URLs, both ways and on any platform (RFC 8089, appendices D and E)."""

from __future__ import annotations

import re
from typing import Final

from demotic.syntax.uri._errors import NotAPath
from demotic.syntax.uri._percent import PATH_SEGMENT, percent_decode_bytes, percent_encode

__all__ = ["from_windows", "to_windows"]

_DRIVE: Final = re.compile(r"([A-Za-z])[:|](?=/|\Z)")
_NAMED: Final = re.compile(r"[^\\/]+[\\/]+[^\\/]")
_NO_NAME: Final = re.compile(r'[<>:"|?*\\\x00-\x1f]')


def from_windows(path: str) -> tuple[str, str]:
    r"""Return host and path of the file URL for an absolute Windows path.

    The host is empty for a path with a drive, and the machine's name for a UNC path (`\\machine\share\name`). The
    prefix `\\?\` is dropped. Raises `NotAPath` for relative paths, also those of a drive (`C:name`) or of the current
    drive (`\name`), and for devices (`\\.\COM1`); `SyntaxFault` at a lone surrogate.
    """
    plain = path
    if path.startswith("\\\\?\\"):
        plain = "\\" + path[7:] if path[4:8].upper() == "UNC\\" else path[4:]
    slashed = plain.replace("\\", "/")
    if slashed.startswith(("//?", "//.")) or "\0" in slashed:
        raise NotAPath(f"{path!r} is no path of a file", hint="a device has no file URL")
    if slashed.startswith("//"):
        host, _, rest = slashed[2:].partition("/")
        if not host or not rest.strip("/"):
            raise NotAPath(f"{path!r} names no share", hint="a UNC path is \\\\machine\\share\\name")
        return host, f"/{_coded(rest, path)}"
    if not _DRIVE.match(slashed) or slashed[1] != ":" or len(slashed) < 3:
        raise NotAPath(f"{path!r} is not absolute", hint="begin with a drive and a backslash, or with \\\\machine")
    return "", f"/{slashed[:2]}/{_coded(slashed[3:], path)}"


def _coded(rest: str, path: str) -> str:
    if _NO_NAME.search(rest):
        raise NotAPath(f"{path!r} holds a character that no Windows name may hold")
    return percent_encode(rest, PATH_SEGMENT + "/")


def to_windows(host: str, path: str, text: str) -> str:
    r"""Return the Windows path of a file URL with this host and path; `text` is the URL, for messages.

    Read are, beside the standard forms, those of RFC 8089's appendix E: `c|` for `c:`, no slash before the drive, and
    four or five slashes before a machine. Raises `NotAPath`.
    """
    if not host and path.startswith("//"):
        host, _, path = path.lstrip("/").partition("/")
        path = f"/{path}"
    if host:
        if not path.strip("/"):
            raise NotAPath(f"{text} names no share")
        machine = _decoded(host, text)
        if machine in (".", "..", "?"):  # `\\.\` and `\\?\` lead to devices
            raise NotAPath(f"{text} names no machine")
        return f"\\\\{machine}{_decoded(path, text)}"
    drive = _DRIVE.match(path.replace("%7C", "|").replace("%7c", "|").removeprefix("/"))
    if not drive:
        raise NotAPath(f"{text} has no drive", hint="a path of Windows begins with one, as in file:///C:/name")
    rest = path.removeprefix("/")[1:].removeprefix(":").removeprefix("|").removeprefix("%7C").removeprefix("%7c")
    return f"{drive[1]}:{_decoded(rest or '/', text)}"


def _decoded(path: str, text: str) -> str:
    try:
        names = [percent_decode_bytes(name).decode("utf-8") for name in path.split("/")]
    except UnicodeDecodeError:
        raise NotAPath(f"{text} is no path of Windows", hint="its names are coded as UTF-8") from None
    for name in names:
        if "/" in name or _NO_NAME.search(name):
            raise NotAPath(f"{text} holds the name {name!r}, which no path of Windows may hold")
    return "\\".join(names)
