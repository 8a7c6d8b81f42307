"""Elements as objects: typed attributes, mixed content, and everything else kept as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from demotic.syntax.uri import URI
from demotic.xml import Bound, Element, QName, XmlBindingFault, mixed, parse, read, serialize, write
from demotic.xml.html import (
    ELEMENTS,
    SVG,
    XHTML,
    Color,
    Coords,
    HtmlValueFault,
    Length,
    MultiLength,
    MultiLengths,
    parse_fragment,
    parse_html,
    parse_link,
    serialize_html,
)
from demotic.xml.html.elements import CLASSES, A, Area, Block, Flow, HtmlElement, Img, Inline, element_class, typed


def first(text: str, context: str = "div") -> Any:
    """Return the object of the first element of a text."""
    return typed(parse_fragment(text, context=context).root).content[0]


@pytest.mark.spec("HTML-002", "HTML-006")
@pytest.mark.feature("F-HTML-26")
def test_every_element_has_a_class_that_tells_where_it_may_stand() -> None:
    assert CLASSES.keys() == ELEMENTS.keys()
    kinds = {"block": (True, False), "inline": (False, True), "flow": (True, True), "part": (False, False)}
    for name, cls in CLASSES.items():
        made = cls()
        assert (isinstance(made, Block), isinstance(made, Inline)) == kinds[ELEMENTS[name].kind], name
        assert write(made) == Element(QName(XHTML, name))
        assert type(typed(Element(QName(XHTML, name)))) is cls
    assert issubclass(CLASSES["ins"], Flow)
    assert element_class("a") is A


VALUES: list[tuple[str, str, Any]] = [
    ("<img width='50%'>", "width", Length(50, percent=True)),
    ("<img height=' 5 '>", "height", Length(5)),
    ("<img src=' caf\u00e9 '>", "src", parse_link("caf%C3%A9")),
    ("<img ismap>", "ismap", True),
    ("<img>", "ismap", False),
    ("<a rel='next nofollow'>", "rel", ("next", "nofollow")),
    ("<a coords='1,2%,3'>", "coords", Coords.parse("1,2%,3")),
    ("<ol start=-3>", "start", -3),
    ("<font color=Orange>", "color", Color(255, 165, 0)),
    ("<table width=7>", "width", Length(7)),
    ("<hr width='7%'>", "width", Length(7, percent=True)),
    ("<blockquote cite=x>", "cite", parse_link("x")),
    ("<video loop>", "loop", True),
    ("<input checked=no>", "checked", True),
    ("<input maxlength=9>", "maxlength", 9),
    ("<p class='a  b' id=c dir=rtl>", "classes", ("a", "b")),
    ("<p dir=RTL>", "dir", None),
]


@pytest.mark.spec("HTML-002", "HTML-009", "HTML-012", "HTML-016")
@pytest.mark.feature("F-HTML-26")
@pytest.mark.parametrize(("text", "attr", "value"), VALUES)
def test_attributes_are_values(text: str, attr: str, value: object) -> None:
    assert getattr(first(text), attr) == value


def test_columns_frames_and_cells_have_theirs() -> None:
    assert first("<col width='3*' span=2>", "colgroup").width == MultiLength(3, "*")
    assert first("<td colspan=2 headers='a b'>", "tr").colspan == 2
    assert first("<th scope=row>", "tr").scope == "row"
    frames = typed(parse_html("<frameset cols='1*,20%'><frame src=a>").root).content[1]
    assert frames.cols == MultiLengths.parse("1*,20%")
    assert isinstance(frames.content[0].src, URI)


@pytest.mark.spec("HTML-013", "HTML-014", "HTML-015")
@pytest.mark.feature("F-HTML-26")
def test_an_area_of_a_map_is_hit() -> None:
    areas = first("<map><area shape=circle coords='5,5,50%'><area coords='0,0,9,9'><area>").content
    circle, rectangle, anywhere = (area.area for area in areas)
    assert circle.contains(5, 10, width=10, height=20)
    assert not circle.contains(5, 10.1, width=10, height=20)
    assert (rectangle.contains(9, 9), rectangle.contains(10, 9), anywhere.contains(99, 99)) == (True, False, True)
    with pytest.raises(HtmlValueFault, match="the shape 'poly' has 2 coordinates"):
        _ = Area(shape="poly", coords=Coords([1, 2])).area


@pytest.mark.spec("HTML-002")
@pytest.mark.feature("F-HTML-27")
def test_what_is_not_known_or_wrong_is_kept_and_told() -> None:
    text = (
        '<div><p onclick="x" id="a">b<!--c--><img width="5px" src="d e" alt="f"><x-y data-z="1">g</x-y>'
        '<svg viewBox="0 0 1 1"></svg></p></div>'
    )
    faults: list[XmlBindingFault] = []
    div = typed(parse_fragment(text).root, report=faults.append)
    assert serialize_html(write(div)) == f"<div>{text}</div>"
    image = div.content[0].content[0].content[2]
    assert (image.width, image.src, image.alt) == (None, None, "f")
    assert {(fault.target, fault.column) for fault in faults} >= {
        ("/div/div/p/@onclick", 6),
        ("/div/div/p/img/@width", 37),
        ("/div/div/p/img/@src", 37),
    }
    image.width = Length(5)
    assert serialize_html(write(div)) == f"<div>{text.replace('5px', '5')}</div>"


@pytest.mark.feature("F-HTML-26")
def test_objects_are_made_changed_and_written() -> None:
    image = Img(src=parse_link("a.png"), width=Length(50, percent=True), ismap=True)
    paragraph = CLASSES["p"](classes=("x", "y"), content=["see ", image])
    assert serialize_html(write(paragraph)) == '<p class="x y">see <img width="50%" src="a.png" ismap=""></p>'
    image.ismap = None  # type: ignore[assignment]
    image.height = Length(3)
    assert serialize_html(Element(QName(XHTML, "div"), None, [paragraph])) == (
        '<div><p class="x y">see <img width="50%" src="a.png" height="3"></p></div>'
    )
    image.ismap = False
    with pytest.raises(HtmlValueFault, match="a switch that is off is left out"):
        write(image)
    with pytest.raises(TypeError, match="Img has no field wdith"):
        Img(wdith=Length(1))


def test_what_is_not_html_has_no_class() -> None:
    for element in (Element(QName(SVG, "a")), Element(QName(XHTML, "nosuch")), Element(QName("", "p"))):
        with pytest.raises(HtmlValueFault, match="is no element of HTML"):
            typed(element)
    with pytest.raises(HtmlValueFault, match="HTML has no element 'P'"):
        element_class("P")


QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"


class Gap(Bound, name=QName(QTI, "gap")):
    pass


class Paragraph(CLASSES["p"], name=QName(QTI, "p")):  # type: ignore[misc]
    content = mixed(Gap, CLASSES["b"])


class Body(Bound, name=QName(QTI, "itemBody")):
    content = mixed(Paragraph, *CLASSES.values())


@pytest.mark.spec("HTML-002")
@pytest.mark.feature("F-HTML-26")
def test_other_vocabularies_take_the_classes_for_their_own() -> None:
    text = f'<itemBody xmlns="{QTI}"><p class="a">b<gap/></p><ul xmlns="{XHTML}"><li value="3">c</li></ul></itemBody>'
    body = read(parse(text), Body)
    paragraph, ul = body.content
    assert isinstance(paragraph, Paragraph)
    assert isinstance(paragraph.content[1], Gap)
    assert paragraph.classes == ("a",)
    assert ul.content[0].value == 3
    assert serialize(write(body), declaration=False).decode() == text


@pytest.mark.feature("F-HTML-27")
def test_the_pages_of_the_test_material_come_back(shared_data: Path) -> None:
    files = [file for file in sorted(shared_data.rglob("*")) if file.suffix in (".html", ".htm")]
    assert len(files) > 10
    for file in files:
        root = parse_html(file.read_bytes()).root
        page = typed(root)
        assert isinstance(page, HtmlElement)
        assert write(page) == root, file
