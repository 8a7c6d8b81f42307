"""What QTI 1.2 says of its objects: metadata in both notations, comments, objectives, durations; all by label.

Specification: QTI ASI binding 1.2.1, sections 3.2 (`qtimetadata`, `itemmetadata`) and 3.3 (`qticomment`, `objectives`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from demotic.learning.qti.legacy._source import attr, kids, name_of, text_in
from demotic.xml import Element

__all__ = ["Metadata", "metadata_of", "words"]

Metadata: TypeAlias = dict[str, list[str]]
"""Values by label, each in the order of the document."""

_HOLDERS: Final = ("itemmetadata", "qtimetadata", "sectionmetadata", "assessmentmetadata")  # the latter: Blackboard
_FIELDS: Final = ("qtimetadatafield", "qti_metadatafield")  # the latter: Brightspace
_PREFIXES: Final = ("qmd_", "bbmd_")
# What says something of the object itself, and is not within any that has metadata of its own.
_SAID: Final = ("objectives", "duration")
_OBJECTS: Final = frozenset({"item", "section", "assessment", "objectbank"})


def words(element: Element) -> str:
    """Return the text in an element, in one line."""
    return " ".join(text_in(element).split())


def metadata_of(element: Element) -> Metadata:
    """Return the metadata of an object by label, without a leading `qmd_`; each label may have several values.

    Comments, objectives and the duration are there as well, by the names of their elements. What the banks and the
    document around an object say holds for it where it says nothing itself.
    """
    found = _own(element)
    outer = element.parent
    while isinstance(outer, Element) and name_of(outer) in ("objectbank", "questestinterop"):
        for label, values in _own(outer).items():
            found.setdefault(label, values)
        outer = outer.parent
    return found


def _own(element: Element) -> Metadata:
    found: Metadata = {}

    def add(label: str, value: str) -> None:
        key = label.strip()
        key = next((key[len(each) :] for each in _PREFIXES if key.lower().startswith(each)), key)
        if key:
            found.setdefault(key, []).append(value.strip())

    for holder in kids(element, *_HOLDERS):
        for inner in holder.walk():
            name = name_of(inner)
            if name in _FIELDS:
                label = next((text_in(e) for e in kids(inner, "fieldlabel")), "")
                add(label, next((text_in(e) for e in kids(inner, "fieldentry")), ""))
            elif name.startswith(_PREFIXES):
                add(name, text_in(inner))
            elif name == "vocabulary":
                add(name, attr(inner, "uri") or words(inner))
    for said in kids(element, *_SAID):
        if words(said):
            add(name_of(said), words(said))
    for comment in _comments(element):
        if words(comment):
            add("qticomment", words(comment))
    return found


def _comments(element: Element) -> Iterator[Element]:
    """Yield the comments in an object, those of objects within it aside."""
    for child in kids(element):
        if name_of(child) == "qticomment":
            yield child
        elif name_of(child) not in _OBJECTS:
            yield from _comments(child)
