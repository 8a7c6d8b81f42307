"""What an element inherits from those around it: base address, language, the meaning of space; and who they are.

Specifications: XML Base (second edition); XML 1.0 (fifth edition), sections 2.10 and 2.12.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, TypeVar

from demotic.xml._names import XML, QName
from demotic.xml.tree._nodes import Branch

if TYPE_CHECKING:
    from demotic.syntax.uri import URI

__all__ = ["ancestors", "base_of", "document_of", "inherited", "lang_of", "parent_of", "preserves_space", "relative"]
__all__ += ["resolve", "scope_of"]

K = TypeVar("K")

BASE: Final = QName(XML, "base")
LANG: Final = QName(XML, "lang")
SPACE: Final = QName(XML, "space")

# XML Base, section 3.1: these may stand in an attribute, and become URI characters before anything else is done.
_UNSAFE: Final = re.compile(r"[^!#-;=?-\[\]_a-z~]+")


def parent_of(node: Branch) -> Any:
    """Return the element or document that an element stands in, or none for one that stands alone."""
    return node._parent


def ancestors(node: Branch) -> Iterator[Branch]:
    """Iterate over the elements around this one, from the inside out."""
    above = node._parent
    while isinstance(above, Branch):
        yield above
        above = above._parent


def nearest(node: Branch, kind: type[K]) -> K | None:
    """Return the nearest element around this one that is of a class, if any."""
    return next((above for above in ancestors(node) if isinstance(above, kind)), None)


def document_of(node: Branch) -> Any:
    """Return the document that an element belongs to, if any."""
    top: Any = node
    while isinstance(top, Branch):
        top = top._parent
    return top


def inherited(node: Branch, name: QName) -> str | None:
    """Return the value of an attribute on this element or the nearest around it that has one."""
    for own in (node, *ancestors(node)):
        value = own._value_of(name)
        if value is not None:
            return value
    return None


def lang_of(node: Branch) -> str | None:
    """Return the language that is in force: the nearest `xml:lang`, else the document's default; empty means none."""
    found = inherited(node, LANG)
    return found if found is not None else getattr(document_of(node), "lang", None)


def preserves_space(node: Branch) -> bool:
    """Tell whether `xml:space="preserve"` is in force."""
    return inherited(node, SPACE) == "preserve"


def base_of(node: Branch) -> URI | None:
    """Return the address that references in this element are relative to: every `xml:base` from the document inwards.

    It may itself be relative, or none. A value that is no reference at all is passed over.
    """
    from demotic.syntax.uri import InvalidURI

    base: URI | None = getattr(document_of(node), "base", None)
    for own in reversed((node, *ancestors(node))):
        value = own._value_of(BASE)
        if value is not None:
            try:
                step = _reference(value)
            except InvalidURI:
                continue
            base = step if base is None else base.resolve(step)
    return base


def resolve(node: Branch, reference: str) -> URI:
    """Return a reference in this element as an address, which stays relative where no base is known.

    Raises `InvalidURI` for a text that is no reference.
    """
    step = _reference(reference)
    base = base_of(node)
    return step if base is None else base.resolve(step)


def relative(node: Branch, address: str | URI) -> URI:
    """Return the reference that leads from this element to an address: the inverse of `resolve`.

    Where there is no absolute base, it is the address itself. Raises `InvalidURI` for a text that is no address.
    """
    target = _reference(address) if isinstance(address, str) else address
    base = base_of(node)
    return target if base is None or not base.is_absolute else base.relative(target)


def scope_of(node: Branch) -> dict[str, str]:
    """Return the prefixes in scope, those of the elements around this one included."""
    scope: dict[str, str] = {"xml": XML}
    for own in reversed((node, *ancestors(node))):
        scope.update(own.namespaces)
    return scope


def _reference(text: str) -> URI:
    # Addresses are rarely asked for, and what reads them takes a while to load.
    from demotic.syntax.uri import parse_uri, percent_encode

    return parse_uri(_UNSAFE.sub(lambda found: percent_encode(found.group()), text.strip(" \t\r\n")))
