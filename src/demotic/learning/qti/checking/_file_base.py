"""Addresses that begin with `$IMS-CC-FILEBASE$`, which cartridges have for the folder of their files.

What is behind the mark is sought below `web_resources` and beside it, in the folder of the document and in those above
it: Canvas keeps the files of a course in the first, other systems beside the document or at the root.

The mark is that of the Common Cartridge profiles (1.0 to 1.3); where files lie is not theirs to say but what is found.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import quote, unquote

from demotic.learning.qti.model import Html, Node, walk
from demotic.xml import QName

__all__ = ["HTML_LINKS", "file_of_base", "has_file_base", "mend_file_bases"]

HTML_LINKS: Final = {
    "a": "href", "audio": "src", "blockquote": "", "embed": "src", "iframe": "src", "img": "src", "object": "data",
    "source": "src", "track": "src", "video": "src",
}  # fmt: skip
"""The attributes of HTML that name a file, by their elements."""

_MARK: Final = re.compile(r"(?:\$|%24)IMS[-_]CC[-_]FILEBASE(?:\$|%24)/*", re.IGNORECASE)
_FOLDERS: Final = ("web_resources", "")


def has_file_base(href: str) -> bool:
    """Tell whether an address begins with the mark."""
    return _MARK.match(href) is not None


def file_of_base(href: str, base: str, exists: Callable[[str], bool]) -> str | None:
    """Return the path of the file that an address with the mark means, in the document at `base`; None if none is."""
    mark = _MARK.match(href)
    if mark is None:
        return None
    rest = unquote(re.split("[?#]", href[mark.end() :], maxsplit=1)[0])
    folder = posixpath.dirname(base)
    while rest:
        for inner in _FOLDERS:
            path = posixpath.normpath(posixpath.join(folder, inner, rest))
            if not path.startswith("..") and exists(path):
                return path
        if not folder:
            break
        folder = posixpath.dirname(folder)
    return None


def mend_file_bases(root: Node, base: str, exists: Callable[[str], bool]) -> Iterator[tuple[Node, str, str | None]]:
    """Let addresses with the mark lead to the files that they mean; yield node, address, and the new one or None."""
    for node in walk(root):
        name = HTML_LINKS.get(node.name) if isinstance(node, Html) else None
        href = node.get(name) if isinstance(node, Html) and name else None
        if not name or href is None or not has_file_base(href):
            continue
        path = file_of_base(href, base, exists)
        made = None
        if path is not None:
            made = quote(posixpath.relpath(path, posixpath.dirname(base) or ".")) + "".join(re.findall("#.*", href))
            node.extra[QName("", name)] = made
        yield node, href, made
