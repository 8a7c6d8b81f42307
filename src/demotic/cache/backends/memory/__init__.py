"""The cache in this process's memory."""

from demotic.cache.backends.memory._memory import Memory

__all__ = ["Memory"]
