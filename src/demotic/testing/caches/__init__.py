"""The suites that every cache back end passes: direct verbs, decorated functions, and races.

A back end's test module names a fixture ``backend`` that returns an empty one, and a subclass of each suite.
"""

from demotic.testing.caches._functions import FunctionSuite
from demotic.testing.caches._races import RaceSuite
from demotic.testing.caches._verbs import VerbSuite

__all__ = ["FunctionSuite", "RaceSuite", "VerbSuite"]
