"""HTTP caching for ASGI applications (version 3): kept pages, conditional requests, compression."""

from demotic.cache.web.asgi._cached import CachedApp, cached_response
from demotic.cache.web.asgi._middleware import (
    compress,
    conditional,
)

__all__ = ["CachedApp", "cached_response", "compress", "conditional"]
