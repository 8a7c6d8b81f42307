"""CSDL XML of versions 1.0 to 3.0, with associations: read by way of the elements of version 4, written from a model.

[MC-EDMX], [MC-CSDL] and [MS-ODATA], OData Version 3.0; `demotic.model.v2` says what becomes of what.
"""

from demotic.model.csdl.v3._namespaces import SCHEMAS, is_of_version_3
from demotic.model.csdl.v3._read import read_version_3
from demotic.model.csdl.v3._write import write_version_3

__all__ = ["SCHEMAS", "is_of_version_3", "read_version_3", "write_version_3"]
