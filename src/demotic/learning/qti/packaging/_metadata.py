"""What QTI 1.2 says of its objects, as LOM and as QTI's own metadata of a resource.

What a label means is in `_labels`. What the document says already is not said again, but told; labels that have no
place at all are losses.
"""

from __future__ import annotations

import copy
from typing import Final

from demotic.learning.cp import Composite, FeedbackType, InteractionType, Metadata
from demotic.learning.qti import model as m
from demotic.learning.qti.converting import Loss
from demotic.learning.qti.legacy import LegacyObject
from demotic.learning.qti.model import Version
from demotic.learning.qti.packaging._labels import Described, place_of

__all__ = ["copied_metadata", "metadata_of_object"]

_FEEDBACK: Final = (m.ModalFeedback, m.FeedbackBlock, m.FeedbackInline)


def metadata_of_object(made: LegacyObject, version: Version, file: str) -> tuple[Metadata | None, list[Loss]]:
    """Return metadata of a resource for what an object of 1.2 says of itself by label, and what became of each."""
    described, losses = Described(), []
    for label, values in made.metadata.items():
        place = place_of(label)
        for value in filter(None, values):
            said = f"{label} {value[:80]!r}"
            if label in made.placed:
                losses.append(Loss("changed", "metadata", f"{said} is said by {made.placed[label]}", file))
            elif place is not None and place.put(described, label, value):
                losses.append(Loss("changed", "metadata", f"{said} becomes {place.name}", file))
            else:
                losses.append(Loss("dropped", "metadata", f"{label}: {value[:80]!r}", file))
    if isinstance(made.document.root, m.AssessmentItem):
        _describe(made.document.root, described)
    if described.qti.scoring_modes and version < Version.V2_2:
        described.qti.scoring_modes.clear()
        losses.append(Loss("dropped", "metadata", f"QTI {version} does not say who scores an item", file))
    metadata = Metadata()
    if described.says_lom:
        metadata.lom.append(described.lom)
    if described.says_qti:
        metadata.qti.append(described.qti)
    return (metadata if metadata.lom or metadata.qti else None), losses


def _describe(item: m.AssessmentItem, described: Described) -> None:
    """Say what QTI's metadata say of the content of an item."""
    kinds = list(dict.fromkeys(type(interaction).__name__ for interaction in item.interactions))
    described.qti.interaction_types.extend(InteractionType(value=kind[0].lower() + kind[1:]) for kind in kinds)
    described.qti.composite = Composite(value=len(item.interactions) > 1)
    shown = any(True for kind in _FEEDBACK for _ in item.find(kind))
    described.qti.feedback_type = FeedbackType(value="nonadaptive" if shown else "none")


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
