"""Whole banks converted: every document of a file, a folder or a package, with its media, into a new package.

Files that are no QTI are copied as they are. Resources keep their identifiers, files, dependencies and metadata, and
the organizations lead to what became of them. A document of 1.2 gives one document for each of its objects, each with a
resource of its own, in the place of its source. Whatever is not carried over is a loss.

Specification: QTI 2.1, 2.2 and 3.0, "Content packaging"; IMS Content Packaging 1.2.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from demotic.errors import DemoticError, InvalidInput, Unsupported
from demotic.learning.cp import MANIFEST_NAME, Metadata, Package, Resource, new_package
from demotic.learning.qti.checking import FolderBank, PackageBank, open_bank
from demotic.learning.qti.converting import Loss, convert
from demotic.learning.qti.legacy import LegacyObject, convert_legacy
from demotic.learning.qti.model import AssessmentTest, QtiDocument, Version
from demotic.learning.qti.packaging._documents import media_of, mended_bases, resource_type
from demotic.learning.qti.packaging._metadata import metadata_of_object
from demotic.learning.qti.packaging._resources import CarriedResources
from demotic.learning.qti.reading import NotQti, read
from demotic.learning.qti.writing import write

__all__ = ["Converted", "convert_bank"]


class Converted(NamedTuple):
    """What became of one file: the paths written for it, and all that is not as it was."""

    source: str
    written: tuple[str, ...]
    losses: tuple[Loss, ...]


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
        self.resources = CarriedResources(bank.package if isinstance(bank, PackageBank) else None, package)
        self.done: set[str] = set()

    def run(self) -> Iterator[Converted]:
        """Convert the documents, copy what is left, then bring over what the manifest says of them."""
        for name in self.bank.names():
            converted = self.document(name)
            if converted is not None:
                yield converted
        for name in self.bank.files():
            if name not in self.done and posixpath.basename(name) != MANIFEST_NAME:
                losses = self.copy(name)
                if losses:
                    yield Converted(name, (), losses)
        told = self.resources.finish()
        if told:
            yield Converted(MANIFEST_NAME, (), told)

    def document(self, name: str) -> Converted | None:
        """Convert a document; nothing for a file that is none."""
        data = self.bank.read(name)
        try:
            document = read(data, base=name, lenient=True)
        except NotQti:
            self.resources.failed[name] = "is no QTI"
            return None
        except Unsupported:
            return self.legacy(name, data)
        except DemoticError as fault:
            return self.unreadable(name, fault)
        mended = mended_bases(document, name, self.bank.exists)
        conversion = convert(document, self.version, file=name)
        self.add(name, conversion.document, self.resources.of_path(name))
        self.resources.converted.add(name)
        return Converted(name, (name,), (*mended, *conversion.losses))

    def unreadable(self, name: str, fault: DemoticError) -> Converted:
        self.resources.failed[name] = "cannot be read"
        return Converted(name, (), (Loss("dropped", "unreadable", fault.message, name),))

    def legacy(self, name: str, data: bytes) -> Converted:
        """Convert all objects of a document of 1.2."""
        losses: list[Loss] = []
        written: list[str] = []
        folder = posixpath.dirname(name)
        try:
            objects = convert_legacy(data, file=name)
        except DemoticError as fault:
            return self.unreadable(name, fault)
        if not objects:
            self.resources.failed[name] = "has no item, section or assessment"
        stands_for = _heads(objects)
        for made in objects:
            document = made.document
            losses += [*made.losses, *mended_bases(document, name, self.bank.exists)]
            if self.version is not Version.V3_0:
                conversion = convert(document, self.version, file=name)
                document, losses = conversion.document, [*losses, *conversion.losses]
            path = self.free(posixpath.join(folder, made.name))
            for inner, content in made.files.items():
                self.put(content, posixpath.join(folder, inner))
            metadata, told = metadata_of_object(made, self.version, name)
            losses += told
            self.add(path, document, self.resources.of_path(name) if made in stands_for else None, metadata)
            written.append(path)
        self.done.add(name)
        self.resources.converted.add(name)
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

    def add(
        self, path: str, document: QtiDocument, original: Resource | None, metadata: Metadata | None = None
    ) -> None:
        """Put a document into the package, with a resource that names it and the files it uses."""
        self.done.add(path)
        resource = self.resources.add(resource_type(document.root, self.version), path, original, metadata)
        self.package.add_file(write(document), path, resource=resource, replace=True)
        for used in media_of(document, path):
            if self.bank.exists(used):
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


def _heads(objects: Sequence[LegacyObject]) -> list[LegacyObject]:
    """Return those objects that a resource of 1.2 stands for: its assessments if there are any, else all."""
    return [made for made in objects if isinstance(made.document.root, AssessmentTest)] or list(objects)
