"""URIs within other text: how far one goes, and where there are some."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from demotic.syntax.uri._errors import InvalidURI
from demotic.syntax.uri._uri import URI, parse_uri

__all__ = ["find_uris", "uri_length"]

_CHARACTERS: Final = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*")
_BEGINNING: Final = re.compile(r"(?<![A-Za-z0-9+.%-])[A-Za-z][A-Za-z0-9+.-]{1,20}:(?=//[^\s/?#]|[^\s/?#:])")
# Brackets stand around IP addresses only, so that those of the text around end a URI.
_WHOLE: Final = re.compile(
    r"[A-Za-z0-9+.-]+:(?://(?:[A-Za-z0-9._~!$&'()*+,;=:%-]*@)?\[[0-9A-Fa-f:.]*\])?[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]*"
)
_ENDING: Final = ".,;:!?'\"*)"


def uri_length(text: str, position: int = 0) -> int:
    """Return how many characters from `position` on may stand in a URI, be it a good one or not.

    >>> uri_length("see http://example.com/a for more", 4)
    20
    """
    found = _CHARACTERS.match(text, position)
    return found.end() - found.start() if found else 0


def find_uris(text: str) -> Iterator[tuple[int, URI]]:
    """Yield the absolute URIs in running text, each with its position.

    Punctuation at the end belongs to the text, and so does a bracket that was not opened in the URI. What looks like
    a URI and is none is passed over.

    >>> [str(uri) for _, uri in find_uris("See (http://example.com/a_(b)), or ask <mailto:me@example.com>.")]
    ['http://example.com/a_(b)', 'mailto:me@example.com']
    """
    position = 0
    while found := _BEGINNING.search(text, position):
        whole = _WHOLE.match(text, found.start())
        position = max(found.end(), whole.end() if whole else 0)
        with suppress(InvalidURI):
            yield found.start(), parse_uri(_trimmed(whole.group() if whole else ""))


def _trimmed(candidate: str) -> str:
    kept = candidate.rstrip(_ENDING)
    # Only brackets that the URI itself opened, and has not closed yet, belong to it.
    opened = kept.count("(") - kept.count(")")
    ending = candidate[len(kept) :]
    closing = len(ending) - len(ending.lstrip(")"))
    return kept + ")" * min(max(opened, 0), closing)
