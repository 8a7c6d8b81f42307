"""Checking a package: the passes in order. Each is a function that yields findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from demotic.learning.cp._check_files import check_contents, check_names, check_references
from demotic.learning.cp._check_manifest import check_document, check_identifiers, check_links, check_metadata
from demotic.learning.cp._check_profile import check_cartridge, check_scorm, check_types
from demotic.learning.cp._names import MANIFEST_NAME
from demotic.learning.cp._package import Package
from demotic.learning.findings import SEVERITIES, Finding

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


def check_package(package: Package) -> list[Finding]:
    """Return what is wrong with a package by IMS Content Packaging 1.2 and its profile, in the order of the manifest.

    Files are looked at only as far as their beginning, so this takes the same memory however large they are.
    """
    found = [finding for each in PASSES for finding in each(package)]
    return sorted(found, key=_order)


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
