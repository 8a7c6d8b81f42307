"""From the tree to bytes: the same tree always gives the same bytes.

Prefixes are those in scope where the element was read, or given in `Element.namespaces`; what is missing is declared
where it is first needed. Characters that would not survive reading are written as references, and those that XML 1.0
cannot hold are refused.

Specifications: XML 1.0 (fifth edition), Namespaces in XML 1.0 (third edition).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from typing import Final

from demotic.errors import InvalidInput
from demotic.xml._tree import XML, CData, Comment, Element, Node, ProcessingInstruction, QName, inner_scope

__all__ = ["serialize"]

_XMLNS: Final = "http://www.w3.org/2000/xmlns/"
_START: Final = (
    "A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NCNAME: Final = re.compile(f"[{_START}][{_START}0-9.\xb7\u0300-\u036f\u203f\u2040-]*")
_FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_IN_TEXT: Final = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord("\r"): "&#13;"}
# Reading turns these blanks of an attribute into spaces unless they come as references (XML 1.0, section 3.3.3).
_IN_ATTRIBUTE: Final = {**_IN_TEXT, ord('"'): "&quot;", ord("\t"): "&#9;", ord("\n"): "&#10;"}

_Scope = dict[str, str]


def serialize(root: Element, *, declaration: bool = True) -> bytes:
    """Return the document in UTF-8, with an XML declaration unless told otherwise.

    Raises `InvalidInput` for names that are none, characters that XML cannot hold, and comments, processing
    instructions or namespaces that cannot be written.
    """
    out = ['<?xml version="1.0" encoding="UTF-8"?>\n'] if declaration else []
    scope: _Scope = {"": "", "xml": XML}
    stack: list[tuple[Iterator[Node], str, _Scope]] = [(iter([root]), "", scope)]
    while stack:
        nodes, end_tag, scope = stack[-1]
        for node in nodes:
            if not isinstance(node, Element):
                out.append(_leaf(node))
                continue
            tag, start, inner = _start_tag(node, scope)
            if node.children:
                out.append(start + ">")
                stack.append((iter(node.children), f"</{tag}>", inner))
                break
            out.append(start + "/>")
        else:
            out.append(end_tag)
            stack.pop()
    return "".join(out).encode("utf-8")


def _leaf(node: str | CData | Comment | ProcessingInstruction) -> str:
    if isinstance(node, str):
        return _checked(node).translate(_IN_TEXT)
    if isinstance(node, CData):
        if "\r" in node.text:
            raise InvalidInput("a carriage return cannot be written in a CDATA section", hint="use plain text")
        return f"<![CDATA[{_checked(node.text).replace(']]>', ']]]]><![CDATA[>')}]]>"
    if isinstance(node, Comment):
        if "--" in node.text or node.text.endswith("-"):
            raise InvalidInput(f"a comment cannot hold '--' or end in '-': {node.text!r}")
        return f"<!--{_checked(node.text)}-->"
    if "?>" in node.data or node.target.lower() == "xml":
        raise InvalidInput(f"a processing instruction cannot hold '?>' or be called 'xml': {node.target!r}")
    return f"<?{_ncname(node.target)}{' ' if node.data else ''}{_checked(node.data)}?>"


def _start_tag(element: Element, outer: _Scope) -> tuple[str, str, _Scope]:
    """Return the tag's name, the start tag up to its closing bracket, and the scope inside."""
    declared = {p: uri for p, uri in element.namespaces.items() if outer.get(p) != uri and p != "xml"}
    scope = inner_scope(outer, declared)
    prefix = _element_prefix(element, scope, declared)
    tag = f"{prefix}:{_ncname(element.name.local)}" if prefix else _ncname(element.name.local)
    attributes = []
    for name, value in element.attributes.items():
        text = _checked(value).translate(_IN_ATTRIBUTE)
        attributes.append(f' {_attribute_name(name, scope, declared)}="{text}"')
    declarations = [_declaration(prefix, uri) for prefix, uri in declared.items() if outer.get(prefix) != uri]
    return tag, f"<{tag}{''.join(declarations)}{''.join(attributes)}", scope


def _element_prefix(element: Element, scope: _Scope, declared: _Scope) -> str:
    namespace = element.name.namespace
    hint = (element.prefix or "") if namespace else ""
    if scope.get(hint) == namespace:
        return hint
    if namespace:
        known = next((prefix for prefix, uri in scope.items() if uri == namespace), None)
        if known is not None:
            return known
        # A prefix that the element itself declares for something else may be in use by its content.
        if hint in element.namespaces:
            hint = _fresh(scope)
    scope[hint] = declared[hint] = namespace
    return hint


def _attribute_name(name: QName, scope: _Scope, declared: _Scope) -> str:
    local = _ncname(name.local)
    if not name.namespace:
        if local == "xmlns":
            raise InvalidInput("'xmlns' is no attribute", hint="namespaces are declared by Element.namespaces")
        return local
    prefix = next((p for p, uri in scope.items() if uri == name.namespace and p), None)
    if prefix is None:
        prefix = _fresh(scope)
        scope[prefix] = declared[prefix] = name.namespace
    return f"{prefix}:{local}"


def _fresh(scope: _Scope) -> str:
    return next(prefix for prefix in map("ns{}".format, count(1)) if prefix not in scope)


def _declaration(prefix: str, uri: str) -> str:
    # Namespaces 1.0 can only take back the default one (section 2.2), and keeps two names to itself (section 3).
    if (prefix and not uri) or prefix == "xmlns" or uri in (XML, _XMLNS):
        raise InvalidInput(f"prefix {prefix!r} cannot be declared for the namespace {uri!r}")
    name = f"xmlns:{_ncname(prefix)}" if prefix else "xmlns"
    return f' {name}="{_checked(uri).translate(_IN_ATTRIBUTE)}"'


def _ncname(name: str) -> str:
    if not _NCNAME.fullmatch(name):
        raise InvalidInput(f"{name!r} cannot be the name of an element, attribute or prefix")
    return name


def _checked(text: str) -> str:
    found = _FORBIDDEN.search(text)
    if found:
        raise InvalidInput(f"U+{ord(found.group()):04X} cannot be written in XML", target=text[:40])
    return text
