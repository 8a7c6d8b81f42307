"""HTTP caching for web applications.

`cached_response` decorates functions of a request. For whole applications, `demotic.cache.web.wsgi` and
`demotic.cache.web.asgi` have `cached_response`, `conditional` and `compress`. The decisions are made once, over heads
of responses and pieces of bodies; these two take the bytes through them. A framework is loaded by its own requests.
"""

from demotic.cache.web.pages import Page, PageOptions, PageRequest, path_tag
from demotic.cache.web.views import Adapter, cached_response

__all__ = ["Adapter", "Page", "PageOptions", "PageRequest", "cached_response", "path_tag"]
