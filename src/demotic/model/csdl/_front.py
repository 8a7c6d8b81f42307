"""The ways in and out. What they need is loaded when they are first called: a server that only writes reads nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO, TypeAlias

from demotic.errors import InvalidInput

if TYPE_CHECKING:
    from demotic.model._schema import Model

Source: TypeAlias = bytes | str | BinaryIO
"""A document: its bytes, its text, or an open file."""

Loader: TypeAlias = Callable[[str], bytes | str | None]
"""Returns the document that a reference's URI stands for, or None to leave it unread."""

Report: TypeAlias = Callable[[InvalidInput], object]
"""Is handed every fault, in place of having the first one raised: a log, or the `append` of a list."""


def read_csdl(source: Source, *, load: Loader | None = None, report: Report | None = None) -> Model:
    """Read a metadata document of any version, in XML or in JSON; the other arguments are those of `read_xml`."""
    from demotic.model.csdl._read import read_documents

    return read_documents(source, load, report)


def read_xml(source: Source, *, load: Loader | None = None, report: Report | None = None) -> Model:
    """Read a CSDL XML document: version 4.0 or 4.01, or one of 1.0 to 3.0, which `demotic.model.v2` explains.

    `load` is asked for the documents that it references, whatever their form (return None to leave one out); without
    it, types of referenced namespaces are unknown, while annotations with their terms are read all the same. The model
    is not checked beyond what reading needs: `demotic.model.check` does the rest. With `report`, faults are handed to
    it instead of being raised, and each culprit is left out: documents in the field are not always complete.

    Raises `XmlSyntaxFault` and `XmlBindingFault` for what is no such document, `ModelIncomplete` where something is
    referred to but not there, and `DuplicateName` and `InvalidMetadataDocument` for other faults, all with their line.
    """
    from demotic.model.csdl._read import read_documents

    return read_documents(source, load, report, "xml")


def read_json(source: Source, *, load: Loader | None = None, report: Report | None = None) -> Model:
    """Read a CSDL JSON document, version 4.0 or 4.01; the other arguments are those of `read_xml`.

    What the value of an annotation is depends on the type of its term (a text may be a path, a date, a member of an
    enumeration): give `load` for the vocabularies, or such values are read as what JSON has.

    Raises `InvalidMetadataDocument`, `ModelIncomplete` and `DuplicateName`, with the path of the culprit.
    """
    from demotic.model.csdl._read import read_documents

    return read_documents(source, load, report, "json")


def write_xml(model: Model, *, version: str | None = None) -> bytes:
    """Return the model as a CSDL XML document in UTF-8, which `read_xml` reads back as an equal model.

    `version` is that of the document, by default the model's own: ``4.0`` or ``4.01``, or one of 1.0 to 3.0, which have
    what `demotic.model.v2` says. Raises `InvalidMetadataDocument` for annotation values that CSDL cannot say, and
    `InvalidInput` for other versions.
    """
    from demotic.model.csdl._shared import in_version

    model = in_version(model, version)
    if model.version in ("4.0", "4.01"):
        from demotic.model.csdl._write import write_version_4

        return write_version_4(model)
    from demotic.model.csdl.v3 import write_version_3

    return write_version_3(model)


def write_json(model: Model) -> bytes:
    """Return the model as a CSDL JSON document in UTF-8, of version 4.01 if its own is before 4."""
    from demotic.model.csdl._json import write_document

    return write_document(model)


def json_document(model: Model) -> dict[str, object]:
    """Return the model as the object that `write_json` encodes; numbers may be `Decimal`."""
    from demotic.model.csdl._json import document_of

    return document_of(model)
