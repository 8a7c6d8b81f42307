"""Metadata of a manifest, organization, item, resource or file: which schema, LOM, what QTI says of its items.

IMS Content Packaging 1.2, information model section 3.2; IMS QTI 2.1, metadata and usage data, section 3; SCORM's
`location` of metadata in a file of its own.
"""

from __future__ import annotations

from demotic.learning.cp._names import ADLCP, CP, CP_NAMESPACES, QTI_METADATA_NAMESPACES
from demotic.learning.lom import Lom
from demotic.xml import Bound, QName, boolean, child, children, text

__all__ = [
    "Composite",
    "FeedbackType",
    "InteractionType",
    "ItemTemplate",
    "Location",
    "Metadata",
    "QtiMetadata",
    "QtiMetadataValue",
    "Schema",
    "SchemaVersion",
    "ScoringMode",
    "SolutionAvailable",
    "TimeDependent",
    "ToolName",
    "ToolVendor",
    "ToolVersion",
]


class Schema(Bound, name=QName(CP, "schema"), namespaces=CP_NAMESPACES):
    """What the package conforms to: `IMS Content`, `QTIv2.1 Package`, `IMS Common Cartridge`."""

    value = text()


class SchemaVersion(Bound, name=QName(CP, "schemaversion"), namespaces=CP_NAMESPACES):
    """The version of that."""

    value = text()


class Location(Bound, name=QName(ADLCP[0], "location"), namespaces=ADLCP):
    """The metadata is in this file of the package."""

    value = text()


class QtiMetadataValue(Bound):
    """An element of `qtiMetadata` with text in it."""

    value = text()


class _Flag(Bound):
    value = text(type=boolean)


def _name(local: str) -> QName:
    return QName(QTI_METADATA_NAMESPACES[0], local)


class ItemTemplate(_Flag, name=_name("itemTemplate"), namespaces=QTI_METADATA_NAMESPACES):
    """Whether the item is a template that clones are made of."""


class TimeDependent(_Flag, name=_name("timeDependent"), namespaces=QTI_METADATA_NAMESPACES):
    """Whether the item depends on time."""


class Composite(_Flag, name=_name("composite"), namespaces=QTI_METADATA_NAMESPACES):
    """Whether the item has more than one interaction."""


class SolutionAvailable(_Flag, name=_name("solutionAvailable"), namespaces=QTI_METADATA_NAMESPACES):
    """Whether a model solution is available."""


class InteractionType(QtiMetadataValue, name=_name("interactionType"), namespaces=QTI_METADATA_NAMESPACES):
    """The class of an interaction in the item."""


class FeedbackType(QtiMetadataValue, name=_name("feedbackType"), namespaces=QTI_METADATA_NAMESPACES):
    """`none`, `nonadaptive` or `adaptive`."""


class ScoringMode(QtiMetadataValue, name=_name("scoringMode"), namespaces=QTI_METADATA_NAMESPACES):
    """How the item is scored (QTI 2.2)."""


class ToolName(QtiMetadataValue, name=_name("toolName"), namespaces=QTI_METADATA_NAMESPACES):
    """The tool that made the item."""


class ToolVersion(QtiMetadataValue, name=_name("toolVersion"), namespaces=QTI_METADATA_NAMESPACES):
    """Its version."""


class ToolVendor(QtiMetadataValue, name=_name("toolVendor"), namespaces=QTI_METADATA_NAMESPACES):
    """Who made it."""


class QtiMetadata(Bound, name=_name("qtiMetadata"), namespaces=QTI_METADATA_NAMESPACES):
    """What QTI says of an item beside LOM."""

    item_template = child(ItemTemplate)
    time_dependent = child(TimeDependent)
    composite = child(Composite)
    interaction_types = children(InteractionType)
    feedback_type = child(FeedbackType)
    solution_available = child(SolutionAvailable)
    scoring_modes = children(ScoringMode)
    tool_name = child(ToolName)
    tool_version = child(ToolVersion)
    tool_vendor = child(ToolVendor)


class Metadata(Bound, name=QName(CP, "metadata"), namespaces=CP_NAMESPACES):
    """What is said of the thing that this stands in."""

    schema = child(Schema)
    schemaversion = child(SchemaVersion)
    lom = children(Lom)
    qti = children(QtiMetadata)
    locations = children(Location)
