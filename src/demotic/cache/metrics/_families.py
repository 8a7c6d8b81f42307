"""What the counters of cached functions are called in Prometheus, with types and help."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["FAMILIES", "LABEL", "PREFIX", "Family"]

PREFIX: Final = "demotic_cache_"
LABEL: Final = "function"


@dataclass(frozen=True, slots=True)
class Family:
    """One metric, a counter: its name without prefix and ``_total``, what it counts, and the counter it comes from."""

    name: str
    help: str
    counter: str


FAMILIES: Final = (
    Family("hits", "Calls answered from the cache", "hits"),
    Family("misses", "Calls that ran the function", "misses"),
    Family("joined", "Calls that waited for another that ran the function", "joined"),
    Family("stale", "Calls answered with an expired value because the function failed", "stale"),
    Family("negative", "Calls answered with a kept exception", "negative"),
    Family("refreshed", "Values computed anew in the background or on request", "refreshed"),
    Family("stored", "Values stored", "stored"),
    Family("discarded", "Values not stored since an invalidation came between", "discarded"),
    Family("invalidated", "Calls that were invalidated one by one", "invalidated"),
    Family("unreadable", "Stored values that could not be read back", "unreadable"),
    Family("unstorable", "Results that could not be stored", "unstorable"),
    Family("unreachable", "Times that the cache did not answer", "unreachable"),
    Family("errors", "Exceptions of the function", "errors"),
    Family("read_bytes", "Bytes of values read from the cache", "bytes_read"),
    Family("written_bytes", "Bytes of values stored", "bytes_written"),
    Family("saved_seconds", "Seconds that hits would have taken to compute", "seconds_saved"),
)
