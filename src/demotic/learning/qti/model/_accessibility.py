"""Catalogs of alternative content, companion materials, and the personal needs and preferences that choose among them.

Specifications: QTI 3.0 ASI information model, sections 2.13 and 2.14; AfA PNP 3.0 for QTI 3.0 (`Preferences`).
"""

from __future__ import annotations

from demotic.learning.qti.model._node import EMPTY, MIXED, TEXT, Node, attribute, many, one
from demotic.learning.qti.model._values import boolean, ident
from demotic.learning.qti.model._version import Version

__all__ = [
    "AdaptiveEngineRef", "AdaptiveSelection", "AdaptiveSettingsRef", "Calculator", "CalculatorInfo",
    "CalculatorType", "Card", "CardEntry", "Catalog", "CompanionMaterialsInfo", "Description", "DigitalMaterial",
    "FileHref", "HtmlContent", "IncrementSi", "IncrementUs", "MajorIncrement", "MetadataRef", "MinimumLength",
    "MinorIncrement", "PhysicalMaterial", "Protractor", "Quantity", "Reference", "ResourceIcon", "RuleMaterial",
    "RuleSystemSi", "RuleSystemUs", "UsagedataRef",
]  # fmt: skip


V30 = Version.V3_0


class HtmlContent(Node, tag="html-content", since=V30, content=MIXED):
    """The content of a card."""

    lang = attribute(wire="xml:lang", old="xml:lang")
    data_type = attribute(wire="data-type", old="data-type")


class FileHref(Node, tag="file-href", since=V30, content=TEXT):
    """Where the file of a card is."""

    mime_type = attribute(required=True)


class CardEntry(Node, tag="card-entry", since=V30):
    """One of several forms of a card's content, such as another language."""

    lang = attribute(wire="xml:lang", old="xml:lang")
    default = attribute(boolean, default=False)
    html_content = one(HtmlContent)
    files = many(FileHref)


class Card(Node, tag="card", since=V30):
    """Content that supports a need: `support` names it."""

    support = attribute(required=True)
    lang = attribute(wire="xml:lang", old="xml:lang")
    html_content = one(HtmlContent)
    files = many(FileHref)
    entries = many(CardEntry)


class Catalog(Node, tag="catalog", since=V30):
    """The cards for one piece of content, which refers to `id`."""

    id = attribute(required=True)
    cards = many(Card, least=1)


class ResourceIcon(Node, tag="resource-icon", since=V30, content=TEXT):
    """The icon of a material."""

    mime_type = attribute()


class CalculatorType(Node, tag="calculator-type", since=V30, content=TEXT):
    """What kind of calculator."""


class Description(Node, tag="description", since=V30, content=TEXT):
    """What a material is."""


class CalculatorInfo(Node, tag="calculator-info", since=V30):
    """Where the calculator is."""

    mime_type = attribute()
    file = one(FileHref)
    icon = one(ResourceIcon)


class Calculator(Node, tag="calculator", since=V30):
    """A calculator to give."""

    type = one(CalculatorType)
    description = one(Description)
    info = one(CalculatorInfo)


class Quantity(Node, content=TEXT):
    """A length or an angle, as text."""


class MinimumLength(Quantity, tag="minimum-length", since=V30):
    """The least length of a rule."""


class MinorIncrement(Quantity, tag="minor-increment", since=V30):
    """The small marks."""

    unit = attribute(required=True)


class MajorIncrement(Quantity, tag="major-increment", since=V30):
    """The large marks."""

    unit = attribute(required=True)


class RuleSystemSi(Node, tag="rule-system-si", since=V30):
    """A rule in metres."""

    quantities = many(Quantity)


class RuleSystemUs(Node, tag="rule-system-us", since=V30):
    """A rule in inches."""

    quantities = many(Quantity)


class RuleMaterial(Node, tag="rule", since=V30):
    """A rule to measure with."""

    description = one(Description)
    systems = many(RuleSystemSi, RuleSystemUs)


class IncrementSi(Node, tag="increment-si", since=V30):
    """The marks of a protractor in degrees."""

    quantities = many(Quantity)


class IncrementUs(Node, tag="increment-us", since=V30):
    """The marks of a protractor in radians."""

    quantities = many(Quantity)


class Protractor(Node, tag="protractor", since=V30):
    """A protractor to give."""

    description = one(Description)
    increments = many(IncrementSi, IncrementUs)


class DigitalMaterial(Node, tag="digital-material", since=V30):
    """A file to give."""

    mime_type = attribute()
    file = one(FileHref)
    icon = one(ResourceIcon)


class PhysicalMaterial(Node, tag="physical-material", since=V30, content=TEXT):
    """A thing to give."""


class CompanionMaterialsInfo(Node, tag="companion-materials-info", since=V30, content=MIXED):
    """What a candidate may have at hand."""

    materials = many(Calculator, RuleMaterial, Protractor, DigitalMaterial, PhysicalMaterial)


class Reference(Node, content=EMPTY):
    """A reference to a part of an adaptive test."""

    identifier = attribute(ident, required=True)
    href = attribute(required=True)


class AdaptiveEngineRef(Reference, tag="adaptive-engine-ref", since=V30):
    """The engine that chooses the items."""


class AdaptiveSettingsRef(Reference, tag="adaptive-settings-ref", since=V30):
    """Its settings."""


class UsagedataRef(Reference, tag="usagedata-ref", since=V30):
    """The statistics that it works with."""


class MetadataRef(Reference, tag="metadata-ref", since=V30):
    """The metadata that it works with."""


class AdaptiveSelection(Node, tag="adaptive-selection", since=V30):
    """How an engine outside chooses the items of a section."""

    engine = one(AdaptiveEngineRef, required=True)
    settings = one(AdaptiveSettingsRef)
    usagedata = one(UsagedataRef)
    metadata = one(MetadataRef)
