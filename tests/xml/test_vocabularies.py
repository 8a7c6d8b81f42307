"""One vocabulary under several namespaces, as standards whose versions change theirs have it."""

from __future__ import annotations

import pytest

from demotic.xml import (
    XSI,
    Bound,
    Document,
    DocumentTypes,
    QName,
    XmlBindingFault,
    attribute,
    child,
    children,
    iterate,
    move_namespaces,
    name_of,
    parse,
    read,
    serialize,
    text,
)

V1, V2, OTHER = "urn:shelf:1", "urn:shelf:2", "urn:shelf:other"


class Title(Bound, name=QName(V1, "title"), namespaces=(V2,)):
    value = text()


class Book(Bound, name=QName(V1, "book"), namespaces=(V2,)):
    id = attribute("id", id=True)
    title = child(Title)


class Shelf(Bound, name=QName(V1, "shelf"), namespaces=(V2,)):
    books = children(Book)


def document(namespace: str) -> str:
    return f'<s:shelf xmlns:s="{namespace}"><s:book id="b1"><s:title>One</s:title></s:book></s:shelf>'


def written(value: Bound) -> str:
    return serialize(value, declaration=False).decode()


@pytest.mark.feature("F-XML-24")
@pytest.mark.parametrize("namespace", [V1, V2])
def test_every_version_is_read_as_the_same_class_and_written_as_it_stood(namespace: str) -> None:
    shelf = read(document(namespace), Shelf)
    assert [(book.id, book.title.value if book.title else None) for book in shelf.books] == [("b1", "One")]
    assert written(shelf) == document(namespace)


@pytest.mark.parametrize("namespace", [V1, V2])
def test_what_a_program_adds_is_of_the_version_around_it(namespace: str) -> None:
    shelf = read(document(namespace), Shelf)
    shelf.books.append(Book(id="b2", title=Title(value="Two")))
    assert written(shelf) == document(namespace).replace("</s:shelf>", "") + (
        '<s:book id="b2"><s:title>Two</s:title></s:book></s:shelf>'
    )


def test_alone_an_object_is_of_the_first_version() -> None:
    assert name_of(Book(id="b")) == QName(V1, "book")


def test_another_namespace_is_told_with_the_one_wanted() -> None:
    with pytest.raises(XmlBindingFault, match=r"expected the element \{urn:shelf:1\}shelf"):
        read(document(OTHER), Shelf)
    with pytest.raises(XmlBindingFault, match="unknown element, expected one of book"):
        read(f'<shelf xmlns="{V2}"><boook/></shelf>', Shelf)


def test_a_stream_and_a_table_of_documents_know_all_versions() -> None:
    assert [book.id for book in iterate([document(V2).encode()], Book)] == ["b1"]
    for namespace in (V1, V2):
        assert type(Document.parse(document(namespace), DocumentTypes(Shelf)).root) is Shelf


def test_no_class_may_take_the_name_of_another_in_any_version() -> None:
    class Twin(Bound, name=QName(V2, "book")):
        pass

    class Both(Bound, name=QName(V1, "both")):
        one = child(Book)
        other = child(Twin)

    with pytest.raises(TypeError, match=r"declares the child \{urn:shelf:2\}book twice"):
        read(f'<both xmlns="{V1}"><book/></both>', Both)


def test_a_name_may_differ_in_another_version() -> None:
    class Life(Bound, name=QName(V1, "lifeCycle"), namespaces={V2: "lifecycle", OTHER: ""}):
        pass

    class Whole(Bound, name=QName(V1, "whole"), namespaces=(V2, OTHER)):
        life = child(Life)

    for namespace, local in ((V1, "lifeCycle"), (V2, "lifecycle"), (OTHER, "lifeCycle")):
        text = f'<whole xmlns="{namespace}"><{local}/></whole>'
        whole = read(text, Whole)
        assert isinstance(whole.life, Life)
        whole.life = Life()
        assert written(whole) == text


@pytest.mark.feature("F-XML-25")
def test_a_document_moves_to_another_version() -> None:
    text = f'''<s:shelf xmlns:s="{V1}" xmlns:x="{XSI}" x:noNamespaceSchemaLocation="a"><s:book id="b1"/>
  <o xmlns="{OTHER}" s:a="1"><s:p/></o></s:shelf>'''
    shelf = read(text, Shelf)
    shelf.books.append(Book(id="b2"))
    move_namespaces(shelf, {V1: V2})
    assert written(shelf) == text.replace(V1, V2).replace('"b1"/>', '"b1"/><s:book id="b2"/>')
    assert [name_of(book) for book in shelf.books] == [QName(V2, "book")] * 2
    element = parse(text)
    move_namespaces(element, {V1: V2})
    assert serialize(element, declaration=False).decode() == text.replace(V1, V2)
