"""The schemes that have rules of their own: servers, files, names, and data in place."""

from demotic.syntax.uri.schemes._data import DataURI, data_uri
from demotic.syntax.uri.schemes._file import FileURI, file_uri
from demotic.syntax.uri.schemes._server import HttpURI, ServerURI, http_uri
from demotic.syntax.uri.schemes._urn import URN, make_urn

__all__ = ["URN", "DataURI", "FileURI", "HttpURI", "ServerURI", "data_uri", "file_uri", "http_uri", "make_urn"]
