"""Learning object metadata: the nine categories (IEEE 1484.12.1, section 6; IMS MD 1.2.1 and 1.3).

One set of classes reads both bindings, and whatever is added to a document takes the names of its binding. The order of
elements is free, as in the loose binding, and whatever is not known is kept.
"""

from __future__ import annotations

from demotic.learning.lom._elements import (
    CatalogEntry,
    Date,
    Description,
    Duration,
    DurationValue,
    Entity,
    Entry,
    Format,
    Identifier,
    Keyword,
    Language,
    Location,
    MetadataSchema,
    Person,
    PlainText,
    Size,
)
from demotic.learning.lom._names import also, lom_name
from demotic.learning.lom._strings import LangStrings, Vocabulary
from demotic.xml import Bound, child, children, text

__all__ = [
    "Annotation",
    "Classification",
    "Contribute",
    "Educational",
    "General",
    "LifeCycle",
    "Lom",
    "MetaMetadata",
    "OrComposite",
    "RelatedResource",
    "Relation",
    "Requirement",
    "Rights",
    "Taxon",
    "TaxonPath",
    "Technical",
]

# 1 General


class Title(LangStrings, name=lom_name("title"), namespaces=also("title")):
    """1.2: the name of the object."""


class Coverage(LangStrings, name=lom_name("coverage"), namespaces=also("coverage")):
    """1.6: the time, culture, place that the object is about."""


class Structure(Vocabulary, name=lom_name("structure"), namespaces=also("structure")):
    """1.7: how the object is organized."""


class AggregationLevel(Vocabulary, name=lom_name("aggregationLevel"), namespaces=also("aggregationlevel")):
    """1.8: how large the object is, 1 to 4."""


class General(Bound, name=lom_name("general"), namespaces=also("general")):
    """1: the object as a whole."""

    identifiers = children(Identifier)
    title = child(Title)
    catalog_entries = children(CatalogEntry)
    languages = children(Language)
    descriptions = children(Description)
    keywords = children(Keyword)
    coverages = children(Coverage)
    structure = child(Structure)
    aggregation_level = child(AggregationLevel)


# 2 Life cycle


class Version(LangStrings, name=lom_name("version"), namespaces=also("version")):
    """2.1: the edition."""


class Status(Vocabulary, name=lom_name("status"), namespaces=also("status")):
    """2.2: how complete the object is."""


class Role(Vocabulary, name=lom_name("role"), namespaces=also("role")):
    """2.3.1: what somebody contributed."""


class Contribute(Bound, name=lom_name("contribute"), namespaces=also("contribute")):
    """2.3, 3.2: who contributed to the object or its metadata, and when."""

    role = child(Role)
    entities = children(Entity)
    date = child(Date)


class LifeCycle(Bound, name=lom_name("lifeCycle"), namespaces=also("lifecycle")):
    """2: how the object came to be."""

    version = child(Version)
    status = child(Status)
    contributes = children(Contribute)


# 3 Meta-metadata


class MetaMetadata(Bound, name=lom_name("metaMetadata"), namespaces=also("metametadata")):
    """3: the metadata itself."""

    identifiers = children(Identifier)
    catalog_entries = children(CatalogEntry)
    contributes = children(Contribute)
    metadata_schemas = children(MetadataSchema)
    languages = children(Language)


# 4 Technical


class Type(Vocabulary, name=lom_name("type"), namespaces=also("type")):
    """4.4.1.1: what kind of technology is required."""


class Name(Vocabulary, name=lom_name("name"), namespaces=also("name")):
    """4.4.1.2: the technology required."""


class MinimumVersion(PlainText, name=lom_name("minimumVersion"), namespaces=also("minimumversion")):
    """4.4.1.3: its lowest version."""


class MaximumVersion(PlainText, name=lom_name("maximumVersion"), namespaces=also("maximumversion")):
    """4.4.1.4: its highest version."""


class _Technology(Bound):
    type = child(Type)
    name = child(Name)
    minimum_version = child(MinimumVersion)
    maximum_version = child(MaximumVersion)


class OrComposite(_Technology, name=lom_name("orComposite"), namespaces=also("orcomposite")):
    """4.4.1: one of several technologies that will do."""


class Requirement(_Technology, name=lom_name("requirement"), namespaces=also("requirement")):
    """4.4: what is needed to use the object; IMS MD 1.2 knows no alternatives, and has its parts directly."""

    or_composites = children(OrComposite)


class InstallationRemarks(LangStrings, name=lom_name("installationRemarks"), namespaces=also("installationremarks")):
    """4.5: how to install the object."""


class OtherPlatformRequirements(
    LangStrings, name=lom_name("otherPlatformRequirements"), namespaces=also("otherplatformrequirements")
):
    """4.6: what else is needed."""


class Technical(Bound, name=lom_name("technical"), namespaces=also("technical")):
    """4: technical properties."""

    formats = children(Format)
    size = child(Size)
    locations = children(Location)
    requirements = children(Requirement)
    installation_remarks = child(InstallationRemarks)
    other_platform_requirements = child(OtherPlatformRequirements)
    duration = child(Duration)


# 5 Educational


class InteractivityType(Vocabulary, name=lom_name("interactivityType"), namespaces=also("interactivitytype")):
    """5.1: active, expositive or mixed."""


class LearningResourceType(Vocabulary, name=lom_name("learningResourceType"), namespaces=also("learningresourcetype")):
    """5.2: exercise, simulation, and so on."""


class InteractivityLevel(Vocabulary, name=lom_name("interactivityLevel"), namespaces=also("interactivitylevel")):
    """5.3: how much the learner can change."""


class SemanticDensity(Vocabulary, name=lom_name("semanticDensity"), namespaces=also("semanticdensity")):
    """5.4: how concise the object is."""


class IntendedEndUserRole(Vocabulary, name=lom_name("intendedEndUserRole"), namespaces=also("intendedenduserrole")):
    """5.5: whom the object is for."""


class Context(Vocabulary, name=lom_name("context"), namespaces=also("context")):
    """5.6: where learning takes place."""


class TypicalAgeRange(LangStrings, name=lom_name("typicalAgeRange"), namespaces=also("typicalagerange")):
    """5.7: how old learners are."""


class Difficulty(Vocabulary, name=lom_name("difficulty"), namespaces=also("difficulty")):
    """5.8: how hard it is."""


class TypicalLearningTime(DurationValue, name=lom_name("typicalLearningTime"), namespaces=also("typicallearningtime")):
    """5.9: how long it takes."""


class Educational(Bound, name=lom_name("educational"), namespaces=also("educational")):
    """5: educational properties."""

    interactivity_type = child(InteractivityType)
    learning_resource_types = children(LearningResourceType)
    interactivity_level = child(InteractivityLevel)
    semantic_density = child(SemanticDensity)
    intended_end_user_roles = children(IntendedEndUserRole)
    contexts = children(Context)
    typical_age_ranges = children(TypicalAgeRange)
    difficulty = child(Difficulty)
    typical_learning_time = child(TypicalLearningTime)
    descriptions = children(Description)
    languages = children(Language)


# 6 Rights


class Cost(Vocabulary, name=lom_name("cost"), namespaces=also("cost")):
    """6.1: whether use must be paid for."""


class CopyrightAndOtherRestrictions(
    Vocabulary, name=lom_name("copyrightAndOtherRestrictions"), namespaces=also("copyrightandotherrestrictions")
):
    """6.2: whether use is restricted."""


class Rights(Bound, name=lom_name("rights"), namespaces=also("rights")):
    """6: conditions of use."""

    cost = child(Cost)
    copyright_and_other_restrictions = child(CopyrightAndOtherRestrictions)
    description = child(Description)


# 7 Relation


class Kind(Vocabulary, name=lom_name("kind"), namespaces=also("kind")):
    """7.1: what the other object is to this one."""


class RelatedResource(Bound, name=lom_name("resource"), namespaces=also("resource")):
    """7.2: the other object."""

    identifiers = children(Identifier)
    descriptions = children(Description)
    catalog_entries = children(CatalogEntry)


class Relation(Bound, name=lom_name("relation"), namespaces=also("relation")):
    """7: how the object relates to another."""

    kind = child(Kind)
    resource = child(RelatedResource)


# 8 Annotation


class Annotation(Bound, name=lom_name("annotation"), namespaces=also("annotation")):
    """8: what somebody says of its use."""

    entity = child(Entity)
    person = child(Person)
    date = child(Date)
    description = child(Description)


# 9 Classification


class Purpose(Vocabulary, name=lom_name("purpose"), namespaces=also("purpose")):
    """9.1: why the object is classified."""


class TaxonSource(LangStrings, name=lom_name("source"), namespaces=also("source")):
    """9.2.1: the name of the classification."""

    plain = text()


class TaxonId(PlainText, name=lom_name("id"), namespaces=also("id")):
    """9.2.2.1: the identifier of a taxon."""


class Taxon(Bound, name=lom_name("taxon"), namespaces=also("taxon")):
    """9.2.2: a node of the classification; in IMS MD 1.2 the next one is in it."""

    id = child(TaxonId)
    entry = child(Entry)
    taxons = children(lambda: Taxon)


class TaxonPath(Bound, name=lom_name("taxonPath"), namespaces=also("taxonpath")):
    """9.2: a path through the classification, from the general to the special."""

    source = child(TaxonSource)
    taxons = children(Taxon)

    def path(self) -> list[Taxon]:
        """Return the taxons in order, however they are written: beside or within each other."""
        found: list[Taxon] = []
        waiting = list(reversed(self.taxons))
        while waiting:
            taxon = waiting.pop()
            found.append(taxon)
            waiting.extend(reversed(taxon.taxons))
        return found


class Classification(Bound, name=lom_name("classification"), namespaces=also("classification")):
    """9: where the object is in a classification."""

    purpose = child(Purpose)
    taxon_paths = children(TaxonPath)
    description = child(Description)
    keywords = children(Keyword)


class Lom(Bound, name=lom_name("lom"), namespaces=also("lom")):
    """Metadata of a learning object."""

    general = child(General)
    life_cycle = child(LifeCycle)
    meta_metadata = child(MetaMetadata)
    technical = child(Technical)
    educationals = children(Educational)
    rights = child(Rights)
    relations = children(Relation)
    annotations = children(Annotation)
    classifications = children(Classification)
