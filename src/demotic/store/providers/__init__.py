"""Stores of your own making: give all entities of each set, and have every query answered."""

from demotic.store.providers._given import Given
from demotic.store.providers._provider import Provider, equalities
from demotic.store.providers._store import ProviderStore

__all__ = ["Given", "Provider", "ProviderStore", "equalities"]
