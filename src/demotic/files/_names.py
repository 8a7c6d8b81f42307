"""Which names are what they seem: checks of single names of a path, on any platform.

A name is *unsafe* if it could mean something other than an entry of its folder: a separator or a drive of another
system, a device of Windows, a stream of a file, an end that Windows leaves out. What Windows alone takes otherwise is
unsafe there only, but *unportable* everywhere: a new file is not given such a name, so that a folder can be copied to
any system and nothing collides. (Microsoft, "Naming Files, Paths, and Namespaces"; Unicode Standard Annex 15.)
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, Literal

__all__ = ["NamePolicy", "collision_key", "unportable", "unsafe"]

NamePolicy = Literal["portable", "native"]

LONGEST_NAME: Final = 255

_DEVICE: Final = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])[ ]*(?:[.:].*)?", re.IGNORECASE | re.DOTALL
)
_DRIVE: Final = re.compile(r"[A-Za-z]:")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_FORBIDDEN: Final = re.compile(r'[<>:"|?*]')


def unsafe(name: str, *, windows: bool, policy: NamePolicy = "portable") -> str | None:
    """Return why `name` may mean something other than an entry of that name, None if it does not.

    `windows` tells whether the system below is Windows. The policy `native` takes what the system itself takes: on
    POSIX, backslashes and colons then are letters like others.
    """
    if "\0" in name:
        return "holds NUL, which ends a name on many systems"
    if "/" in name:
        return "holds '/'"
    if name in ("", ".", ".."):
        return "is no name of an entry"
    if "\\" in name and (windows or policy == "portable"):
        return "holds a backslash, which separates names on Windows"
    if _DRIVE.match(name) and (windows or policy == "portable"):
        return "begins with a drive of Windows"
    return _unsafe_on_windows(name) if windows else None


def _unsafe_on_windows(name: str) -> str | None:
    if _DEVICE.fullmatch(name):
        return "is a device on Windows"
    if ":" in name:
        return "names a stream of a file on Windows"
    if name[-1] in " .":
        return "ends in a blank or dot, which Windows leaves out"
    return None


def unportable(name: str) -> str | None:
    """Return why a new entry of this name would not be the same on every system, None if it would."""
    if (reason := unsafe(name, windows=True)) is not None:
        return reason
    if _CONTROL.search(name):
        return "holds a control character"
    if found := _FORBIDDEN.search(name):
        return f"holds {found.group()!r}, which Windows does not allow"
    if (
        max(len(name.encode("utf-8", "surrogatepass")), len(name.encode("utf-16-le", "surrogatepass")) // 2)
        > LONGEST_NAME
    ):
        return f"is longer than {LONGEST_NAME} bytes"
    return "is not text" if any("\ud800" <= letter <= "\udfff" for letter in name) else None


def collision_key(name: str) -> str:
    """Return what two names share that some system takes for one: case and Unicode form do not count.

    >>> collision_key("Straße") == collision_key("STRASSE"), collision_key("é") == collision_key("e\\u0301")
    (True, True)
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())
