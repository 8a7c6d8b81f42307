"""What profiles ask of a manifest beyond Content Packaging.

IMS Common Cartridge 1.0 to 1.3, sections 3 and 4 (organization, resource types); QTI 2.1 to 3.0, content packaging;
SCORM 1.2 and 2004 Content Aggregation Model, section 3.4.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from demotic.learning.cp._manifest import Manifest, Resource
from demotic.learning.cp._names import ADLCP, MANIFEST_NAME
from demotic.learning.cp._package import Package
from demotic.learning.cp._rules import RULES
from demotic.learning.findings import Finding
from demotic.xml import QName

__all__ = ["check_cartridge", "check_scorm", "check_types"]

_ASSOCIATED: Final = "associatedcontent/imscc_xmlv1p{minor}/learning-application-resource"

_CARTRIDGE_TYPES: Final = (
    "webcontent",
    _ASSOCIATED,
    "imsdt_xmlv1p{minor}",
    "imswl_xmlv1p{minor}",
    "imsqti_xmlv1p2/imscc_xmlv1p{minor}/assessment",
    "imsqti_xmlv1p2/imscc_xmlv1p{minor}/question-bank",
    "imsbasiclti_xmlv1p0",
    "imsbasiclti_xmlv1p{minor}",
    "assignment_xmlv1p0",
    "idpfepub",
)
_QTI_TYPES: Final = (
    *(f"imsqti_{kind}_xmlv{{version}}" for kind in ("item", "test", "section", "outcomes", "resprocessing")),
    *(f"imsqti_{kind}_xmlv{{version}}" for kind in ("stimulus", "fragment", "rptemplate")),
    *(f"imsqti_apip{kind}_xmlv{{version}}" for kind in ("item", "test", "section")),
    "associatedcontent/apip_xmlv1p0/learning-application-resource",
    "associatedcontent/learning-application-resource",
    "webcontent",
    "controlfile",
    "controlfile/xmlv1p0",
    "resourcemetadata/xml",
    "resourceextmetadata/xml",
    "qtiusagedata/xml",
    "imslti_xmlv1p1",
    "imsltia_xmlv1p0",
    "pls",
    "css2",
    "css3",
    "extension",
)


def check_types(package: Package) -> Iterator[Finding]:
    """Yield resources without a type, and those of one that the profile does not know."""
    known = _known_types(package)
    for resource in package.resources():
        kind = (resource.type or "").strip()
        words = {"identifier": resource.identifier or "", "target": resource.identifier or ""}
        if not kind:
            yield RULES["no-type"].at(resource, file=MANIFEST_NAME, **words)
        elif known and not any(each.fullmatch(kind) for each in known.values()):
            yield RULES["unknown-type"].at(
                resource, file=MANIFEST_NAME, **words, type=kind, profile=package.profile, known=", ".join(known)
            )


def _known_types(package: Package) -> dict[str, re.Pattern[str]]:
    """Return the types of resources that the profile has, by how to write them; none where it takes any."""
    profile = package.profile
    if "Common Cartridge" in profile.name:
        minor = profile.version.partition(".")[2][:1]
        # Vocabularies of one version are taken over by the next ones, and tools mix them.
        patterns = {each.format(minor=minor or 3): each.replace("{minor}", r"\d") for each in _CARTRIDGE_TYPES}
    elif profile.name == "QTI" and profile.version[:1] in ("2", "3"):
        short = profile.version.replace(".", "p")
        patterns = {each.format(version=short): each.replace("{version}", r"\dp\d") for each in _QTI_TYPES}
    else:
        return {}
    return {name: re.compile(pattern) for name, pattern in patterns.items()}


_ONE_FILE: Final = re.compile(r"imsdt_|imswl_|imsbasiclti_|imsqti_xmlv1p2/imscc")


def check_cartridge(package: Package) -> Iterator[Finding]:
    """Yield what a Common Cartridge may not have."""
    if "Common Cartridge" not in package.profile.name:
        return
    manifest = package.manifest
    for inner in manifest.manifests:
        yield RULES["sub-manifest"].at(inner, file=MANIFEST_NAME, target=inner.identifier or "")
    yield from _organization(manifest)
    for resource in package.resources():
        if _ONE_FILE.match(resource.type or "") and len(resource.files) != 1:
            yield _for(resource, "one-file", type=resource.type, number=len(resource.files))


def _for(resource: Resource, code: str, **words: object) -> Finding:
    identifier = resource.identifier or ""
    return RULES[code].at(resource, file=MANIFEST_NAME, target=identifier, identifier=identifier, **words)


def _organization(manifest: Manifest) -> Iterator[Finding]:
    organizations = manifest.own_organizations()
    if len(organizations) > 1:
        yield RULES["one-organization"].at(organizations[1], file=MANIFEST_NAME, number=len(organizations))
    for organization in organizations[:1]:
        if organization.structure != "rooted-hierarchy":
            yield RULES["structure"].at(organization, file=MANIFEST_NAME, structure=organization.structure)
        if len(organization.items) != 1 or organization.items[0].identifierref is not None:
            yield RULES["one-root-item"].at(organization, file=MANIFEST_NAME, number=len(organization.items))
        roots = {id(item) for item in organization.items}
        for item in organization.walk():
            if id(item) not in roots and (item.title is None or not item.title.value.strip()):
                yield RULES["no-title"].at(
                    item, file=MANIFEST_NAME, target=item.identifier or "", identifier=item.identifier or ""
                )


def check_scorm(package: Package) -> Iterator[Finding]:
    """Yield items that SCORM could not launch, and resources that do not say how."""
    if package.profile.name != "SCORM":
        return
    is_2004 = not package.profile.version.startswith("1.2")
    wanted = "adlcp:scormType" if is_2004 else "adlcp:scormtype"
    resources = {each.identifier: each for each in package.resources() if each.identifier}
    for item in package.items():
        resource = resources.get(item.identifierref or "")
        if resource is not None and not (resource.href or "").strip():
            yield RULES["launch"].at(
                item, file=MANIFEST_NAME, target=resource.identifier or "", identifier=item.identifier or ""
            )
    for resource in package.resources():
        if not any(QName(space, name) in resource.other_attributes for space in ADLCP for name in _SCORM_TYPE):
            yield _for(resource, "scorm-type", attribute=wanted)


_SCORM_TYPE: Final = ("scormType", "scormtype")
