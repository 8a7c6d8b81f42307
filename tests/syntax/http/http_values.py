"""Values for properties: what the grammar of HTTP fields allows."""

from __future__ import annotations

import string
from datetime import UTC, datetime

from hypothesis import strategies as st

TCHAR = "!#$%&'*+-.^_`|~" + string.digits + string.ascii_letters
TOKENS = st.text(TCHAR, min_size=1, max_size=8).filter(lambda token: token != "*")
"""Tokens that are no wild card."""
QUOTABLE = "\t" + "".join(map(chr, (*range(0x20, 0x7F), *range(0x80, 0x100))))
WORDS = st.text(QUOTABLE, max_size=12)
"""What a quoted string can say."""
PARAMETERS = st.lists(st.tuples(TOKENS, WORDS), max_size=3).map(tuple)
QUALITIES = st.integers(0, 1000).map(lambda thousandths: thousandths / 1000)
INSTANTS = st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59), timezones=st.just(UTC)).map(
    lambda at: at.replace(microsecond=0)
)
