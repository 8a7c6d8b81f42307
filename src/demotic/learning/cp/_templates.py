"""The manifests that new packages begin with, by profile."""

from __future__ import annotations

from typing import Final, NamedTuple

from demotic.learning.cp._names import CP
from demotic.xml import XSI

__all__ = ["TEMPLATES"]

_BASE: Final = "http://www.imsglobal.org"
_MD: Final = f"{_BASE}/xsd/imsmd_v1p2"
_LOM: Final = "http://ltsc.ieee.org/xsd/LOM"


class _Start(NamedTuple):
    namespace: str
    schema_at: str
    schema: str
    version: str
    prefixes: dict[str, tuple[str, str]]


def _cartridge(minor: int) -> _Start:
    place, own = f"{_BASE}/profile/cc/ccv1p{minor}", f"imsccv1p{minor}"
    return _Start(
        f"{_BASE}/xsd/{own}/imscp_v1p1",
        f"{place}/ccv1p{minor}_imscp_v1p2_v1p0.xsd",
        "IMS Common Cartridge",
        f"1.{minor}.0",
        {
            "lom": (f"http://ltsc.ieee.org/xsd/{own}/LOM/resource", f"{place}/LOM/ccv1p{minor}_lomresource_v1p0.xsd"),
            "lomimscc": (
                f"http://ltsc.ieee.org/xsd/{own}/LOM/manifest",
                f"{place}/LOM/ccv1p{minor}_lommanifest_v1p0.xsd",
            ),
        },
    )


def _qti_2(minor: int) -> _Start:
    place = f"{_BASE}/xsd/qti/qtiv2p{minor}"
    return _Start(
        CP,
        f"{place}/qtiv2p{minor}_imscpv1p2_v1p0.xsd",
        f"QTIv2.{minor} Package",
        "1.0.0",
        {
            "imsmd": (_LOM, f"{_BASE}/xsd/imsmd_loose_v1p3p2.xsd"),
            "imsqti": (f"{_BASE}/xsd/imsqti_metadata_v2p{minor}", f"{place}/imsqti_metadata_v2p{minor}.xsd"),
        },
    )


_STARTS: Final[dict[str, _Start]] = {
    "cp1.2": _Start(
        CP,
        f"{CP}.xsd",
        "IMS Content",
        "1.2",
        {
            "imsmd": (_MD, f"{_BASE}/xsd/imsmd_v1p2p4.xsd"),
            "imsqti": (f"{_BASE}/xsd/imsqti_metadata_v2p1", f"{_BASE}/xsd/imsqti_metadata_v2p1.xsd"),
        },
    ),
    "qti2.1": _qti_2(1),
    "qti2.2": _qti_2(2),
    "qti3.0": _Start(
        f"{_BASE}/xsd/qti/qtiv3p0/imscp_v1p1",
        "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqtiv3p0_imscpv1p2_v1p0.xsd",
        "QTI Package",
        "3.0.0",
        {
            "imsmd": (_LOM, "https://purl.imsglobal.org/spec/md/v1p3/schema/xsd/imsmd_loose_v1p3p2.xsd"),
            "imsqti": (
                f"{_BASE}/xsd/imsqti_metadata_v3p0",
                "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_metadatav3p0_v1p0.xsd",
            ),
        },
    ),
    "cc1.1": _cartridge(1),
    "cc1.2": _cartridge(2),
    "cc1.3": _cartridge(3),
}


def _written(start: _Start) -> str:
    places = [(start.namespace, start.schema_at), *start.prefixes.values()]
    declared = "".join(f'\n  xmlns:{prefix}="{uri}"' for prefix, (uri, _) in start.prefixes.items())
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest xmlns="{start.namespace}"{declared}
  xmlns:xsi="{XSI}"
  identifier="" xsi:schemaLocation="{" ".join(f"{uri} {place}" for uri, place in places)}">
  <metadata>
    <schema>{start.schema}</schema>
    <schemaversion>{start.version}</schemaversion>
  </metadata>
  <organizations/>
  <resources/>
</manifest>"""


TEMPLATES: Final = {profile: _written(start) for profile, start in _STARTS.items()}
"""The text of an empty manifest for each profile."""
