"""OData: a service published as resources that clients query by URL."""

from demotic.protocols.odata.v2 import ODataV2
from demotic.protocols.odata.v4 import ODataV4

__all__ = ["ODataV2", "ODataV4"]
