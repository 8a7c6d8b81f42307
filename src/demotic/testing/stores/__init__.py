"""What every store does alike, as suites of tests: subclass one, name your store, and run pytest.

`StoreSuite` is for stores that take changes, `MediaSuite` for those that keep streams besides.
"""

from demotic.testing.stores._media import MediaSuite, gallery
from demotic.testing.stores._suite import StoreSuite
from demotic.testing.stores._world import fill, schema, world

__all__ = ["MediaSuite", "StoreSuite", "fill", "gallery", "schema", "world"]
