"""What every store does alike, as a suite of tests: subclass `StoreSuite`, name your store, and run pytest."""

from demotic.testing.stores._suite import StoreSuite
from demotic.testing.stores._world import fill, schema, world

__all__ = ["StoreSuite", "fill", "schema", "world"]
