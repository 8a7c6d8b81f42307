"""Where values are kept: in memory, in memcached, in Redis; and what every such backend can do."""

from demotic.cache.backends._address import open_backend
from demotic.cache.backends._interface import Backend, Loaded
from demotic.cache.backends._verbs import AsyncVerbs, Verbs
from demotic.cache.backends.memory import Memory

__all__ = ["AsyncVerbs", "Backend", "Loaded", "Memory", "Verbs", "open_backend"]
