"""`Content-Disposition` (RFC 6266; RFC 8187): whether to show or to save content, and under which name."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_to_bytes

from demotic.errors import InvalidInput, SyntaxFault
from demotic.syntax._scanner import Scanner
from demotic.syntax.http.grammar._lists import Parameters, format_parameters, read_parameters, read_whole
from demotic.syntax.http.grammar._words import TOKEN, check_token, read_token
from demotic.syntax.uri import percent_encode

__all__ = ["ContentDisposition", "decode_extended", "encode_extended", "parse_content_disposition"]

_EXTENDED: Final = re.compile(
    r"([A-Za-z0-9!#$%&+^_`{}~-]+)'([A-Za-z0-9-]*)'((?:[A-Za-z0-9!#$&+.^_`|~-]++|%[0-9A-Fa-f]{2})*+)"
)
_ATTR_CHARS: Final = "!#$&+-.^_`|~"
_CHARSETS: Final = {"utf-8": "utf-8", "iso-8859-1": "latin-1"}
_PATH: Final = re.compile(r".*[/\\]", re.DOTALL)
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def encode_extended(text: str) -> str:
    """Return a value of any characters as parameters with an asterisk hold it: `UTF-8''%e2%82%ac`."""
    return f"UTF-8''{percent_encode(text, _ATTR_CHARS)}"


def decode_extended(value: str) -> str:
    """Return what an extended value says. Raises `SyntaxFault`, also for other charsets than UTF-8 and ISO-8859-1."""
    found = _EXTENDED.fullmatch(value)
    charset = _CHARSETS.get(found[1].lower()) if found else None
    if found is None or charset is None:
        raise SyntaxFault("an extended value such as UTF-8''name", value, 0)
    try:
        return unquote_to_bytes(found[3]).decode(charset)
    except UnicodeDecodeError:
        raise SyntaxFault(f"percent-coded {found[1]}", value, found.start(3)) from None


@dataclass(frozen=True, slots=True)
class ContentDisposition:
    """`inline`, `attachment` or another type, and parameters, as they stand in the field.

    `ContentDisposition.named("attachment", "Übersicht.pdf")` makes one whose name all browsers understand. Raises
    `InvalidInput` for parts that are no tokens.
    """

    type: str = "attachment"
    parameters: Parameters = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "type", check_token(self.type, "a disposition type").lower())
        pairs = tuple((check_token(name, "a parameter").lower(), value) for name, value in self.parameters)
        object.__setattr__(self, "parameters", pairs)

    @classmethod
    def named(cls, type: str, filename: str) -> ContentDisposition:
        """Return one with a file name: as it is in ASCII, else also in the extended form, with a plain one before it.

        Raises `InvalidInput` for a name with control characters.
        """
        if _CONTROLS.search(filename):
            raise InvalidInput(f"{filename!r} holds control characters: no file has such a name")
        plain = "".join(c if c.isascii() and c not in '%"\\' else "_" for c in filename)
        extended = (("filename*", encode_extended(filename)),) if plain != filename else ()
        return cls(type, (("filename", plain), *extended))

    @property
    def filename(self) -> str | None:
        """The name to save under: the extended one if it can be read, without folders; `None` for one that is none."""
        given = dict(reversed(self.parameters))
        name = given.get("filename")
        if "filename*" in given:
            with suppress(SyntaxFault):
                name = decode_extended(given["filename*"])
        name = None if name is None else _CONTROLS.sub("", _PATH.sub("", name)).strip()
        return name if name not in ("", ".", "..") else None

    def __str__(self) -> str:
        return self.type + "".join(_format(name, value) for name, value in self.parameters)


def _format(name: str, value: str) -> str:
    # Readers of forms, and old ones of file names, want quotes even around tokens.
    if name in ("filename", "name") and TOKEN.fullmatch(value):
        return f'; {name}="{value}"'
    return "; " + format_parameters(((name, value),))[1:]


def parse_content_disposition(text: str) -> ContentDisposition:
    """Read a `Content-Disposition` field. Raises `SyntaxFault`."""
    return read_whole(text, _read_disposition)


def _read_disposition(scanner: Scanner) -> ContentDisposition:
    return ContentDisposition(read_token(scanner, "a disposition type"), read_parameters(scanner))
