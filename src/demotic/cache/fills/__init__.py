"""Fills: one computation at a time, stored only if nothing was invalidated meanwhile, good for as long as it says."""

from demotic.cache.fills._background import wait_for_refreshes, wait_for_refreshes_async
from demotic.cache.fills._failures import Negative, checked_negative
from demotic.cache.fills._filling import Filling
from demotic.cache.fills._freshness import SKEW, Freshness
from demotic.cache.fills._records import MISSING, Call, Missing, Records

__all__ = [
    "MISSING",
    "SKEW",
    "Call",
    "Filling",
    "Freshness",
    "Missing",
    "Negative",
    "Records",
    "checked_negative",
    "wait_for_refreshes",
    "wait_for_refreshes_async",
]
