"""The suites of a cache back end, over memcached."""

from __future__ import annotations

import pytest

from demotic.cache import Backend
from demotic.testing.caches import FunctionSuite, RaceSuite, VerbSuite

pytestmark = pytest.mark.feature("F-CACHE-23", "F-CACHE-25")


@pytest.fixture
def backend(memcached_backend: Backend) -> Backend:
    return memcached_backend


@pytest.mark.spec("CACHE-012")
class TestVerbs(VerbSuite): ...


@pytest.mark.spec("CACHE-009", "CACHE-010", "CACHE-011", "CACHE-016")
class TestFunctions(FunctionSuite): ...


@pytest.mark.spec("CACHE-017", "CACHE-018")
class TestRaces(RaceSuite): ...
