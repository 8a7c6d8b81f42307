"""Changing data: requests that create, update, delete and relate entities."""

from demotic.protocols.odata.v2.changes._handler import READ, Changer

__all__ = ["READ", "Changer"]
