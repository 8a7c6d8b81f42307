"""The resources of a package, carried over into the one that it is converted into, and with them all of the manifest.

Each resource of the source becomes one, several (a file of QTI 1.2 with many items), or none, which is told.

Specification: IMS Content Packaging 1.2, information model, section 2; QTI 2.1, 2.2 and 3.0, "Content packaging".
"""

from __future__ import annotations

import copy
from typing import Any

from demotic.learning.cp import MANIFEST_NAME, Dependency, Metadata, Package, PackageFault, Resource
from demotic.learning.qti.converting import Loss, Losses
from demotic.learning.qti.packaging._metadata import copied_metadata
from demotic.learning.qti.packaging._organizations import carry_organizations

__all__ = ["CarriedResources"]


class CarriedResources:
    """What became of the resources of a package; without one, resources are made for documents alone.

    `failed` says why a document was not converted, `converted` which were, both by path; whoever converts fills them.
    """

    def __init__(self, source: Package | None, package: Package) -> None:
        self.source, self.package = source, package
        self.by_path = _resources(source)
        self.failed: dict[str, str] = {}
        self.converted: set[str] = set()
        self.became: dict[int, list[Resource]] = {}  # by the identity of the old ones
        if source is not None and source.manifest.identifier:
            package.manifest.identifier = source.manifest.identifier

    def of_path(self, path: str) -> Resource | None:
        """Return the first resource of the source whose entry point a file is."""
        return self.by_path.get(path)

    def add(self, kind: str, href: str | None, original: Resource | None, metadata: Metadata | None = None) -> Resource:
        """Add a resource, in the place of one of the source if there is one."""
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

    def finish(self) -> tuple[Loss, ...]:
        """Bring over the rest of what the manifest says; return what is not as it was."""
        return () if self.source is None else self.manifest(self.source)

    def manifest(self, source: Package) -> tuple[Loss, ...]:
        """Bring over the rest of what the manifest says: other resources, files, dependencies, organizations."""
        losses = Losses(MANIFEST_NAME)
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
        first = self.by_path.get(_path(source, original) or "")
        return first is not None and first is not original and self.became.get(id(first)) is self.became[id(original)]

    def other(self, source: Package, original: Resource, losses: Losses) -> None:
        """Add a resource that is no document of QTI, or tell why one that should be is not carried over."""
        path = _path(source, original)
        if not (original.type or "").startswith("imsqti"):
            href = path if path is not None and not _has_mark(original.href) else original.href
            self.add(original.type or "webcontent", href, original)
            return
        first = self.by_path.get(path or "")
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
        elif path not in source.files.infos:
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
