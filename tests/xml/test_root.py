"""The root alone: what is read of a beginning, and what a beginning must have."""

from __future__ import annotations

import pytest

from demotic.xml import QName, XmlSyntaxFault, read_root

BEGINNINGS = [
    (b"<a>", "a", 1, 1),
    (b"\xef\xbb\xbf<?xml version='1.0'?>\n <a b='1'", None, 0, 0),
    (b"<!-- c --><!DOCTYPE a SYSTEM 'x'>\n  <a>", "a", 2, 3),
    (b"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x; and < what comes after is not looked at", "a", 1, 31),
    (b"<a></b>", "a", 1, 1),
    ("<?xml version='1.0' encoding='windows-1252'?><é>".encode("cp1252"), "é", 1, 46),
]


@pytest.mark.feature("F-XML-26")
@pytest.mark.parametrize(("data", "local", "line", "column"), BEGINNINGS)
def test_the_root_is_read_from_a_beginning(data: bytes, local: str | None, line: int, column: int) -> None:
    if local is None:
        with pytest.raises(XmlSyntaxFault, match="no element"):
            read_root(data)
        return
    root = read_root(data)
    assert (root.name.local, root.line, root.column, root.children) == (local, line, column, [])


def test_the_root_has_attributes_and_prefixes() -> None:
    root = read_root(b'<p:a xmlns:p="urn:p" xmlns="urn:d" p:b="1" c="2">')
    assert (root.name, root.prefix) == (QName("urn:p", "a"), "p")
    assert root.attributes == {QName("urn:p", "b"): "1", QName("", "c"): "2"}
    assert root.namespaces == {"p": "urn:p", "": "urn:d"}


@pytest.mark.parametrize("data", [b"", b"  ", b"PK\x03\x04", b"plain text", b"<a b=1>", b"<!-- no end"])
def test_what_has_no_root_is_refused(data: bytes) -> None:
    with pytest.raises(XmlSyntaxFault):
        read_root(data)
