"""The file table: what the manifest names and what is there, held against each other."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from demotic.files import FileInfo, collision_key
from demotic.learning.cp._errors import PackagePathFault
from demotic.learning.cp._manifest import File, Manifest, Resource
from demotic.learning.cp._names import MANIFEST_NAME
from demotic.learning.cp._paths import path_of
from demotic.xml import Bound

__all__ = ["FileTable", "Reference", "path_among", "read_table", "references", "references_of"]


@dataclass(frozen=True, slots=True)
class Reference:
    """A place of the manifest that names a file: a file element, or a resource for its entry point.

    `path` is none for what leads elsewhere; `fault` says why it cannot be a path of the package.
    """

    node: File | Resource
    resource: Resource
    href: str
    path: str | None
    fault: PackagePathFault | None = None


class FileTable(Mapping[str, list[File]]):
    """For each file, by its path in the package, the file elements that name it.

    A file that nothing names has an empty list, which does not mean that it is not needed: schemas and what other files
    refer to are such. A path that is named but not there has an entry too, and is among `missing`. The manifest itself
    is no entry.
    """

    def __init__(self, entries: Mapping[str, list[File]], infos: Mapping[str, FileInfo], named: Iterable[str]) -> None:
        self._entries = dict(entries)
        self._infos = dict(infos)
        self._named = set(named)
        self._keys: dict[str, list[str]] | None = None
        self._folders: dict[str, str] | None = None

    def __getitem__(self, path: str) -> list[File]:
        return self._entries[path]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def infos(self) -> Mapping[str, FileInfo]:
        """Kind, size and times of the files that are there, by path."""
        return self._infos

    @property
    def present(self) -> list[str]:
        """The files that are there."""
        return [path for path in self if path in self._infos]

    @property
    def missing(self) -> list[str]:
        """The paths that the manifest names, and that are not there."""
        return [path for path in self if path not in self._infos]

    @property
    def unreferenced(self) -> list[str]:
        """The files that are there, and that no file element and no entry point names."""
        return [path for path in self.present if not self._entries[path] and path not in self._named]

    def like(self, path: str) -> list[str]:
        """Return the paths that some systems take for this one, itself included if it is there or named."""
        if self._keys is None:
            self._keys = {}
            for known in self._entries:
                self._keys.setdefault(collision_key(known), []).append(known)
        return self._keys.get(collision_key(path), [])

    def in_the_way(self, path: str) -> Iterator[str]:
        """Yield what is there and keeps a file from being at a path: a folder of that name, a file where the path has a
        folder, a folder of the same name in another case or Unicode form."""
        folders = self._known_folders()
        for part in _folders_of(path):
            if folders.get(collision_key(part), part) != part:
                yield folders[collision_key(part)]
            yield from (known for known in self.like(part) if known in self._infos)
        if (folder := folders.get(collision_key(path))) is not None:
            yield folder

    def in_known_folders(self, path: str) -> str:
        """Return a path with its folders spelled as those that there are."""
        known = ""
        for part in _folders_of(path):
            known = self._known_folders().get(collision_key(part), part)
        return known + path[len(path.rpartition("/")[0]) :]

    def _known_folders(self) -> dict[str, str]:
        if self._folders is None:
            self._folders = {}
            for known in self._infos:
                self._note_folders(known)
        return self._folders

    def _note_folders(self, path: str) -> None:
        if self._folders is not None:
            for part in _folders_of(path):
                self._folders.setdefault(collision_key(part), part)

    def note(self, path: str, *, info: FileInfo | None = None, file: File | None = None, named: bool = False) -> None:
        """Take down that a file has been written, a file element made, or an entry point named."""
        if named:
            self._named.add(path)
        if path not in self._entries:
            self._entries[path] = []
            if self._keys is not None:
                self._keys.setdefault(collision_key(path), []).append(path)
        if info is not None:
            self._infos[path] = info
            self._note_folders(path)
        if file is not None:
            self._entries[path].append(file)

    def __repr__(self) -> str:
        return f"<FileTable of {len(self._entries)} paths, {len(self.missing)} missing>"


def _folders_of(path: str) -> Iterator[str]:
    """Yield the folders that a path goes through, from the outside in."""
    names = path.split("/")
    yield from ("/".join(names[:depth]) for depth in range(1, len(names)))


def references(manifest: Manifest, infos: Mapping[str, FileInfo]) -> Iterator[Reference]:
    """Yield all places in a manifest, and those within it, that name files."""
    for inner in manifest.walk():
        for resource in inner.own_resources():
            yield from references_of(resource, infos)


def references_of(resource: Resource, infos: Mapping[str, FileInfo]) -> Iterator[Reference]:
    """Yield those of one resource."""
    nodes: tuple[File | Resource, ...] = (resource, *resource.files)
    for node in nodes:
        if node.href is not None and node.href.strip():
            yield _reference(node, resource, node.href, infos)


def _reference(node: File | Resource, resource: Resource, href: str, infos: Mapping[str, FileInfo]) -> Reference:
    try:
        return Reference(node, resource, href, path_among(node, href, infos))
    except PackagePathFault as fault:
        return Reference(node, resource, href, None, fault)


def path_among(node: Bound, href: str, infos: Container[str]) -> str | None:
    """Return the path that a reference means, given the files that are there; none for what leads elsewhere.

    If nothing is there it may never have been percent-coded, and be a name as it stands: "50%.png", "a%20b.png" or
    "a#b.png". A resource may carry a base of its own, which counts for its href as for its files (XML Base, section 4).
    Raises `PackagePathFault`.
    """
    fault: PackagePathFault | None = None
    path: str | None = None
    try:
        path = path_of(node, href)
    except PackagePathFault as wrong:
        fault = wrong
    if fault is not None or (path is not None and path not in infos):
        with suppress(PackagePathFault):
            plain = path_of(node, href, decode=False)
            if plain is not None and plain in infos:
                return plain
    if fault is not None:
        raise fault
    return path


def read_table(manifest: Manifest, infos: Mapping[str, FileInfo]) -> FileTable:
    """Return the table of a manifest, and of the files that are there."""
    entries: dict[str, list[File]] = {path: [] for path in infos if path != MANIFEST_NAME}
    named = set()
    for found in references(manifest, infos):
        if not found.path or found.path == MANIFEST_NAME:
            continue
        if isinstance(found.node, File):
            entries.setdefault(found.path, []).append(found.node)
        else:
            named.add(found.path)
            entries.setdefault(found.path, [])
    return FileTable(entries, {path: info for path, info in infos.items() if path != MANIFEST_NAME}, named)
