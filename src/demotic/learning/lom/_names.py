"""Namespaces of learning object metadata, and the names that elements have in each.

IEEE 1484.12.3 (XML binding of LOM), which IMS MD 1.3 took over, has names such as `lifeCycle`; IMS MD 1.2.x, which
came before, wrote them in lower case and had others for a few. Common Cartridge has namespaces of its own for profiles
of the former.
"""

from __future__ import annotations

from typing import Final

from demotic.xml import QName

__all__ = ["IEEE_NAMESPACES", "LOM", "MD", "MD_NAMESPACES", "also", "lom_name", "md_only"]

LOM: Final = "http://ltsc.ieee.org/xsd/LOM"

IEEE_NAMESPACES: Final = (
    LOM,
    "http://ltsc.ieee.org/xsd/imscc/LOM",
    *(
        f"http://ltsc.ieee.org/xsd/imsccv1p{minor}/LOM/{part}"
        for minor in (1, 2, 3, 4)
        for part in ("manifest", "resource")
    ),
    "http://ltsc.ieee.org/xsd/LOMv1p0",
)

MD: Final = "http://www.imsglobal.org/xsd/imsmd_v1p2"

MD_NAMESPACES: Final = (
    MD,
    "http://www.imsglobal.org/xsd/imsmd_rootv1p2p1",
    "http://www.imsproject.org/xsd/imsmd_rootv1p2",
    "http://www.imsproject.org/xsd/imsmd_rootv1p2p1",
    "http://www.imsproject.org/xsd/imsmd_v1p2",
)


def lom_name(local: str) -> QName:
    """Return the name of an element by IEEE."""
    return QName(LOM, local)


def also(old: str) -> dict[str, str]:
    """Return the local names of an element by namespace: `old` in IMS MD 1.2, that of IEEE elsewhere."""
    return {**dict.fromkeys(IEEE_NAMESPACES, ""), **dict.fromkeys(MD_NAMESPACES, old)}


def md_only() -> dict[str, str]:
    """Return the same for an element that IMS MD 1.2 alone has."""
    return dict.fromkeys(MD_NAMESPACES, "")
