"""Streams: entries one after another, in their context, and never more in memory than one."""

from __future__ import annotations

import gc
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from demotic.errors import LimitExceeded
from demotic.xml import (
    Bound,
    Element,
    Limits,
    QName,
    XmlBindingFault,
    XmlSyntaxFault,
    attribute,
    base_of,
    child,
    find,
    iterate,
    lang_of,
    parent_of,
    serialize,
    text,
)


class Id(Bound, name=QName("urn:f", "id")):
    value = text()


class Entry(Bound, name=QName("urn:f", "entry")):
    n = attribute("n")
    id = child(Id, required=True)


FEED = b"""<?xml version="1.0"?><!-- c --><feed xmlns="urn:f" xml:base="http://h/" xml:lang="en">
 <title>T &amp; <b>x</b></title>
 <entry n="1"><id>a<!-- c --></id></entry> text
 <group xml:base="g/"><entry n="2">
   <id><![CDATA[b]]></id><x:more xmlns:x="urn:x">kept</x:more></entry></group><?pi?>
 <entry n="3"><id/></entry>
</feed>"""


@pytest.mark.feature("F-XML-21")
@pytest.mark.spec("XML-093")
def test_entries_come_one_by_one_wherever_they_stand(tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    file.write_bytes(FEED)
    for source in (file, io.BytesIO(FEED), [FEED[i : i + 1] for i in range(len(FEED))]):
        entries = list(iterate(source, Entry))
        assert [(e.n, e.id.value, e.line, e.column) for e in entries] == [
            ("1", "a", 3, 2),
            ("2", "b", 4, 23),
            ("3", "", 6, 2),
        ]
        assert [str(base_of(e)) for e in entries] == ["http://h/", "http://h/g/", "http://h/"]
        assert lang_of(entries[1].id) == "en"
        assert parent_of(entries[2])._name == QName("urn:f", "feed")
        assert serialize(entries[1], declaration=False).decode() == (
            '<entry xmlns="urn:f" n="2">\n   <id><![CDATA[b]]></id><x:more xmlns:x="urn:x">kept</x:more></entry>'
        )
    plain = list(iterate(file, QName("urn:f", "group")))
    assert [type(e) for e in plain] == [Element]
    assert len(list(find(plain[0], Element))) == 3


def test_the_root_itself_may_be_asked_for() -> None:
    (entry,) = iterate([b'<entry xmlns="urn:f"><id>x</id></entry><!-- after -->'], Entry)
    assert (entry.id.value, parent_of(entry)) == ("x", None)
    assert list(iterate([b"<a/>"], Entry)) == []


def pieces(count: int) -> Iterator[bytes]:
    yield b'<feed xmlns="urn:f">'
    for number in range(count):
        yield b'<other><deep>thrown away</deep></other><entry n="%d"><id>x</id></entry>' % number
    yield b"</feed>"


@pytest.mark.feature("F-XML-21")
def test_nothing_that_was_handed_out_is_kept() -> None:
    kept = 0
    for number, entry in enumerate(iterate(pieces(3000), Entry)):
        if number % 1000 == 999:
            gc.collect()
            kept = max(kept, sum(type(each) is Entry for each in gc.get_objects()))
            assert len(parent_of(entry)._children) <= 1
    assert kept <= 3


def test_faults_come_when_the_reader_comes_to_them() -> None:
    entries = iterate([b'<feed xmlns="urn:f"><entry><id/></entry><entry/><entry>'], Entry)
    assert next(entries).id.value == ""
    with pytest.raises(XmlBindingFault, match="missing element id, expected one"):
        next(entries)
    faults: list[XmlBindingFault] = []
    tolerant = iterate([b'<feed xmlns="urn:f"><entry/><entry x="1"><id/></entry></feed>'], Entry, report=faults.append)
    assert len(list(tolerant)) == 2
    assert [fault.target for fault in faults] == ["/feed/entry", "/feed/entry/@x"]
    with pytest.raises(XmlSyntaxFault, match="mismatched tag"):
        list(iterate([b"<a></b>"], Entry))
    with pytest.raises(XmlSyntaxFault, match="no element found"):
        list(iterate([], Entry))
    with pytest.raises(XmlSyntaxFault, match="document type declaration"):
        list(iterate([b"<!DOCTYPE a [<!ENTITY e 'x'>]><a/>"], Entry))


ENDLESS = {
    "an entry": [b'<entry xmlns="urn:f"><id>', *[b"x" * 1000] * 20],
    "a tag": [b"<a b='", *[b"x" * 1000] * 20],
    "a value in an entry": [b'<entry xmlns="urn:f" n="', *[b"x" * 1000] * 20],
}


@pytest.mark.feature("F-XML-21")
@pytest.mark.parametrize("stream", ENDLESS.values(), ids=ENDLESS)
def test_an_entry_without_end_is_given_up(stream: list[bytes]) -> None:
    with pytest.raises(LimitExceeded):
        list(iterate(stream, Entry, limits=Limits(size=10_000)))


def test_limits_hold_inside_of_entries() -> None:
    deep = b'<entry xmlns="urn:f">' + b"<a>" * 50
    with pytest.raises(LimitExceeded, match="20 deep"):
        list(iterate([deep], Entry, limits=Limits(depth=20)))
    with pytest.raises(LimitExceeded, match="20 deep"):
        list(iterate([b"<a>" * 50], Entry, limits=Limits(depth=20)))
