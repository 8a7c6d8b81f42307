"""What a manifest must have, whatever its files: elements, identifiers, and what refers to these.

IMS Content Packaging 1.2, information model, sections 2 and 3; XML binding for the types of attributes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from demotic.learning.cp._manifest import Dependency, Item, Manifest, Organization, Resource, Variant
from demotic.learning.cp._metadata import QtiMetadata
from demotic.learning.cp._names import CP, MANIFEST_NAME
from demotic.learning.cp._package import Package
from demotic.learning.cp._rules import RULES
from demotic.learning.findings import Finding
from demotic.learning.lom import Lom, check_lom
from demotic.syntax.unicode import is_nc_name
from demotic.xml import Branch, ancestors, find, name_of

__all__ = ["check_document", "check_identifiers", "check_links", "check_metadata"]

_DEEP: Final = 256

Named: TypeAlias = Manifest | Organization | Item | Resource


def check_document(package: Package) -> Iterator[Finding]:
    """Yield what is not as the elements are declared."""
    for fault in package.faults:
        problem = f"{fault.target}: {fault.problem}"
        in_metadata = fault.node is not None and _is_metadata(fault.node)
        code = "metadata-not-declared" if in_metadata else "not-declared"
        yield RULES[code].at(fault, file=MANIFEST_NAME, target=fault.target or "", problem=problem)
    manifest = package.manifest
    if not name_of(manifest).namespace:
        yield RULES["no-namespace"].at(manifest, file=MANIFEST_NAME, namespace=CP)
    metadata = manifest.metadata
    if metadata is None or metadata.schema is None or metadata.schemaversion is None:
        yield RULES["no-schema"].at(metadata or manifest, file=MANIFEST_NAME)
    for inner in package.manifests():
        if inner.organizations is None:
            yield RULES["no-organizations"].at(inner, file=MANIFEST_NAME)
        if inner.resources is None:
            yield RULES["no-resources"].at(inner, file=MANIFEST_NAME)


def _is_metadata(node: Branch) -> bool:
    return any(isinstance(each, Lom | QtiMetadata) for each in (node, *ancestors(node)))


def check_identifiers(package: Package) -> Iterator[Finding]:
    """Yield identifiers that are missing, no names, or not the only ones."""
    seen: dict[str, Named] = {}
    for node in _named(package):
        identifier = (node.identifier or "").strip()
        if not identifier:
            yield RULES["no-identifier"].at(node, file=MANIFEST_NAME, kind=_kind(node))
            continue
        if not is_nc_name(identifier):
            yield RULES["bad-identifier"].at(node, file=MANIFEST_NAME, target=identifier, identifier=identifier)
        if identifier in seen:
            other = seen[identifier]
            yield RULES["duplicate-identifier"].at(
                node, file=MANIFEST_NAME, target=identifier, identifier=identifier, other=_kind(other), line=other.line
            )
        seen.setdefault(identifier, node)


def _named(package: Package) -> Iterator[Named]:
    for manifest in package.manifests():
        yield manifest
        for organization in manifest.own_organizations():
            yield organization
            yield from organization.walk()
        yield from manifest.own_resources()


def _kind(node: Named) -> str:
    return name_of(node).local


def check_links(package: Package) -> Iterator[Finding]:
    """Yield references to what is not there, and circles."""
    resources = {each.identifier: each for each in reversed(list(package.resources())) if each.identifier}
    manifests = {each.identifier for each in package.manifests() if each.identifier}
    for manifest in package.manifests():
        yield from _default(manifest)
    for item in package.items():
        target = item.identifierref
        if target is not None and target not in resources and target not in manifests:
            yield _broken("dangling-item", item, item.identifier, target)
    for resource in package.resources():
        yield from _links_of(resource, resources)
    yield from _circles(resources)


def check_metadata(package: Package) -> Iterator[Finding]:
    """Yield what metadata says beside the value spaces of LOM."""
    for lom in find(package.document, Lom, depth=_DEEP):
        yield from check_lom(lom, file=MANIFEST_NAME)


def _default(manifest: Manifest) -> Iterator[Finding]:
    organizations = manifest.organizations
    if organizations is None or organizations.default is None:
        return
    known = [each.identifier for each in organizations.organizations if each.identifier]
    if organizations.default not in known:
        yield RULES["dangling-default"].at(
            organizations,
            file=MANIFEST_NAME,
            target=organizations.default,
            known=", ".join(known) or "there is none, so take the attribute out",
        )


def _broken(code: str, node: Item | Dependency | Variant | Resource, identifier: str | None, target: str) -> Finding:
    return RULES[code].at(node, file=MANIFEST_NAME, target=target, identifier=identifier or "")


def _links_of(resource: Resource, resources: Mapping[str, Resource]) -> Iterator[Finding]:
    seen = set()
    for dependency in resource.dependencies:
        target = (dependency.identifierref or "").strip()
        if not target:
            yield _nameless(resource, dependency)
        elif target not in resources:
            yield _broken("dangling-dependency", dependency, resource.identifier, target)
        elif target in seen:
            yield _broken("duplicate-dependency", dependency, resource.identifier, target)
        seen.add(target)
    for variant in resource.variants:
        target = (variant.identifierref or "").strip()
        if not target:
            yield _nameless(resource, variant)
        elif target not in resources:
            yield _broken("dangling-variant", variant, resource.identifier, target)


def _nameless(resource: Resource, node: Dependency | Variant) -> Finding:
    kind = name_of(node).local
    return RULES["no-identifierref"].at(node, file=MANIFEST_NAME, identifier=resource.identifier or "", kind=kind)


def _circles(resources: Mapping[str, Resource]) -> Iterator[Finding]:
    """Yield each circle of dependencies once, at the dependency that closes it."""
    done: set[str] = set()
    for start in sorted(resources):
        path: list[str] = []
        on_path: dict[str, int] = {}
        waiting: list[tuple[str, Iterator[Dependency]]] = []

        def enter(identifier: str, path: list[str] = path, on_path: dict[str, int] = on_path) -> Iterator[Dependency]:
            on_path[identifier] = len(path)
            path.append(identifier)
            return iter(resources[identifier].dependencies)

        if start not in done:
            waiting.append((start, enter(start)))
        while waiting:
            identifier, dependencies = waiting[-1]
            dependency = next(dependencies, None)
            if dependency is None:
                waiting.pop()
                done.add(path.pop())
                del on_path[identifier]
                continue
            target = dependency.identifierref or ""
            if target in on_path:
                circle = " → ".join([*path[on_path[target] :], target])
                yield RULES["dependency-cycle"].at(dependency, file=MANIFEST_NAME, target=target, circle=circle)
            elif target in resources and target not in done:
                waiting.append((target, enter(target)))
