"""Several requests in one: ``$batch``, for every version."""

from demotic.protocols.odata.common.batch._handler import PATHS, Batch, Write
from demotic.protocols.odata.common.batch._items import Answer, Group, Item, whole
from demotic.protocols.odata.common.batch._multipart import read_multipart, write_multipart

__all__ = ["PATHS", "Answer", "Batch", "Group", "Item", "Write", "read_multipart", "whole", "write_multipart"]
