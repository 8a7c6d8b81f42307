"""The versions of QTI, and what their documents look like from outside: namespaces and schema addresses.

Specifications: QTI 1.2.1 (XML binding), 2.0, 2.1, 2.2 and 3.0 (ASI binding), 1EdTech.
"""

from __future__ import annotations

from enum import Enum
from functools import total_ordering
from typing import Final

__all__ = [
    "HTML5_22",
    "MATHML",
    "NAMESPACES",
    "SCHEMAS",
    "SSML",
    "XINCLUDE",
    "XMLNS",
    "XSI_NS",
    "Version",
    "namespace_of",
]

MATHML: Final = "http://www.w3.org/1998/Math/MathML"
XINCLUDE: Final = "http://www.w3.org/2001/XInclude"
SSML: Final = "http://www.w3.org/2001/10/synthesis"
XMLNS: Final = "http://www.w3.org/XML/1998/namespace"
XSI_NS: Final = "http://www.w3.org/2001/XMLSchema-instance"
HTML5_22: Final = "http://www.imsglobal.org/xsd/imsqtiv2p2_html5_v1p0"


@total_ordering
class Version(Enum):
    """A version of QTI; later ones are greater."""

    V1_2 = "1.2"
    V2_0 = "2.0"
    V2_1 = "2.1"
    V2_2 = "2.2"
    V3_0 = "3.0"

    def __lt__(self, other: object) -> bool:
        return self.value < other.value if isinstance(other, Version) else NotImplemented

    def __str__(self) -> str:
        return self.value


_IMS: Final = "http://www.imsglobal.org/xsd/"
NAMESPACES: Final[dict[str, Version]] = {
    _IMS + "ims_qtiasiv1p2": Version.V1_2,
    "http://www.imsglobal.org/question/qtiv1p2/qtiasiitemncdtd/ims_qtiasiv1p2": Version.V1_2,
    _IMS + "imsqti_v2p0": Version.V2_0,
    _IMS + "imsqti_v2p1": Version.V2_1,
    _IMS + "imsqti_v2p2": Version.V2_2,
    _IMS + "imsqtiasi_v3p0": Version.V3_0,
}
"""The namespaces that documents are found in, and their versions. QTI 1.2 mostly has none."""

SCHEMAS: Final[dict[Version, str]] = {
    Version.V2_0: _IMS + "imsqti_v2p0.xsd",
    Version.V2_1: "http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd",
    Version.V2_2: "http://www.imsglobal.org/xsd/qti/qtiv2p2/imsqti_v2p2.xsd",
    Version.V3_0: "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0_v1p0.xsd",
}
"""Where the schema of each version is published; written as `xsi:schemaLocation`."""


def namespace_of(version: Version) -> str:
    """Return the namespace that documents of a version are written in."""
    return next(uri for uri, known in reversed(NAMESPACES.items()) if known is version)
