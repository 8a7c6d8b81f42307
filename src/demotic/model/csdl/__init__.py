"""Metadata documents of OData 4: CSDL XML in and out, CSDL JSON out."""

from demotic.model.csdl._documents import Loader
from demotic.model.csdl._json import json_document, write_json
from demotic.model.csdl._read import read_xml
from demotic.model.csdl._write import write_xml

__all__ = ["Loader", "json_document", "read_xml", "write_json", "write_xml"]
