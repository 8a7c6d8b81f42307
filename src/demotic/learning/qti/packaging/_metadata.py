"""What QTI 1.2 says of its objects, as LOM and as QTI's own metadata of a resource.

Specifications: QTI ASI 1.2.1, `qtimetadata`; IEEE 1484.12.1, section 6; QTI 2.1, metadata and usage data, section 3.
Labels that neither has a place for are losses.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from demotic.learning.cp import Metadata, QtiMetadata, SolutionAvailable, TimeDependent, ToolVendor
from demotic.learning.lom import Description, General, Keyword, LangStrings, Language, Lom, String, Title
from demotic.learning.qti.converting import Loss

__all__ = ["copied_metadata", "metadata_of_labels"]

L = TypeVar("L", bound=LangStrings)
_FLAGS: Final = {"yes": True, "true": True, "no": False, "false": False}


def _said(kind: type[L], value: str) -> L:
    return kind(strings=[String(value=value)])


def _title(general: General, qti: QtiMetadata, value: str) -> bool:
    if general.title is not None:
        return False
    general.title = _said(Title, value)
    return True


def _keyword(general: General, qti: QtiMetadata, value: str) -> bool:
    for word in value.split(","):
        if word.strip():
            general.keywords.append(_said(Keyword, word.strip()))
    return True


def _description(general: General, qti: QtiMetadata, value: str) -> bool:
    general.descriptions.append(_said(Description, value))
    return True


def _language(general: General, qti: QtiMetadata, value: str) -> bool:
    general.languages.append(Language(value=value))
    return True


def _vendor(general: General, qti: QtiMetadata, value: str) -> bool:
    if qti.tool_vendor is not None:
        return False
    qti.tool_vendor = ToolVendor(value=value)
    return True


def _time(general: General, qti: QtiMetadata, value: str) -> bool:
    flag = _FLAGS.get(value.lower())
    if flag is None or qti.time_dependent is not None:
        return False
    qti.time_dependent = TimeDependent(value=flag)
    return True


def _solution(general: General, qti: QtiMetadata, value: str) -> bool:
    flag = _FLAGS.get(value.lower())
    if flag is None or qti.solution_available is not None:
        return False
    qti.solution_available = SolutionAvailable(value=flag)
    return True


_Put = Callable[[General, QtiMetadata, str], bool]
_PLACES: Final[Mapping[str, tuple[str, _Put]]] = {
    "title": ("LOM's title", _title),
    "topic": ("a keyword of LOM", _keyword),
    "keyword": ("a keyword of LOM", _keyword),
    "keywords": ("a keyword of LOM", _keyword),
    "description": ("LOM's description", _description),
    "language": ("LOM's language", _language),
    "toolvendor": ("toolVendor of QTI's metadata", _vendor),
    "timedependence": ("timeDependent of QTI's metadata", _time),
    "solutionavailable": ("solutionAvailable of QTI's metadata", _solution),
}
"""Where a label's values go; false from the function if there is no room for the value."""


def metadata_of_labels(labels: Mapping[str, list[str]], file: str) -> tuple[Metadata | None, list[Loss]]:
    """Return metadata of a resource for what an object of 1.2 says of itself by label, and what became of each."""
    general, qti = General(), QtiMetadata()
    losses: list[Loss] = []
    for label, values in labels.items():
        where, put = _PLACES.get(label.lower().replace("_", ""), ("", _nowhere))
        for value in filter(None, values):
            if put(general, qti, value):
                losses.append(Loss("changed", "metadata", f"{label} {value[:80]!r} becomes {where}", file))
            else:
                losses.append(Loss("dropped", "metadata", f"{label}: {value[:80]!r}", file))
    metadata = Metadata()
    if general.title is not None or general.keywords or general.descriptions or general.languages:
        metadata.lom.append(Lom(general=general))
    if any(part is not None for part in (qti.tool_vendor, qti.time_dependent, qti.solution_available)):
        metadata.qti.append(qti)
    return (metadata if metadata.lom or metadata.qti else None), losses


def _nowhere(general: General, qti: QtiMetadata, value: str) -> bool:
    return False


def copied_metadata(metadata: Metadata | None) -> Metadata | None:
    """Return a copy that takes the namespace of the manifest it is put in; LOM and foreign elements keep theirs."""
    if metadata is None:
        return None
    made = Metadata()
    for name in ("schema", "schemaversion"):
        part = getattr(metadata, name)
        if part is not None:
            setattr(made, name, type(part)(value=part.value))
    made.lom.extend(copy.deepcopy(lom) for lom in metadata.lom)
    made.qti.extend(copy.deepcopy(qti) for qti in metadata.qti)
    made.locations.extend(copy.deepcopy(location) for location in metadata.locations)
    made.other_elements.extend(copy.deepcopy(element) for element in metadata.other_elements)
    made.other_attributes.update(metadata.other_attributes)
    return made
