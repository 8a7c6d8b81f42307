"""Documents as wholes: what stands around the root, files and addresses, document types, entities, copies."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path

import pytest

from demotic.errors import InvalidInput, LimitExceeded, NotFound
from demotic.xml import (
    Bound,
    Catalog,
    Comment,
    Declaration,
    Doctype,
    Document,
    DocumentTypes,
    DuplicateId,
    Element,
    EntityReference,
    Limits,
    ProcessingInstruction,
    QName,
    XmlBindingFault,
    XmlSyntaxFault,
    attribute,
    children,
    dangling,
    difference,
    idref,
    idrefs,
    ids,
    integer,
    list_of,
    parent_of,
    parse,
    read,
    serialize,
    text,
)


class Entry(Bound, name=QName("urn:f", "entry")):
    id = attribute("id", id=True)
    see = attribute("see", type=idref)
    all = attribute("all", type=idrefs)
    numbers = attribute("numbers", type=list_of(integer))
    title = text()


class Feed(Bound, name=QName("urn:f", "feed")):
    entries = children(Entry)
    feeds = children(lambda: Feed)


WHOLE = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<!-- before -->
<!DOCTYPE feed PUBLIC "-//F" 'f"".dtd' [<!ENTITY e "x"> <!-- ]> inside -->]>
<?style sheet?>
<feed xmlns="urn:f"><entry>x</entry></feed>
<!-- after -->
<?end?>"""


@pytest.mark.feature("F-XML-16")
@pytest.mark.spec("XML-007", "XML-005", "XML-001")
def test_what_stands_around_the_root_is_kept() -> None:
    document = Document.parse(WHOLE, Feed)
    assert document.declaration == Declaration("1.0", "UTF-8", True)
    assert document.doctype == Doctype("feed", "-//F", 'f"".dtd', '<!ENTITY e "x"> <!-- ]> inside -->')
    assert document.before == [Comment(" before "), document.doctype, ProcessingInstruction("style", "sheet")]
    assert document.after == [Comment(" after "), ProcessingInstruction("end")]
    assert document.serialize().decode() == WHOLE
    assert parent_of(document.root) is document
    assert parent_of(document.root.entries[0]) is document.root
    document.doctype = None
    document.declaration = None
    assert document.serialize(declaration=False).decode() == "\n".join(
        line for line in WHOLE.splitlines()[1:] if not line.startswith("<!DOCTYPE")
    )


@pytest.mark.spec("XML-006")
def test_a_document_is_built_from_a_class_or_an_orphan() -> None:
    document = Document(Feed, lang="en")
    assert document.root == Feed()
    with pytest.raises(NotFound, match="no root"):
        _ = Document().root
    first = document.root
    document.root = Feed(entries=[Entry(id="a")])
    assert parent_of(first) is None
    assert document.by_id("a") is document.root.entries[0]
    with pytest.raises(InvalidInput, match="has its place elsewhere"):
        Document(document.root.entries[0])


@pytest.mark.feature("F-XML-16")
@pytest.mark.spec("XML-008", "XML-012", "XML-013")
def test_a_document_is_saved_whole_and_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    document = Document(Feed(entries=[Entry(title="é")]), base="deep/er/feed x.xml")
    assert str(document.base) == (tmp_path / "deep" / "er" / "feed x.xml").as_uri()
    with pytest.raises(NotFound, match="no file"):
        document.save(create=False)
    document.save()
    again = Document.open("deep/er/feed x.xml", Feed)
    assert (again.root, again.base) == (document.root, document.base)
    again.root.entries[0].title = "changed"
    again.save(create=False)
    assert b"changed" in (tmp_path / "deep" / "er" / "feed x.xml").read_bytes()
    assert [path.name for path in (tmp_path / "deep" / "er").iterdir()] == ["feed x.xml"]
    again.base = "http://host/feed"
    with pytest.raises(InvalidInput, match="is no file"):
        again.save()
    again.save(tmp_path / "other.xml", encoding="us-ascii")
    assert b'encoding="US-ASCII"' in (tmp_path / "other.xml").read_bytes()


def test_a_document_that_cannot_be_written_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "a.xml"
    document = Document(parse("<a/>"), base=file)
    document.save()
    document.root.children.append("\x00")
    with pytest.raises(InvalidInput):
        document.save()
    assert file.read_bytes().endswith(b"<a/>")


@pytest.mark.spec("XML-010", "XML-011")
def test_the_class_of_the_root_is_chosen_by_what_the_document_says() -> None:
    class A(Feed):
        pass

    class B(Feed):
        pass

    class C(Feed):
        pass

    types = DocumentTypes(Feed)
    types.add(A, public="-//A")
    types.add(B, root=QName("urn:f", "feed"), system="b.dtd")
    types.add(C, root=QName("urn:f", "feed"), public="-//A", system="b.dtd")
    feed = '<feed xmlns="urn:f"/>'
    chosen = {
        feed: Feed,
        f'<!DOCTYPE feed PUBLIC "-//A" "x">{feed}': A,
        f'<!DOCTYPE feed SYSTEM "b.dtd">{feed}': B,
        f'<!DOCTYPE feed PUBLIC "-//A" "b.dtd">{feed}': C,
        f'<!DOCTYPE feed PUBLIC "-//B" "b.dtd">{feed}': B,
        '<other xmlns="urn:f"/>': Element,
    }
    for data, cls in chosen.items():
        assert type(Document.parse(data, types).root) is cls, data
    with pytest.raises(InvalidInput, match="chosen for the same"):
        types.add(A, root=QName("urn:f", "feed"))
    with pytest.raises(InvalidInput, match="all documents"):
        types.add(A)


ENTITIES = [
    ('<!DOCTYPE a [<!ENTITY e "&#60;b>x&#60;/b>">]><a>&e;</a>', "<a><b>x</b></a>"),
    ('<!DOCTYPE a [<!ENTITY e "1"><!ENTITY f "&e;2"><!ENTITY e "3">]><a b="&f;">&f;</a>', '<a b="12">12</a>'),
    ('<!DOCTYPE a [<!ATTLIST a b CDATA "d" c NMTOKENS #IMPLIED>]><a c=" x  y "/>', '<a c="x y" b="d"/>'),
    ("<!DOCTYPE a [<!ENTITY % p '<!ENTITY e \"x\">'> %p;]><a>&e;</a>", "<a>x</a>"),
    ("<a>\r\n\r</a>", "<a>\n\n</a>"),
]


@pytest.mark.feature("F-XML-17")
@pytest.mark.spec("XML-062", "XML-070", "XML-083", "XML-088")
@pytest.mark.parametrize(("document", "expected"), ENTITIES)
def test_entities_and_defaults_of_the_document_are_expanded(document: str, expected: str) -> None:
    assert serialize(Document.parse(document).root, declaration=False).decode() == expected


@pytest.mark.feature("F-XML-17")
@pytest.mark.spec("XML-081", "XML-092")
def test_nothing_outside_the_document_is_read_without_a_resolver(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET")
    data = (
        f'<!DOCTYPE a SYSTEM "{secret.as_uri()}" [<!ENTITY e SYSTEM "{secret.as_uri()}"><!ENTITY % p SYSTEM "http://x.invalid/">'
        "%p;]><a>&e;-&nbsp;<x:include xmlns:x='http://www.w3.org/2001/XInclude' href='secret.txt'/></a>"
    )
    document = Document.parse(data)
    assert document.root.children[:3] == [EntityReference("e"), "-", EntityReference("nbsp")]
    assert b"SECRET" not in document.serialize()
    assert Document.parse(document.serialize()).root == document.root
    with pytest.raises(XmlSyntaxFault, match="document type declaration"):
        parse(data)


@pytest.mark.feature("F-XML-17")
@pytest.mark.spec("XML-061", "XML-084")
def test_a_catalog_says_what_external_identifiers_stand_for(tmp_path: Path) -> None:
    file = tmp_path / "e.ent"
    file.write_bytes(b'<?xml version="1.0" encoding="iso-8859-1"?><b>\xe9</b>')
    catalog = Catalog({"-//D": b'<!ENTITY % more SYSTEM "more.ent">%more;<!ATTLIST a x CDATA "1">', "e.ent": file})
    asked: list[tuple[str | None, str | None]] = []

    def resolve(public: str | None, system: str | None) -> bytes | str | None:
        asked.append((public, system))
        return '<!ENTITY n "nested">' if system == "http://h/d/more.ent" else catalog(public, system)

    data = '<!DOCTYPE a PUBLIC "-//D" "a.dtd" [<!ENTITY e SYSTEM "e.ent">]><a>&e;&n;</a>'
    document = Document.parse(data, base="http://h/d/a.xml", resolver=resolve)
    assert serialize(document.root, declaration=False).decode() == '<a x="1"><b>é</b>nested</a>'
    assert asked == [("-//D", "http://h/d/a.dtd"), (None, "http://h/d/more.ent"), (None, "http://h/d/e.ent")]
    with pytest.raises(XmlSyntaxFault, match=r"mismatched tag in http://h/d/e.ent, line 1, column 6"):
        Document.parse(
            data, base="http://h/d/a.xml", resolver=lambda _p, system: "<b></c>" if "e.ent" in str(system) else ""
        )


def laughs(levels: int) -> str:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, levels))
    return f'<!DOCTYPE a [<!ENTITY e0 "ha">{entities}]>'


LONG = "x" * 50_000
ATTACKS = {
    "billion laughs": laughs(10) + "<a>&e9;</a>",
    "billion laughs in an attribute": laughs(10) + "<a b='&e9;'/>",
    "quadratic blow-up": f"<!DOCTYPE a [<!ENTITY e '{LONG}'>]><a>{'&e;' * 100}</a>",
    "quadratic blow-up in attributes": f"<!DOCTYPE a [<!ENTITY e '{LONG}'>]><a b='{'&e;' * 100}'/>",
    "quadratic blow-up in UTF-16": f"<!DOCTYPE a [<!ENTITY e '{LONG}'>]><a>{'&e;' * 100}</a>".encode("utf-16"),
    "defaults on many elements": f"<!DOCTYPE a [<!ATTLIST b c CDATA '{LONG}'>]><a>{'<b/>' * 100}</a>",
    "elements in entities": f"<!DOCTYPE a [<!ENTITY e '{'<b/>' * 10_000}'>]><a>{'&e;' * 100}</a>",
    "deep nesting": "<a>" * 1000 + "</a>" * 1000,
    "deep nesting by entities": "<!DOCTYPE a [<!ENTITY e '" + "<b>" * 300 + "</b>" * 300 + "'>]><a>&e;</a>",
    "many attributes": "<a " + " ".join(f"b{n}=''" for n in range(1000)) + "/>",
    "a huge attribute": "<a b='" + "x" * (5 * 2**20) + "'/>",
    "a huge document": "<a>" + "x" * (65 * 2**20) + "</a>",
}


@pytest.mark.feature("F-XML-05", "F-XML-17")
@pytest.mark.spec("XML-092")
@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_a_document_that_would_grow_without_end_is_refused(attack: str | bytes) -> None:
    with pytest.raises(LimitExceeded) as fault:
        Document.parse(attack)
    assert fault.value.target in {"size", "depth", "attributes", "value", "expansion"}


def test_an_entity_that_names_itself_is_no_document() -> None:
    with pytest.raises(XmlSyntaxFault, match="recursive entity reference"):
        Document.parse("<!DOCTYPE a [<!ENTITY e '&f;'><!ENTITY f '&e;'>]><a>&e;</a>")


def test_a_resolver_is_asked_only_so_often() -> None:
    entities = "".join(f"<!ENTITY e{n} SYSTEM 'e{n}'>" for n in range(20))
    references = "".join(f"&e{n};" for n in range(20))
    with pytest.raises(LimitExceeded, match="more than 16 external entities"):
        Document.parse(f"<!DOCTYPE a [{entities}]><a>{references}</a>", resolver=lambda _p, _s: "x")
    allowed = Limits(entities=20)
    document = Document.parse(
        f"<!DOCTYPE a [{entities}]><a>{references}</a>", resolver=lambda _p, _s: "x", limits=allowed
    )
    assert document.root.text == "x" * 20


ENCODINGS = [
    ("<a>é\r\n</a>".encode("utf-16-be"), None),
    ("<a>é\n</a>".encode("utf-32"), None),
    ('<?xml version="1.0" encoding="shift_jis"?><a>あ\n</a>'.encode("shift_jis"), None),
    ('<?xml version="1.0" encoding="utf-8"?><a>é\n</a>'.encode("latin-1"), "iso-8859-1"),
    (b"\xef\xbb\xbf<?xml version='1.0' encoding='iso-8859-1'?><a>\xc3\xa9\n</a>", None),
]


@pytest.mark.feature("F-XML-03")
@pytest.mark.spec("XML-063", "XML-064", "XML-066", "XML-068", "XML-069")
@pytest.mark.parametrize(("data", "encoding"), ENCODINGS)
def test_bytes_are_decoded_by_mark_hint_declaration_and_pattern(data: bytes, encoding: str | None) -> None:
    assert Document.parse(data, encoding=encoding).root.text in ("é\n", "あ\n")


def test_a_place_is_right_in_every_encoding() -> None:
    for encoding in ("utf-8", "utf-16", "utf-32", "iso-8859-1", "cp1252"):
        data = f'<?xml version="1.0" encoding="{encoding}"?>\n<a>é<b></a>'.encode(encoding)
        with pytest.raises(XmlSyntaxFault) as fault:
            Document.parse(data)
        assert (fault.value.line, fault.value.column) == (2, 10), encoding


@pytest.mark.parametrize(
    ("data", "column"),
    [
        ('<?xml version="1.0" encoding="shift_jis"?><a>あ'.encode("shift_jis") + b"\xff</a>", 47),
        ("<a>é".encode("utf-16-be") + b"\xd8\x00<", 5),
    ],
)
def test_bytes_that_are_none_of_their_encoding_have_a_place(data: bytes, column: int) -> None:
    with pytest.raises(XmlSyntaxFault, match="bytes that are no") as fault:
        Document.parse(data)
    assert (fault.value.line, fault.value.column) == (1, column)
    assert fault.value.position <= len(fault.value.text)


def test_the_root_must_be_of_its_class() -> None:
    with pytest.raises(XmlBindingFault, match=r"expected the element {urn:f}feed"):
        Document.parse("<feed/>", Feed)


@pytest.mark.feature("F-XML-18")
@pytest.mark.spec("XML-036", "XML-037")
def test_elements_are_found_by_their_ids() -> None:
    inner = '<feed xml:id="b"><entry id="c" see="d" all="a b e"/></feed>'
    feed = read(f'<feed xmlns="urn:f"><entry id="a"/>{inner}</feed>', Feed)
    found = ids(feed)
    assert sorted(found) == ["a", "b", "c"]
    assert found["b"] is feed.feeds[0]
    assert dangling(feed) == [(found["c"], "d"), (found["c"], "e")]
    feed.entries.append(Entry(id="c"))
    with pytest.raises(DuplicateId, match="the ID 'c' of entry") as fault:
        ids(feed)
    assert fault.value.target == "c"
    feed.feeds[0].entries.clear()
    assert ids(feed)["c"] is feed.entries[1]
    with pytest.raises(NotFound, match="no element has the ID 'z'"):
        Document.parse("<a/>").by_id("z")
    assert Document.parse("<!DOCTYPE a [<!ATTLIST a k ID #IMPLIED>]><a k='1x'/>").by_id("1x").name.local == "a"


@pytest.mark.feature("F-XML-19")
@pytest.mark.spec("XML-048")
def test_trees_and_documents_are_copied_and_pickled() -> None:
    document = Document.parse(WHOLE.replace("<entry>", '<entry numbers="1  2" y="z">'), Feed, report=lambda _f: None)
    for twin in (copy.deepcopy(document), pickle.loads(pickle.dumps(document))):
        assert twin.serialize() == document.serialize()
        assert (twin.root, twin.root.entries[0].line) == (document.root, 5)
        assert twin.root is not document.root
        assert parent_of(twin.root) is twin
        twin.root.entries[0].numbers.append(3)
        twin.root.entries.append(Entry())
    assert (document.root.entries[0].numbers, len(document.root.entries)) == ([1, 2], 1)
    for orphan in (copy.copy(document.root.entries[0]), copy.deepcopy(document.root.entries[0])):
        assert (orphan, parent_of(orphan)) == (document.root.entries[0], None)
    deep = parse("<a>" * 5000 + "</a>" * 5000, limits=Limits(depth=5000))
    assert serialize(pickle.loads(pickle.dumps(deep))) == serialize(deep) == serialize(copy.deepcopy(deep))


@pytest.mark.spec("XML-014")
def test_the_first_difference_of_two_documents_is_shown() -> None:
    lines = "".join(f"<b>{n}</b>\n" for n in range(30))
    one, other = parse(f"<a>{lines}</a>"), parse(f"<a>{lines.replace('20', 'XX')}</a>")
    report = difference(one, other, before=2, after=1)
    assert report == "\n".join(
        ["line 22", "  <b>18</b>", "  <b>19</b>", "- <b>20</b>", "- <b>21</b>", "+ <b>XX</b>", "+ <b>21</b>"]
    )
    assert difference(one, one) is None
    assert "+ (the end)" in (difference(parse("<a>\n</a>"), parse("<a/>")) or "").replace("+ <a/>", "+ (the end)")
