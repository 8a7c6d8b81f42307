"""Make a package of some size and number of files, then list, check and export it: seconds of each, and the process's
peak of memory.

usage: python benchmarks/package_once.py FOLDER MEGABYTES FILES
"""

from __future__ import annotations

import random
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from xml_feed import peak

from demotic.learning.cp import open_package

BLOCK = random.Random(1).randbytes(64 << 10) + bytes(192 << 10)
ITEM = (
    '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="{id}" title="{id}">'
    + "<p>x</p>" * 100
)


def make(target: Path, megabytes: int, files: int) -> None:
    """Write the package: items, and one video of all the rest."""
    resources = "".join(
        f'<resource identifier="I{number}" type="imsqti_item_xmlv2p1" href="items/{number % 100}/{number}.xml">'
        f'<file href="items/{number % 100}/{number}.xml"/></resource>\n'
        for number in range(files)
    )
    video = '<resource identifier="V" type="webcontent"><file href="media/video.mpg2"/></resource>'
    manifest = (
        '<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="M"><metadata><schema>QTIv2.1 Package'
        "</schema><schemaversion>1.0.0</schemaversion></metadata><organizations/>"
        f"<resources>{resources}{video}</resources></manifest>"
    )
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as zipped:
        zipped.writestr("imsmanifest.xml", manifest)
        for number in range(files):
            item = ITEM.format(id=f"I{number}") + "</assessmentItem>"
            zipped.writestr(f"items/{number % 100}/{number}.xml", item)
        with zipped.open("media/video.mpg2", "w", force_zip64=True) as file:
            for _ in range(megabytes * 1_000_000 // len(BLOCK)):
                file.write(BLOCK)


def seconds(done: Callable[[], object]) -> float:
    """Return how long something takes."""
    began = time.perf_counter()
    done()
    return time.perf_counter() - began


def main() -> None:
    """Make, list, check, export, print."""
    folder, megabytes, files = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    source, target = folder / "package.zip", folder / "exported.zip"
    make(source, megabytes, files)
    before = peak()

    def listing() -> None:
        with open_package(source) as package:
            assert len(package.files) == files + 1

    def checking() -> None:
        with open_package(source) as package:
            assert [finding.code for finding in package.check()] == []

    def exporting() -> None:
        with open_package(source) as package:
            assert package.export(target, replace=True) == files + 2

    listed, checked = seconds(listing), seconds(checking)
    after_check = peak()
    exported = seconds(exporting)
    print(f"{listed:.2f} {checked:.2f} {exported:.2f} {before:.1f} {after_check:.1f} {peak():.1f}")


if __name__ == "__main__":
    main()
