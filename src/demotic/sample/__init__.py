"""The sample shop: a small SQLite database that holds one of everything, to try Demotic on.

Here belong its tables, its rows and the one function that writes them. It knows nothing of models or services; what
is published from it is what anybody would get from a database of theirs.
"""

from demotic.sample._create import SampleNotWritten, create

__all__ = ["SampleNotWritten", "create"]
