"""Namespaces of content packaging in its versions and profiles.

CP 1.1.3 to 1.2 share one namespace; profiles that restrict the specification copy it into namespaces of their own.
"""

from __future__ import annotations

from typing import Final

__all__ = ["ADLCP", "CP", "CP_NAMESPACES", "EXTENSIONS", "MANIFEST_NAME", "QTI_METADATA_NAMESPACES"]

MANIFEST_NAME: Final = "imsmanifest.xml"

CP: Final = "http://www.imsglobal.org/xsd/imscp_v1p1"

CP_NAMESPACES: Final = (
    CP,
    "http://www.imsglobal.org/xsd/imscc/imscp_v1p1",  # Common Cartridge 1.0
    *(f"http://www.imsglobal.org/xsd/imsccv1p{minor}/imscp_v1p1" for minor in (1, 2, 3, 4)),
    "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
    "http://www.imsglobal.org/xsd/apip/apipv1p0/imscp_v1p1",
    "http://www.imsproject.org/xsd/imscp_rootv1p1p2",  # CP 1.1.2, which SCORM 1.2 is based on
    "http://www.imsglobal.org/xsd/imscp_rootv1p1p2",
    "http://www.imsproject.org/xsd/imscp_v1p1",
    "http://www.imsproject.org/content",
    "",  # wrong, but seen: a manifest without any namespace
)

EXTENSIONS: Final = (
    "http://www.imsglobal.org/xsd/imscp_extensionv1p2",
    *(f"http://www.imsglobal.org/xsd/imsccv1p{minor}/imscp_extensionv1p2" for minor in (1, 2, 3, 4)),
    "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_extensionv1p2",
)
"""CP 1.2's extensions: variants of resources."""

ADLCP: Final = (
    "http://www.adlnet.org/xsd/adlcp_v1p3",
    "http://www.adlnet.org/xsd/adlcp_rootv1p2",
    "http://www.adlnet.org/xsd/adlcp_v1p2",
)
"""SCORM 2004 and 1.2."""

QTI_METADATA_NAMESPACES: Final = (
    "http://www.imsglobal.org/xsd/imsqti_metadata_v2p1",
    "http://www.imsglobal.org/xsd/imsqti_metadata_v2p2",
    "http://www.imsglobal.org/xsd/imsqti_metadata_v3p0",
    "http://www.imsglobal.org/xsd/imsqti_v2p1",
    "http://www.imsglobal.org/xsd/imsqti_v2p2",
    "http://www.imsglobal.org/xsd/imsqti_v2p0",
)
"""Where `qtiMetadata` is declared: from QTI 2.1 on in a schema of its own, before that with the items."""
