"""Whole banks converted: every document of a file, a folder or a package, with its media, into a new package.

Files that are no QTI are copied as they are. Resources keep their identifiers, dependencies and metadata. A document of
1.2 gives one document for each of its objects, each with a resource of its own, in the place of its source.

Specification: QTI 2.1, 2.2 and 3.0, "Content packaging"; IMS Content Packaging 1.2.
"""

from __future__ import annotations

import copy
import posixpath
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from demotic.errors import DemoticError, InvalidInput, Unsupported
from demotic.learning.cp import Dependency, Package, PackageFault, Resource, new_package
from demotic.learning.qti import model as m
from demotic.learning.qti.checking import FolderBank, PackageBank, local_path, open_bank, summarize
from demotic.learning.qti.converting import Loss, convert
from demotic.learning.qti.legacy import convert_legacy
from demotic.learning.qti.model import Node, QtiDocument, Version
from demotic.learning.qti.reading import NotQti, read
from demotic.learning.qti.writing import write

__all__ = ["Converted", "convert_bank", "resource_type"]

_KINDS: Final[dict[type[Node], str]] = {
    m.AssessmentItem: "item",
    m.AssessmentTest: "test",
    m.AssessmentSection: "section",
    m.AssessmentStimulus: "stimulus",
    m.OutcomeDeclaration: "outcomes",
    m.ResponseProcessing: "rptemplate",
}
_MANIFEST: Final = "imsmanifest.xml"


class Converted(NamedTuple):
    """What became of one file: the paths written for it, and all that is not as it was."""

    source: str
    written: tuple[str, ...]
    losses: tuple[Loss, ...]


def resource_type(root: Node, version: Version) -> str:
    """Return the type that a package's resource for a document has."""
    return f"imsqti_{_KINDS.get(type(root), 'item')}_xmlv{str(version).replace('.', 'p')}"


def convert_bank(
    source: str | Path, target: str | Path, version: Version, *, replace: bool = False
) -> Iterator[Converted]:
    """Convert what is at `source` into a package at `target`, a zip archive; yield what became of each file.

    The package is written when the last has been yielded; until then nothing is at `target`. Raises `InvalidInput` for
    a target that is there already, unless `replace` is set, and `NotFound` where there is no source.
    """
    place = Path(target)
    if place.exists() and not replace:
        raise InvalidInput(
            f"{place} is there already", target=str(place), hint="choose another, or say that it be replaced"
        )
    with open_bank(source) as bank, new_package(f"qti{version}", name=place.stem) as package:
        writer = _Writer(bank, package, version)
        yield from writer.run()
        package.save()
        package.export(place, replace=replace)


class _Writer:
    """Fills the new package."""

    def __init__(self, bank: FolderBank | PackageBank, package: Package, version: Version) -> None:
        self.bank, self.package, self.version = bank, package, version
        self.resources = _resources(bank)
        self.done: set[str] = set()

    def run(self) -> Iterator[Converted]:
        """Convert the documents, then copy what is left."""
        for name in self.bank.names():
            converted = self.document(name)
            if converted is not None:
                yield converted
        for name in self.bank.files():
            if name not in self.done and posixpath.basename(name) != _MANIFEST:
                losses = self.copy(name)
                if losses:
                    yield Converted(name, (), losses)
        self.others()

    def document(self, name: str) -> Converted | None:
        """Convert a document; nothing for a file that is none."""
        data = self.bank.read(name)
        try:
            document = read(data, base=name, lenient=True)
        except NotQti:
            return None
        except Unsupported:
            return self.legacy(name, data)
        except DemoticError as fault:
            return Converted(name, (), (Loss("dropped", "unreadable", fault.message, name),))
        conversion = convert(document, self.version, file=name)
        self.add(name, conversion.document, self.resources.get(name))
        return Converted(name, (name,), tuple(conversion.losses))

    def legacy(self, name: str, data: bytes) -> Converted:
        """Convert all objects of a document of 1.2."""
        losses: list[Loss] = []
        written: list[str] = []
        folder = posixpath.dirname(name)
        original = self.resources.get(name)
        try:
            objects = convert_legacy(data, file=name)
        except DemoticError as fault:
            return Converted(name, (), (Loss("dropped", "unreadable", fault.message, name),))
        for made in objects:
            document = made.document
            losses += made.losses
            if self.version is not Version.V3_0:
                conversion = convert(document, self.version, file=name)
                document, losses = conversion.document, [*losses, *conversion.losses]
            path = self.free(posixpath.join(folder, made.name))
            for inner, content in made.files.items():
                self.put(content, posixpath.join(folder, inner))
            losses += [
                Loss("dropped", "metadata", f"{label}: {', '.join(values)[:80]!r}", name)
                for label, values in made.metadata.items()
            ]
            self.add(path, document, original if len(objects) == 1 else None, taken=made.name)
            written.append(path)
        self.done.add(name)
        return Converted(name, tuple(written), tuple(losses))

    def free(self, path: str) -> str:
        number, stem = 1, path.removesuffix(".xml")
        while path in self.package.files or path in self.bank.names():
            number += 1
            path = f"{stem}_{number}.xml"
        return path

    def put(self, content: bytes, path: str) -> None:
        if path not in self.package.files:
            self.package.add_file(content, path, resource=None)

    def add(self, path: str, document: QtiDocument, original: Resource | None, *, taken: str = "") -> None:
        """Put a document into the package, with a resource that names it and the files it uses."""
        self.done.add(path)
        values: dict[str, object] = {"href": path}
        if original is not None and original.identifier:
            values["identifier"] = original.identifier
            if original.metadata is not None:
                values["metadata"] = copy.deepcopy(original.metadata)
        kind = resource_type(document.root, self.version)
        try:
            resource = self.package.add_resource(kind, **values)
        except PackageFault:  # two documents of one resource: the second gets an identifier of its own
            values.pop("identifier", None)
            resource = self.package.add_resource(kind, **values)
        self.package.add_file(write(document), path, resource=resource, replace=True)
        if original is not None:
            for dependency in original.dependencies:
                resource.dependencies.append(Dependency(identifierref=dependency.identifierref))
        for link in summarize(document, path).links:
            used = local_path(link.href, path)
            if used is not None and not used.startswith("..") and link.wanted is None and self.bank.exists(used):
                self.copy(used, resource)

    def copy(self, name: str, resource: Resource | None = None) -> tuple[Loss, ...]:
        """Copy a file as it is."""
        try:
            if name not in self.done:
                self.package.add_file(self.bank.read(name), name, resource=resource, replace=True)
                self.done.add(name)
            elif resource is not None and name not in self.bank.names():
                self.package.attach(resource, name)
        except DemoticError as fault:
            return (Loss("dropped", "file", f"{name} is not copied: {fault.message}", name),)
        return ()

    def others(self) -> None:
        """Add the resources that are no documents of QTI, with their files."""
        if not isinstance(self.bank, PackageBank):
            return
        known = {resource.identifier for resource in self.package.resources()}
        for original in self.bank.package.resources():
            if original.identifier in known or (original.type or "").startswith("imsqti"):
                continue
            values = {"identifier": original.identifier, "href": original.href}
            if original.metadata is not None:
                values["metadata"] = copy.deepcopy(original.metadata)  # type: ignore[assignment]
            resource = self.package.add_resource(original.type or "webcontent", **values)
            for file in original.files:
                path = self.bank.package.path_of(file)
                if path is not None and path in self.package.files:
                    self.package.attach(resource, path)


def _resources(bank: FolderBank | PackageBank) -> dict[str, Resource]:
    """Return the resources of a package by their entry points."""
    if not isinstance(bank, PackageBank):
        return {}
    found: dict[str, Resource] = {}
    for resource in bank.package.resources():
        path = bank.package.path_of(resource, resource.href) if resource.href else None
        if path is None and len(resource.files) == 1:
            path = bank.package.path_of(resource.files[0])
        if path is not None:
            found.setdefault(path, resource)
    return found
