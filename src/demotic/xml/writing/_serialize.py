"""From the tree to bytes: the same tree always gives the same bytes.

Characters that would not survive reading are written as references, and those that XML 1.0 cannot hold are refused.

Specifications: XML 1.0 (fifth edition), Namespaces in XML 1.0 (third edition).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Any, Final

from demotic.errors import InvalidInput
from demotic.xml._errors import XmlBindingFault
from demotic.xml.reading._faults import path_of
from demotic.xml.tree._nodes import Branch, CData, Comment, Element, EntityReference, Node, ProcessingInstruction
from demotic.xml.writing._escape import IN_ATTRIBUTE, IN_TEXT, attribute_text, cdata, checked, text
from demotic.xml.writing._scope import PLAIN_ATTRIBUTES, Scope, ncname

__all__ = ["codec_name", "encoded", "leaf", "pieces", "prepared", "serialize"]

_BATCH: Final = 4096
_MARKUP: Final = re.compile(
    r'<!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>|<(?:[^>"]|"[^"]*")*+>', re.DOTALL
)
_VALUE: Final = re.compile('"[^"]*"')


def serialize(root: Any, *, declaration: bool = True, encoding: str = "utf-8") -> bytes:
    """Return a document, element or object as bytes, in UTF-8 unless told otherwise, with an XML declaration unless
    told otherwise.

    Characters that the encoding lacks are written as references. Raises `InvalidInput` for names that are none,
    characters that XML cannot hold, and comments, processing instructions or namespaces that cannot be written (also
    where a character is lacking and no reference can stand), and `XmlBindingFault` for an object that would not read
    back: a required field is not set, a child is of a class that its field does not take.
    """
    if not isinstance(root, Branch):
        data: bytes = root.serialize(declaration=declaration, encoding=encoding)
        return data
    head = f'<?xml version="1.0" encoding="{codec_name(encoding)}"?>\n' if declaration else ""
    return encoded("".join((head, *pieces(root))), encoding)


def encoded(written: str, encoding: str) -> bytes:
    """Return what was written as bytes, with references for the characters that the encoding lacks.

    Raises `InvalidInput` where there can be none: in names, comments, processing instructions and CDATA sections.
    """
    try:
        return written.encode(encoding)
    except UnicodeEncodeError:
        for markup in _MARKUP.finditer(written):
            plain = markup[0] if markup[0][1] in "!?" else _VALUE.sub("", markup[0])
            if lacking := [char for char in plain if not char.isascii() and not char.encode(encoding, "ignore")]:
                raise InvalidInput(
                    f"{encoding} cannot write {lacking[0]!r} in {plain[:60]!r}, where no reference can stand",
                    hint="utf-8 can write everything",
                ) from None
    return written.encode(encoding, "xmlcharrefreplace")


def codec_name(encoding: str) -> str:
    """Return the name of an encoding as documents write it. Raises `InvalidInput` for one that Python lacks."""
    try:
        codecs.lookup(encoding)
    except LookupError:
        raise InvalidInput(f"{encoding!r} is no encoding", hint="utf-8 and us-ascii can write everything") from None
    return encoding.upper()


def pieces(root: Branch) -> Iterator[str]:
    """Yield the text of an element piece by piece, a few thousand tags and texts at a time."""
    out: list[str] = []
    write = out.append
    scope = Scope.outermost()
    stack: list[tuple[Iterator[Any], str, Scope]] = [(iter((root,)), "", scope)]
    while stack:
        nodes, end_tag, scope = stack[-1]
        for node in nodes:
            if type(node) is str:
                write(text(node) if IN_TEXT(node) else node)
                continue
            if not isinstance(node, Branch):
                write(leaf(node))
                continue
            inner, tag, start = _start(node, scope)
            content = node._children if type(node) is Element or "_changed" not in node.__dict__ else prepared(node)
            if not content:
                write(f"<{start}/>")
            elif len(content) == 1 and type(content[0]) is str:
                only = content[0]
                write(f"<{start}>{text(only) if IN_TEXT(only) else only}</{tag}>")
            else:
                write(f"<{start}>")
                stack.append((iter(content), f"</{tag}>", inner))
                break
        else:
            write(end_tag)
            stack.pop()
            if len(out) > _BATCH:
                yield "".join(out)
                out.clear()
    yield "".join(out)


def _start(node: Any, outer: Scope) -> tuple[Scope, str, str]:
    """Return the scope inside an element, its name as it is written, and its start tag without the brackets."""
    if node.namespaces is outer.source:
        found = outer.tags.get(node._name)
        tag = found[1] if found is not None and found[0] == node._prefix else outer.tag(node, declare=False)
        if tag:
            if not node._attributes:
                return outer, tag, tag
            attributes = _attributes(node, outer, False)
            if attributes is not None:
                return outer, tag, tag + attributes
        inner = outer.private(node)
    else:
        inner = outer.enter(node)
        if inner is outer:
            inner = outer.private(node)
    tag = inner.tag(node, declare=True)
    attributes = _attributes(node, inner, True) or ""
    return inner, tag, f"{tag}{inner.declarations(outer)}{attributes}"


def prepared(bound: Any) -> list[Any]:
    """Return the nodes inside an object, checked, and with its text where it was changed."""
    binding = bound._binding
    for attr in binding.required:
        if bound.__dict__.get(attr) is None and not _is_nil(bound, attr):
            raise XmlBindingFault(f"{attr} is required and not set", path=path_of(bound), line=bound.line)
    nodes: list[Any] = bound._content()
    if binding.text is not None:
        return [_changed_text(bound, node) if _is_mark(node) else node for node in nodes]
    return nodes


def _is_nil(bound: Any, attr: str) -> bool:
    field = bound._binding.text
    return field is not None and field.attr == attr and field.type.nillable and attr in bound.__dict__


def _is_mark(node: Any) -> bool:
    return node == "" if type(node) is str else type(node) is CData and not node.text


def _changed_text(bound: Any, mark: Any) -> str | CData:
    field = bound._binding.text
    value = bound.__dict__.get(field.attr)
    formatted: str = "" if value is None else field.type.format(value)
    return CData(formatted) if isinstance(mark, CData) else formatted


def _attributes(node: Any, scope: Scope, declare: bool) -> str | None:
    """Return the attributes as they are written, or none if a prefix must be declared first and may not."""
    known, plain = scope.attributes, PLAIN_ATTRIBUTES.get
    written = ""
    for key, value in node._attributes.items():
        if value is None:
            value = node._formatted(key)
        if IN_ATTRIBUTE(value):
            value = attribute_text(value)
        lead = plain(key) or known.get(key) or scope.attribute(key, declare=declare)
        if not lead:
            return None
        written += f'{lead}{value}"'
    return written


def leaf(node: Node) -> str:
    """Return a node that is no element."""
    match node:
        case str():
            return text(node)
        case CData():
            return cdata(node.text) or "<![CDATA[]]>"
        case Comment():
            if "--" in node.text or node.text.endswith("-"):
                raise InvalidInput(f"a comment cannot hold '--' or end in '-': {node.text!r}")
            return f"<!--{checked(node.text)}-->"
        case ProcessingInstruction():
            if "?>" in node.data or node.target.lower() == "xml":
                raise InvalidInput(f"a processing instruction cannot hold '?>' or be called 'xml': {node.target!r}")
            return f"<?{ncname(node.target)}{' ' if node.data else ''}{checked(node.data)}?>"
        case EntityReference():
            return f"&{ncname(node.name)};"
    raise InvalidInput(f"{type(node).__name__} is no node of a document")
