"""`Package`: a manifest and the files that belong to it, kept in step.

IMS Content Packaging 1.2. What is asked and changed here goes through the manifest's objects and `Contents`; how each
change is made stands in `_editing`, how the whole is checked in `_check`.
"""

from __future__ import annotations

import os
import weakref
from collections import deque
from collections.abc import Iterator
from itertools import count
from typing import IO, TYPE_CHECKING, Any, Self

from demotic.files import FileInfo, FilePath, FileSystem
from demotic.learning.cp import _editing
from demotic.learning.cp._contents import Contents
from demotic.learning.cp._errors import NotInManifest
from demotic.learning.cp._export import export
from demotic.learning.cp._ignore import Ignored
from demotic.learning.cp._manifest import File, Item, Manifest, Organization, Resource
from demotic.learning.cp._names import MANIFEST_NAME
from demotic.learning.cp._paths import normal_path, relative_path
from demotic.learning.cp._profile import Profile, profile_of
from demotic.learning.cp._table import FileTable, path_among, read_table
from demotic.learning.findings import Finding
from demotic.xml import Document, XmlBindingFault, document_of

if TYPE_CHECKING:
    from demotic.xml.validation import Schema

__all__ = ["Package"]


class Package:
    """A content package that is open; `open_package` and `new_package` make them, `with` closes them.

    `document` is the manifest with what stands around it, `name` what to call a folder or archive of it, `faults` what
    the manifest's elements say that their declarations do not allow. `in_place` tells whether changes to files are made
    at once where the package lies (a folder) or kept apart until it is exported (an archive).
    """

    def __init__(
        self,
        contents: Contents,
        document: Document[Manifest],
        *,
        name: str,
        in_place: bool,
        ignored: Ignored,
        original: bytes = b"",
        faults: tuple[XmlBindingFault, ...] = (),
    ) -> None:
        self.document = document
        self.name = name
        self.in_place = in_place
        self.ignored = ignored
        self.faults = faults
        self._contents = contents
        self._original = original
        self._files: FileTable | None = None
        self._named: dict[str, Any] | None = None
        self._numbers = count(1)
        # Whoever forgets to close it leaves no folder behind: not when it is forgotten, nor when the program ends.
        self._close = weakref.finalize(self, contents.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Package {self.name}, {self.profile}>"

    def close(self) -> None:
        """Give up what is held open, and the temporary folder of a new package. A second call does nothing.

        A folder that was opened stays as it is; what was done to an archive and not exported is gone.
        """
        self._close()

    # What is in it

    @property
    def manifest(self) -> Manifest:
        """The manifest."""
        return self.document.root

    @property
    def profile(self) -> Profile:
        """Which specification the package follows, as far as the manifest tells."""
        return profile_of(self.manifest)

    @property
    def root(self) -> FileSystem:
        """The file system whose root is the folder or archive of the package, as it lies there."""
        return self._contents.files

    @property
    def folder(self) -> str | None:
        """The absolute path of the package's folder; none for one that is no local folder."""
        files = self._contents.files
        return os.fspath(files.root) if self.in_place and hasattr(files, "from_native") else None

    @property
    def files(self) -> FileTable:
        """The file table: for each path the file elements that name it. It is in step with changes made here."""
        if self._files is None:
            self._files = read_table(self.manifest, self._contents.listed(self.ignored))
        return self._files

    def check(self, *, schema: Schema | None = None) -> list[Finding]:
        """Return what is wrong with the package, and what is worth a look, in the order of the manifest.

        The rules are those of IMS Content Packaging 1.2 and of the profile; `docs/content-packages.md` lists them. An
        XML Schema, if you have one, is applied to the manifest with all its organizations and metadata.
        """
        from demotic.learning.cp._check import check_package

        return check_package(self, schema)

    def rescan(self) -> FileTable:
        """Read the file table again, after changes that were made elsewhere: in the folder, or to manifest objects."""
        self._changed()
        return self.files

    def manifests(self) -> Iterator[Manifest]:
        """Yield the manifest and those within it."""
        return self.manifest.walk()

    def resources(self) -> Iterator[Resource]:
        """Yield the resources of all manifests, in the order of the document."""
        for manifest in self.manifests():
            yield from manifest.own_resources()

    def organizations(self) -> Iterator[Organization]:
        """Yield the organizations of all manifests."""
        for manifest in self.manifests():
            yield from manifest.own_organizations()

    def items(self) -> Iterator[Item]:
        """Yield the items of all organizations of all manifests."""
        for manifest in self.manifests():
            yield from manifest.own_items()

    def resource(self, identifier: str) -> Resource:
        """Return the resource with an identifier. Raises `NotInManifest`."""
        found = self._by_identifier().get(identifier)
        if not isinstance(found, Resource) or found.identifier != identifier or document_of(found) is not self.document:
            # Either it is not there, or the manifest was changed by other ways than ours.
            found = next((resource for resource in self.resources() if resource.identifier == identifier), None)
        if found is None:
            raise NotInManifest(f"no resource has the identifier {identifier!r}", target=identifier)
        return found

    def dependencies(self, resource: Resource) -> list[Resource]:
        """Return the resources that one depends on, however indirectly, each once; not itself, nor what is lacking."""
        by_id = {each.identifier: each for each in reversed(list(self.resources())) if each.identifier}
        found: dict[str, Resource] = {}
        waiting = deque([resource])
        while waiting:
            for dependency in waiting.popleft().dependencies:
                needed = by_id.get(dependency.identifierref or "")
                if needed is not None and needed is not resource and needed.identifier not in found:
                    found[str(needed.identifier)] = needed
                    waiting.append(needed)
        return list(found.values())

    def path_of(self, node: File | Resource, href: str | None = None) -> str | None:
        """Return the path that a file element or a resource's entry point means, or another `href` in its place.

        None for what leads elsewhere, or says nothing. Raises `PackagePathFault` for what leads out of the package.
        """
        wanted = node.href if href is None else href
        if not wanted or not wanted.strip():
            return None
        return path_among(node, wanted, self.files.infos)

    def path_in_package(self, path: str | os.PathLike[str]) -> str | None:
        """Return the path in the package of one of the operating system; none for one outside, or of no local folder.

        A relative one is taken from the package's folder, never from that of the process.
        """
        folder = self.folder
        text = os.fspath(path)
        if folder is None:
            return None
        whole = os.path.normpath(os.path.join(folder, text))  # noqa: PTH118  of the system's paths, not of ours
        real, home = os.path.realpath(whole), os.path.realpath(folder)
        if real != home and not real.startswith(home.rstrip(os.sep) + os.sep):
            return None
        return relative_path(real[len(home) :].replace(os.sep, "/").lstrip("/"), "")

    def info(self, path: str) -> FileInfo:
        """Return what there is to know of a file. Raises `NoSuchFile`, `PackagePathFault`."""
        return self.at(path).stat()

    def at(self, path: str) -> FilePath:
        """Return where a file of the package lies, to read it. Raises `PackagePathFault`."""
        return self._contents.at(normal_path(path))

    def open(self, path: str) -> IO[bytes]:
        """Open a file of the package for reading bytes. Raises `NoSuchFile`, `PackagePathFault`."""
        opened: IO[bytes] = self.at(path).open("rb")
        return opened

    def read(self, path: str) -> bytes:
        """Return a whole file of the package. Raises as `open`."""
        return self.at(path).read_bytes()

    def is_ignored(self, path: str) -> bool:
        """Tell whether a file of this path would be no part of the package."""
        return self.ignored.path(path)

    # Changing it

    def free_path(self, suggestion: str) -> str:
        """Return a path that nothing has yet, in the manifest or among the files, in any case or Unicode form.

        It is the suggested one in lower case if that is free, else one with a number before its extension; an absolute
        path of the package's folder keeps its case. Raises `PackagePathFault` for a path outside, and an ignored one.
        """
        return _editing.free_path(self, suggestion)

    def check_new_path(self, path: str, *, replace: bool = False) -> str:
        """Return a path as `add_file` would have it, normalised, without adding anything.

        Raises what `add_file` would: `PackagePathFault`, and `FileExists` unless `replace` is set.
        """
        return _editing.checked_path(self, path, replace)

    def add_resource(self, type: str = "webcontent", **values: Any) -> Resource:
        """Add a resource without files to the manifest, and return it; `values` are its other fields.

        Without `identifier` it gets a new one; `manifest` is the one among several to put it in. Raises
        `IdentifierTaken`.
        """
        return _editing.add_resource(self, type, **values)

    def add_file(
        self, source: Any, path: str | None = None, *, resource: Resource | str | None = None, replace: bool = False
    ) -> File | None:
        """Copy a file into the package, and name it in a resource; return the file element.

        `source` is bytes, a path or URL of anything fsspec reaches, a `FilePath`, or a file opened for bytes. Without
        `path` it goes beside the resource's entry point, under its own name or a free one like it; a path that is taken
        is refused unless `replace` is set. Without `resource` no file element is made, unless one is there already.
        Raises `PackagePathFault`, `NotInManifest`, `FileExists`, `NoSuchFile`.
        """
        return _editing.add_file(self, source, path, resource, replace)

    def attach(self, resource: Resource | str, path: str) -> File:
        """Name a path of the package, or an absolute URI elsewhere, in a resource; nothing need be there.

        Raises `PackagePathFault` for the manifest itself, an ignored path, and one outside of the package.
        """
        return _editing.attach(self, resource, path)

    def rename_file(self, path: str, target: str) -> None:
        """Move a file within the package, with all file elements and entry points that name it.

        References inside of other files stay as they are. Raises `FileExists`, `NoSuchFile`, `PackagePathFault`.
        """
        _editing.rename_file(self, path, target)

    def remove_file(self, path: str) -> None:
        """Remove a file, all file elements that name it, and the entry points of resources that are it.

        A path that is named but not there is removed from the manifest. Raises `NoSuchFile`, `PackageFileFault`,
        `PackagePathFault`.
        """
        _editing.remove_file(self, path)

    def remove_resource(self, resource: Resource | str, *, keep_files: bool = False) -> None:
        """Remove a resource, what depends on it or stands for it, and the files that no other resource names.

        Dependencies and variants that name it go; items lose their reference, and go if they have no items below.
        Raises `NotInManifest`.
        """
        _editing.remove_resource(self, resource, keep_files)

    def rename_resource(self, resource: Resource | str, identifier: str) -> None:
        """Give a resource another identifier, in all that refers to it. Raises `IdentifierTaken`, `NotInManifest`."""
        _editing.rename_resource(self, resource, identifier)

    # Keeping it

    def manifest_bytes(self) -> bytes:
        """Return the manifest as it would be written: to the byte as it was read, if nothing has changed in it."""
        written = self.document.serialize()
        if self._original:
            before = Document.parse(self._original, type(self.manifest), report=lambda _: None)
            if before.serialize() == written:
                return self._original
        return written

    def save(self) -> None:
        """Write the manifest to the package: into its folder, or over an archive until that is exported."""
        data = self.manifest_bytes()
        with self._contents.replacing(MANIFEST_NAME) as file:
            file.write(data)
        self._original = data

    def export(self, target: FilePath | str | os.PathLike[str] | IO[bytes], *, replace: bool = False) -> int:
        """Write the package as a zip archive, the manifest first, and return how many files it holds.

        All files that are not ignored go in, referenced or not, streamed. The same package gives the same bytes: the
        order is that of the paths, the time always 1980. Names are UTF-8. An archive that is there is refused unless
        `replace` is set; it may be the one that this package was opened from. Raises `FileExists`, `UnsafeArchive` for
        names that could not be unpacked safely.
        """
        return export(self._contents, self._contents.listed(self.ignored), self.manifest_bytes(), target, replace)

    def _changed(self) -> None:
        self._files = self._named = None

    def _by_identifier(self) -> dict[str, Any]:
        """The elements by identifier, the first of each, as far as changes were made here."""
        if self._named is None:
            nodes: tuple[Any, ...] = (*self.manifests(), *self.organizations(), *self.items(), *self.resources())
            self._named = {node.identifier: node for node in reversed(nodes) if node.identifier}
        return self._named
