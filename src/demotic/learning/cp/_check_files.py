"""What the manifest says of files, and what these are: there, of a name that travels, of the type that is stated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from demotic.errors import DemoticError
from demotic.files import collision_key, unportable
from demotic.learning.cp._manifest import File, Resource
from demotic.learning.cp._names import MANIFEST_NAME
from demotic.learning.cp._package import Package
from demotic.learning.cp._paths import is_external, path_of, reference
from demotic.learning.cp._rules import RULES
from demotic.learning.cp._table import Reference, references
from demotic.learning.findings import Finding
from demotic.xml import read_root

__all__ = ["check_contents", "check_names", "check_references"]


def check_references(package: Package) -> Iterator[Finding]:
    """Yield references to files that are not there, or not written as they should be."""
    folders = _folders(package)
    keys = {collision_key(path): path for path in package.files.present}
    for resource in package.resources():
        if not resource.files and not (resource.href or "").strip() and not resource.dependencies:
            yield _of("empty-resource", resource)
        for file in resource.files:
            if not (file.href or "").strip():
                yield _at("no-href", file, resource)
    seen: set[tuple[int, str]] = set()
    all_of_them = list(references(package.manifest, package.files.infos))
    listed = {(id(found.resource), found.path) for found in all_of_them if isinstance(found.node, File)}
    for found in all_of_them:
        own = (id(found.resource), found.path)
        if isinstance(found.node, File) and found.path:
            if own in seen:
                yield _at("duplicate-file", found.node, found.resource, path=found.path)
                continue
            seen.add((id(found.resource), found.path))
        elif found.path and own in listed:
            continue  # what is wrong with it is told at its file element
        elif found.path:
            href = re.split(r"[?#]", found.href)[0]
            yield _of("entry-not-listed", found.resource, path=found.path, href=href)
        yield from _reference(package, found, folders, keys)
    for path in package.files.unreferenced:
        yield RULES["unreferenced-file"].at(file=path, target=path, path=path)


def _of(code: str, resource: Resource, **words: object) -> Finding:
    return _at(code, resource, resource, **words)


def _at(code: str, node: File | Resource, resource: Resource, **words: object) -> Finding:
    identifier = resource.identifier or ""
    target = str(words.get("path", identifier))
    return RULES[code].at(node, file=MANIFEST_NAME, target=target, identifier=identifier, **words)


def _folders(package: Package) -> set[str]:
    return {
        "/".join(names[:depth])
        for names in (path.split("/") for path in package.files.present)
        for depth in range(1, len(names))
    }


def _reference(package: Package, found: Reference, folders: set[str], keys: dict[str, str]) -> Iterator[Finding]:
    node, path = found.node, found.path
    if found.fault is not None:
        yield RULES["outside-package"].at(node, file=MANIFEST_NAME, target=found.href, problem=found.fault.message)
        return
    if path is None:
        if isinstance(node, File):
            yield RULES["external-file"].at(node, file=MANIFEST_NAME, target=found.href, href=found.href)
        return
    if "\\" in found.href:
        yield RULES["backslash"].at(node, file=MANIFEST_NAME, target=path, href=found.href)
    elif _needs_coding(found):
        encoded = reference(node, path)
        yield RULES["not-encoded"].at(node, file=MANIFEST_NAME, target=path, href=found.href, encoded=encoded)
    if path == MANIFEST_NAME:
        yield _at("manifest-as-file", node, found.resource)
    elif path == "" or path in folders:
        yield _at("folder-as-file", node, found.resource, path=path or ".")
    elif path not in package.files.infos:
        yield _missing(package, found, path, keys)


def _missing(package: Package, found: Reference, path: str, keys: dict[str, str]) -> Finding:
    other = keys.get(collision_key(path))
    if other is not None:
        return _at("file-name-differs", found.node, found.resource, path=path, other=other)
    return _at("ignored-file" if package.is_ignored(path) else "missing-file", found.node, found.resource, path=path)


_BROKEN_CODE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})|[ <>\"{}|^`]")


def _needs_coding(found: Reference) -> bool:
    """Tell whether a reference has what no URI may have, or means a file by a name that it does not spell."""
    if _BROKEN_CODE.search(found.href.strip()):
        return True
    try:
        return path_of(found.node, found.href) != found.path
    except DemoticError:
        return True


def check_names(package: Package) -> Iterator[Finding]:
    """Yield names that some systems cannot hold, or take for one; links, and what else is no file."""
    seen: dict[str, str] = {}
    told: set[str] = set()
    for path in package.files.present:
        info = package.files.infos[path]
        if info.is_link or info.kind != "file":
            yield RULES["link"].at(file=path, target=path, path=path)
        names = path.split("/")
        for depth in range(1, len(names) + 1):
            part = "/".join(names[:depth])
            if part in told:
                continue
            told.add(part)
            if (reason := unportable(names[depth - 1])) is not None:
                yield RULES["unportable-name"].at(file=part, target=part, name=names[depth - 1], reason=reason)
            other = seen.setdefault(collision_key(part), part)
            if other != part:
                yield RULES["name-collision"].at(file=part, target=part, path=part, other=other)


# What is in the files: the root of an XML document tells what it is.

BEGINNING: Final = 1 << 14


class _Expected(NamedTuple):
    """What the files of a type of resource begin with."""

    type: re.Pattern[str]
    roots: frozenset[str]
    words: str


def _expect(pattern: str, words: str, *roots: str) -> _Expected:
    return _Expected(re.compile(pattern), frozenset(roots), words)


_ITEM: Final = ("assessmentItem", "qti-assessment-item")
_TEST: Final = ("assessmentTest", "qti-assessment-test")

EXPECTED: Final = (
    _expect(r"imsqti_(apip)?item_xmlv\dp\d", "an assessment item", *_ITEM),
    _expect(r"imsqti_(apip)?test_xmlv\dp\d", "an assessment test", *_TEST),
    _expect(r"imsqti_(apip)?section_xmlv\dp\d", "an assessment section", "assessmentSection", "qti-assessment-section"),
    _expect(r"imsqti_stimulus_xmlv\dp\d", "a stimulus", "assessmentStimulus", "qti-assessment-stimulus"),
    _expect(r"imsqti_(resprocessing|rptemplate)_xmlv\dp\d", "response processing", "responseProcessing",
            "qti-response-processing"),
    _expect(r"imsqti_xmlv1p\d", "a QTI 1.x document", "questestinterop"),
    _expect(r"imsdt_xmlv1p\d", "a discussion topic", "topic"),
    _expect(r"imswl_xmlv1p\d", "a web link", "webLink"),
    _expect(r"imsbasiclti_xmlv1p\d", "a basic LTI link", "cartridge_basiclti_link"),
    _expect(r"assignment_xmlv1p\d", "an assignment", "assignment"),
)  # fmt: skip

_TYPE_VERSION: Final = re.compile(r"imsqti_[a-z]+_xmlv(\d)p(\d)")
_NAMESPACE_VERSION: Final = re.compile(r"imsqti(?:asi)?_?v(\d)p(\d)")


def check_contents(package: Package) -> Iterator[Finding]:
    """Yield resources whose file is not what their type says."""
    for resource in package.resources():
        kind = resource.type or ""
        expected = next((each for each in EXPECTED if each.type.match(kind)), None)
        path = None if expected is None else _main_file(package, resource)
        if expected is not None and path is not None:
            yield from _content(package, resource, path, expected)


def _main_file(package: Package, resource: Resource) -> str | None:
    """Return the file that a resource begins with: its entry point, else its only or first file."""
    nodes: tuple[File | Resource, ...] = (resource, *resource.files)
    for node in nodes:
        if not node.href or is_external(node.href):
            continue
        try:
            path = package.path_of(node)
        except DemoticError:
            continue
        if path in package.files.infos:
            return path
    return None


def _content(package: Package, resource: Resource, path: str, expected: _Expected) -> Iterator[Finding]:
    words = {"type": resource.type, "path": path, "expected": expected.words}
    try:
        with package.open(path) as file:
            root = read_root(file.read(BEGINNING))
    except DemoticError as fault:
        yield _of("wrong-type", resource, found=f"cannot be read as XML: {fault.message}", **words)
        return
    if root.name.local not in expected.roots:
        yield _of("wrong-type", resource, found=f"begins with <{root.name.local}>", **words)
        return
    stated = _TYPE_VERSION.match(resource.type or "")
    found = _NAMESPACE_VERSION.search(root.name.namespace)
    if stated and found and stated.groups() != found.groups():
        yield _of("wrong-version", resource, type=resource.type, path=path, found=".".join(found.groups()))
