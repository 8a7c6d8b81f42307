"""`demotic cp`: content packages looked into, checked, changed and packed."""

from __future__ import annotations

import dataclasses
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from demotic.cli._errors import NOTHING_FOUND, OK, UsageFault, about, check_target, safe
from demotic.errors import DemoticError
from demotic.files import FileExists, NoSuchFile, UnsafeArchive
from demotic.learning.cp import MANIFEST_NAME, Item, Package, PackageFault, Resource, new_package, open_package
from demotic.learning.findings import SEVERITIES, Finding, count, findings_text, summary
from demotic.xml.validation import Schema

__all__ = ["add", "check", "make", "pack", "remove", "show"]


def show(place: str, form: str) -> int:
    """Print what is in a package; return the exit status."""
    with open_package(place) as package:
        if form == "json":
            _print_json(_document(package))
        else:
            for line in _listing(package):
                print(safe(line))
    return OK


def _print_json(value: object) -> None:
    print(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def _document(package: Package) -> dict[str, Any]:
    files = package.files
    return {
        "name": package.name,
        "profile": str(package.profile),
        "identifier": package.manifest.identifier,
        "organizations": [
            {
                "identifier": each.identifier,
                "title": each.title.value if each.title else None,
                "items": [_item(item) for item in each.items],
            }
            for each in package.organizations()
        ],
        "resources": [_resource(package, each) for each in package.resources()],
        "files": [{"path": path, "size": files.infos[path].size} for path in files.present],
        "missing": files.missing,
        "unreferenced": files.unreferenced,
    }


def _item(top: Item) -> dict[str, Any]:
    return {
        "identifier": top.identifier,
        "title": top.title.value if top.title else None,
        "resource": top.identifierref,
        "items": [_item(item) for item in top.items],
    }


def _resource(package: Package, resource: Resource) -> dict[str, Any]:
    return {
        "identifier": resource.identifier,
        "type": resource.type,
        "href": resource.href,
        "files": [path for path, _ in _paths(package, resource)],
        "dependencies": [each.identifierref for each in resource.dependencies],
    }


def _paths(package: Package, resource: Resource) -> Iterator[tuple[str, str]]:
    """Yield the files of a resource, each with what there is to say of it."""
    for file in resource.files:
        try:
            path = package.path_of(file)
        except PackageFault:
            yield file.href or "", "outside the package"
            continue
        if path is None:
            yield file.href or "", "elsewhere" if file.href else "no href"
        else:
            info = package.files.infos.get(path)
            yield path, "missing" if info is None else _size(info.size)


def _size(size: float) -> str:
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


def _listing(package: Package) -> Iterator[str]:
    files = package.files
    size = sum(files.infos[path].size for path in files.present)
    number = len(files.present)
    yield f"{package.name}: {package.profile}, {number} {'file' if number == 1 else 'files'}, {_size(size)}"
    for organization in package.organizations():
        yield ""
        yield f"Organization {_titled(organization)}"
        yield from _tree(organization.items)
    if any(True for _ in package.resources()):
        yield ""
        yield "Resources"
    for resource in package.resources():
        entry = f"  {resource.href}" if resource.href else ""
        yield f"  {resource.identifier or '(no identifier)'}  {resource.type or '(no type)'}{entry}"
        for path, words in _paths(package, resource):
            yield f"    {path}  {words}"
        for dependency in resource.dependencies:
            yield f"    → {dependency.identifierref or '(nothing)'}"
    if files.unreferenced:
        yield ""
        yield "Files that nothing names"
        yield from (f"  {path}  {_size(files.infos[path].size)}" for path in files.unreferenced)


def _titled(node: Any) -> str:
    title = node.title.value.strip() if node.title else ""
    return f"{node.identifier or '(no identifier)'}{f'  {title}' if title else ''}"


def _tree(items: Sequence[Item]) -> Iterator[str]:
    waiting = [(item, 1) for item in reversed(items)]
    while waiting:
        item, depth = waiting.pop()
        target = f"  → {item.identifierref}" if item.identifierref else ""
        yield f"{'  ' * depth}{_titled(item)}{target}"
        waiting.extend((inner, depth + 1) for inner in reversed(item.items))


# Checking


def check(places: Sequence[str], form: str, least: str, *, strict: bool, schema: Path | None) -> int:
    """Print what is wrong with packages; return the exit status."""
    known = None if schema is None else _schema(schema)
    shown = SEVERITIES[: SEVERITIES.index(least) + 1]
    checked = [(place, *_checked(place, known)) for place in places]
    failing = ("error", "warning") if strict else ("error",)
    found = [finding for _, _, findings in checked for finding in findings]
    if form == "json":
        _print_json({"packages": [_told(place, profile, shown, all_) for place, profile, all_ in checked]})
    else:
        for place, profile, findings in checked:
            chosen = [_placed(place, finding) for finding in findings if finding.severity in shown]
            for line in findings_text(chosen):
                print(line)
            print(safe(f"{place}: {profile + ': ' if profile else ''}{summary(findings)}"))
    return NOTHING_FOUND if any(finding.severity in failing for finding in found) else OK


def _schema(path: Path) -> Schema:
    if not path.is_file():
        raise UsageFault(f"there is no schema {path}", target=str(path))
    with about(path):
        return Schema(path)


def _checked(place: str, schema: Schema | None) -> tuple[str, list[Finding]]:
    """Return the profile of a package and what is wrong with it; one that cannot be opened is a finding too."""
    try:
        with open_package(place) as package:
            return str(package.profile), package.check(schema=schema)
    except NoSuchFile:
        raise
    except (PackageFault, UnsafeArchive) as fault:
        return "", [_finding(fault, each) for each in (fault.details or (fault,))]


def _finding(whole: DemoticError, fault: DemoticError) -> Finding:
    line, column = getattr(fault, "line", 0), getattr(fault, "column", 0)
    file = MANIFEST_NAME if line else ""
    return Finding(whole.code, "error", fault.message, whole.hint or "", file, line, column, fault.target or "")


def _told(place: str, profile: str, shown: Sequence[str], findings: list[Finding]) -> dict[str, Any]:
    return {
        "package": place,
        "profile": profile,
        "summary": dict(count(findings)),
        "findings": [finding for finding in findings if finding.severity in shown],
    }


def _placed(place: str, finding: Finding) -> Finding:
    folder = place.removesuffix(MANIFEST_NAME).rstrip("/") or "."
    file = f"{folder}/{finding.file}" if finding.file else folder
    return dataclasses.replace(finding, file=file)


# Changing


def add(place: str, sources: Sequence[str], *, to: str, resource: str | None, kind: str, replace: bool) -> int:
    """Copy files into a package; return the exit status."""
    folder = f"{to.rstrip('/')}/" if to.rstrip("/") else ""
    files = [(found, f"{folder}{name}") for source in sources for found, name in _sources(source)]
    with open_package(place) as package:
        _check_writable(package, place)
        for _, path in files:
            try:
                package.check_new_path(path, replace=replace)
            except FileExists:
                raise FileExists(f"{path!r} is there already", path=path, hint="--replace writes over it") from None
        chosen = package.resource(resource) if resource is not None else package.add_resource(kind)
        for source, path in files:
            package.add_file(source, path, resource=chosen, replace=replace)
            if resource is None and chosen.href is None:
                chosen.href = chosen.files[0].href
            print(safe(f"{path} is in {chosen.identifier}"))
        _keep(package, place)
    return OK


def _sources(source: str) -> Iterator[tuple[str, str]]:
    """Yield the files that a source means, each with its path in the package."""
    if "://" in source or "::" in source:
        yield source, source.partition("::")[0].rstrip("/").rpartition("/")[2]
        return
    path = Path(source)
    if not path.exists():
        raise NoSuchFile(f"{source!r} is not there", path=source)
    if not path.is_dir():
        yield source, path.name
        return
    for folder, folders, names in os.walk(path):
        folders.sort()
        for name in sorted(names):
            inner = Path(folder, name)
            yield str(inner), Path(path.resolve().name, inner.relative_to(path)).as_posix()


def remove(place: str, paths: Sequence[str], resources: Sequence[str], *, keep_files: bool) -> int:
    """Remove files and resources from a package; return the exit status."""
    if not paths and not resources:
        raise UsageFault("nothing to remove was named", hint="name files, or resources with --resource")
    with open_package(place) as package:
        _check_writable(package, place)
        for identifier in resources:
            package.remove_resource(identifier, keep_files=keep_files)
        for path in paths:
            package.remove_file(path)
        _keep(package, place)
    return OK


def _check_writable(package: Package, place: str) -> None:
    if not package.in_place and not Path(place).is_file():
        raise UsageFault(f"{place} cannot be changed where it is", hint="copy it here, and change the copy")


def _keep(package: Package, place: str) -> None:
    if package.in_place:
        package.save()
    else:
        package.export(place, replace=True)


# Packing


def pack(place: str, target: str, *, replace: bool) -> int:
    """Write a package as an archive; return the exit status."""
    check_target(target)
    with open_package(place) as package:
        _export(package, target, replace)
    return OK


def _export(package: Package, target: str, replace: bool) -> None:
    try:
        number = package.export(target, replace=replace)
    except FileExists:
        raise FileExists(f"{target!r} is there already", path=target, hint="--force writes over it") from None
    print(safe(f"{target}: {number} {'file' if number == 1 else 'files'}, {_size(Path(target).stat().st_size)}"))


_YES: Final = ("y", "yes")


def make(file: str, target: str, *, replace: bool) -> int:
    """Make a package of a file and what lies beside it; return the exit status."""
    start = Path(file)
    if start.is_dir():
        raise UsageFault(f"{file} is a folder", hint="name the file in it that the package begins with")
    if not start.is_file():
        raise NoSuchFile(f"{file!r} is not there", path=file)
    check_target(target)
    if Path(target).resolve() == start.resolve():
        raise UsageFault(f"{target} is the file to begin with", hint="name another archive to write")
    if Path(target).exists() and not replace:
        replace = _may_replace(target)
        if not replace:
            return NOTHING_FOUND
    folder = start.parent.resolve()
    with new_package(name=start.stem) as package:
        resource = package.add_resource("webcontent")
        for path in _below(folder, Path(target).resolve(), package):
            package.add_file(folder / path, path, resource=resource)
            print(safe(f"Copying {path}"))
        resource.href = next(each.href for each in resource.files if package.path_of(each) == start.name)
        package.save()
        _export(package, target, replace)
    return OK


def _may_replace(target: str) -> bool:
    if not sys.stdin.isatty():
        raise FileExists(f"{target!r} is there already", path=target, hint="--force writes over it")
    return input(f"{target} is there already. Write over it? [y/n] ").strip().lower() in _YES


def _below(folder: Path, target: Path, package: Package) -> Iterator[str]:
    """Yield the paths of all files below a folder that belong into a package of it."""
    for place, folders, names in os.walk(folder):
        here = Path(place).relative_to(folder)
        for name in sorted([*folders, *names]):
            path = (here / name).as_posix()
            skipped = package.ignored.name(name) or Path(place, name) == target or path == MANIFEST_NAME
            if skipped:
                print(safe(f"Skipping {path}"))
            elif name in names:
                yield path
        folders[:] = sorted(name for name in folders if not package.ignored.name(name))
