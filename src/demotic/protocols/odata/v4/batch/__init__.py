"""Several requests in one: ``$batch``."""

from demotic.protocols.odata.v4.batch._handler import BatchV4

__all__ = ["BatchV4"]
