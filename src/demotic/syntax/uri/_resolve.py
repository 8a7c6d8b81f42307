"""From a base to another place and back: resolution (RFC 3986, section 5.2) and its inverse.

Both work on parts. Beyond the RFC, the base may itself be relative; then so is the result, and resolution stays
associative: `..` that lead above the beginning of the base are kept.
"""

from __future__ import annotations

from collections.abc import Iterator

from demotic.syntax.uri._grammar import Parts, compose
from demotic.syntax.uri._paths import fold_relative, folder_of, merge_paths, remove_dot_segments, shield_path

__all__ = ["describe", "references", "resolve_parts", "settled", "specificity"]


def resolve_parts(base: Parts, reference: Parts) -> Parts:
    """Return what `reference` means in a document at `base` (section 5.2.2, strict)."""
    if reference.scheme is not None:
        # Without a root it is no hierarchical path: the `/../` in the text of a data URI is data.
        rooted = reference.path.startswith("/")
        return reference._replace(path=_settled(reference.path, reference)) if rooted else reference
    if reference.authority is not None:
        return reference._replace(scheme=base.scheme, path=remove_dot_segments(reference.path))
    if not reference.path:
        query = base.query if reference.query is None else reference.query
        return base._replace(query=query, fragment=reference.fragment)
    path = reference.path
    if not path.startswith("/"):
        path = merge_paths(base.path, path, after_authority=base.authority is not None)
    return Parts(base.scheme, base.authority, _settled(path, base), reference.query, reference.fragment)


def _settled(path: str, where: Parts) -> str:
    """Return the path without dot segments, fit to stand behind scheme and authority of `where`."""
    if where.scheme is None and where.authority is None and not path.startswith("/"):
        path = fold_relative(path)
    else:
        path = remove_dot_segments(path)
    return shield_path(path, has_scheme=where.scheme is not None, has_authority=where.authority is not None)


def specificity(parts: Parts) -> int:
    """Return how much a reference says by itself: 3 with a scheme, 2 an authority, 1 an absolute path, else 0."""
    if parts.scheme is not None:
        return 3
    if parts.authority is not None:
        return 2
    return 1 if parts.path.startswith("/") else 0


def references(base: Parts, target: Parts) -> Iterator[Parts]:
    """Yield references that may lead from base to target, each shorter kind first.

    Not every one does: what a reference leaves out is taken from the base, whether the target has it or not. The
    caller resolves them until one leads to the target.
    """
    here = Parts(None, None, "", None, target.fragment)
    yield here
    there = here._replace(query=target.query)
    yield there
    yield there._replace(path=_relative_path(base, target))
    if target.path.startswith("/"):
        yield there._replace(path=shield_path(target.path, has_scheme=False, has_authority=False))
    if target.authority is not None:
        yield target._replace(scheme=None)
    yield target


def _relative_path(base: Parts, target: Parts) -> str:
    """Return the way up from the base's directory to one that holds the target too, and down to the target."""
    folders = folder_of(base.path or ("/" if base.authority else "")).split("/")[:-1]
    segments = target.path.split("/")
    shared = 0
    while shared < min(len(folders), len(segments) - 1) and folders[shared] == segments[shared]:
        shared += 1
    path = "../" * (len(folders) - shared) + "/".join(segments[shared:])
    return f"./{path}" if path[:1] in ("", "/") or ":" in path.partition("/")[0] else path


def settled(target: Parts) -> Parts:
    """Return a target as resolution writes it: without the dot segments that it would remove."""
    if specificity(target) or not target.path:
        return resolve_parts(target, target)
    return target._replace(path=_settled(target.path, target))


def describe(base: Parts, target: Parts) -> str:
    """Return the words of the fault that no reference leads from base to target."""
    return f"no reference leads from {compose(base)!r} to {compose(target)!r}"
