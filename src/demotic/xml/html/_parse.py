"""HTML in, XHTML tree out: any text becomes a tree, by the rules that browsers follow.

A text that begins with an XML declaration is XML and read as such, strictly; anything else goes through the HTML
Standard's parsing algorithm (section 13.2), which supplies omitted tags and has an answer to every error. Each error is
a `Repair` with its place. Scripting is off, so the content of `noscript` is read as markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from demotic.errors import DemoticError, InvalidInput, LimitExceeded, Unsupported
from demotic.syntax.unicode import guess_encoding
from demotic.xml import Element, QName, parse
from demotic.xml.html._document import HtmlDocument, HtmlLimits, HtmlUnreadable, Repair
from demotic.xml.html._elements import element_type
from demotic.xml.html._names import XHTML, Doctype

if TYPE_CHECKING:
    from demotic.xml.html._builder import Node, Parser
    from demotic.xml.html._convert import Converter

__all__ = ["parse_fragment", "parse_html"]

DEFAULT_LIMITS: Final = HtmlLimits()

_XML_DECLARATION: Final = re.compile(r"\ufeff?<\?xml[ \t\r\n]")
_QUIRKS: Final = {"no quirks": "no", "limited quirks": "limited", "quirks": "full"}


def parse_html(
    data: bytes | str, *, encoding: str | None = None, bare_div: bool = True, limits: HtmlLimits = DEFAULT_LIMITS
) -> HtmlDocument:
    """Read a document; the root is always an `html` element, whatever the text.

    Bytes are decoded by byte order mark, then `encoding` (what the transport says), then the document's own `meta`
    element, then as windows-1252; text is taken as it is. A text without a `body` tag that has inline content outside
    of any block gets one `div` around all of it, which HTML 4.01 Strict asks for and HTML 5 does not; `bare_div=False`
    leaves it as it is.

    Raises `XmlSyntaxFault` for broken XML after an XML declaration, `LimitExceeded` beyond `limits`, and `Unsupported`
    if html5lib is not installed.
    """
    if _begins_as_xml(data):
        return HtmlDocument(root=parse(data), is_xml=True)
    parser = _run(data, encoding, limits, None)
    document: Node = parser.tree.document
    converter = _converter(limits)
    before, top, after = _parts(document.childNodes)
    root = converter.convert(top)
    if bare_div:
        _wrap_bare_content(root, top)
    return HtmlDocument(
        root=root,
        doctype=_doctype(document),
        encoding=parser.documentEncoding or "utf-8",
        quirks=_QUIRKS[parser.compatMode],
        before=tuple(map(converter.comment, before)),
        after=tuple(map(converter.comment, after)),
        repairs=_sorted(parser.repairs, converter.repairs),
    )


def parse_fragment(
    data: bytes | str, *, context: str = "div", encoding: str | None = None, limits: HtmlLimits = DEFAULT_LIMITS
) -> HtmlDocument:
    """Read a piece of HTML as the content of an element called `context`, which is the root of what comes back.

    The context decides: a bare `<td>` is a cell in a `tr` and nothing in a `div`. Raises as `parse_html` does.
    """
    if not context.isascii() or not context.isalnum():
        raise InvalidInput(f"{context!r} is no HTML element that a fragment could be read into")
    parser = _run(data, encoding, limits, context.lower())
    converter = _converter(limits)
    top = parser.tree.getFragment()
    top.name, top.namespace, top.place = context.lower(), XHTML, (1, 1)
    return HtmlDocument(
        root=converter.convert(top),
        encoding=parser.documentEncoding or "utf-8",
        repairs=_sorted(parser.repairs, converter.repairs),
    )


def _begins_as_xml(data: bytes | str) -> bool:
    # Ten characters, of four bytes at most, after a mark; half a character at the end is nobody's concern here.
    start = data[:10] if isinstance(data, str) else data[:48].decode(guess_encoding(data[:4]), "replace")
    return _XML_DECLARATION.match(start) is not None


def _run(data: bytes | str, encoding: str | None, limits: HtmlLimits, context: str | None) -> Parser:
    if len(data) > limits.size:
        raise LimitExceeded(f"HTML of {len(data)} bytes or characters, at most {limits.size} are read")
    parser = _parser(limits)
    options: dict[str, Any] = {}
    if isinstance(data, bytes):
        options = {"transport_encoding": encoding, "useChardet": False}
    try:
        parser._parse(data, context is not None, context or "", **options)
    except DemoticError:
        raise
    except Exception as fault:
        line, column = parser.tokenizer.stream.position()
        raise HtmlUnreadable(f"the HTML parser gave up near line {line}, column {column}: {fault!r}") from fault
    return parser


def _parser(limits: HtmlLimits) -> Parser:
    try:
        from demotic.xml.html._builder import Parser
    except ModuleNotFoundError as missing:
        raise Unsupported(
            f"reading HTML needs the package {missing.name}", hint="install it with: pip install 'demotic[html]'"
        ) from missing
    return Parser(limits)


def _converter(limits: HtmlLimits) -> Converter:
    from demotic.xml.html._convert import Converter

    return Converter(limits)


def _parts(nodes: list[Any]) -> tuple[list[Any], Node, list[Any]]:
    at = next(index for index, node in enumerate(nodes) if hasattr(node, "childNodes"))
    return [n for n in nodes[:at] if hasattr(n, "text")], nodes[at], [n for n in nodes[at + 1 :] if hasattr(n, "text")]


def _doctype(document: Node) -> Doctype | None:
    for node in document.childNodes:
        if hasattr(node, "public"):
            return Doctype(node.name, node.public, node.system)
    return None


def _wrap_bare_content(root: Element, top: Node) -> None:
    implied = any(getattr(node, "name", "") == "body" and node.implied for node in top.childNodes)
    body = next(root.elements(QName(XHTML, "body")), None)
    if body is None or not implied or not any(map(_is_bare, body.children)):
        return
    place = next(((n.line, n.column) for n in body.children if isinstance(n, Element)), (body.line, body.column))
    div = Element(QName(XHTML, "div"), None, body.children, namespaces=body.namespaces, line=place[0], column=place[1])
    body.children = [div]


def _is_bare(node: object) -> bool:
    if isinstance(node, Element):
        found = element_type(node.name)
        return found is None or found.kind == "inline"
    return isinstance(node, str) and bool(node.strip(" \t\r\n\f"))


def _sorted(*repairs: Iterable[Repair]) -> tuple[Repair, ...]:
    return tuple(sorted((one for some in repairs for one in some), key=lambda repair: (repair.line, repair.column)))
