"""Metadata documents: CSDL XML of versions 1.0 to 4.01 and CSDL JSON 4.01, read and written."""

from demotic.model.csdl._front import (
    Loader,
    Report,
    Source,
    json_document,
    read_csdl,
    read_json,
    read_xml,
    write_json,
    write_xml,
)

__all__ = [
    "Loader",
    "Report",
    "Source",
    "json_document",
    "read_csdl",
    "read_json",
    "read_xml",
    "write_json",
    "write_xml",
]
