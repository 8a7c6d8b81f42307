"""The tree as HTML text, or as XHTML text that HTML parsers read alike.

HTML text has no empty-element tags, elements whose text is not escaped, and no declarations of namespaces; what it
could not say so that it is read back (an end tag within a script, an element of a foreign vocabulary) is refused.

Specification: HTML Standard, section 13.3 (serializing HTML fragments); XHTML 1.0, appendix C, for XHTML text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from demotic.errors import InvalidInput
from demotic.xml import XML, CData, Comment, Element, EntityReference, Node, ProcessingInstruction, QName, serialize
from demotic.xml.html._elements import RAW_TEXT, VOID
from demotic.xml.html._names import HTML5, MATHML, SVG, XHTML, XLINK, Doctype
from demotic.xml.html._nodes import as_tree

__all__ = ["serialize_content", "serialize_html", "serialize_xhtml"]

_IN_TEXT: Final = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", 0xA0: "&nbsp;", ord("\r"): "&#13;"}
_IN_ATTRIBUTE: Final = {**_IN_TEXT, ord('"'): "&quot;", ord("\n"): "&#10;"}
_FORBIDDEN: Final = re.compile("[\0\ud800-\udfff]")
_TAG_NAME: Final = re.compile(r"[A-Za-z][^\0\t\n\f\r />A-Z]*")
_FOREIGN_TAG_NAME: Final = re.compile(r"[A-Za-z][^\0\t\n\f\r />]*")
_ATTRIBUTE_NAME: Final = re.compile(r"[^\0\t\n\f\r />=]+")
_REPLACED: Final = re.compile("U([0-9A-F]{6})")
_PREFIXES: Final = {"": "", XML: "xml:", XLINK: "xlink:"}
# Their parsers drop a line feed that comes first (HTML Standard, section 13.2.6.4.7).
_ESCAPABLE_TEXT: Final = frozenset({"title", "textarea"})
_LOSE_A_NEWLINE: Final = frozenset({"pre", "textarea", "listing"})


def serialize_html(root: Element, *, doctype: Doctype | None = HTML5) -> str:
    """Return the element as HTML text; before an `html` element comes `doctype`, unless that is `None`.

    Raises `InvalidInput` for what HTML text has no form for.
    """
    start = f"{doctype}\n" if doctype is not None and root.name == QName(XHTML, "html") else ""
    return start + _written([root])


def serialize_content(root: Element) -> str:
    """Return what is in the element as HTML text, without its own tags: the inverse of `parse_fragment`."""
    return _written(root.children, raw=root.name.namespace == XHTML and root.name.local in RAW_TEXT)


def serialize_xhtml(root: Element, *, doctype: Doctype | None = None) -> str:
    """Return the element as XHTML text without XML declaration, so written that an HTML parser reads the same.

    Elements without content have both tags, unless HTML knows no end tag for them. Raises `InvalidInput` as
    `demotic.xml.serialize` does.
    """
    start = f"{doctype}\n" if doctype is not None else ""
    return start + serialize(_with_both_tags(root), declaration=False).decode("utf-8")


def _with_both_tags(root: Element) -> Element:
    """Return a copy in which an empty text stands where an empty-element tag must not."""
    result = _copied(root)
    stack = [(root, result)]
    while stack:
        source, target = stack.pop()
        for node in map(as_tree, source.children):
            twin = _copied(node) if isinstance(node, Element) else node
            target.children.append(twin)
            if isinstance(node, Element) and isinstance(twin, Element):
                stack.append((node, twin))
        if not target.children and target.name.namespace == XHTML and target.name.local not in VOID:
            target.children.append("")
    return result


def _copied(element: Element) -> Element:
    return Element(element.name, element.attributes, prefix=element.prefix, namespaces=element.namespaces)


def _written(nodes: Sequence[Node], *, raw: bool = False) -> str:
    out: list[str] = []
    stack: list[tuple[Iterator[Node], str, Callable[[str], str]]] = [(iter(nodes), "", _raw if raw else _escaped)]
    while stack:
        pending, end_tag, text = stack[-1]
        for node in map(as_tree, pending):
            if not isinstance(node, Element):
                out.append(_leaf(node, text))
                continue
            if text is not _escaped:
                raise InvalidInput(f"the element {node.name} stands where HTML has text only", target=str(node.name))
            tag, inner = _start(node, out)
            if tag:
                stack.append((iter(node.children), f"</{tag}>", inner))
                break
        else:
            out.append(end_tag)
            stack.pop()
    return "".join(out)


def _start(element: Element, out: list[str]) -> tuple[str, Callable[[str], str]]:
    """Write the start tag; return the name for the end tag, empty if there is none, and how text inside is written."""
    html = element.name.namespace == XHTML
    tag = _tag(element)
    out.append(f"<{tag}{''.join(_attribute(name, value) for name, value in element.attributes.items())}>")
    if html and tag in VOID:
        if element.children:
            raise InvalidInput(f"the element {tag} has content, which HTML has no form for", target=tag)
        return "", _escaped
    if html and tag in _LOSE_A_NEWLINE and element.children and _leading_newline(element.children[0]):
        out.append("\n")
    if html and tag in _ESCAPABLE_TEXT:
        return tag, _escapable
    return tag, _raw_writer(tag) if html and tag in RAW_TEXT else _escaped


def _leading_newline(node: Node) -> bool:
    return (isinstance(node, str) and node.startswith("\n")) or (isinstance(node, CData) and node.text.startswith("\n"))


def _tag(element: Element) -> str:
    namespace, local = element.name
    if namespace not in (XHTML, SVG, MATHML):
        raise InvalidInput(
            f"HTML text has no namespaces but its own, SVG's and MathML's: {element.name}",
            target=str(element.name),
            hint="write XHTML text instead",
        )
    tag = _restored(local)
    if not (_TAG_NAME if namespace == XHTML else _FOREIGN_TAG_NAME).fullmatch(tag) or tag == "plaintext":
        raise InvalidInput(f"{tag!r} cannot be the name of an element in HTML text", target=tag)
    return tag


def _attribute(name: QName, value: str) -> str:
    prefix = _PREFIXES.get(name.namespace)
    local = _restored(name.local)
    if prefix is None or not _ATTRIBUTE_NAME.fullmatch(local):
        raise InvalidInput(f"{name} cannot be the name of an attribute in HTML text", target=str(name))
    return f' {prefix}{local}="{_checked(value).translate(_IN_ATTRIBUTE)}"'


def _restored(name: str) -> str:
    if "U" not in name:
        return name
    return _REPLACED.sub(lambda found: chr(int(found[1], 16)) if int(found[1], 16) < 0x110000 else found[0], name)


def _leaf(node: Node, text: Callable[[str], str]) -> str:
    if isinstance(node, str):
        return text(node)
    if isinstance(node, CData):
        return text(node.text)
    if isinstance(node, ProcessingInstruction):
        raise InvalidInput(f"HTML text has no processing instructions: {node.target!r}", target=node.target)
    if isinstance(node, EntityReference):
        raise InvalidInput(f"HTML has no entity {node.name!r}", target=node.name)
    if not isinstance(node, Comment):
        raise InvalidInput(f"HTML text has no form for {node!r}")
    if text is not _escaped:
        raise InvalidInput(f"a comment stands where HTML has text only: {node.text[:40]!r}")
    if re.match("-?>", node.text) or re.search("--!?>|<!--$|<!-$|--!$|-$", node.text) or "\0" in node.text:
        raise InvalidInput(f"a comment that HTML would end elsewhere: {node.text[:40]!r}")
    return f"<!--{_checked(node.text)}-->"


def _escaped(text: str) -> str:
    return _checked(text).translate(_IN_TEXT)


def _checked(text: str) -> str:
    found = _FORBIDDEN.search(text)
    if found:
        raise InvalidInput(f"U+{ord(found.group()):04X} cannot be written in HTML", target=text[:40])
    return text


def _raw(text: str) -> str:
    return _checked(text)


def _escapable(text: str) -> str:
    """Write text where references are read, but no tags (HTML Standard, section 13.1.2)."""
    return _escaped(text)


def _raw_writer(tag: str) -> Callable[[str], str]:
    """Return how text in a raw text element is written: as it is, if it cannot end or hide the element's end."""
    ends = re.compile(f"</{tag}(?![^\t\n\f\r />])", re.IGNORECASE)

    def write(text: str) -> str:
        hidden = tag == "script" and "<!--" in text and re.search("<script", text, re.IGNORECASE)
        if ends.search(text) or hidden or "\r" in text:
            raise InvalidInput(f"the text of the element {tag} would end it, or would not read back", target=tag)
        return _checked(text)

    return write
