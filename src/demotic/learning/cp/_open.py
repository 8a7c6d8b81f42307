"""Opening packages: a folder, a manifest, an archive, anything that fsspec reaches; and new ones."""

from __future__ import annotations

import os
import re
from contextlib import ExitStack
from pathlib import PurePosixPath
from typing import IO, Final

from demotic.errors import InvalidInput
from demotic.files import (
    ArchiveLimits,
    FilePath,
    FileSystem,
    NoSuchFile,
    local_files,
    path_of_url,
    temporary_files,
    zip_files,
)
from demotic.learning.cp._contents import Contents, Layered
from demotic.learning.cp._errors import BrokenManifest, NoManifest, NotAPackage, PackageStorageFault
from demotic.learning.cp._ignore import DEFAULT_IGNORED, Ignored
from demotic.learning.cp._manifest import Manifest, Organizations, Resources
from demotic.learning.cp._names import CP, MANIFEST_NAME
from demotic.learning.cp._package import Package
from demotic.learning.cp._templates import TEMPLATES
from demotic.xml import Document, Limits, XmlBindingFault, XmlSyntaxFault, child_class

__all__ = ["PACKAGE_LIMITS", "new_package", "open_package"]

PACKAGE_LIMITS: Final = ArchiveLimits(entries=100_000, size=1 << 36)
"""What an archive may hold unless other limits are given; nothing is unpacked, so this is generous: 64 GiB."""

MANIFEST_LIMITS: Final = Limits(size=64 * 2**20)

_IN_ARCHIVE: Final = re.compile(r"zip(?:://([^:]*))?::(.+)")

Source = FilePath | str | os.PathLike[str] | IO[bytes]


def open_package(
    source: Source,
    *,
    ignore: str | re.Pattern[str] = DEFAULT_IGNORED,
    create: bool = False,
    limits: ArchiveLimits = PACKAGE_LIMITS,
    manifest: type[Manifest] = Manifest,
) -> Package:
    """Open the package that is in a folder, in a zip archive, or beside a manifest.

    `source` is a path of the system or a URL of anything that fsspec reaches, a `FilePath`, or an archive opened for
    bytes, which stays the caller's to close. A folder is changed in place, an archive only by `Package.export`. Names
    that match `ignore` as a whole are no part of the package. Without a manifest it is refused, unless `create` is set:
    then an empty one is written. `manifest` is a class of your own for the manifest, derived from `Manifest`.

    Raises `NotAPackage`, `NoManifest`, `BrokenManifest`, `UnsafeArchive` for an archive that is damaged, beyond
    `limits`, or holds what no archive should (names that lead elsewhere or are the same on some systems, links,
    encrypted entries), and the other errors of `demotic.files`.
    """
    ignored = Ignored(ignore)
    with ExitStack() as opened:
        files, name = _files(source, limits)
        opened.callback(files.close)
        in_place = not files.is_read_only
        contents = Contents(files) if in_place else Layered(files)
        original = _manifest_bytes(files, name)
        if original is None and not create:
            raise _no_manifest(files, name)
        opened.pop_all()
    try:
        if original is None:
            package = Package(contents, _empty(name, manifest), name=name, in_place=in_place, ignored=ignored)
            package.save()
            return package
        document, faults = read_manifest(original, manifest)
        return Package(
            contents, document, name=name, in_place=in_place, ignored=ignored, original=original, faults=faults
        )
    except BaseException:
        contents.close()
        raise


def new_package(
    profile: str = "cp1.2", *, identifier: str = "MANIFEST-1", name: str = "package", ignore: str = DEFAULT_IGNORED
) -> Package:
    """Make an empty package in a temporary folder, which goes when the package is closed; export it before.

    `profile` is one of `cp1.2`, `qti2.1`, `qti2.2`, `qti3.0`, `cc1.1`, `cc1.2`, `cc1.3`. Raises `InvalidInput` for
    another.
    """
    template = TEMPLATES.get(profile)
    if template is None:
        raise InvalidInput(f"there is no profile {profile!r}", hint=f"there are {', '.join(TEMPLATES)}")
    document, _ = read_manifest(template.encode())
    document.root.identifier = identifier
    contents = Contents(temporary_files(prefix="demotic-cp-"), temporary=True)
    package = Package(contents, document, name=name, in_place=True, ignored=Ignored(ignore))
    package.save()
    return package


def read_manifest(
    data: bytes, cls: type[Manifest] = Manifest
) -> tuple[Document[Manifest], tuple[XmlBindingFault, ...]]:
    """Read a manifest, with what is wrong in its elements. Raises `BrokenManifest` if it is none."""
    faults: list[XmlBindingFault] = []
    try:
        document = Document.parse(data, cls, limits=MANIFEST_LIMITS, report=faults.append)
    except XmlSyntaxFault as fault:
        raise BrokenManifest(
            f"{MANIFEST_NAME} is no well-formed XML: {fault.message}", line=fault.line, column=fault.column
        ) from None
    except XmlBindingFault as fault:
        raise BrokenManifest(
            f"{MANIFEST_NAME} is no manifest: {fault.message}",
            line=fault.line,
            column=fault.column,
            hint=f"its root is <manifest xmlns={CP!r}>, or the same in the namespace of a profile",
        ) from None
    except InvalidInput as fault:
        raise BrokenManifest(f"{MANIFEST_NAME} cannot be read: {fault.message}", hint=fault.hint) from None
    return document, tuple(faults)


def _empty(name: str, cls: type[Manifest]) -> Document[Manifest]:
    manifest = cls(
        identifier=_identifier(name),
        organizations=child_class(cls, Organizations)(),
        resources=child_class(cls, Resources)(),
    )
    manifest.namespaces = {"": CP}
    return Document(manifest)


def _identifier(name: str) -> str:
    return "MANIFEST-" + (re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-") or "1")


# Where the files are


def _files(source: Source, limits: ArchiveLimits) -> tuple[FileSystem, str]:
    """Return the file system of a package, and the package's name."""
    if isinstance(source, FilePath):
        return _files_at(source, limits)
    if isinstance(source, (str, os.PathLike)):
        text = os.fspath(source)
        if not isinstance(text, str):
            raise TypeError(f"{source!r} is bytes, not text")
        if "://" in text or "::" in text or text.lower().startswith("file:"):
            return _files_by_url(text, limits)
        return _files_at(local_files().path(text), limits)
    if hasattr(source, "read"):
        return zip_files(source, limits=limits), _stem(str(getattr(source, "name", "")) or "package")
    raise TypeError(f"{source!r} is neither a path nor a file")


def _files_at(path: FilePath, limits: ArchiveLimits) -> tuple[FileSystem, str]:
    kind = path.stat().kind
    if kind == "folder":
        return path.system.rooted(path), path.absolute().name or "package"
    if kind != "file":
        raise NotAPackage(f"{path.text!r} is neither a folder nor a file", target=path.text)
    if path.name.lower() == MANIFEST_NAME:
        folder = path.absolute().parent
        return folder.system.rooted(folder), folder.name or "package"
    with path.open("rb") as file:
        start = file.read(4)
    if start[:2] != b"PK":
        raise NotAPackage(
            f"{path.text!r} is no zip archive, no folder and no {MANIFEST_NAME}",
            target=path.text,
            hint="give the folder that the manifest is in, or the archive",
        )
    return zip_files(path, limits=limits), _stem(path.name)


def _files_by_url(url: str, limits: ArchiveLimits) -> tuple[FileSystem, str]:
    try:
        if found := _IN_ARCHIVE.fullmatch(url):
            # Not by fsspec's own way into archives, which would take them as they are.
            files = zip_files(path_of_url(found[2]), limits=limits)
            return (files.rooted(f"/{found[1]}") if found[1] else files), _stem(found[2].rpartition("/")[2])
        files, name = _files_at(path_of_url(url), limits)
        return (files.read_only() if "::" in url else files), name
    except (ValueError, ImportError) as error:
        raise PackageStorageFault(f"{url!r} cannot be reached: {error}", target=url) from None


def _stem(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).stem


# Its manifest


def _manifest_bytes(files: FileSystem, name: str) -> bytes | None:
    path = files.path(f"/{MANIFEST_NAME}")
    try:
        info = path.stat()
    except NoSuchFile:
        return None
    if info.kind != "file":
        raise NotAPackage(f"{MANIFEST_NAME} of {name!r} is no file", target=name)
    if info.size > MANIFEST_LIMITS.size:
        raise BrokenManifest(
            f"{MANIFEST_NAME} has {info.size} bytes, of which {MANIFEST_LIMITS.size} are read",
            hint="a manifest lists files, it does not hold them",
        )
    return path.read_bytes()


def _no_manifest(files: FileSystem, name: str) -> NoManifest:
    """Return the error, with where the manifest may be instead."""
    entries = files.entries(files.root)
    for entry, info in entries:
        if info.kind == "file" and entry.lower() == MANIFEST_NAME:
            return NoManifest(
                f"{name!r} has no {MANIFEST_NAME}, only {entry!r}", target=name, hint="rename it: its case counts"
            )
    for entry, info in entries:
        if info.kind == "folder" and not info.is_link and files.path(f"/{entry}/{MANIFEST_NAME}").is_file():
            return NoManifest(
                f"{name!r} has no {MANIFEST_NAME} at its top, but one in the folder {entry!r}",
                target=name,
                hint="open that folder; in an archive, pack what is in it instead of the folder itself",
            )
    return NoManifest(
        f"{name!r} has no {MANIFEST_NAME}", target=name, hint="`demotic cp make` makes a package of a file"
    )
