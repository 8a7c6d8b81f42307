"""`convert_legacy`: a document of QTI 1.2, with the many mistakes of the field, as documents of 3.0.

Specification: QTI ASI XML binding 1.2 and 1.2.1; the migration guide of QTI 2.1.
"""

from __future__ import annotations

from typing import Any, Final

from demotic.learning.qti.converting._loss import Loss
from demotic.learning.qti.legacy._items import LegacyObject, convert_item
from demotic.learning.qti.legacy._source import XML_LANG, Source, attr, is_language, name_of
from demotic.learning.qti.legacy._structure import convert_assessment, convert_section
from demotic.learning.qti.reading import NotQti
from demotic.xml import Document, Element, Limits, read_leniently

__all__ = ["convert_legacy", "is_legacy", "read_legacy"]

_LIMITS: Final = Limits()
_ROOTS: Final = frozenset({"questestinterop", "assessment", "section", "item", "objectbank"})


def is_legacy(root: Element) -> bool:
    """Tell whether an element is the root of a document of 1.2."""
    return name_of(root) in _ROOTS


def read_legacy(data: bytes | str, *, base: str | None = None, limits: Limits = _LIMITS) -> Document[Element]:
    """Read a document of 1.2, even one that is no well-formed XML; its `repairs` say what was mended.

    No document type and no entity outside of the document is looked at. Raises `NotQti` for something else.
    """
    document: Document[Element] = read_leniently(data, base=base, limits=limits)
    if not is_legacy(document.root):
        raise NotQti(
            f"{document.root.name.local} is no element of QTI 1.2", target=base, hint="the root is questestinterop"
        )
    return document


def convert_legacy(
    source: bytes | str | Document[Any], *, file: str = "", limits: Limits = _LIMITS
) -> list[LegacyObject]:
    """Return all objects of a document of 1.2 as documents of 3.0: items, then sections by themselves, and assessments.

    Whatever cannot be converted is told in the object's `losses`; nothing stops the conversion. Raises as
    `read_legacy`.
    """
    document = source if isinstance(source, Document) else read_legacy(source, base=file or None, limits=limits)
    root: Element = document.root
    known = Source(root)
    by_ident: dict[str, Element] = {}
    elements = [e for e in root.walk() if name_of(e) in ("item", "section", "assessment")]
    for element in elements:
        by_ident.setdefault(attr(element, "ident") or "", element)
    taken: set[str] = set()
    items: dict[int, LegacyObject] = {}
    for element in elements:
        if name_of(element) == "item":
            items[id(element)] = _named(convert_item(element, known, file), taken)
    results = list(items.values())
    for element in elements:
        if name_of(element) == "assessment":
            results.append(_named(convert_assessment(element, known, items, by_ident, file), taken))
        elif name_of(element) == "section" and not _is_inside(element):
            results.append(_named(convert_section(element, known, items, by_ident, file), taken))
    repairs = [Loss("changed", f"xml-{r.code}", r.message, file, r.line, r.column) for r in document.repairs]
    if results:
        results[0].losses[:0] = [*repairs, *_odd_languages(root, file)]
    return results


def _odd_languages(root: Element, file: str) -> list[Loss]:
    stated = [(e, tag) for e in root.walk() if (tag := e.attributes.get(XML_LANG)) is not None]
    return [
        Loss("dropped", "language", f"{tag[:60]!r} is no language tag", file, e.line, e.column)
        for e, tag in stated
        if not is_language(tag)
    ]


def _is_inside(element: Element) -> bool:
    parent = element.parent
    while isinstance(parent, Element):
        if name_of(parent) in ("section", "assessment"):
            return True
        parent = parent.parent
    return False


def _named(converted: LegacyObject, taken: set[str]) -> LegacyObject:
    """Give an object a file name that no other has, whatever the case of its letters."""
    stem, number, name = converted.name.removesuffix(".xml"), 1, converted.name
    while name.lower() in taken:
        number += 1
        name = f"{stem}_{number}.xml"
    if name != converted.name:
        converted.losses.append(
            Loss("changed", "file-name", f"a second {stem!r} is called {name}", converted.document.base or "")
        )
        converted.name = name
    taken.add(name.lower())
    return converted
