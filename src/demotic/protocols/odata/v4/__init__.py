"""OData 4.01 and 4.0: requests read, bound, compiled once per URL shape, and answered in OData JSON."""

from demotic.protocols.odata.v4._handler import ODataV4

__all__ = ["ODataV4"]
