"""The smaller elements of LOM: texts, terms, dates, durations, and what is made of them."""

from __future__ import annotations

from demotic.learning.lom._names import MD, also, lom_name, md_only
from demotic.learning.lom._strings import LangStrings, OddString, String
from demotic.xml import Bound, QName, attribute, child, children, text

__all__ = [
    "Catalog",
    "CatalogEntry",
    "Date",
    "DateTime",
    "Description",
    "Duration",
    "DurationText",
    "Entity",
    "Entry",
    "Format",
    "Identifier",
    "Keyword",
    "Language",
    "Location",
    "MetadataSchema",
    "Person",
    "PlainText",
    "Size",
    "VCard",
]


class PlainText(Bound):
    """An element with text in it."""

    value = text()


class Catalog(PlainText, name=lom_name("catalog"), namespaces=also("catalog")):
    """The name of a scheme of identifiers."""


class Entry(Bound, name=lom_name("entry"), namespaces=also("entry")):
    """An identifier in a catalog, or the label of a taxon: text, or texts in languages."""

    plain = text()
    strings = children(String, OddString)

    @property
    def text(self) -> str:
        """What it says, in either way."""
        return self.strings[0].value.strip() if self.strings else self.plain.strip()


class Identifier(Bound, name=lom_name("identifier"), namespaces=also("identifier")):
    """A label that is the only one of its kind: catalog and entry, or text alone in IMS MD 1.2."""

    plain = text()
    catalog = child(Catalog)
    entry = child(Entry)

    @property
    def text(self) -> str:
        """The identifier without its catalog."""
        return self.entry.text if self.entry is not None else self.plain.strip()


class CatalogEntry(Bound, name=QName(MD, "catalogentry"), namespaces=md_only()):
    """Catalog and entry of IMS MD 1.2."""

    catalog = child(Catalog)
    entry = child(Entry)


class Language(PlainText, name=lom_name("language"), namespaces=also("language")):
    """A language tag."""


class Description(LangStrings, name=lom_name("description"), namespaces=also("description")):
    """A description."""


class Keyword(LangStrings, name=lom_name("keyword"), namespaces=also("keyword")):
    """A keyword or phrase."""


class DateTime(PlainText, name=lom_name("dateTime"), namespaces=also("datetime")):
    """A point in time by ISO 8601, as exact as is known."""


class Date(Bound, name=lom_name("date"), namespaces=also("date")):
    """A date, and what there is to say of it."""

    date_time = child(DateTime)
    description = child(Description)


class DurationText(PlainText, name=lom_name("duration"), namespaces=also("datetime")):
    """A length of time by ISO 8601."""


class DurationValue(Bound):
    """A length of time, and what there is to say of it."""

    duration = child(DurationText)
    description = child(Description)


class Duration(DurationValue, name=lom_name("duration"), namespaces=also("duration")):
    """How long the object takes to play."""


class VCard(PlainText, name=QName(MD, "vcard"), namespaces=md_only()):
    """A card by vCard 3.0."""


class Entity(Bound, name=lom_name("entity"), namespaces=also("centity")):
    """A person or organization, as a vCard."""

    plain = text()
    vcard = child(VCard)

    @property
    def card(self) -> str:
        """The vCard, in either way."""
        return (self.vcard.value if self.vcard is not None else self.plain).strip()


class Person(Bound, name=QName(MD, "person"), namespaces=md_only()):
    """Who annotated, in IMS MD 1.2."""

    vcard = child(VCard)


class Format(PlainText, name=lom_name("format"), namespaces=also("format")):
    """A media type, or `non-digital`."""


class Size(PlainText, name=lom_name("size"), namespaces=also("size")):
    """The size in bytes."""


class Location(Bound, name=lom_name("location"), namespaces=also("location")):
    """Where the object is."""

    type = attribute("type")
    value = text()


class MetadataSchema(PlainText, name=lom_name("metadataSchema"), namespaces=also("metadatascheme")):
    """The specification that the metadata follows."""
