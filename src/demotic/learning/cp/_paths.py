"""From references in the manifest to paths in the package, and back.

A path in the package is text: names with `/` between them, none in front, no `.` and `..`. A reference is a URI
(RFC 3986) relative to every `xml:base` around it (CP 1.2, best practice, section 3.5), so its names are percent-coded
UTF-8. The package has no address of its own: what leads above its root, or begins at another, is outside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from demotic.errors import InvalidInput
from demotic.learning.cp._errors import PackagePathFault
from demotic.syntax.uri import PATH_SEGMENT, encode_illegal, parse_uri, percent_decode, percent_encode
from demotic.xml import Branch, ancestors

__all__ = ["is_external", "joined", "normal_path", "path_of", "reference", "relative_path"]

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_DRIVE: Final = re.compile(r"[A-Za-z]:")
_PLAIN: Final = re.compile(r"[A-Za-z0-9._~/-]*")
_BLANKS: Final = " \t\r\n"


def is_external(href: str) -> bool:
    """Tell whether a reference leads to another machine or scheme, and so to no file of the package."""
    text = href.strip(_BLANKS)
    return text.startswith("//") or _SCHEME.match(text) is not None


def normal_path(text: str, *, within: str = "") -> str:
    """Return the path of `text` in the package, below the folder `within`, without `.`, `..` and doubled `/`.

    Raises `PackagePathFault` for what leads out of the package.
    """
    if text.startswith("/") or "\\" in text or _DRIVE.match(text):
        raise PackagePathFault(
            f"{text!r} is no path within a package", target=text, hint="write it relative to the manifest, with /"
        )
    names = [name for name in within.split("/") if name]
    for name in text.split("/"):
        if name == "..":
            if not names:
                raise PackagePathFault(
                    f"{text!r} leads out of the package", target=text, hint="a file of a package is below its manifest"
                )
            names.pop()
        elif name not in ("", "."):
            names.append(name)
    return "/".join(names)


def joined(*parts: str) -> str:
    """Return parts of a path in the package as one, normalised. Raises as `normal_path`."""
    return normal_path("/".join(parts))


def relative_path(path: str, folder: str) -> str | None:
    """Return a path as seen from a folder that it is in: empty if they are the same, none if it is not below."""
    inner, outer = normal_path(path), normal_path(folder)
    if not outer or inner == outer:
        return inner if not outer else ""
    return inner[len(outer) + 1 :] if inner.startswith(f"{outer}/") else None


def path_of(node: Branch, href: str, *, decode: bool = True) -> str | None:
    """Return the path in the package that a reference in an element means; none for one that leads elsewhere.

    Without `decode` it is taken as a path already, as some write it. Raises `PackagePathFault` for what leads out of
    the package or cannot be read as a reference.
    """
    if is_external(href):
        return None
    folder = ""
    for base in _bases(node):
        if is_external(base):
            return None
        folder = _folder(normal_path(_path_text(base, decode), within=folder), base)
    return normal_path(_path_text(href, decode), within=folder)


def _path_text(reference: str, decode: bool) -> str:
    text = reference.strip(_BLANKS).replace("\\", "/")
    if _DRIVE.match(text):
        raise PackagePathFault(
            f"{reference!r} names a drive, no file of a package", target=reference, hint="write it relative, with /"
        )
    if not decode or _PLAIN.fullmatch(text):
        return text
    try:
        decoded = percent_decode(parse_uri(encode_illegal(text)).path or "")
    except InvalidInput as fault:
        raise PackagePathFault(
            f"{reference!r} is no reference: {fault.message}", target=reference, hint="write % as %25 and blanks as %20"
        ) from None
    if "\0" in decoded or "\\" in decoded:
        raise PackagePathFault(f"{reference!r} is no path within a package", target=reference)
    return decoded


def _folder(path: str, base: str) -> str:
    # RFC 3986, section 5.2.3: what stands after the last slash of a base is replaced.
    return path if base.rstrip(_BLANKS).endswith(("/", "\\")) else path.rpartition("/")[0]


def _bases(node: Branch) -> Iterator[str]:
    around = [node, *ancestors(node)]
    for element in reversed(around):
        base = getattr(element, "base", None)
        if isinstance(base, str):
            yield base


def reference(node: Branch, path: str) -> str:
    """Return the reference to a path in the package from an element: the inverse of `path_of`.

    Raises `PackagePathFault` where the base around the element is elsewhere.
    """
    folder = path_of(node, "x")
    if folder is None:
        raise PackagePathFault(
            f"{path!r} cannot be referred to under the base {next(_bases(node))!r}",
            target=path,
            hint="put the file into a resource whose xml:base is in the package",
        )
    here, there = folder.split("/")[:-1], normal_path(path).split("/")
    common = 0
    while common < min(len(here), len(there) - 1) and here[common] == there[common]:
        common += 1
    names = [".."] * (len(here) - common) + [percent_encode(name, PATH_SEGMENT) for name in there[common:]]
    return ("./" if ":" in names[0] else "") + "/".join(names)
