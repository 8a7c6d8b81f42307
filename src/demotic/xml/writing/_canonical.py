"""Canonical XML: the one form of a document that signatures and comparisons use. lxml does the work.

Specifications: Canonical XML 1.0 and 1.1, Exclusive XML Canonicalization 1.0, Canonical XML 2.0.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, Literal

from demotic.errors import InvalidInput
from demotic.xml._names import XML, QName, to_wire
from demotic.xml.reading._doctype import Doctype
from demotic.xml.tree._context import BASE, ancestors, base_of
from demotic.xml.tree._copy import twin
from demotic.xml.tree._nodes import Branch, Element, EntityReference
from demotic.xml.tree._search import find
from demotic.xml.writing._serialize import leaf, pieces, serialize

__all__ = ["canonicalize"]

Version = Literal["1.0", "1.1", "2.0", "exclusive"]

# What the first element of a part takes over from those around it (Canonical XML 1.0 and 1.1, section 2.4): all
# attributes of the xml namespace, later without xml:id, and with xml:base joined.
_INHERITED_11: Final = (QName(XML, "lang"), QName(XML, "space"))


def canonicalize(
    source: Any, version: Version = "1.0", *, comments: bool = False, prefixes: Iterable[str] = ()
) -> bytes:
    """Return the canonical form of a document, an element with all in it, or bytes.

    `prefixes` are those that the exclusive form keeps although no name uses them. Raises `InvalidInput` for an unknown
    version.
    """
    from lxml import etree

    if version not in ("1.0", "1.1", "2.0", "exclusive"):
        raise InvalidInput(f"there is no canonical form {version!r}", hint="1.0, 1.1, 2.0 or exclusive")
    data = _bytes(source, version)
    parser = etree.XMLParser(no_network=True, load_dtd=False, resolve_entities=False, huge_tree=True, collect_ids=False)
    tree = etree.fromstring(data, parser).getroottree()
    if version == "2.0":
        text: str = etree.canonicalize(tree, with_comments=comments)
        return text.encode()
    options: dict[str, Any] = {"exclusive": version == "exclusive", "with_comments": comments}
    if version == "exclusive" and prefixes:
        options["inclusive_ns_prefixes"] = list(prefixes)
    result: bytes = etree.tostring(tree, method="c14n", **options)
    return result


def _bytes(source: Any, version: str) -> bytes:
    if isinstance(source, Branch):
        return serialize(_apex(source, version))
    from demotic.xml.documents._document import Document

    document = Document.parse(source) if isinstance(source, bytes | str) else source
    lost = next((node for node in find(document, Branch, depth=2**31) if _has_reference(node)), None)
    if lost is not None:
        raise InvalidInput(
            f"an entity in {lost._name.local} at line {lost.line} is not known", hint="give a resolver when reading"
        )
    # Entities and defaults are in the tree; the document type itself is no part of the form.
    around = [
        (leaf(node) for node in nodes if not isinstance(node, Doctype)) for nodes in (document.before, document.after)
    ]
    return "\n".join((*around[0], "".join(pieces(document.root)), *around[1])).encode()


def _has_reference(node: Branch) -> bool:
    return any(isinstance(inner, EntityReference) for inner in node._content())


def _apex(source: Any, version: str) -> Any:
    """Return a part of a document with the attributes that its first element takes over."""
    if not isinstance(source, Branch) or not any(True for _ in ancestors(source)) or version in ("exclusive", "2.0"):
        return source
    part = twin(source)
    own = {name for name, _ in part._pairs()}
    for above in ancestors(source):
        for name, value in above._pairs():
            wanted = name in _INHERITED_11 if version == "1.1" else name.namespace == XML
            if wanted and name not in own:
                own.add(name)
                _set(part, name, value)
    base = base_of(source)
    if (
        version == "1.1"
        and base is not None
        and any(a._value_of(BASE) is not None for a in (source, *ancestors(source)))
    ):
        _set(part, BASE, str(base))
    return part


def _set(part: Branch, name: QName, value: str) -> None:
    if isinstance(part, Element):
        part.attributes[name] = value
    else:
        key = next((key for key in part._attributes if key.startswith(to_wire(name))), to_wire(name))
        part._attributes[key] = value
