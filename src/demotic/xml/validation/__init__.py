"""Checking documents: by their document type, by a schema, and the document types themselves."""

from demotic.xml.validation._check import XmlInvalid, check
from demotic.xml.validation._dtd import AttributeDefinition, Dtd, ElementType, Entity, ExternalId, Notation, read_dtd
from demotic.xml.validation._particles import Choice, ContentModel, Cursor, NameParticle, Sequence
from demotic.xml.validation._problems import Problem, ValidityReport
from demotic.xml.validation._schema import Schema

__all__ = [
    "AttributeDefinition",
    "Choice",
    "ContentModel",
    "Cursor",
    "Dtd",
    "ElementType",
    "Entity",
    "ExternalId",
    "NameParticle",
    "Notation",
    "Problem",
    "Schema",
    "Sequence",
    "ValidityReport",
    "XmlInvalid",
    "check",
    "read_dtd",
]
