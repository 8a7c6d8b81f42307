"""HTTP caching for WSGI applications (PEP 3333): kept pages, conditional requests, compression."""

from demotic.cache.web.wsgi._cached import CachedApp, cached_response
from demotic.cache.web.wsgi._middleware import (
    compress,
    conditional,
)

__all__ = ["CachedApp", "cached_response", "compress", "conditional"]
