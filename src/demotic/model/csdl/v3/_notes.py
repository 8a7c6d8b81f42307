"""What an element of versions 1 to 3 says that becomes annotations, and back: documentation, feeds, foreign attributes.

[MC-CSDL], section 2.1.45; [MS-ODATA], sections 2.2.3.7.2.1 and 2.2.3.7.2.2 (customizable feeds).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from demotic.model._annotations import Annotation, Record
from demotic.model._errors import InvalidMetadataDocument
from demotic.model.csdl import elements as v4
from demotic.model.csdl._expressions import AnnotationWriter
from demotic.model.csdl._faults import fault
from demotic.model.csdl._names import Names
from demotic.model.csdl.v3 import _elements as v3
from demotic.model.csdl.v3._namespaces import METADATA
from demotic.model.v2 import (
    ASSOCIATION,
    ASSOCIATION_SET,
    ATTRIBUTES,
    DESCRIPTION,
    FEED,
    FIXED,
    FIXED_LENGTH,
    HTTP_METHOD,
    LONG_DESCRIPTION,
    RELATIONSHIP,
    UNZONED,
)
from demotic.xml import Bound, QName

_FEED: Final = re.compile(
    r"FC_(TargetPath|SourcePath|KeepInContent|ContentKind|NsPrefix|NsUri|CriteriaValue|Criteria)(_[0-9]+)?"
)
_MAPPED: Final = (v3.Property, v3.EntityType, v3.ComplexType)
_SAID_OTHERWISE: Final = frozenset(
    (ASSOCIATION, ASSOCIATION_SET, ATTRIBUTES, FEED, FIXED, FIXED_LENGTH, HTTP_METHOD, RELATIONSHIP, UNZONED)
)
_OWN: Final = ("Collation", "DateTimeKind", "PreserveSeconds", "IsAlwaysBindable")

_writer: Final = AnnotationWriter(Names({}))


def notes(element: Bound, scope: str, *more: Annotation) -> list[v4.Annotation]:
    """Return the elements of all annotations of an element, `more` among them. Raises InvalidMetadataDocument."""
    own = element.annotations if isinstance(element, v3.Item) else []
    return [*own, *_writer.annotations([*_documentation(element), *more, *foreign(element, scope)])]


def model_notes(element: Bound, scope: str) -> list[Annotation]:
    """Return what an element says beyond its fields, without annotations of its own."""
    return [*_documentation(element), *foreign(element, scope)]


def foreign(element: Bound, scope: str) -> list[Annotation]:
    """Return the annotations that keep feed mappings and attributes of other namespaces."""
    kept = [
        Record({"Namespace": "", "Name": name, "Value": str(_field(element, name))})
        for name in _OWN
        if _field(element, name) is not None
    ]
    feeds: dict[str, dict[str, object]] = {}
    for name, value in element.other_attributes.items():
        found = _FEED.fullmatch(name.local) if name.namespace == METADATA and isinstance(element, _MAPPED) else None
        if found is not None:
            feeds.setdefault(found[2] or "", {})[found[1]] = value
        elif name.namespace == METADATA:
            problem = f"m:{name.local} has no place on {type(element).__name__}"
            raise fault(InvalidMetadataDocument, element, scope, problem)
        else:
            kept.append(Record({"Namespace": name.namespace, "Name": name.local, "Value": value}))
    result = [Annotation(FEED, [Record(feeds[suffix]) for suffix in sorted(feeds)])] if feeds else []
    return [*result, Annotation(ATTRIBUTES, kept)] if kept else result


def _field(element: Bound, name: str) -> object:
    value = getattr(element, name, None)
    return str(value).lower() if isinstance(value, bool) else value


def _documentation(element: Bound) -> list[Annotation]:
    found = element.documentation if isinstance(element, v3.Item) else None
    if found is None:
        return []
    texts = {
        DESCRIPTION: found.summary.value if found.summary is not None else "",
        LONG_DESCRIPTION: found.long_description.value if found.long_description is not None else "",
    }
    return [Annotation(term, text) for term, text in texts.items() if text.strip()]


def write_notes(element: v3.Item, annotations: Iterable[Annotation], *said: str) -> None:
    """Say annotations in an element: the inverse of `notes`. Terms in `said` have been said otherwise."""
    texts: dict[str, str] = {}
    left: list[Annotation] = []
    for item in annotations:
        plain = isinstance(item.value, str) and item.value.strip() and not (item.qualifier or item.annotations)
        if item.term in (DESCRIPTION, LONG_DESCRIPTION) and plain and item.term not in texts:
            texts[item.term] = str(item.value)
        elif item.term == ATTRIBUTES:
            _write_attributes(element, item.value)
        elif item.term == FEED:
            _write_feeds(element, item.value)
        elif item.term not in _SAID_OTHERWISE and item.term not in said:
            left.append(item)
    if texts:
        element.documentation = _written_documentation(texts)
    element.annotations = _writer.annotations(left)


def _written_documentation(texts: Mapping[str, str]) -> v3.Documentation:
    short, long = texts.get(DESCRIPTION), texts.get(LONG_DESCRIPTION)
    result = v3.Documentation()
    if short is not None:
        result.summary = v3.Summary(value=short)
    if long is not None:
        result.long_description = v3.LongDescription(value=long)
    return result


def _write_attributes(element: Bound, value: object) -> None:
    for item in value if isinstance(value, list) else []:
        name, namespace = str(item.values.get("Name")), str(item.values.get("Namespace", ""))
        text = str(item.values.get("Value"))
        if namespace:
            element.other_attributes[QName(namespace, name)] = text
        elif name in _OWN and hasattr(type(element), name):
            setattr(element, name, getattr(type(element), name).type.parse(text))


def _write_feeds(element: Bound, value: object) -> None:
    for number, item in enumerate(value if isinstance(value, list) else []):
        suffix = f"_{number}" if number else ""
        for name, text in item.values.items():
            element.other_attributes[QName(METADATA, f"FC_{name}{suffix}")] = str(text)
