"""How many bytes of memory a value takes."""

from __future__ import annotations

import sys
from typing import Any

from demotic.cache.values import Record

# An entry with its four slots, the numbers in them, and what the allocator rounds up; measured, see
# tests/cache/backends/test_memory.py, which compares the sum with what Python says it has given out.
ENTRY_BYTES = 128
RECORD_BYTES = 290


def weight(value: Any) -> int:
    """Return about how many bytes a value takes, with what it holds."""
    if isinstance(value, Record):
        return RECORD_BYTES + (sys.getsizeof(value.payload) if value.payload else 0)
    if isinstance(value, tuple | frozenset):
        return sys.getsizeof(value) + sum(map(weight, value))
    return sys.getsizeof(value)
