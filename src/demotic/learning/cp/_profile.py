"""Which specification a package follows: a table of what manifests say of themselves, most telling first.

Content Packaging 1.1.2 to 1.2; QTI 1.2 to 3.0 packages; Common Cartridge 1.0 to 1.4 and thin; SCORM 1.2 and 2004; APIP.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from demotic.learning.cp._manifest import Manifest
from demotic.learning.cp._names import ADLCP
from demotic.xml import name_of, scope_of

__all__ = ["Profile", "profile_of"]


@dataclass(frozen=True, slots=True)
class Profile:
    """A specification and its version: `Profile("Common Cartridge", "1.3")`. The version is empty if nothing tells."""

    name: str
    version: str = ""

    def __str__(self) -> str:
        return f"{self.name} {self.version}".strip()


_CARTRIDGE: Final = re.compile(r"imscc(?:v1p(\d))?/imscp_")
_CARTRIDGE_1_0: Final = re.compile(r"/imscc_xmlv1p0/|_xmlv1p0$")
_QTI_SCHEMA: Final = re.compile(r"QTI ?v? ?(\d)\.(\d)")
_QTI_TYPE: Final = re.compile(r"imsqti_(?:[a-z]+_)?xmlv(\d)p(\d)")
_SCORM_2004: Final = re.compile(r"2004|CAM ?1\.3", re.IGNORECASE)


def profile_of(manifest: Manifest) -> Profile:
    """Return the profile of a package by its manifest: namespaces, schema, types of resources."""
    schema, version = _stated(manifest)
    namespace = name_of(manifest).namespace
    types = [resource.type or "" for inner in manifest.walk() for resource in inner.own_resources()]
    return (
        _cartridge(namespace, schema, version, types)
        or _scorm(manifest, schema, version)
        or _qti(namespace, schema, version, types)
        or Profile("Content Packaging", _cp_version(namespace, schema, version))
    )


def _stated(manifest: Manifest) -> tuple[str, str]:
    metadata = manifest.metadata
    if metadata is None:
        return "", ""
    schema, version = metadata.schema, metadata.schemaversion
    return (schema.value.strip() if schema else ""), (version.value.strip() if version else "")


def _cartridge(namespace: str, schema: str, version: str, types: list[str]) -> Profile | None:
    short = ".".join(version.split(".")[:2])
    if "cartridge" in schema.lower():
        return Profile("Thin Common Cartridge" if "thin" in schema.lower() else "Common Cartridge", short)
    # Some tools put plain QTI into a cartridge's namespace, and say so.
    if (found := _CARTRIDGE.search(namespace)) and not schema:
        return Profile("Common Cartridge", f"1.{found[1] or 0}")
    cartridge = [kind for kind in types if (_CARTRIDGE_1_0.search(kind) and "imscc" in kind) or kind == "imsdt_xmlv1p0"]
    return Profile("Common Cartridge", "1.0") if cartridge and not schema and not found else None


def _scorm(manifest: Manifest, schema: str, version: str) -> Profile | None:
    spaces = set(scope_of(manifest).values())
    if "scorm" not in schema.lower() and not spaces & set(ADLCP):
        return None
    is_2004 = _SCORM_2004.search(version) or (ADLCP[0] in spaces and not version.startswith("1.2"))
    return Profile("SCORM", version if is_2004 and version else "2004" if is_2004 else "1.2")


def _qti(namespace: str, schema: str, version: str, types: list[str]) -> Profile | None:
    if "apip" in schema.lower() or "/apip/" in namespace:
        return Profile("APIP", version)
    if found := _QTI_SCHEMA.search(schema):
        return Profile("QTI", f"{found[1]}.{found[2]}")
    if "qtiv3p0" in namespace:
        return Profile("QTI", "3.0")
    # The types of resources are surer than a version that may be the schema's, or the tool's.
    versions = [f"{found[1]}.{found[2]}" for kind in types if (found := _QTI_TYPE.match(kind))]
    if versions:
        return Profile("QTI", max(versions))
    return Profile("QTI", ".".join(version.split(".")[:2])) if schema.lower().startswith("qti") else None


def _cp_version(namespace: str, schema: str, version: str) -> str:
    if "rootv1p1p2" in namespace:
        return "1.1.2"
    return version if schema.lower().startswith("ims content") else ""
