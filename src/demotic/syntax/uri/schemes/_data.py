"""Data in place: `data` URLs (RFC 2397)."""

from __future__ import annotations

import binascii
import re
from base64 import b64encode
from typing import Final

from demotic.syntax.uri._errors import InvalidURI
from demotic.syntax.uri._percent import PATH_SEGMENT, percent_decode_bytes, percent_encode
from demotic.syntax.uri._uri import URI, register_scheme

__all__ = ["DataURI", "data_uri"]

DEFAULT_MEDIA_TYPE: Final = "text/plain;charset=US-ASCII"
_BASE64: Final = re.compile(";base64", re.IGNORECASE)


class DataURI(URI):
    """A `data` URL: a media type and some bytes.

    >>> uri = parse_uri("data:,A%20brief%20note")
    >>> uri.media_type, uri.data
    ('text/plain;charset=US-ASCII', b'A brief note')
    """

    def _check(self) -> None:
        if self.authority is not None:
            raise InvalidURI("a media type or ','", self.text, self.text.index("//"))
        if "," not in self.scheme_specific_part:
            raise InvalidURI("',' before the data", self.text, len(self.text) - len(self._after_data()))

    def _after_data(self) -> str:
        return "" if self.fragment is None else f"#{self.fragment}"

    @property
    def _header(self) -> str:
        return self.scheme_specific_part.partition(",")[0]

    @property
    def is_base64(self) -> bool:
        """Whether the data are written in base64."""
        return _BASE64.fullmatch(self._header[-7:]) is not None

    @property
    def media_type(self) -> str:
        """The media type with its parameters, percent-codes decoded; where it is left out, what RFC 2397 says."""
        text = self._header[: -len(";base64")] if self.is_base64 else self._header
        decoded = percent_decode_bytes(text).decode("utf-8", "replace")
        return f"text/plain{decoded}" if decoded.startswith(";") else decoded or DEFAULT_MEDIA_TYPE

    @property
    def data(self) -> bytes:
        """The bytes. Raises `InvalidURI` if they are said to be in base64 and are not; padding may be left out."""
        written = percent_decode_bytes(self.scheme_specific_part.partition(",")[2])
        if not self.is_base64:
            return written
        code = b"".join(written.split())
        try:
            return binascii.a2b_base64(code.rstrip(b"=") + b"=" * (-len(code.rstrip(b"=")) % 4), strict_mode=True)
        except binascii.Error:
            raise InvalidURI("data in base64", self.text, self.text.index(",") + 1) from None


def data_uri(data: bytes | str, media_type: str = "", *, base64: bool | None = None) -> URI:
    """Return a `data` URL; a text is written in UTF-8, which its media type then says.

    Without a choice the shorter of the two ways to write it is taken.

    >>> str(data_uri("ü"))
    'data:;charset=utf-8,%C3%BC'
    """
    content = data.encode() if isinstance(data, str) else data
    if isinstance(data, str) and "charset=" not in media_type.lower() and not data.isascii():
        media_type = f"{media_type};charset=utf-8"
    head = percent_encode(media_type, PATH_SEGMENT.replace(",", "") + "/")
    plain, coded = percent_encode(content, PATH_SEGMENT + "/"), b64encode(content).decode()
    in_base64 = len(coded) + len(";base64") < len(plain) if base64 is None else base64
    return URI("data", None, f"{head};base64,{coded}" if in_base64 else f"{head},{plain}")


register_scheme("data", DataURI)
