"""Checking a package: the passes in order. Each is a function that yields findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from demotic.learning.cp._check_files import check_contents, check_names, check_references
from demotic.learning.cp._check_manifest import check_document, check_identifiers, check_links, check_metadata
from demotic.learning.cp._check_profile import check_cartridge, check_scorm, check_types
from demotic.learning.cp._names import MANIFEST_NAME
from demotic.learning.cp._package import Package
from demotic.learning.cp._rules import RULES
from demotic.learning.findings import SEVERITIES, Finding
from demotic.xml import Document

if TYPE_CHECKING:
    from demotic.xml.validation import Schema

__all__ = ["check_package"]

PASSES: Final[tuple[Callable[[Package], Iterator[Finding]], ...]] = (
    check_document,
    check_identifiers,
    check_links,
    check_metadata,
    check_references,
    check_names,
    check_types,
    check_contents,
    check_cartridge,
    check_scorm,
)


def check_package(package: Package, schema: Schema | None = None) -> list[Finding]:
    """Return what is wrong with a package by IMS Content Packaging 1.2 and its profile, in the order of the manifest.

    With a `schema`, the manifest is held against that as well. Files are looked at only as far as their beginning, so
    this takes the same memory however large they are.
    """
    found = [finding for each in PASSES for finding in each(package)]
    if schema is not None:
        found += _by_schema(package, schema)
    return sorted(found, key=_order)


def _by_schema(package: Package, schema: Schema) -> Iterator[Finding]:
    # What would be written: the same places as in the file, where nothing was changed.
    for problem in schema.problems(Document.parse(package.manifest_bytes())):
        yield RULES["schema"].at(problem, file=MANIFEST_NAME, message=problem.message, rule=problem.rule)


def _order(finding: Finding) -> tuple[bool, str, int, int, int, str, str]:
    return (
        finding.file != MANIFEST_NAME,
        finding.file,
        finding.line,
        finding.column,
        SEVERITIES.index(finding.severity),
        finding.code,
        finding.message,
    )
