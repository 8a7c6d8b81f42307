"""The HTML of the public test material, whole pages and content of feeds and items: read, written, made safe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from demotic.errors import InvalidInput
from demotic.xml import Element, QName, parse, serialize
from demotic.xml.html import XHTML, parse_fragment, parse_html, serialize_html, serialize_xhtml
from demotic.xml.html.safe import FEED, LEARNING, sanitize

from .safe.judge import judge

BODIES = {"itemBody", "qti-item-body", "feedbackInline", "modalFeedback", "prompt", "qti-prompt"}


def documents(folder: Path) -> Iterator[Element]:
    """Yield the root of each XML file that is well formed."""
    for file in sorted(folder.rglob("*")):
        if file.suffix in (".xml", ".qti"):
            try:
                yield parse(file.read_bytes())
            except InvalidInput:
                continue


def texts(folder: Path) -> Iterator[str]:
    """Yield the HTML that stands as text in feeds and items."""
    for root in documents(folder):
        for element in root.walk():
            if element.get("type") in ("html", "text/html") or element.get("texttype") == "text/html":
                yield element.text


@pytest.mark.feature("F-HTML-01", "F-HTML-20")
def test_pages_are_read_written_and_made_safe(shared_data: Path) -> None:
    files = [file for file in sorted(shared_data.rglob("*")) if file.suffix in (".html", ".htm")]
    assert len(files) > 10
    for file in files:
        document = parse_html(file.read_bytes())
        assert serialize_html(parse_html(serialize_html(document.root)).root) == serialize_html(document.root), file
        assert parse(serialize(document.root)) == document.root, file
        assert parse(serialize_xhtml(document.root)) == document.root, file
        judge(sanitize(document.root, LEARNING), LEARNING)


@pytest.mark.feature("F-HTML-20", "F-HTML-22")
@pytest.mark.parametrize("folder", ["atom", "learning"])
def test_html_in_feeds_and_items_is_made_safe(shared_data: Path, folder: str) -> None:
    found = list(texts(shared_data / folder))
    assert len(found) > 30
    for text in found:
        root = parse_fragment(text).root
        assert parse(serialize(root)) == root
        judge(sanitize(text, FEED), FEED)


@pytest.mark.feature("F-HTML-20", "F-HTML-22")
def test_trees_in_feeds_and_items_are_made_safe(shared_data: Path) -> None:
    found = 0
    for folder in ("atom", "learning"):
        for root in documents(shared_data / folder):
            for element in root.walk():
                if element.name == QName(XHTML, "div") or element.name.local in BODIES:
                    judge(sanitize(element, LEARNING), LEARNING)
                    found += 1
    assert found > 100
