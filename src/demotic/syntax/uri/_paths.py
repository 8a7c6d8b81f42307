"""Hierarchical paths: their segments, and what `.` and `..` do to them (RFC 3986, sections 3.3 and 5.2.4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

__all__ = [
    "folder_of",
    "join_path",
    "merge_paths",
    "normalize_segments",
    "remove_dot_segments",
    "shield_path",
    "split_path",
]


def split_path(path: str | None) -> tuple[str, ...]:
    """Return the segments of a path, not decoded.

    An empty relative path has none, `/` has one that is empty, and so has every path that ends with a slash at its end.
    None counts as an empty path. Whether the path was absolute is not told: `join_path` asks for it.
    """
    if not path:
        return ()
    return tuple(path.removeprefix("/").split("/"))


def join_path(segments: Iterable[str], *, absolute: bool) -> str:
    """Put segments together, the inverse of `split_path`."""
    return ("/" if absolute else "") + "/".join(segments)


def normalize_segments(segments: Sequence[str]) -> tuple[str, ...]:
    """Drop each `.`, and fold each segment with the `..` after it.

    A `.` or `..` at the end leaves an empty segment, which says that the path is a directory's. A `..` that nothing
    stands before is kept.
    """
    kept: list[str] = []
    for segment in segments:
        if segment == ".." and kept and kept[-1] != "..":
            kept.pop()
        elif segment != ".":
            kept.append(segment)
    if segments and segments[-1] in (".", ".."):
        kept.append("")
    return tuple(kept)


def remove_dot_segments(path: str) -> str:
    """Return a path without `.` and `..`, as a URI with a scheme has it; a `..` at the top is dropped (section 5.2.4).

    >>> remove_dot_segments("/a/b/c/./../../g")
    '/a/g'
    """
    if "." not in path:
        return path
    rooted = path.startswith("/")
    kept: list[str] = []
    segments = path.removeprefix("/").split("/")
    for index, segment in enumerate(segments):
        if segment == "..":
            # The algorithm leaves a slash where it takes the first segment of a path that has no root.
            rooted = rooted or len(kept) == 1
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
        if segment in (".", "..") and index == len(segments) - 1 and (rooted or kept):
            kept.append("")
    return ("/" if rooted else "") + "/".join(kept)


def fold_relative(path: str) -> str:
    """Return a relative path without `.` and needless `..`; those that lead above its beginning are kept."""
    folded = join_path(normalize_segments(path.split("/")), absolute=False)
    # An empty first segment would make the path absolute, and an empty path would mean the document itself.
    return folded if folded and not folded.startswith("/") else f"./{folded}"


def folder_of(path: str) -> str:
    """Return a base's path up to its last slash; `.` and `..` at its end are directories too (RFC 3986, section 5.2.1).

    The RFC leaves it open whether dot segments of a base are removed first. They are for browsers, and only so is
    resolution associative.
    """
    cut = path.rfind("/") + 1
    return f"{path}/" if path[cut:] in (".", "..") else path[:cut]


def merge_paths(base: str, path: str, *, after_authority: bool) -> str:
    """Return the relative `path` seen from `base` (section 5.2.3)."""
    return f"/{path}" if after_authority and not base else folder_of(base) + path


def shield_path(path: str, *, has_scheme: bool, has_authority: bool) -> str:
    """Return the path with a `.` before it where it would otherwise be read as something else (sections 3.3 and 4.2).

    Two slashes at its beginning would be an authority, a colon in the first segment would end a scheme.
    """
    if has_authority:
        return path
    if path.startswith("//"):
        return f"/.{path}"
    return path if has_scheme or ":" not in path.partition("/")[0] else f"./{path}"
