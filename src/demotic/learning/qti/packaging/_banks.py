"""Whole banks converted: every document of a file, a folder or a package, with its media, into a new package.

Files that are no QTI are copied as they are. Resources keep their identifiers, files, dependencies and metadata, and
the organizations lead to what became of them. A document of 1.2 gives one document for each of its objects, each with a
resource of its own, in the place of its source. Whatever is not carried over is a loss.

Specification: QTI 2.1, 2.2 and 3.0, "Content packaging"; IMS Content Packaging 1.2.
"""

from __future__ import annotations

import copy
import posixpath
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from demotic.errors import DemoticError, InvalidInput, Unsupported
from demotic.learning.cp import Dependency, Metadata, Package, PackageFault, Resource, new_package
from demotic.learning.qti.checking import FolderBank, PackageBank, open_bank
from demotic.learning.qti.converting import Loss, Losses, convert
from demotic.learning.qti.legacy import LegacyObject, convert_legacy
from demotic.learning.qti.model import AssessmentTest, QtiDocument, Version
from demotic.learning.qti.packaging._documents import media_of, resource_type
from demotic.learning.qti.packaging._metadata import copied_metadata, metadata_of_labels
from demotic.learning.qti.packaging._organizations import carry_organizations
from demotic.learning.qti.reading import NotQti, read
from demotic.learning.qti.writing import write

__all__ = ["Converted", "convert_bank"]

_MANIFEST: Final = "imsmanifest.xml"


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
        self.source = bank.package if isinstance(bank, PackageBank) else None
        self.resources = _resources(self.source)
        self.done: set[str] = set()
        self.converted: set[str] = set()
        # Why a document was not converted, by its path, and what the old resources became, by their identity.
        self.failed: dict[str, str] = {}
        self.became: dict[int, list[Resource]] = {}
        if self.source is not None and self.source.manifest.identifier:
            package.manifest.identifier = self.source.manifest.identifier

    def run(self) -> Iterator[Converted]:
        """Convert the documents, copy what is left, then bring over what the manifest says of them."""
        for name in self.bank.names():
            converted = self.document(name)
            if converted is not None:
                yield converted
        for name in self.bank.files():
            if name not in self.done and posixpath.basename(name) != _MANIFEST:
                losses = self.copy(name)
                if losses:
                    yield Converted(name, (), losses)
        if self.source is not None:
            told = self.manifest(self.source)
            if told:
                yield Converted(_MANIFEST, (), told)

    def document(self, name: str) -> Converted | None:
        """Convert a document; nothing for a file that is none."""
        data = self.bank.read(name)
        try:
            document = read(data, base=name, lenient=True)
        except NotQti:
            self.failed[name] = "is no QTI"
            return None
        except Unsupported:
            return self.legacy(name, data)
        except DemoticError as fault:
            return self.unreadable(name, fault)
        conversion = convert(document, self.version, file=name)
        self.add(name, conversion.document, self.resources.get(name))
        self.converted.add(name)
        return Converted(name, (name,), tuple(conversion.losses))

    def unreadable(self, name: str, fault: DemoticError) -> Converted:
        self.failed[name] = "cannot be read"
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
            self.failed[name] = "has no item, section or assessment"
        stands_for = _heads(objects)
        for made in objects:
            document = made.document
            losses += made.losses
            if self.version is not Version.V3_0:
                conversion = convert(document, self.version, file=name)
                document, losses = conversion.document, [*losses, *conversion.losses]
            path = self.free(posixpath.join(folder, made.name))
            for inner, content in made.files.items():
                self.put(content, posixpath.join(folder, inner))
            metadata, told = metadata_of_labels(made.metadata, name)
            losses += told
            self.add(path, document, self.resources.get(name) if made in stands_for else None, metadata)
            written.append(path)
        self.done.add(name)
        self.converted.add(name)
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
        resource = self.add_resource(resource_type(document.root, self.version), path, original, metadata)
        self.package.add_file(write(document), path, resource=resource, replace=True)
        for used in media_of(document, path):
            if self.bank.exists(used):
                self.copy(used, resource)

    def add_resource(
        self, kind: str, href: str | None, original: Resource | None, metadata: Metadata | None = None
    ) -> Resource:
        """Add a resource in the place of one of the source."""
        values: dict[str, Any] = {} if href is None else {"href": href}
        if original is not None:
            metadata = _joined(copied_metadata(original.metadata), metadata)
            if original.identifier:
                values["identifier"] = original.identifier
            if original.intendeduse is not None:
                values["intendeduse"] = original.intendeduse
        if metadata is not None:
            values["metadata"] = metadata
        try:
            resource = self.package.add_resource(kind, **values)
        except PackageFault:  # two documents of one resource: the second gets an identifier of its own
            values.pop("identifier", None)
            resource = self.package.add_resource(kind, **values)
        if original is not None:
            resource.other_attributes.update(original.other_attributes)
            resource.other_elements.extend(copy.deepcopy(element) for element in original.other_elements)
            self.became.setdefault(id(original), []).append(resource)
        return resource

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

    def manifest(self, source: Package) -> tuple[Loss, ...]:
        """Bring over the rest of what the manifest says: other resources, files, dependencies, organizations."""
        losses = Losses(_MANIFEST)
        for original in source.resources():
            if id(original) not in self.became:
                self.other(source, original, losses)
        self.tell_names(source, losses)
        gone_to: dict[str, list[Resource]] = {}
        for original in source.resources():
            if original.identifier:
                gone_to.setdefault(original.identifier, self.became.get(id(original), []))
        for original in source.resources():
            for resource in self.became.get(id(original), []):
                self.files(source, original, resource, losses)
            self.dependencies(original, gone_to, losses)
        for inner in list(source.manifests())[1:]:
            losses.changed(
                "sub-manifest",
                inner,
                f"what the manifest {inner.identifier!r} has is in the one manifest that there is",
            )
        stated, own = source.manifest.metadata, self.package.manifest.metadata
        if stated is not None and own is not None:
            own.lom.extend(copy.deepcopy(lom) for lom in stated.lom)
            own.qti.extend(copy.deepcopy(qti) for qti in stated.qti)
            own.other_elements.extend(copy.deepcopy(element) for element in stated.other_elements)
        organizations = carry_organizations(source, self.package, gone_to)
        return (*losses.found, *organizations.found)

    def tell_names(self, source: Package, losses: Losses) -> None:
        """Tell which resources became several, or had to be called otherwise."""
        for original in source.resources():
            made = self.became.get(id(original), [])
            if len(made) > 1:
                message = f"the resource {original.identifier!r} becomes {len(made)}, one for each document"
                losses.changed("resource", original, message)
            elif made and made[0].identifier != original.identifier and not self.is_twin(source, original):
                message = f"the identifier {original.identifier!r} becomes {made[0].identifier!r}"
                losses.changed("identifier", original, message)

    def is_twin(self, source: Package, original: Resource) -> bool:
        """Tell whether a resource is one with another of the same document, which has been told."""
        first = self.resources.get(_path(source, original) or "")
        return first is not None and first is not original and self.became.get(id(first)) is self.became[id(original)]

    def other(self, source: Package, original: Resource, losses: Losses) -> None:
        """Add a resource that is no document of QTI, or tell why one that should be is not carried over."""
        path = _path(source, original)
        if not (original.type or "").startswith("imsqti"):
            href = path if path is not None and not _has_mark(original.href) else original.href
            self.add_resource(original.type or "webcontent", href, original)
            return
        first = self.resources.get(path or "")
        if first is not None and id(first) in self.became:
            self.became[id(original)] = self.became[id(first)]
            losses.changed(
                "resource",
                original,
                f"the resource {original.identifier!r} is one with {first.identifier!r}, of {path}",
            )
            return
        if path is None:
            why = f"{original.href!r} is not in the package" if original.href else "it names no document"
        elif not self.bank.exists(path):
            why = f"{path} is not there"
        else:
            why = f"{path} {self.failed.get(path, 'is no XML by its name')}"
        losses.dropped("resource", original, f"the resource {original.identifier!r} is not carried over: {why}")

    def files(self, source: Package, original: Resource, resource: Resource, losses: Losses) -> None:
        """Name the files of a resource in the one that it became."""
        named = {self.package.path_of(file) for file in resource.files}
        for file in original.files:
            try:
                path = source.path_of(file)
            except PackageFault as fault:
                losses.dropped("file", file, f"{file.href!r} is no path: {fault.message}")
                continue
            wanted = path if path is not None else file.href
            if not wanted or wanted in named or path in self.converted:
                continue
            if path is not None and path not in self.package.files:
                losses.dropped("file", file, f"{path} is not there")
                continue
            named.add(wanted)
            made = self.package.attach(resource, wanted)
            if file.metadata is not None:
                made.metadata = copied_metadata(file.metadata)

    def dependencies(self, original: Resource, gone_to: dict[str, list[Resource]], losses: Losses) -> None:
        """Let what a resource became depend on what its dependencies became."""
        made = self.became.get(id(original), [])
        for dependency in original.dependencies:
            found = gone_to.get(dependency.identifierref or "", [])
            if made and not found:
                losses.dropped(
                    "dependency", dependency,
                    f"{original.identifier!r} depends on {dependency.identifierref!r}, which is not carried over",
                )  # fmt: skip
            for resource in made:
                known = {each.identifierref for each in resource.dependencies} | {resource.identifier}
                resource.dependencies.extend(
                    Dependency(identifierref=needed.identifier) for needed in found if needed.identifier not in known
                )
        for variant in original.variants if made else ():
            found = gone_to.get(variant.identifierref or "", [])
            if len(found) != 1:
                message = f"a variant of {original.identifier!r}: {variant.identifierref!r} is not carried over as one"
                losses.dropped("variant", variant, message)
                continue
            for resource in made:
                copied = copy.deepcopy(variant)
                # The default namespace around it was that of the old manifest.
                copied.namespaces = {prefix: uri for prefix, uri in variant.namespaces.items() if prefix}
                copied.identifierref = found[0].identifier
                resource.variants.append(copied)


def _heads(objects: Sequence[LegacyObject]) -> list[LegacyObject]:
    """Return those objects that a resource of 1.2 stands for: its assessments if there are any, else all."""
    return [made for made in objects if isinstance(made.document.root, AssessmentTest)] or list(objects)


def _joined(one: Metadata | None, other: Metadata | None) -> Metadata | None:
    if one is None or other is None:
        return one or other
    one.lom.extend(copy.deepcopy(lom) for lom in other.lom)
    one.qti.extend(copy.deepcopy(qti) for qti in other.qti)
    return one


def _has_mark(href: str | None) -> bool:
    """Tell whether an address has a query or a fragment, which are for whoever opens the file."""
    return href is not None and ("?" in href or "#" in href)


def _path(package: Package, resource: Resource) -> str | None:
    """Return the path of a resource's entry point, or else of its only file; none for what leads elsewhere."""
    try:
        path = package.path_of(resource, resource.href) if resource.href else None
        if path is None and not resource.href and len(resource.files) == 1:
            path = package.path_of(resource.files[0])
    except PackageFault:  # it leads out of the package
        return None
    return path


def _resources(package: Package | None) -> dict[str, Resource]:
    """Return the resources of a package by their entry points."""
    found: dict[str, Resource] = {}
    for resource in package.resources() if package is not None else ():
        path = _path(package, resource) if package is not None else None
        if path is not None:
            found.setdefault(path, resource)
    return found
