"""Kept pages of single views: one decorator, and an adapter for each framework, loaded when its request arrives."""

from demotic.cache.web.views._adapter import Adapter
from demotic.cache.web.views._decorator import cached_response

__all__ = ["Adapter", "cached_response"]
