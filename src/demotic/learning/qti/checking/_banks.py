"""Checking many documents: a file, a folder, a content package. One document at a time is in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol, Self

from demotic.errors import DemoticError, Unsupported
from demotic.learning.findings import Finding, Severity
from demotic.learning.qti.checking._front import check, schema_findings, sorted_findings
from demotic.learning.qti.checking._links import (
    Links,
    Summary,
    link_findings,
    local_path,
    summarize,
    unmet_file_bases,
)
from demotic.learning.qti.checking._rules import RULES
from demotic.learning.qti.legacy import convert_legacy
from demotic.learning.qti.model import Version
from demotic.learning.qti.reading import NotQti, read

if TYPE_CHECKING:
    from demotic.learning.cp import Package
    from demotic.xml.validation import Schema

__all__ = ["Bank", "Checked", "FolderBank", "PackageBank", "check_bank", "open_bank"]

_SUFFIXES: Final = (".xml", ".qti")
_SKIPPED: Final = frozenset({"imsmanifest.xml"})


class Bank(Protocol):
    """Files with documents among them."""

    @property
    def bounded(self) -> bool:
        """Whether this is a whole, which references must not lead out of."""
        ...

    def names(self) -> list[str]:
        """The paths of what may be documents, in order."""
        ...

    def read(self, name: str) -> bytes:
        """What a file holds."""
        ...

    def exists(self, path: str) -> bool:
        """Whether there is a file."""
        ...

    def listed(self) -> Mapping[str, frozenset[str]]:
        """The files of the resource that each document is of."""
        ...

    def files(self) -> list[str]:
        """The paths of all files."""
        ...


class FolderBank:
    """A folder, or one file of it."""

    def __init__(self, path: Path) -> None:
        self._only = None if path.is_dir() else path.name
        self._root = path if path.is_dir() else path.parent
        self.bounded = self._only is None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def names(self) -> list[str]:
        """The paths of what may be documents, in order."""
        if self._only is not None:
            return [self._only]
        files = (path for path in sorted(self._root.rglob("*")) if path.suffix.lower() in _SUFFIXES and path.is_file())
        return [name for name in (path.relative_to(self._root).as_posix() for path in files) if _may_be(name)]

    def read(self, name: str) -> bytes:
        """What a file holds."""
        return (self._root / name).read_bytes()

    def exists(self, path: str) -> bool:
        """Whether there is a file."""
        return (self._root / path).is_file()

    def files(self) -> list[str]:
        """The paths of all files, or of the only one."""
        if self._only is not None:
            return [self._only]
        return [p.relative_to(self._root).as_posix() for p in sorted(self._root.rglob("*")) if p.is_file()]

    def listed(self) -> Mapping[str, frozenset[str]]:
        """Nothing: a folder has no resources."""
        return {}


class PackageBank:
    """A content package."""

    bounded = True

    def __init__(self, package: Package) -> None:
        self.package = package

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.package.close()

    def names(self) -> list[str]:
        """The paths of what may be documents, in order."""
        return [
            path for path in sorted(self.package.files.present) if path.lower().endswith(_SUFFIXES) and _may_be(path)
        ]

    def read(self, name: str) -> bytes:
        """What a file holds."""
        return self.package.read(name)

    def exists(self, path: str) -> bool:
        """Whether there is a file."""
        return path in self.package.files.infos

    def files(self) -> list[str]:
        """The paths of all files."""
        return list(self.package.files.present)

    def listed(self) -> Mapping[str, frozenset[str]]:
        """The files of the resource that each document is of, and of those that it depends on."""
        found: dict[str, frozenset[str]] = {}
        for resource in self.package.resources():
            every = [resource, *self.package.dependencies(resource)]
            paths = frozenset(p for r in every for f in r.files if (p := self.package.path_of(f)) is not None)
            own = self.package.path_of(resource, resource.href) if resource.href else None
            if own is not None:
                found[own] = paths
        return found


def _may_be(name: str) -> bool:
    return name.rpartition("/")[2].lower() not in _SKIPPED


def open_bank(path: str | Path) -> FolderBank | PackageBank:
    """Open what is at a path: a package if it has a manifest or is an archive, else a folder or a single file.

    Raises `InvalidInput` where there is nothing.
    """
    from demotic.errors import NotFound

    place = Path(path)
    if not place.exists():
        raise NotFound(f"there is no {path}", target=str(path))
    if (place.is_dir() and (place / "imsmanifest.xml").is_file()) or (place.is_file() and not _is_document(place)):
        from demotic.learning.cp import open_package

        return PackageBank(open_package(place))
    return FolderBank(place)


def _is_document(path: Path) -> bool:
    return path.suffix.lower() in _SUFFIXES and path.name.lower() not in _SKIPPED


_SEVERITIES: Final[dict[str, Severity]] = {"dropped": "warning", "approximated": "info", "changed": "info"}


def legacy_findings(data: bytes, file: str, exists: Callable[[str], bool]) -> list[Finding]:
    """Return what is odd about a document of 1.2: what converting it would lose, and what a check finds then.

    The codes of losses begin with `1.2-`.
    """
    findings: list[Finding] = []
    for made in convert_legacy(data, file=file):
        findings += [
            Finding(
                f"1.2-{loss.code}",
                _SEVERITIES[loss.kind],
                loss.message,
                "see it when you convert",
                file,
                loss.line,
                loss.column,
            )
            for loss in made.losses
        ]
        findings += check(made.document, file=file)
        findings += unmet_file_bases(summarize(made.document, file), exists)
    return sorted_findings(findings)


class Checked(NamedTuple):
    """What came of one document; without a summary it is about the references of all."""

    path: str
    summary: Summary | None
    findings: list[Finding]


def _neighbours(bank: Bank, summaries: Mapping[str, Summary]) -> dict[str, Summary]:
    """Return summaries of what the documents refer to, but which is not checked itself.

    Such are the items beside a test that is checked alone, and documents whose names do not end as usual.
    """
    found: dict[str, Summary] = {}
    paths = {local_path(link.href, each.path) for each in summaries.values() for link in each.links if link.wanted}
    unread = paths - summaries.keys() - (set(bank.names()) if bank.bounded else set())
    for path in sorted(path for path in unread if path is not None):
        if not bank.exists(path) or (bank.bounded and path.startswith("..")):
            continue
        try:
            found[path] = summarize(read(bank.read(path), base=path, lenient=True), path)
        except DemoticError:
            continue  # it is no QTI for those that refer to it
    return found


def check_bank(bank: Bank, *, schemas: Mapping[Version, Schema] | None = None) -> Iterator[Checked]:
    """Check every document, one after the other, and then what they say of each other and of other files.

    `schemas` are applied to the documents of their versions. Files that are no QTI are passed over.
    """
    summaries: dict[str, Summary] = {}
    for name in bank.names():
        data = bank.read(name)
        try:
            document = read(data, base=name, lenient=True)
        except NotQti:
            continue
        except Unsupported:
            yield Checked(name, None, legacy_findings(data, name, bank.exists))
            continue
        except DemoticError as fault:
            yield Checked(name, None, [RULES["unreadable"].at(None, file=name, why=fault.message)])
            continue
        summaries[name] = summarize(document, name)
        findings = check(document, file=name)
        schema = (schemas or {}).get(document.version)
        if schema is not None:
            findings = sorted_findings([*findings, *schema_findings(data, schema, name)])
        yield Checked(name, summaries[name], findings)
    links = Links({**_neighbours(bank, summaries), **summaries}, bank.exists, bank.listed(), bounded=bank.bounded)
    found = sorted_findings(list(link_findings(summaries, links)))
    if found:
        yield Checked("", None, found)
