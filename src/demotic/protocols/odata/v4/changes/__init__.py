"""Changing data: requests that create, update, delete and relate entities."""

from demotic.protocols.odata.v4.changes._handler import READ, Changer
from demotic.protocols.odata.v4.changes._payload import read_bytes

__all__ = ["READ", "Changer", "read_bytes"]
