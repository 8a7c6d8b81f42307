"""What tests of learning standards share: packages made in a line, and archives with anything in them."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

import pytest

MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="M">
  <organizations/>
  <resources>{}</resources>
</manifest>"""

Files = Mapping[str, str | bytes]


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a package's folder: resources as XML (or a whole manifest), and files."""

    def made(resources: str = "", files: Files | None = None, *, name: str = "package") -> Path:
        root = tmp_path / name
        root.mkdir()
        whole = resources if "<manifest" in resources else MANIFEST.format(resources)
        for path, content in {"imsmanifest.xml": whole, **(files or {})}.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(_bytes(content))
        return root

    return made


@pytest.fixture
def archive() -> Callable[..., BytesIO]:
    """Return a function that makes an archive of resources as XML (or a whole manifest), and files."""

    def made(resources: str = "", files: Files | None = None) -> BytesIO:
        whole = resources if "<manifest" in resources else MANIFEST.format(resources)
        data = BytesIO()
        with zipfile.ZipFile(data, "w") as zipped:
            for path, content in {"imsmanifest.xml": whole, **(files or {})}.items():
                zipped.writestr(path, _bytes(content))
        data.seek(0)
        return data

    return made
