"""What every store does alike, as suites of tests: subclass one, name your store, and run pytest.

`StoreSuite` is for stores that take changes, `MediaSuite` for those that keep streams besides, `HierarchySuite` for
those that take a model in which types are derived from others.
"""

from demotic.testing.stores._hierarchy import HierarchySuite
from demotic.testing.stores._media import MediaSuite, gallery
from demotic.testing.stores._staff import hire, staff
from demotic.testing.stores._suite import StoreSuite
from demotic.testing.stores._world import fill, schema, world

__all__ = ["HierarchySuite", "MediaSuite", "StoreSuite", "fill", "gallery", "hire", "schema", "staff", "world"]
