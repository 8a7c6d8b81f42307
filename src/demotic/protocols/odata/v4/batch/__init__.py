"""Several requests in one: ``$batch``."""

from demotic.protocols.odata.v4.batch._handler import PATHS, Batch

__all__ = ["PATHS", "Batch"]
