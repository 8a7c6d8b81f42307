"""The store in memory: a real one, for tests, examples and small data."""

from demotic.store.memory._store import MemoryCollection, MemoryStore, MemoryTransaction

__all__ = ["MemoryCollection", "MemoryStore", "MemoryTransaction"]
