"""Which specification a manifest follows, by what it says of itself."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest

from demotic.learning.cp import CP, open_package

IMS = "http://www.imsglobal.org/xsd"
ROOT_1_2 = "http://www.imsproject.org/xsd/imscp_rootv1p1p2"
SCORM_1_2 = 'xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2"'
SCORM_2004 = 'xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3"'

# namespace, schema, version, types of resources, further declarations, profile
MANIFESTS = [
    (ROOT_1_2, "ADL SCORM", "1.2", (), SCORM_1_2, "SCORM 1.2"),
    (ROOT_1_2, "", "", (), SCORM_1_2, "SCORM 1.2"),
    (CP, "ADL SCORM", "2004 4th Edition", (), SCORM_2004, "SCORM 2004 4th Edition"),
    (CP, "", "", (), SCORM_2004, "SCORM 2004"),
    (f"{IMS}/imscc/imscp_v1p1", "IMS Common Cartridge", "1.0.0", (), "", "Common Cartridge 1.0"),
    (f"{IMS}/imsccv1p1/imscp_v1p1", "IMS Common Cartridge", "1.1.0", (), "", "Common Cartridge 1.1"),
    (f"{IMS}/imsccv1p2/imscp_v1p1", "", "", (), "", "Common Cartridge 1.2"),
    (f"{IMS}/imsccv1p3/imscp_v1p1", "IMS Thin Common Cartridge", "1.3.0", (), "", "Thin Common Cartridge 1.3"),
    (f"{IMS}/imsccv1p2/imscp_v1p1", "1EdTech Thin Common Cartridge", "1.2.1", (), "", "Thin Common Cartridge 1.2"),
    (f"{IMS}/imsccv1p1/imscp_v1p1", "IMS Content", "1.1.3", ("imsqti_xmlv1p2",), "", "QTI 1.2"),
    (CP, "QTIv2.1 Package", "1.0.0", (), "", "QTI 2.1"),
    (CP, "QTI Package", "2.2", (), "", "QTI 2.2"),
    (CP, "", "", ("imsqti_item_xmlv2p0",), "", "QTI 2.0"),
    (f"{IMS}/qti/qtiv3p0/imscp_v1p1", "QTI Package", "3.0.0", ("imsqti_stimulus_xmlv3p0",), "", "QTI 3.0"),
    (CP, "APIP Item", "1.0.0", ("imsqti_apipitem_xmlv2p1",), "", "APIP 1.0.0"),
    (ROOT_1_2, "", "", (), "", "Content Packaging 1.1.2"),
    (CP, "IMS Content", "1.1.4", ("webcontent",), "", "Content Packaging 1.1.4"),
    (CP, "", "", (), "", "Content Packaging"),
]


@pytest.mark.feature("F-CP-04")
@pytest.mark.parametrize(("namespace", "schema", "version", "types", "more", "profile"), MANIFESTS)
def test_a_profile_is_recognised(
    archive: Callable[..., BytesIO],
    namespace: str,
    schema: str,
    version: str,
    types: tuple[str, ...],
    more: str,
    profile: str,
) -> None:
    stated = f"<schema>{schema}</schema><schemaversion>{version}</schemaversion>" if schema else ""
    resources = "".join(f'<resource identifier="R{number}" type="{kind}"/>' for number, kind in enumerate(types))
    manifest = f"""<manifest xmlns="{namespace}" {more} identifier="M"><metadata>{stated}</metadata><organizations/>
      <resources>{resources}</resources></manifest>"""
    with open_package(archive(manifest)) as package:
        assert str(package.profile) == profile
        assert [finding.code for finding in package.check() if finding.severity == "error"] == []
