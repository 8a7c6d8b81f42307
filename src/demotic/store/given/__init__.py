"""Entities that a program has at hand, read as those of a store are: filtered, ordered, shaped, in pages."""

from demotic.store.given._store import GivenStore, Member

__all__ = ["GivenStore", "Member"]
