"""What the backends that processes share have in common."""

from demotic.cache.backends.shared._backend import SharedBackend
from demotic.cache.backends.shared._breaker import Breaker
from demotic.cache.backends.shared._keys import server_key
from demotic.cache.backends.shared._link import Link

__all__ = ["Breaker", "Link", "SharedBackend", "server_key"]
