"""Changes to a package, each with the manifest kept in step. What is refused changes nothing."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from shutil import copyfileobj
from typing import IO, TYPE_CHECKING, Any, Final

from demotic.files import FileExists, FilePath, NoSuchFile, collision_key, local_files, path_of_url, unportable
from demotic.learning.cp._errors import (
    IdentifierTaken,
    NotInManifest,
    PackageFileFault,
    PackagePathFault,
    PackageStorageFault,
)
from demotic.learning.cp._manifest import File, Item, Manifest, Resource, Resources
from demotic.learning.cp._names import MANIFEST_NAME
from demotic.learning.cp._paths import is_external, normal_path, reference
from demotic.learning.cp._table import references, references_of
from demotic.xml import child_class, document_of, parent_of

if TYPE_CHECKING:
    from demotic.learning.cp._package import Package

__all__ = [
    "add_file",
    "add_resource",
    "attach",
    "checked_path",
    "free_path",
    "remove_file",
    "remove_resource",
    "rename_file",
    "rename_resource",
]

_NO_NAME: Final = re.compile(r"[^\w.-]+")


def free_path(package: Package, suggestion: str) -> str:
    """Return a path that is free."""
    if os.path.isabs(suggestion):  # noqa: PTH117  a text of the system's or of ours
        found = package.path_in_package(suggestion)
        if found is None:
            raise PackagePathFault(f"{suggestion!r} is not in the package", target=suggestion)
        wanted = found
    else:
        wanted = suggestion.lower()
    path = package.files.in_known_folders(_new_path(package, wanted))
    for known in package.files.in_the_way(path):
        if collision_key(known) != collision_key(path):
            raise PackageFileFault(f"{path!r} cannot be below {known!r}, which is a file", target=suggestion)
    stem, mark, extension = _split_extension(path)
    numbered = (f"{stem}-{number}{mark}{extension}" for number in count(1))
    while package.files.like(path) or any(package.files.in_the_way(path)):
        path = next(numbered)
    return path


def _split_extension(path: str) -> tuple[str, str, str]:
    folder, slash, name = path.rpartition("/")
    stem, mark, extension = name.rpartition(".")
    return (f"{folder}{slash}{stem}", mark, extension) if stem else (path, "", "")


def _new_path(package: Package, text: str) -> str:
    """Return a path where a file of the package may be."""
    path = _own_path(package, text)
    for name in path.split("/"):
        if (reason := unportable(name)) is not None:
            raise PackagePathFault(f"{name!r} {reason}", target=text, hint="choose another name")
    return path


def _own_path(package: Package, text: str) -> str:
    path = normal_path(text)
    if not path:
        raise PackagePathFault(f"{text!r} is the package itself, no file in it", target=text)
    if collision_key(path) == collision_key(MANIFEST_NAME):
        raise PackagePathFault("the manifest is no file of a resource", target=text, hint="choose another name")
    if package.is_ignored(path):
        raise PackagePathFault(
            f"{text!r} is ignored, so it is no part of the package",
            target=text,
            hint="choose another name, or open the package with another pattern of ignored names",
        )
    return path


# Resources


def add_resource(
    package: Package, type: str, *, identifier: str | None = None, manifest: Manifest | None = None, **values: Any
) -> Resource:
    """Add a resource."""
    chosen = package.manifest if manifest is None else manifest
    taken = package._by_identifier()
    if identifier is not None and identifier in taken:
        raise IdentifierTaken(f"the identifier {identifier!r} is taken", target=identifier, hint="choose another")
    fresh = identifier or next(name for name in map("RES-{}".format, package._numbers) if name not in taken)
    if chosen.resources is None:
        chosen.resources = child_class(chosen.__class__, Resources)()
    resource = child_class(chosen.resources.__class__, Resource)(identifier=fresh, type=type, **values)
    table = package.files
    chosen.resources.resources.append(resource)
    taken[fresh] = resource
    for found in references_of(resource, table.infos):
        if found.path and found.path != MANIFEST_NAME:
            table.note(found.path, file=found.node if isinstance(found.node, File) else None, named=True)
    return resource


def _the(package: Package, resource: Resource | str) -> Resource:
    if isinstance(resource, str):
        return package.resource(resource)
    if document_of(resource) is not package.document:
        raise NotInManifest(f"the resource {resource.identifier!r} is not of this package", target=resource.identifier)
    return resource


def rename_resource(package: Package, resource: Resource | str, identifier: str) -> None:
    """Give a resource another identifier."""
    chosen = _the(package, resource)
    if package._by_identifier().get(identifier, chosen) is not chosen:
        raise IdentifierTaken(f"the identifier {identifier!r} is taken", target=identifier, hint="choose another")
    before, chosen.identifier = chosen.identifier, identifier
    for node in _referring(package, before):
        node.identifierref = identifier
    package._changed()


def _referring(package: Package, identifier: str | None) -> list[Any]:
    nodes: list[Any] = list(package.items())
    for resource in package.resources():
        nodes += [*resource.dependencies, *resource.variants]
    return [node for node in nodes if identifier and node.identifierref == identifier]


def remove_resource(package: Package, resource: Resource | str, keep_files: bool) -> None:
    """Remove a resource and all that leads to it."""
    chosen = _the(package, resource)
    alone = [] if keep_files else _files_of_nobody_else(package, chosen)
    for node in _referring(package, chosen.identifier):
        if isinstance(node, Item) and node.items:
            node.identifierref = None
        else:
            _take_out(node)
    _take_out(chosen)
    package._changed()
    for path in alone:
        package._contents.remove(path)
    package._changed()


def _files_of_nobody_else(package: Package, resource: Resource) -> list[str]:
    found = [ref for ref in references(package.manifest, package.files.infos) if ref.path]
    others = {ref.path for ref in found if ref.resource is not resource}
    own = dict.fromkeys(str(ref.path) for ref in found if ref.resource is resource)
    return [path for path in own if path not in others and path in package.files.infos and path != MANIFEST_NAME]


def _take_out(node: Any) -> None:
    """Take an element out of the list that its parent keeps it in."""
    parent = parent_of(node)
    for attr in ("items", "files", "dependencies", "variants", "resources"):
        listed = getattr(parent, attr, None)
        if isinstance(listed, list) and any(each is node for each in listed):
            listed.remove(node)
            return


# Files


def add_file(
    package: Package, source: Any, path: str | None, resource: Resource | str | None, replace: bool
) -> File | None:
    """Copy a file into the package."""
    chosen = None if resource is None else _the(package, resource)
    if path is None:
        target = free_path(package, f"{_folder_of(package, chosen)}{_name_of(source)}")
    else:
        target = checked_path(package, path, replace)
    if chosen is not None:
        reference(chosen, target)  # raises where the resource cannot name it, before anything is written
    with _opened(source) as data, package._contents.replacing(target) as copy:
        copyfileobj(data, copy, 1 << 18)
    package.files.note(target, info=package.info(target))
    known = next((file for file in package.files[target] if chosen is None or parent_of(file) is chosen), None)
    return known if known is not None or chosen is None else attach(package, chosen, target)


def checked_path(package: Package, path: str, replace: bool) -> str:
    """Return a path that a new file may have."""
    target = _new_path(package, path)
    _check_free(package, target, replace)
    return target


def _check_free(package: Package, target: str, replace: bool) -> None:
    for known in package.files.in_the_way(target):
        raise PackageFileFault(
            f"{target!r} cannot be a file beside {known!r}",
            target=target,
            hint="one would be the other's folder, or both the same on some systems",
        )
    for known in package.files.like(target):
        if known not in package.files.infos:
            continue  # named only: it is what is missing
        if known == target and not replace:
            raise FileExists(f"{target!r} is there already", path=target, hint="say replace=True to replace it")
        if known != target:
            raise PackagePathFault(f"{target!r} is the same as {known!r} on some systems", target=target)


def _folder_of(package: Package, resource: Resource | None) -> str:
    entry = None if resource is None else package.path_of(resource)
    folder = entry.rpartition("/")[0] if entry else ""
    return f"{folder}/" if folder else ""


def _name_of(source: Any) -> str:
    text = source.text if isinstance(source, FilePath) else getattr(source, "name", source)
    if isinstance(text, os.PathLike):
        text = os.fspath(text)
    name = re.split(r"[\\/]", text.rstrip("/\\"))[-1] if isinstance(text, str) else ""
    return name or "file"


@contextmanager
def _opened(source: Any) -> Iterator[IO[bytes]]:
    """Open what is to be copied."""
    from io import BytesIO

    if isinstance(source, bytes):
        yield BytesIO(source)
    elif isinstance(source, (str, os.PathLike, FilePath)):
        place = source if isinstance(source, FilePath) else _place(os.fspath(source))
        if not place.is_file():
            fault = PackageFileFault(f"{str(source)!r} is no file that is there", target=str(source))
            raise fault
        with place.open("rb") as file:
            yield file
    elif hasattr(source, "read"):
        yield source
    else:
        raise TypeError(f"{source!r} is neither bytes nor a path nor a file")


def _place(text: str) -> FilePath:
    if "://" in text or "::" in text:
        try:
            return path_of_url(text, names="native")
        except (ValueError, ImportError) as error:
            raise PackageStorageFault(f"{text!r} cannot be reached: {error}", target=text) from None
    return local_files().path(text)


def attach(package: Package, resource: Resource | str, path: str) -> File:
    """Name a path, or what is elsewhere, in a resource."""
    chosen = _the(package, resource)
    href = path if is_external(path) else reference(chosen, _own_path(package, path))
    table = package.files
    file = child_class(chosen.__class__, File)(href=href)
    chosen.files.append(file)
    if (named := package.path_of(file)) is not None:
        table.note(named, file=file)
    return file


def rename_file(package: Package, path: str, target: str) -> None:
    """Move a file."""
    source, goal = _own_path(package, path), _new_path(package, target)
    _check_there(package, source)
    if goal == source:
        raise FileExists(f"{goal!r} is its name already", path=goal)
    if collision_key(goal) != collision_key(source):
        _check_free(package, goal, replace=False)
    named = [ref for ref in references(package.manifest, package.files.infos) if ref.path == source]
    fresh = [(ref.node, _renamed(ref.node, ref.href, goal)) for ref in named]
    _move(package, source, goal)
    for node, href in fresh:
        node.href = href
    package._changed()


def _renamed(node: File | Resource, href: str, goal: str) -> str:
    # A query or fragment is for whoever opens the file, and stays.
    found = re.search(r"[?#]", href)
    return reference(node, goal) + (href[found.start() :] if found else "")


def _move(package: Package, source: str, goal: str) -> None:
    if collision_key(goal) == collision_key(source):
        # Some systems take both for one, and would refuse: go by way of a name that is neither.
        between = f"{source}.renamed"
        package._contents.rename(source, between)
        source = between
    package._contents.rename(source, goal)


def remove_file(package: Package, path: str) -> None:
    """Remove a file and all that names it."""
    if is_external(path):
        raise PackageStorageFault(f"{path!r} is not in the package, so it cannot be removed", target=path)
    chosen = _own_path(package, path)
    info = package.files.infos.get(chosen)
    if info is None and chosen not in package.files:
        _check_there(package, chosen)
    if info is not None and info.kind != "file":
        raise PackageFileFault(f"{path!r} is no regular file", target=path)
    named = [ref for ref in references(package.manifest, package.files.infos) if ref.path == chosen]
    if info is not None:
        package._contents.remove(chosen)
    for ref in named:
        if isinstance(ref.node, File):
            _take_out(ref.node)
        else:
            ref.node.href = None
    package._changed()


def _check_there(package: Package, path: str) -> None:
    """Raise what is wrong with a path that no file has."""
    if path in package.files.infos:
        return
    if any(known.startswith(f"{path}/") for known in package.files.infos):
        raise PackageFileFault(f"{path!r} is a folder", target=path, hint="name the files in it")
    like = [known for known in package.files.like(path) if known in package.files.infos]
    hint = f"there is {like[0]!r}" if like else "`package.files` and `demotic cp list` show what there is"
    raise NoSuchFile(f"{path!r} is not in the package", path=path, hint=hint)
