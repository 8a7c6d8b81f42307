"""A store in memory, complete: it reads, writes, and keeps transactions apart."""

from demotic.store.memory._store import MemoryStore

__all__ = ["MemoryStore"]
