"""Personal needs and preferences of candidates (Access for All, PNP 3.0), as QTI 3.0 uses them.

preferences = read_preferences(data)
state = begin_test(program, seed=1, pnp=preferences)
html = render(program, state, pnp=preferences)
"""

from demotic.learning.qti.preferences._features import FEATURES, MODES
from demotic.learning.qti.preferences._preferences import Need, Preferences, Record
from demotic.learning.qti.preferences._supports import Support, catalogs_of, supports_for
from demotic.learning.qti.preferences._xml import (
    NAMESPACE,
    read_preferences,
    read_records,
    write_preferences,
    write_records,
)

__all__ = [
    "FEATURES", "MODES", "NAMESPACE", "Need", "Preferences", "Record", "Support", "catalogs_of", "read_preferences",
    "read_records", "supports_for", "write_preferences", "write_records",
]  # fmt: skip
