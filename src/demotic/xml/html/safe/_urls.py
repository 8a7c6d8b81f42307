"""URLs as browsers will read them, which is not always as they are written.

Blanks and control characters around a URL, and tabs and line ends within, mean nothing to a browser; a backslash is a
slash to it. So `java\\nscript:` is a scheme, and `/\\host` names a host.

Specifications: URL Standard, section 4.4 (basic URL parser); HTML Standard, section 4.8.4.2 (srcset).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final
from urllib.parse import urljoin

__all__ = ["Refused", "checked_data_image", "checked_source_set", "checked_url"]

_AROUND: Final = "".join(map(chr, range(0x21)))
_WITHIN: Final = re.compile("[\t\n\r]")
_CONTROL: Final = re.compile("[\0-\x1f\x7f-\x9f\ud800-\udfff]")
_BEFORE_COLON: Final = re.compile(r"([^/?#\\]*):")
_SCHEME: Final = re.compile("[A-Za-z][A-Za-z0-9+.-]*")
_DATA_IMAGE: Final = re.compile("data:image/(avif|bmp|gif|jpeg|png|webp);base64,[A-Za-z0-9+/]*={0,2}", re.IGNORECASE)
_CANDIDATE: Final = re.compile(r"[\s,]*+(\S*[^\s,])(?:,|\s+([0-9.]+[wxh](?:\s+[0-9.]+[wxh])?)?\s*(?:,|$)|$)")


class Refused(Exception):
    """A value that may not stay, and why; never leaves this room."""


def checked_url(text: str, schemes: Collection[str], *, relative: bool, base: str | None = None) -> str:
    """Return a URL that a browser reads as it stands, relative to `base` if that is given; or raise `Refused`."""
    url = _WITHIN.sub("", text.strip(_AROUND))
    if _CONTROL.search(url):
        raise Refused("a control character in a URL")
    if base is not None and not url.startswith("#"):
        try:
            url = urljoin(base, url.replace("\\", "/"))
        except ValueError:
            raise Refused("no URL") from None
    found = _BEFORE_COLON.match(url)
    if found:
        _check_scheme(found[1], schemes)
    elif re.match(r"[/\\]{2}", url):
        _check_scheme("https", schemes)
    elif not relative and not url.startswith("#"):
        raise Refused("a relative URL")
    return url


def _check_scheme(scheme: str, schemes: Collection[str]) -> None:
    if not _SCHEME.fullmatch(scheme):
        raise Refused("no scheme before the colon")
    if scheme.lower() not in schemes:
        raise Refused(f"the scheme {scheme.lower()!r} is not allowed")


def checked_data_image(text: str) -> str | None:
    """Return an image that the URL itself holds, if it is one that cannot hold scripts, and nothing else."""
    url = re.sub("[\t\n\r ]", "", text)
    return url if _DATA_IMAGE.fullmatch(url) else None


def checked_source_set(text: str, schemes: Collection[str], *, relative: bool, base: str | None = None) -> str:
    """Return the candidates of a `srcset`, each URL checked; or raise `Refused`."""
    candidates, at = [], 0
    while text[at:].strip(" \t\r\n\f,"):
        found = _CANDIDATE.match(text, at)
        if not found:
            raise Refused("no list of image candidates")
        url = checked_url(found[1], schemes, relative=relative, base=base)
        candidates.append(f"{url} {' '.join(found[2].split())}" if found[2] else url)
        at = found.end()
    return ", ".join(candidates)
