"""OData 2.0: requests read, bound, compiled once per URL shape, and answered in verbose JSON."""

from demotic.protocols.odata.v2._handler import ODataV2

__all__ = ["ODataV2"]
